package dev.mainstay.core.alert;

import dev.mainstay.api.alert.AlertThreshold;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.api.status.Condition;
import dev.mainstay.core.alert.Evaluation.Failed;
import dev.mainstay.core.alert.Evaluation.Measured;
import dev.mainstay.core.alert.Evaluation.NoData;
import dev.mainstay.core.status.Conditions;
import dev.mainstay.core.status.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** What the statuses of Mainstay's own objects say, which is measured without any Prometheus. */
public final class StatusEvaluations {

    private StatusEvaluations() {}

    /** Whether an application is healthy: 0 when it is, 1 when it is not. One that does not answer is neither. */
    public static Evaluation health(ManagedApplication application, Instant now) {
        Optional<Condition> healthy = Optional.ofNullable(application.getStatus())
                .flatMap(status -> Conditions.find(status.conditions(), "Healthy"));
        if (healthy.isEmpty()) {
            return new NoData("spec.health was not asked yet", now);
        }
        Condition condition = healthy.get();
        return switch (condition.status()) {
            case TRUE -> new Measured(0, "healthy", null, now);
            case FALSE -> new Measured(1, "not healthy", null, now);
            default ->
                Reason.UNREACHABLE.text().equals(condition.reason())
                        ? new Failed(
                                "spec.health of ManagedApplication "
                                        + application.getMetadata().getNamespace() + "/"
                                        + application.getMetadata().getName(),
                                condition.message(),
                                now)
                        : new NoData(condition.message(), now);
        };
    }

    /**
     * How old the last good backup is, of the policy whose last one is the oldest. A policy that never made one counts from its
     * own beginning.
     *
     * @param policies those of the application
     */
    public static Evaluation backupAge(List<BackupPolicy> policies, AlertThreshold threshold, Instant now) {
        Optional<Instant> oldest = policies.stream()
                .filter(policy -> policy.getSpec() != null
                        && !Boolean.TRUE.equals(policy.getSpec().suspend()))
                .map(StatusEvaluations::lastGood)
                .min(Comparator.naturalOrder());
        if (oldest.isEmpty()) {
            return new NoData(
                    policies.isEmpty()
                            ? "no BackupPolicy names this application"
                            : "every BackupPolicy of this application is suspended",
                    now);
        }
        Duration age = Duration.between(oldest.get(), now);
        double seconds = Math.max(0, age.toSeconds());
        return new Measured(seconds, AlertText.value(threshold, seconds), null, now);
    }

    private static Instant lastGood(BackupPolicy policy) {
        return Optional.ofNullable(policy.getStatus())
                .flatMap(status -> Optional.ofNullable(status.lastSuccess()))
                .flatMap(backup -> Optional.ofNullable(backup.completedAt()))
                .orElseGet(() -> Instant.parse(policy.getMetadata().getCreationTimestamp()));
    }
}
