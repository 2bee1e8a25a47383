package dev.mainstay.core.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.mainstay.api.status.Condition;
import dev.mainstay.api.status.ConditionStatus;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConditionsTest {

    private static final Instant BEFORE = Instant.parse("2026-03-29T01:00:00Z");
    private static final Instant NOW = Instant.parse("2026-03-29T02:00:00.789Z");
    private static final Instant SECOND = Instant.parse("2026-03-29T02:00:00Z");

    @Test
    void givenAnObjectThatIsDone_whenItIsTold_thenOnlyReadyIsThere() {
        assertThat(told(fresh().ready(Reason.READY, "All is there."))).containsExactly("Ready=TRUE Ready");
    }

    @Test
    void givenAnObjectAtWork_whenItIsTold_thenItIsReconcilingAndNotReady() {
        assertThat(told(fresh().reconciling(Reason.IN_PROGRESS, "It runs.")))
                .containsExactly("Ready=FALSE InProgress", "Reconciling=TRUE InProgress");
    }

    @Test
    void givenAnObjectThatIsStuck_whenItIsTold_thenItIsStalledAndNotReady() {
        assertThat(told(fresh().stalled(Reason.POLICY_NOT_FOUND, "There is none.")))
                .containsExactly("Ready=FALSE PolicyNotFound", "Stalled=TRUE PolicyNotFound");
    }

    @Test
    void givenOneOfTheTrio_whenItIsSetAlone_thenThatIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> fresh().set("Stalled", ConditionStatus.TRUE, Reason.READY, "It is."));
    }

    @Test
    void givenOtherConditions_whenTheyAreListed_thenTheirOrderIsThatOfTheirTypes() {
        assertThat(fresh().set("Succeeded", ConditionStatus.TRUE, Reason.SUCCEEDED, "Done.")
                        .set("Finished", ConditionStatus.TRUE, Reason.SUCCEEDED, "Done.")
                        .ready(Reason.SUCCEEDED, "Done.")
                        .list())
                .extracting(Condition::type)
                .containsExactly("Finished", "Ready", "Succeeded");
    }

    @Test
    void givenTheSameStatusWithAnotherReason_whenItIsTold_thenTheTransitionTimeStays() {
        List<Condition> before = new Conditions(List.of(), 1, BEFORE)
                .reconciling(Reason.STARTING, "It starts.")
                .list();

        List<Condition> after = new Conditions(before, 2, NOW)
                .reconciling(Reason.IN_PROGRESS, "It runs.")
                .list();

        assertThat(after).allSatisfy(condition -> {
            assertThat(condition.lastTransitionTime()).isEqualTo(BEFORE);
            assertThat(condition.observedGeneration()).isEqualTo(2);
            assertThat(condition.message()).isEqualTo("It runs.");
        });
    }

    @Test
    void givenAnotherStatus_whenItIsTold_thenTheTransitionTimeIsNowToTheSecond() {
        List<Condition> before = new Conditions(List.of(), 1, BEFORE)
                .reconciling(Reason.STARTING, "It starts.")
                .list();

        assertThat(new Conditions(before, 1, NOW).ready(Reason.READY, "Done.").list())
                .singleElement()
                .extracting(Condition::lastTransitionTime)
                .isEqualTo(SECOND);
    }

    @Test
    void givenAConditionThatWentAway_whenItComesBack_thenItsTransitionTimeIsNow() {
        List<Condition> ready = new Conditions(List.of(), 1, BEFORE)
                .ready(Reason.READY, "Done.")
                .list();

        List<Condition> after = new Conditions(ready, 1, NOW)
                .stalled(Reason.WORKLOAD_NOT_FOUND, "It is gone.")
                .list();

        assertThat(after).extracting(Condition::lastTransitionTime).containsOnly(SECOND);
    }

    @Test
    void givenAMessageOfTheGreatestLength_whenItIsTold_thenItIsWhole() {
        String message = "m".repeat(Conditions.MESSAGE_LENGTH);

        assertThat(Conditions.cut(message)).isEqualTo(message);
    }

    @Test
    void givenALongerMessage_whenItIsTold_thenItIsCutAndSaysSo() {
        assertThat(Conditions.cut("m".repeat(Conditions.MESSAGE_LENGTH + 1)))
                .hasSize(Conditions.MESSAGE_LENGTH)
                .endsWith("mmm … (cut)");
    }

    @Test
    void givenACharacterOfTwoHalvesAtTheCut_whenItIsCut_thenNoHalfIsLeft() {
        String message = "m".repeat(Conditions.MESSAGE_LENGTH - " … (cut)".length() - 1) + "🛒".repeat(10);

        assertThat(Conditions.cut(message))
                .hasSize(Conditions.MESSAGE_LENGTH - 1)
                .endsWith("mmm … (cut)");
    }

    private static Conditions fresh() {
        return new Conditions(List.of(), 1, NOW);
    }

    private static List<String> told(Conditions conditions) {
        return conditions.list().stream()
                .map(condition -> condition.type() + "=" + condition.status() + " " + condition.reason())
                .toList();
    }
}
