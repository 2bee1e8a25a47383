package dev.mainstay.core.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.status.Condition;
import dev.mainstay.api.status.ConditionStatus;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TransitionsTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                            | Ready=TRUE:Ready              | Ready",
                "Ready=TRUE:Ready              | Ready=TRUE:Ready              | ''",
                "Ready=FALSE:InProgress        | Ready=FALSE:Claimed           | Claimed",
                "Ready=TRUE:Succeeded          | Ready=TRUE:Succeeded Finished=TRUE:Succeeded | Succeeded",
                "''                            | Healthy=UNKNOWN:HealthPending | ''",
                "Healthy=UNKNOWN:HealthPending | Healthy=TRUE:Healthy          | Healthy",
                "Healthy=TRUE:Healthy          | Healthy=FALSE:Unhealthy       | Unhealthy",
                "Healthy=FALSE:Unhealthy       | Healthy=FALSE:NoReadyPods     | ''",
                "BackupFresh=TRUE:Fresh        | BackupFresh=FALSE:Stale       | Stale",
                "StorageReachable=TRUE:Ready   | StorageReachable=FALSE:Forbidden | ''",
                "''                            | PreflightPassed=FALSE:PreflightFailed | PreflightFailed",
                "PreflightPassed=FALSE:PreflightFailed | PreflightPassed=FALSE:PreflightFailed | ''",
                "PreflightPassed=FALSE:PreflightFailed | PreflightPassed=TRUE:Ready | ''",
                "RestoreReady=TRUE:Passed      | RestoreReady=FALSE:GapsFound  | GapsFound",
                "RestoreReady=UNKNOWN:NoRestoreRole | RestoreReady=TRUE:Passed | ''",
                "Ready=TRUE:Ready Healthy=TRUE:Healthy | Ready=FALSE:Paused Healthy=FALSE:Unhealthy | Paused Unhealthy",
            })
    void givenTwoSetsOfConditions_whenCompared_thenWhatChangedForPeopleIsTold(
            String before, String after, String reasons) {
        assertThat(Transitions.between(conditions(before), conditions(after)))
                .extracting(Condition::reason)
                .containsExactly(reasons.isEmpty() ? new String[0] : reasons.split(" "));
    }

    private static List<Condition> conditions(String text) {
        return Arrays.stream(text.split(" "))
                .filter(condition -> !condition.isBlank())
                .map(condition -> condition.split("[=:]"))
                .map(part -> new Condition(
                        part[0], ConditionStatus.valueOf(part[1]), 1L, Instant.EPOCH, part[2], "It is so."))
                .toList();
    }
}
