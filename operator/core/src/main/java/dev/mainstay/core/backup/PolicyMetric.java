package dev.mainstay.core.backup;

import dev.mainstay.api.backup.BackupFailureSummary;
import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.api.backup.BackupPolicyStatus;
import dev.mainstay.api.backup.BackupSummary;
import dev.mainstay.api.backup.RestoreTestStatus;
import dev.mainstay.api.backup.RestoreTestStatus.Passed;
import dev.mainstay.api.status.ConditionStatus;
import dev.mainstay.core.Durations;
import dev.mainstay.core.status.Conditions;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What is measured of each BackupPolicy, named as Prometheus names things. All of it is read from the status, so that it is
 * the same after a restart and ends with the object. docs/reference/metrics.md is made from this list.
 */
public enum PolicyMetric {
    LAST_SUCCESS(
            "mainstay_backup_last_success_timestamp_seconds",
            Type.GAUGE,
            "When the newest backup that succeeded was complete.",
            status -> time(Optional.ofNullable(status.lastSuccess()).map(BackupSummary::completedAt))),
    LAST_FAILURE(
            "mainstay_backup_last_failure_timestamp_seconds",
            Type.GAUGE,
            "When the newest backup that failed had failed.",
            status -> time(Optional.ofNullable(status.lastFailure()).map(BackupFailureSummary::completedAt))),
    CONSECUTIVE_FAILURES(
            "mainstay_backup_consecutive_failures",
            Type.GAUGE,
            "Backups that failed since the last one that succeeded.",
            status -> number(status.consecutiveFailures())),
    NEXT_RUN(
            "mainstay_backup_next_run_timestamp_seconds",
            Type.GAUGE,
            "The next slot of the schedule, without jitter.",
            status -> time(Optional.ofNullable(status.nextRuns())
                    .filter(runs -> !runs.isEmpty())
                    .map(runs -> OffsetDateTime.parse(runs.getFirst().at()).toInstant()))),
    MISSED_RUNS(
            "mainstay_backup_missed_runs_total",
            Type.COUNTER,
            "Slots that were missed because nothing ran the schedule.",
            status -> number(status.missedRuns())),
    SKIPPED_RUNS(
            "mainstay_backup_skipped_runs_total",
            Type.COUNTER,
            "Slots that were left out because the schedule was suspended or paused; label reason.",
            status -> status.skippedRuns().stream()
                    .map(runs -> new Sample(Map.of("reason", runs.reason()), runs.count()))),
    FRESH(
            "mainstay_backup_fresh",
            Type.GAUGE,
            "1 while the condition BackupFresh holds, else 0; no series without a schedule.",
            status -> holds(status, "BackupFresh")),
    STORAGE_REACHABLE(
            "mainstay_backup_storage_reachable",
            Type.GAUGE,
            "1 while the condition StorageReachable holds, else 0; no series before the first backup or preflight.",
            status -> holds(status, "StorageReachable")),
    PREFLIGHT_GAPS(
            "mainstay_backup_preflight_gaps",
            Type.GAUGE,
            "Gaps that will keep backups from succeeding, as the newest preflight found them; no series where none was made.",
            status -> number(
                    status.preflight() == null ? null : status.preflight().errors())),
    STORED(
            "mainstay_backup_stored",
            Type.GAUGE,
            "Backups in the bucket, as the newest retention found and left them; no series without spec.retention.",
            status -> number(status.stored() == null ? null : status.stored().count())),
    STORED_BYTES(
            "mainstay_backup_stored_bytes",
            Type.GAUGE,
            "Sum of their data.",
            status -> number(status.stored() == null ? null : status.stored().bytes())),
    RETENTION_APPLIED(
            "mainstay_backup_retention_applied",
            Type.GAUGE,
            "1 while the condition RetentionApplied holds, else 0; no series without spec.retention.",
            status -> holds(status, "RetentionApplied")),
    SIZE_USUAL(
            "mainstay_backup_size_usual",
            Type.GAUGE,
            "1 while the condition SizeUsual holds, else 0; no series before the fourth backup.",
            status -> holds(status, "SizeUsual")),
    RESTORE_TESTED(
            "mainstay_backup_restore_tested",
            Type.GAUGE,
            "1 while the condition RestoreTested holds, 0 while it does not; no series without a restore test or before the"
                    + " first one has ended.",
            status -> holds(status, RestoreTestVerdict.CONDITION)),
    LAST_RESTORE_TEST(
            "mainstay_backup_last_restore_test_timestamp_seconds",
            Type.GAUGE,
            "When the newest restore test that passed had ended.",
            status -> time(lastPassed(status).map(Passed::at))),
    RECOVERY_TIME(
            "mainstay_backup_restore_test_recovery_seconds",
            Type.GAUGE,
            "How long the newest restore test that passed took from the first byte read to the end of ANALYZE.",
            status -> number(lastPassed(status)
                    .map(test -> Durations.parse(test.recoveryTime()).toSeconds())
                    .orElse(null))),
    READY(
            "mainstay_backup_policy_ready",
            Type.GAUGE,
            "1 while the condition Ready holds, else 0.",
            status -> holds(status, "Ready"));

    /** How a metric is to be read. */
    public enum Type {
        GAUGE,
        COUNTER
    }

    /**
     * One value.
     *
     * @param labels labels beside namespace and policy
     * @param value the value
     */
    public record Sample(Map<String, String> labels, double value) {}

    private final String text;
    private final Type type;
    private final String help;
    private final Function<BackupPolicyStatus, Stream<Sample>> samples;

    PolicyMetric(String text, Type type, String help, Function<BackupPolicyStatus, Stream<Sample>> samples) {
        this.text = text;
        this.type = type;
        this.help = help;
        this.samples = samples;
    }

    /** Its name. */
    public String text() {
        return text;
    }

    /** How it is to be read. */
    public Type type() {
        return type;
    }

    /** What it is, in a sentence. */
    public String help() {
        return help;
    }

    /** Its values for a policy; none before there is something to tell. */
    public List<Sample> of(BackupPolicy policy) {
        return policy.getStatus() == null
                ? List.of()
                : samples.apply(policy.getStatus()).toList();
    }

    private static Stream<Sample> time(Optional<Instant> time) {
        return time.map(at -> new Sample(Map.of(), at.getEpochSecond())).stream();
    }

    private static Stream<Sample> number(Number number) {
        return Stream.ofNullable(number).map(value -> new Sample(Map.of(), value.doubleValue()));
    }

    private static Optional<Passed> lastPassed(BackupPolicyStatus status) {
        return Optional.ofNullable(status.restoreTest()).map(RestoreTestStatus::lastPassed);
    }

    private static Stream<Sample> holds(BackupPolicyStatus status, String condition) {
        return Conditions.find(status.conditions(), condition)
                .filter(found -> found.status() != ConditionStatus.UNKNOWN)
                .map(found -> new Sample(Map.of(), found.status() == ConditionStatus.TRUE ? 1 : 0))
                .stream();
    }
}
