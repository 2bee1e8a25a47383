package dev.mainstay.core.runbook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.runbook.RunOutcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Parameters of a schedule that its Runbook does not take are told before the first run, not by it. */
class ScheduleParametersTest {

    private static final String DAILY = "schedule: '0 2 * * *'";

    private static final String RUNBOOK = """
            parameters: [{name: day, required: true}, {name: night, required: %s}, {name: mode, default: fast}]
            steps: [{name: look, httpCheck: {}}]
            """;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "false | {} | MaintenanceSchedule tidy: Runbook release requires the parameter day, and spec.parameters does not have it. Add it with a value.",
                "true | {mode: slow} | requires the parameters day, night, and spec.parameters does not have them. Add them with a value.",
                "false | '{day: a, dya: b}' | 'MaintenanceSchedule tidy: spec.parameters has \"dya\", and Runbook release has only day, night, mode. Take it out, or add it to spec.parameters of the Runbook.'",
                "false | '{dya: a, mod: b}' | 'has \"dya\", \"mod\", and Runbook release has only day, night, mode. Take them out, or add them to spec.parameters of the Runbook. Runbook release requires the parameter day'"
            })
    void givenParametersThatTheRunbookDoesNotTake_whenItIsDecided_thenItIsStalledAndNamesThem(
            String night, String parameters, String told) {
        ScheduleWorld world = world(night, parameters);

        assertThat(world.condition("Stalled").reason()).isEqualTo("ParametersWrong");
        assertThat(world.condition("Ready").message()).contains(told);
    }

    @Test
    void givenParametersThatDoNotFit_whenTheScheduleIsMended_thenItIsReadyAndTheSlotThatWaitedRuns() {
        ScheduleWorld world = world("false", "{}").at("2026-01-05T02:00Z");
        assertThat(world.made).isEmpty();
        assertThat(world.status().waiting().reason()).isEqualTo("ParametersWrong");

        world.edit(DAILY + ", parameters: {day: monday}").at("2026-01-05T02:10Z");

        assertThat(world.condition("Ready").reason()).isEqualTo("Ready");
        assertThat(world.names()).containsExactly("tidy-20260105t0200z");
    }

    @Test
    void givenParametersThatDoNotFit_whenTheRunbookIsMended_thenItIsReadyAndTheSlotThatWaitedRuns() {
        ScheduleWorld world = world("false", "{day: monday, extra: a}").at("2026-01-05T02:00Z");

        world.runbook = RunWorld.runbook("""
                parameters: [{name: day}, {name: extra}]
                steps: [{name: look, httpCheck: {}}]
                """);
        world.at("2026-01-05T02:10Z").ends(RunOutcome.PASSED);

        assertThat(world.condition("Ready").reason()).isEqualTo("Ready");
        assertThat(world.names()).containsExactly("tidy-20260105t0200z");
    }

    @Test
    void givenParametersThatDoNotFit_whenNobodyMendsThem_thenTheSlotIsSkippedAndNoRunIsMadeByHandEither() {
        ScheduleWorld world = world("false", "{}").at("2026-01-05T02:00Z");

        world.annotate(Annotations.RUN_NOW, "please").at("2026-01-05T04:00Z");

        assertThat(world.skips()).containsExactly("ParametersWrong=1");
        assertThat(world.made).isEmpty();
    }

    private static ScheduleWorld world(String night, String parameters) {
        ScheduleWorld world = new ScheduleWorld("2026-01-05T00:00Z", DAILY + ", parameters: " + parameters);
        world.runbook = RunWorld.runbook(RUNBOOK.formatted(night));
        return world.at("2026-01-05T01:00Z");
    }
}
