package dev.mainstay.core.alert;

import static dev.mainstay.core.alert.Measuring.NOW;
import static dev.mainstay.core.alert.Measuring.duration;
import static dev.mainstay.core.alert.Measuring.read;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.core.alert.Evaluation.Failed;
import dev.mainstay.core.alert.Evaluation.Measured;
import dev.mainstay.core.alert.Evaluation.NoData;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class StatusEvaluationsTest {

    static Stream<Arguments> health() {
        return Stream.of(
                Arguments.of("True", "Healthy", new Measured(0, "healthy", null, NOW)),
                Arguments.of("False", "Unhealthy", new Measured(1, "not healthy", null, NOW)),
                Arguments.of("False", "NoReadyPods", new Measured(1, "not healthy", null, NOW)),
                Arguments.of(
                        "Unknown",
                        "Unreachable",
                        new Failed("spec.health of ManagedApplication shop/web", "so it is", NOW)),
                Arguments.of("Unknown", "HealthPending", new NoData("so it is", NOW)),
                Arguments.of("Unknown", "ScaledToZero", new NoData("so it is", NOW)),
                Arguments.of("Unknown", "WorkloadNotFound", new NoData("so it is", NOW)));
    }

    @ParameterizedTest
    @MethodSource("health")
    void givenACondition_whenHealthIsMeasured_thenSilenceIsNotSickness(
            String status, String reason, Evaluation wanted) {
        assertThat(StatusEvaluations.health(
                        application("{'type': 'Healthy', 'status': '" + status + "', 'reason': '" + reason
                                + "', 'message': 'so it is'}"),
                        NOW))
                .isEqualTo(wanted);
    }

    @Test
    void givenNoCondition_whenHealthIsMeasured_thenThereIsNoData() {
        assertThat(StatusEvaluations.health(application(""), NOW))
                .isEqualTo(new NoData("spec.health was not asked yet", NOW));
    }

    @Test
    void givenPolicies_whenTheirBackupsDiffer_thenTheOldestCounts() {
        assertThat(age(
                        policy("", "'2026-03-01T02:00:00Z'"),
                        policy("", "'2026-02-28T10:00:00Z'"),
                        policy("'suspend': true", "'2025-01-01T00:00:00Z'")))
                .isEqualTo(new Measured(93_600, "1d2h", null, NOW));
    }

    @Test
    void givenAPolicyWithoutAnyBackup_whenItIsMeasured_thenItCountsFromItsOwnBeginning() {
        assertThat(age(policy("", "'2026-03-01T02:00:00Z'"), policy("", null)))
                .isEqualTo(new Measured(864_000, "10d", null, NOW));
    }

    @Test
    void givenABackupOfTheFuture_whenItIsMeasured_thenItIsNew() {
        assertThat(age(policy("", "'2026-03-01T12:00:05Z'"))).isEqualTo(new Measured(0, "0s", null, NOW));
    }

    @Test
    void givenNoPolicyThatRuns_whenItIsMeasured_thenThatIsSaid() {
        assertThat(age()).isEqualTo(new NoData("no BackupPolicy names this application", NOW));
        assertThat(age(policy("'suspend': true", null)))
                .isEqualTo(new NoData("every BackupPolicy of this application is suspended", NOW));
    }

    private static Evaluation age(BackupPolicy... policies) {
        return StatusEvaluations.backupAge(List.of(policies), duration("25h"), NOW);
    }

    private static BackupPolicy policy(String spec, String lastSuccess) {
        return read(
                "{'metadata': {'name': 'nightly', 'creationTimestamp': '2026-02-19T12:00:00Z'}, 'spec': {" + spec
                        + "}, 'status': {"
                        + (lastSuccess == null
                                ? "'lastFailure': {'name': 'b', 'completedAt': '2026-03-01T02:00:00Z'}"
                                : "'lastSuccess': {'name': 'a', 'completedAt': " + lastSuccess + "}")
                        + "}}",
                BackupPolicy.class);
    }

    private static ManagedApplication application(String conditions) {
        return read(
                "{'metadata': {'name': 'web', 'namespace': 'shop'}, 'status': {'conditions': [" + conditions + "]}}",
                ManagedApplication.class);
    }
}
