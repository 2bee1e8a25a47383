package dev.mainstay.core.alert;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.alert.AlertRuleStatus;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EvaluationChangeTest {

    private static boolean mayChange(Scene scene, UnaryOperator<Scene> measured) {
        Evaluation before = scene.evaluation;
        measured.apply(scene.later("30s"));
        return EvaluationChange.mayChange(scene.rule, before, scene.evaluation);
    }

    @Test
    void givenValuesThatStayOnOneSide_whenTheyAreMeasured_thenNothingMayChange() {
        Scene good = Scene.firingAtOnce("").percent(0.1).decide();
        assertThat(mayChange(good, scene -> scene.percent(0.9))).isFalse();
        assertThat(mayChange(good, scene -> scene.percent(1))).isFalse();
        assertThat(mayChange(good, scene -> scene.percent(1.1))).isTrue();

        Scene bad = Scene.firingAtOnce("").percent(2).decide();
        assertThat(mayChange(bad, scene -> scene.percent(5))).isFalse();
        assertThat(mayChange(bad, scene -> scene.percent(0.5))).isTrue();

        Scene none = Scene.firingAtOnce("").noData().decide();
        assertThat(mayChange(none, Scene::noData)).isFalse();
        assertThat(mayChange(none, Scene::failed)).isTrue();
    }

    @Test
    void givenAnOperatorThatHasJustStarted_whenTheFirstValueIsAsBefore_thenNothingMayChange() {
        Scene scene = Scene.firingAtOnce("").percent(0.1).decide();

        assertThat(EvaluationChange.mayChange(scene.rule, null, scene.evaluation))
                .isFalse();
        assertThat(EvaluationChange.mayChange(scene.rule, null, scene.percent(2).evaluation))
                .isTrue();
    }

    /** The rule was seen before what was decided by the last value was written. */
    @Test
    void givenAStatusThatIsBehind_whenTheValueTurns_thenItMayChange() {
        Scene scene = Scene.pendingFor("5m").percent(0.1).decide();

        scene.percent(2);

        assertThat(mayChange(scene, later -> later.percent(0.1))).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"'', false", "'A part is missing.', true"})
    void givenAReasonThatChanges_whenTheSourceFailsOn_thenItMayChange(String other, boolean changes) {
        Scene scene = Scene.firingAtOnce("").failed().decide();
        String why = other.isEmpty() ? "It does not answer." : other;

        assertThat(mayChange(scene, later -> {
                    later.evaluation = new Evaluation.Failed("http://prometheus", why, later.now);
                    return later;
                }))
                .isEqualTo(changes);
    }

    /** What is said to change nothing changes nothing, wherever the rule stands. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void givenAnyRow_whenAMeasurementIsSaidToChangeNothing_thenTheStatusStays(long seed) {
        Random random = new Random(seed);
        String[] policies = {"KeepState", "Alert", "OK"};
        Scene scene = new Scene("notify: [{channel: ops}], repeatInterval: 10000h, pendingFor: "
                + random.nextInt(4) + "m, keepFiringFor: " + random.nextInt(4)
                + "m, recoverThreshold: {percent: 0.5}, noData: " + policies[random.nextInt(3)] + ", onError: "
                + policies[random.nextInt(3)]);
        int unchanged = 0;
        for (int step = 0; step < 2000; step++) {
            Evaluation before = scene.evaluation;
            int what = random.nextInt(13);
            scene.later("30s");
            switch (what) {
                case 0 -> scene.noData();
                case 1 -> scene.failed();
                case 2 -> scene.partial(0.1);
                case 12 -> scene.covered(random.nextBoolean() ? 0.1 : 2);
                case 3, 4 -> scene.percent(0.8);
                case 5, 6, 7 -> scene.percent(2);
                default -> scene.percent(0.1);
            }
            boolean may = EvaluationChange.mayChange(scene.rule, before, scene.evaluation);
            AlertRuleStatus was = scene.status();
            scene.decide();
            if (!may) {
                unchanged++;
                assertThat(scene.status()).isEqualTo(was);
            }
            scene.take();
        }
        assertThat(unchanged).isGreaterThan(300);
    }
}
