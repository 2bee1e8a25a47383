package dev.mainstay.core.runbook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.runbook.MaintenanceRun;
import dev.mainstay.core.alert.AlertMute;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When a run keeps alerts from being told. */
class RunMutesTest {

    private static final Instant BEGAN = Instant.parse("2026-03-29T03:00:00Z");

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            is under way                     | phase: Running, runbook: {revision: r, muteAlerts: 30m}, steps: [{name: one, attempts: 1}]                                  | 0    | true
            is just before its end           | phase: Running, runbook: {revision: r, muteAlerts: 30m}, steps: [{name: one, attempts: 1}]                                  | 1799 | true
            is over its time                 | phase: Running, runbook: {revision: r, muteAlerts: 30m}, steps: [{name: one, attempts: 1}]                                  | 1800 | false
            has ended                        | phase: Finished, runbook: {revision: r, muteAlerts: 30m}, steps: [{name: one, outcome: Passed}]                             | 60   | false
            has not begun                    | phase: Pending                                                                                                               | 60   | false
            mutes nothing                    | phase: Running, runbook: {revision: r}, steps: [{name: one, attempts: 1}]                                                   | 60   | false
            waits for a person               | phase: Running, runbook: {revision: r, muteAlerts: 30m}, steps: [{name: one, askedAt: "2026-03-29T03:00:01Z"}]              | 60   | false
            was approved                     | phase: Running, runbook: {revision: r, muteAlerts: 30m}, steps: [{name: one, askedAt: "2026-03-29T03:00:01Z", approvedBy: alice}] | 60 | true
            goes on after a person was asked | phase: Running, runbook: {revision: r, muteAlerts: 30m}, steps: [{name: one, outcome: Failed, askedAt: "2026-03-29T03:00:01Z"}, {name: two}] | 60 | true
            """)
    void givenARun_whenItStandsSo_thenAlertsAreMutedOrNot(String what, String status, long seconds, boolean mutes) {
        assertThat(RunMutes.of(List.of(run("one", BEGAN, status)), BEGAN.plusSeconds(seconds)))
                .as(what)
                .isEqualTo(
                        mutes
                                ? Optional.of(new AlertMute("MaintenanceRun one", BEGAN.plusSeconds(1800)))
                                : Optional.empty());
    }

    @Test
    void givenSeveral_whenTheyMute_thenItIsTheOneThatEndsLast() {
        String status = "phase: Running, runbook: {revision: r, muteAlerts: %s}, steps: [{name: one}]";
        assertThat(RunMutes.of(
                        List.of(
                                run("a", BEGAN, status.formatted("1h")),
                                run("b", BEGAN, status.formatted("2h")),
                                run("c", BEGAN.minusSeconds(7200), status.formatted("2h"))),
                        BEGAN))
                .contains(new AlertMute("MaintenanceRun b", BEGAN.plusSeconds(7200)));
        assertThat(RunMutes.of(List.of(), BEGAN)).isEmpty();
    }

    @Test
    void givenARun_whenItAsksOrEnds_thenThatIsToldToRules() {
        MaintenanceRun works = run("one", BEGAN, "phase: Running, runbook: {muteAlerts: 1h}, steps: [{name: one}]");
        MaintenanceRun asks = run("one", BEGAN, """
                phase: Running, runbook: {muteAlerts: 1h}, steps: [{name: one, askedAt: "2026-03-29T03:00:01Z"}]""");
        MaintenanceRun ended = run("one", BEGAN, "phase: Finished, runbook: {muteAlerts: 1h}");
        assertThat(RunMutes.told(works)).isNotEqualTo(RunMutes.told(asks));
        assertThat(RunMutes.told(asks)).isEqualTo(RunMutes.told(ended));
    }

    private static MaintenanceRun run(String name, Instant began, String status) {
        return Serialization.unmarshal(
                "metadata: {name: %s, namespace: shop}\nstatus: {startedAt: \"%s\", %s}".formatted(name, began, status),
                MaintenanceRun.class);
    }
}
