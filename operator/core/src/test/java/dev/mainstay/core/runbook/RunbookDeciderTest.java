package dev.mainstay.core.runbook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.runbook.Runbook;
import dev.mainstay.api.status.Condition;
import dev.mainstay.core.status.Conditions;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whether the steps of a Runbook can be done. */
class RunbookDeciderTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{name: a, httpCheck: {}}                              | Ready          | its steps: 1",
                "{name: a, backup: {policyRef: {name: nightly}}}       | Ready          | its steps: 1",
                "{name: a, backup: {policyRef: {name: hourly}}}        | PolicyNotFound | step a names BackupPolicy hourly",
                "{name: a}                                             | InvalidSpec    | step a has a type"
            })
    void givenAStep_whenItIsLookedAt_thenItIsToldWhetherItCanBeDone(String step, String reason, String message) {
        Runbook runbook = RunWorld.runbook("steps: [" + step + "]");

        Optional<Condition> ready = Conditions.find(
                RunbookDecider.status(runbook, Set.of("nightly"), RunWorld.START)
                        .conditions(),
                "Ready");

        assertThat(ready.map(Condition::reason)).contains(reason);
        assertThat(ready.map(Condition::message).orElse("")).contains(message);
    }
}
