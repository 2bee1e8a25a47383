package dev.mainstay.core.alert;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.alert.AlertRuleStatus;
import dev.mainstay.api.alert.AlertState;
import dev.mainstay.api.alert.ResolveReason;
import dev.mainstay.api.status.ConditionStatus;
import dev.mainstay.core.status.Conditions;
import dev.mainstay.core.status.Reason;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AlertStateTest {

    /** From a state, by what is measured, to a state. BETWEEN is 0.8 %: no alert, and above recoverThreshold, which is 0.5 %. */
    @ParameterizedTest
    @CsvSource({
        "UNKNOWN,  nothing,   KeepState, UNKNOWN",
        "UNKNOWN,  good,      KeepState, INACTIVE",
        "UNKNOWN,  between,   KeepState, INACTIVE",
        "UNKNOWN,  bad,       KeepState, PENDING",
        "UNKNOWN,  partGood,  KeepState, UNKNOWN",
        "UNKNOWN,  partBad,   KeepState, PENDING",
        "UNKNOWN,  mostGood,  KeepState, INACTIVE",
        "UNKNOWN,  mostBad,   KeepState, PENDING",
        "UNKNOWN,  noData,    KeepState, UNKNOWN",
        "UNKNOWN,  noData,    Alert,     PENDING",
        "UNKNOWN,  noData,    OK,        INACTIVE",
        "INACTIVE, nothing,   KeepState, INACTIVE",
        "INACTIVE, good,      KeepState, INACTIVE",
        "INACTIVE, bad,       KeepState, PENDING",
        "INACTIVE, partGood,  KeepState, INACTIVE",
        "INACTIVE, partBad,   KeepState, PENDING",
        "INACTIVE, noData,    KeepState, UNKNOWN",
        "INACTIVE, noData,    Alert,     PENDING",
        "INACTIVE, noData,    OK,        INACTIVE",
        "INACTIVE, failed,    KeepState, UNKNOWN",
        "INACTIVE, failed,    Alert,     PENDING",
        "INACTIVE, failed,    OK,        INACTIVE",
        "PENDING,  nothing,   KeepState, PENDING",
        "PENDING,  good,      KeepState, INACTIVE",
        "PENDING,  between,   KeepState, INACTIVE",
        "PENDING,  bad,       KeepState, PENDING",
        "PENDING,  partGood,  KeepState, PENDING",
        "PENDING,  mostGood,  KeepState, INACTIVE",
        "PENDING,  noData,    KeepState, PENDING",
        "PENDING,  noData,    OK,        INACTIVE",
        "PENDING,  failed,    OK,        INACTIVE",
        "FIRING,   nothing,   KeepState, FIRING",
        "FIRING,   good,      KeepState, INACTIVE",
        "FIRING,   between,   KeepState, FIRING",
        "FIRING,   bad,       KeepState, FIRING",
        "FIRING,   partGood,  KeepState, FIRING",
        "FIRING,   mostGood,  KeepState, INACTIVE",
        "FIRING,   mostBad,   KeepState, FIRING",
        "FIRING,   noData,    KeepState, FIRING",
        "FIRING,   noData,    Alert,     FIRING",
        "FIRING,   noData,    OK,        INACTIVE",
        "FIRING,   failed,    KeepState, FIRING",
        "FIRING,   failed,    OK,        INACTIVE",
    })
    void givenAState_whenItIsMeasured_thenTheNextOneFollows(
            AlertState from, String measured, String policy, AlertState to) {
        Scene scene = new Scene("");
        String more = "recoverThreshold: {percent: 0.5}, noData: " + policy + ", onError: " + policy;
        if (from != AlertState.UNKNOWN) {
            scene.spec(more + ", pendingFor: " + (from == AlertState.FIRING ? "0s" : "5m"));
            scene.percent(from == AlertState.INACTIVE ? 0.1 : 2).decide();
            assertThat(scene.state()).isEqualTo(from);
        }
        scene.spec(more + ", pendingFor: 5m");

        measure(scene.later("30s"), measured).decide();

        assertThat(scene.state()).isEqualTo(to);
    }

    private static Scene measure(Scene scene, String what) {
        scene.evaluation = null;
        return switch (what) {
            case "nothing" -> scene;
            case "good" -> scene.percent(0.1);
            case "between" -> scene.percent(0.8);
            case "bad" -> scene.percent(2);
            case "mostGood" -> scene.covered(0.1);
            case "mostBad" -> scene.covered(2);
            case "partGood" -> scene.partial(0.1);
            case "partBad" -> scene.partial(2);
            case "noData" -> scene.noData();
            case "failed" -> scene.failed();
            default -> throw new IllegalArgumentException(what);
        };
    }

    @ParameterizedTest
    @CsvSource({
        "'comparison: GreaterThan, threshold: {percent: 0.1}', 0.001, false",
        "'comparison: GreaterThan, threshold: {percent: 0.1}', 0.0011, true",
        "'comparison: LessThan, threshold: {value: 3}', 3, false",
        "'comparison: LessThan, threshold: {value: 3}', 2.9, true",
        "'comparison: GreaterThan, threshold: {milliseconds: 500}', 0.5, false",
        "'comparison: GreaterThan, threshold: {milliseconds: 500}', 0.501, true",
        "'comparison: LessThan, threshold: {duration: 21d}', 1814400, false",
        "'comparison: LessThan, threshold: {duration: 21d}', 1814399, true",
        "'noData: Alert', 0, false",
        "'noData: Alert', 1, true",
    })
    void givenAValueAtTheThreshold_whenItIsMeasured_thenItIsNoAlert(String spec, double value, boolean fires) {
        Scene scene = new Scene("metric: HealthCheck, pendingFor: 0s, " + spec);
        scene.evaluation = new Evaluation.Measured(value, "it", null, scene.now);

        assertThat(scene.decide().state() == AlertState.FIRING).isEqualTo(fires);
    }

    @Test
    void givenAPendingAlert_whenTheOperatorRestartsAt80PercentOfPendingFor_thenItFiresAtItsTime() {
        Scene scene = Scene.pendingFor("5m").percent(2).decide();
        assertThat(scene.status().activeSince()).isEqualTo(Scene.START);
        assertThat(scene.status().episode()).isEqualTo(1);
        assertThat(scene.decision.wakeUp()).isEqualTo(Scene.START.plusSeconds(300));

        scene.later("4m").evaluation = null;
        AlertRuleStatus before = scene.status();
        assertThat(scene.decide().status()).isEqualTo(before);
        assertThat(scene.decision.wakeUp()).isEqualTo(Scene.START.plusSeconds(300));

        assertThat(scene.later("59s").percent(2).decide().state()).isEqualTo(AlertState.PENDING);
        assertThat(scene.later("1s").decide().state()).isEqualTo(AlertState.FIRING);
        assertThat(scene.status().firingSince()).isEqualTo(Scene.START.plusSeconds(300));
        assertThat(scene.status().activeSince()).isEqualTo(Scene.START);
    }

    @Test
    void givenAPendingAlert_whenItsTimeIsOverWithoutAValue_thenItDoesNotFireBeforeThereIsOne() {
        Scene scene = Scene.pendingFor("5m").percent(2).decide();

        assertThat(scene.later("10m").failed().decide().state()).isEqualTo(AlertState.PENDING);
        assertThat(scene.later("1m").partial(0.1).decide().state()).isEqualTo(AlertState.PENDING);
        assertThat(scene.status().activeSince()).isEqualTo(Scene.START);
        assertThat(scene.later("30s").percent(2).decide().state()).isEqualTo(AlertState.FIRING);
    }

    /** grafana/grafana issues 16290 and 31390: pendingFor holds for no value too. */
    @Test
    void givenNoValueThatIsAnAlert_whenItLasts_thenItFiresAfterPendingFor() {
        Scene scene = new Scene("noData: Alert, pendingFor: 5m").noData().decide();

        assertThat(scene.state()).isEqualTo(AlertState.PENDING);
        assertThat(scene.later("5m").noData().decide().state()).isEqualTo(AlertState.FIRING);
        assertThat(scene.status().valueAtTransition()).isEqualTo("no value");
    }

    @Test
    void givenAFiringAlert_whenTheValueIsGood_thenItEndsAfterKeepFiringForEvenOverARestart() {
        Scene scene = Scene.firingAtOnce("keepFiringFor: 2m").percent(2).decide();
        scene.later("1m").percent(0.5).decide();

        assertThat(scene.state()).isEqualTo(AlertState.FIRING);
        assertThat(scene.status().recoveringSince()).isEqualTo(scene.now);
        assertThat(scene.decision.wakeUp()).isEqualTo(scene.now.plusSeconds(120));
        scene.later("119s").evaluation = null;
        assertThat(scene.decide().state()).isEqualTo(AlertState.FIRING);
        assertThat(scene.later("1s").percent(0.5).decide().state()).isEqualTo(AlertState.INACTIVE);
        assertThat(scene.status().lastResolved().reason()).isEqualTo(ResolveReason.RECOVERED);
        assertThat(scene.status().lastResolved().value()).isEqualTo("0.5 %");
        assertThat(scene.status().firingSince()).isNull();
        assertThat(scene.status().activeSince()).isNull();
        assertThat(scene.status().recoveringSince()).isNull();
    }

    @ParameterizedTest
    @CsvSource({"bad, true", "between, true", "noData, false", "partGood, false"})
    void givenAValueThatIsGoodAgain_whenItIsNotAnyMore_thenKeepFiringForBeginsAnew(String measured, boolean anew) {
        Scene scene = Scene.firingAtOnce("keepFiringFor: 2m, recoverThreshold: {percent: 0.5}")
                .percent(2)
                .decide();
        scene.later("1m").percent(0.1).decide();

        measure(scene.later("2m"), measured).decide();

        assertThat(scene.state()).isEqualTo(AlertState.FIRING);
        assertThat(scene.status().recoveringSince() == null).isEqualTo(anew);
    }

    @ParameterizedTest
    @CsvSource({"noData, SERIES_GONE", "failed, ERRORS_ACCEPTED", "good, RECOVERED"})
    void givenAFiringAlert_whenItEnds_thenItIsKnownWhy(String measured, ResolveReason reason) {
        Scene scene = Scene.firingAtOnce("noData: OK, onError: OK").percent(2).decide();

        measure(scene.later("1m"), measured).decide();

        assertThat(scene.status().lastResolved().reason()).isEqualTo(reason);
        assertThat(scene.status().lastResolved().episode()).isEqualTo(1);
    }

    @Test
    void givenAnAlert_whenAnotherQueryIsAsked_thenItEndsAndIsJudgedAnewTheNextTime() {
        Scene scene = Scene.firingAtOnce("").percent(2).decide();

        scene.later("1m").percent(2).query = "rate(other)";
        scene.decide();
        assertThat(scene.state()).isEqualTo(AlertState.UNKNOWN);
        assertThat(scene.status().lastResolved().reason()).isEqualTo(ResolveReason.RULE_CHANGED);
        assertThat(scene.status().query()).isEqualTo("rate(other)");
        assertThat(scene.decision.wakeUp()).isEqualTo(scene.now.plusSeconds(1));

        assertThat(scene.later("1s").decide().state()).isEqualTo(AlertState.FIRING);
        assertThat(scene.status().episode()).isEqualTo(2);
    }

    @Test
    void givenAPendingAlert_whenAnotherQueryIsAsked_thenItEndsWithoutAWord() {
        Scene scene = Scene.pendingFor("5m").percent(2).decide();

        scene.query = "rate(other)";
        scene.later("1m").decide();

        assertThat(scene.state()).isEqualTo(AlertState.UNKNOWN);
        assertThat(scene.status().lastResolved()).isNull();
        assertThat(scene.messages()).isEmpty();
    }

    @Test
    void givenAFiringAlert_whenPendingForOrThresholdAreEdited_thenItIsTheSameEpisode() {
        Scene scene = Scene.firingAtOnce("").percent(2).decide();

        scene.spec("notify: [{channel: ops}], pendingFor: 1h");
        assertThat(scene.later("1m").percent(2).decide().state()).isEqualTo(AlertState.FIRING);
        scene.spec("metric: ErrorRate, comparison: GreaterThan, threshold: {percent: 1.5}, pendingFor: 1h");
        assertThat(scene.later("1m").percent(2).decide().state()).isEqualTo(AlertState.FIRING);
        assertThat(scene.status().episode()).isEqualTo(1);
        scene.spec("metric: ErrorRate, comparison: GreaterThan, threshold: {percent: 3}");
        assertThat(scene.later("1m").percent(2).decide().state()).isEqualTo(AlertState.INACTIVE);
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void givenAFiringAlert_whenTheRuleOrItsApplicationIsPaused_thenItEndsAndNothingBegins(boolean atTheRule) {
        Scene scene = Scene.firingAtOnce("").percent(2).decide();
        if (atTheRule) {
            scene.annotated(Annotations.PAUSED, "release");
        } else {
            scene.application.getMetadata().setAnnotations(java.util.Map.of(Annotations.PAUSED, "release"));
        }

        scene.later("1m").percent(2).decide().later("1m").percent(3).decide();

        assertThat(scene.state()).isEqualTo(AlertState.UNKNOWN);
        assertThat(scene.status().lastResolved().reason()).isEqualTo(ResolveReason.PAUSED);
        assertThat(scene.condition("Ready").reason()).isEqualTo("Paused");
    }

    @ParameterizedTest
    @CsvSource({"FIRING, FIRING", "PENDING, PENDING", "INACTIVE, UNKNOWN", "UNKNOWN, UNKNOWN"})
    void givenAnObstacle_whenItIsDecided_thenAnAlertStaysAsItIsAndTheRuleIsStalled(AlertState from, AlertState to) {
        for (boolean missing : new boolean[] {true, false}) {
            Scene scene = from == AlertState.FIRING ? Scene.firingAtOnce("") : Scene.pendingFor("5m");
            if (from != AlertState.UNKNOWN) {
                scene.percent(from == AlertState.INACTIVE ? 0.1 : 2).decide();
            }
            scene.obstacle = missing ? null : new AlertObstacle(Reason.INVALID_SPEC, "No.");
            scene.application = missing ? null : scene.application;

            scene.later("10m").percent(0.1).decide();

            assertThat(scene.state()).isEqualTo(to);
            assertThat(scene.condition("Stalled").reason()).isEqualTo(missing ? "ApplicationNotFound" : "InvalidSpec");
        }
    }

    /** VictoriaMetrics issue 10985. */
    @Test
    void givenAClockThatGoesBack_whenItIsDecided_thenNoAgeIsNegative() {
        Scene scene = Scene.pendingFor("5m").percent(2).decide();

        scene.now = Scene.START.minusSeconds(3600);
        scene.percent(2).decide();
        assertThat(scene.state()).isEqualTo(AlertState.PENDING);
        assertThat(scene.status().activeSince()).isEqualTo(scene.now);
        assertThat(scene.later("5m").percent(2).decide().state()).isEqualTo(AlertState.FIRING);
    }

    @Test
    void givenAStateWithoutTransition_whenItIsMeasuredAThousandTimes_thenTheStatusStays() {
        for (UnaryOperator<Scene> measured : java.util.List.<UnaryOperator<Scene>>of(
                scene -> scene.percent(0.1 + scene.now.getEpochSecond() % 7 / 10.0),
                scene -> scene.percent(2 + scene.now.getEpochSecond() % 7),
                Scene::noData,
                Scene::failed,
                scene -> scene.partial(0.2))) {
            Scene scene = Scene.firingAtOnce("repeatInterval: 24h");
            measured.apply(scene).decide().take();
            measured.apply(scene.later("30s")).decide();
            AlertRuleStatus before = scene.status();
            for (int time = 0; time < 1000; time++) {
                measured.apply(scene.later("30s")).decide();
                assertThat(scene.decision.status()).isEqualTo(before);
                assertThat(scene.messages()).isEmpty();
            }
        }
    }

    /** prometheus/prometheus issue 4836: what an alert is known by never holds what is measured. */
    @Test
    void givenAStateOfANewerVersion_whenItIsDecided_thenItIsReadFromWhatStandsBesideIt() {
        Scene scene = Scene.firingAtOnce("").percent(2).decide();
        String json = io.fabric8.kubernetes.client.utils.Serialization.asJson(scene.status());
        scene.rule.setStatus(io.fabric8.kubernetes.client.utils.Serialization.unmarshal(
                json.replace("\"state\":\"Firing\"", "\"state\":\"Unrecognized\""), AlertRuleStatus.class));

        assertThat(scene.later("1m").percent(2).decide().state()).isEqualTo(AlertState.FIRING);
        assertThat(scene.status().episode()).isEqualTo(1);
    }

    /** One Pod of nine whose kubelet can't be read (kubernetes/kubernetes issues 30471 and 96938). */
    @Test
    void givenAPodThatNeverHasMetrics_whenTheOthersAreMeasured_thenTheAlertFiresAndEndsAndSaysOfHowMany() {
        Scene scene = Scene.firingAtOnce("").webhook("ops").covered(2).decide();
        assertThat(scene.state()).isEqualTo(AlertState.FIRING);
        assertThat(scene.status().valueAtTransition()).isEqualTo("2.0 % (7 of 9 Pods have metrics)");
        assertThat(scene.decision.messages())
                .singleElement()
                .satisfies(message -> assertThat(message.text()).contains("7 of 9 Pods have metrics"));
        assertThat(Conditions.find(scene.status().conditions(), "DataAvailable"))
                .hasValueSatisfying(condition -> {
                    assertThat(condition.status()).isEqualTo(ConditionStatus.TRUE);
                    assertThat(condition.message())
                            .isEqualTo("There is a value, though only 7 of 9 Pods have metrics: the others have none.");
                });

        assertThat(scene.later("30s").covered(0.1).decide().state()).isEqualTo(AlertState.INACTIVE);
        assertThat(scene.status().lastResolved().reason()).isEqualTo(ResolveReason.RECOVERED);
    }
}
