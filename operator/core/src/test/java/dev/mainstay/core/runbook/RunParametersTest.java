package dev.mainstay.core.runbook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.runbook.RunOutcome;
import dev.mainstay.api.status.Condition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a run may give its Runbook, and what becomes of it. */
class RunParametersTest {

    private static final String STEPS = """
            parameters: [{name: day, required: true}, {name: mode, default: fast}, {name: note}]
            steps:
            - {name: look, httpCheck: {}}
            """;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "parameters: {}                   | requires the parameter day, and spec.parameters does not have it",
                "parameters: {mode: slow}         | requires the parameter day",
                "'parameters: {zzz: a, day: a, sinc: b}' | 'spec.parameters has \"sinc\", \"zzz\", and Runbook release has only day, mode, note. Make a run without them.'",
                "'parameters: {day: a, night: b}' | 'spec.parameters has \"night\", and Runbook release has only day, mode, note'"
            })
    void givenParametersThatTheRunbookDoesNotTake_whenTheRunWouldBegin_thenItIsRefused(String run, String message) {
        RunWorld world = new RunWorld(STEPS, run).rest();

        assertThat(world.run.getStatus().outcome()).isEqualTo(RunOutcome.REFUSED);
        assertThat(world.ready().map(Condition::reason)).contains("ParametersWrong");
        assertThat(world.ready().map(Condition::message).orElse(""))
                .contains(message)
                .endsWith("Nothing was done.");
        assertThat(world.kept).isNull();
    }

    @Test
    void givenNoParameters_whenARunGivesOne_thenItIsRefused() {
        RunWorld world = new RunWorld("steps: [{name: look, httpCheck: {}}]", "parameters: {day: a}").rest();

        assertThat(world.ready().map(Condition::message).orElse("")).contains("Runbook release has no parameters");
    }

    @Test
    void givenParameters_whenTheRunHasBegun_thenTheyAreThoseOfTheKeptRunbook() {
        RunWorld world = new RunWorld(STEPS, "parameters: {day: Tuesday}").rest();
        assertThat(world.run.getStatus().outcome()).isEqualTo(RunOutcome.PASSED);

        assertThat(RunParameters.values(world.kept, world.run.getSpec()))
                .hasToString("{day=Tuesday, mode=fast, note=}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "$(params.day)   | day",
                "$(params.a-1)   | a-1",
                "$$(params.day)  | ",
                "' $(params.day)' | ",
                "$(params.DAY)   | ",
                "$(DAY)          | "
            })
    void givenAText_whenItIsRead_thenOnlyAWholeOneIsAParameter(String text, String name) {
        assertThat(RunParameters.named(text).orElse(null)).isEqualTo(name);
    }
}
