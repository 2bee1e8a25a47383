package dev.mainstay.core.runbook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.runbook.MaintenanceRunStatus;
import dev.mainstay.api.runbook.RunStep;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunDifferencesTest {

    /** Steps before, steps after, steps with first findings, and what differs. */
    @ParameterizedTest(name = "{0} | {1}")
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "{name: a, outcome: Passed} | {name: a, outcome: Passed} | - | ''",
                "{name: a, outcome: Passed} | {name: a, outcome: Findings} | - | a: Passed → Findings",
                "{name: a, outcome: Passed} | {name: a, outcome: Findings} | a "
                        + "| a: Passed → Findings; a: Findings for the first time in the runs that are kept",
                "{name: a, outcome: Failed} | {name: a, outcome: Passed} | - | a: Failed → Passed",
                "{name: a} | {name: a, outcome: Passed} | - | a: not done → Passed",
                "{name: a, outcome: Passed} | {name: b, outcome: Passed} | - "
                        + "| b: a new step, Passed; a: no such step any more, it was Passed",
                "{name: a, outcome: Passed, measured: {n: 1}} | {name: a, outcome: Passed, measured: {n: 1}} | - | ''",
                "{name: a, outcome: Passed, measured: {n: 1}} | {name: a, outcome: Passed, measured: {n: 3}} | - "
                        + "| a: n 1 → 3 (+2)",
                "{name: a, outcome: Passed, measured: {n: 3}} | {name: a, outcome: Passed, measured: {n: 1}} | - "
                        + "| a: n 3 → 1 (-2)",
                "{name: a, outcome: Passed, measured: {n: -9223372036854775808}} "
                        + "| {name: a, outcome: Passed, measured: {n: 9223372036854775807}} | - "
                        + "| a: n -9223372036854775808 → 9223372036854775807 (+18446744073709551615)",
                "{name: a, outcome: Passed, measured: {m: 1, n: 3}} | {name: a, outcome: Passed, measured: {n: 3, o: 4}} | - "
                        + "| a: m not measured any more, it was 1; a: o 4, not measured before",
                // Numbers that need not be whole, and runs of before there were any.
                "{name: a, outcome: Passed, decimals: {value: '0.5'}} | {name: a, outcome: Passed, decimals: {value: '2.4'}} | - "
                        + "| a: value 0.5 → 2.4 (+1.9)",
                "{name: a, outcome: Passed, decimals: {value: '1'}} | {name: a, outcome: Passed, decimals: {value: '1.0'}} | - | ''",
                "{name: a, outcome: Passed, measured: {n: 1}} "
                        + "| {name: a, outcome: Passed, measured: {n: 1}, decimals: {value: '1e300'}} | - "
                        + "| a: value 1E+300, not measured before",
                // What could not be looked at is told by the result alone.
                "{name: a, outcome: Passed, measured: {n: 3}} | {name: a, outcome: CouldNotCheck} | - "
                        + "| a: Passed → CouldNotCheck",
                // Results come before numbers, the worst first; numbers of what needs a look before others.
                "{name: a, outcome: Passed, measured: {n: 1}}, {name: b, outcome: Passed}, {name: c, outcome: Passed, "
                        + "measured: {n: 1}}, {name: d, outcome: Failed} "
                        + "| {name: a, outcome: Passed, measured: {n: 2}}, {name: b, outcome: Failed}, {name: c, outcome: "
                        + "Findings, measured: {n: 2}}, {name: d, outcome: Passed} | - "
                        + "| b: Passed → Failed; c: Passed → Findings; d: Failed → Passed; c: n 1 → 2 (+1); a: n 1 → 2 (+1)",
            })
    void givenTwoRuns_whenTheyAreCompared_thenTheDifferencesAreTold(
            String before, String after, String first, String expected) {
        List<RunDifference> found =
                RunDifferences.of(steps(before), steps(after), first == null ? List.of() : List.of(first));

        assertThat(String.join("; ", found.stream().map(RunDifference::text).toList()))
                .isEqualTo(expected);
    }

    private static List<RunStep> steps(String yaml) {
        return Serialization.unmarshal("steps: [" + yaml + "]", MaintenanceRunStatus.class)
                .steps();
    }
}
