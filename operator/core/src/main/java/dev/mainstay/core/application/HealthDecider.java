package dev.mainstay.core.application;

import dev.mainstay.api.application.HealthCheck;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.status.Condition;
import dev.mainstay.api.status.ConditionStatus;
import dev.mainstay.core.application.ApplicationObservation.WorkloadObservation;
import dev.mainstay.core.application.HealthSample.Finding;
import dev.mainstay.core.application.HealthSample.Outcome;
import dev.mainstay.core.rollback.LedgerObservation.Working;
import dev.mainstay.core.status.Conditions;
import dev.mainstay.core.status.Pause;
import dev.mainstay.core.status.Reason;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The conditions Healthy and Reachable of an application, from those that stand and what the last passes found. Only an
 * answer, or no ready Pod at all, speaks against an application; silence means that nothing is known.
 */
public final class HealthDecider {

    private static final String HEALTHY = "Healthy";
    private static final String REACHABLE = "Reachable";

    /** Passes that must find the same before new figures are told of what stands anyway. */
    private static final int SETTLED = 3;

    /** Reasons of a condition that was not learnt from Pods, and is not believed once they can be asked. */
    private static final Set<String> NO_VERDICT =
            Set.of(Reason.HEALTH_PENDING.text(), Reason.SCALED_TO_ZERO.text(), Reason.WORKLOAD_NOT_FOUND.text());

    private final ManagedApplication application;
    private final HealthCheck check;
    private final HealthStreak streak;
    private final List<Condition> before;
    private final Conditions conditions;

    private HealthDecider(ManagedApplication application, HealthStreak streak, Conditions conditions) {
        this.application = application;
        this.check = application.getSpec().health();
        this.streak = streak;
        this.before = standing(application);
        this.conditions = conditions;
    }

    /**
     * Adds both conditions, or none where nothing is to be asked.
     *
     * @param seen the workload that spec.health names; null when it does not exist
     */
    public static void tell(
            ManagedApplication application, WorkloadObservation seen, HealthStreak streak, Conditions conditions) {
        if (application.getSpec() == null || application.getSpec().health() == null) {
            return;
        }
        if (Pause.message(application).isPresent()) {
            conditions.keep(HEALTHY).keep(REACHABLE);
            return;
        }
        new HealthDecider(application, streak, conditions).tell(seen);
    }

    /** Whether the application's conditions are to change for what was found. */
    public static boolean changes(ManagedApplication application, WorkloadObservation seen, HealthStreak streak) {
        List<Condition> before = standing(application);
        Conditions after = new Conditions(before, application.getMetadata().getGeneration(), Instant.EPOCH);
        tell(application, seen, streak, after);
        return Stream.of(HEALTHY, REACHABLE)
                .anyMatch(type -> !Objects.equals(
                        Conditions.find(before, type).map(HealthDecider::said),
                        Conditions.find(after.list(), type).map(HealthDecider::said)));
    }

    /**
     * Whether an application works as far as its health check tells, by the conditions that follow now: those that stand are of
     * the pass before, and nothing wakes the application for what it writes itself. A pass that failed counts at once here.
     */
    public static Working working(ManagedApplication application, WorkloadObservation seen, HealthStreak streak) {
        if (application.getSpec() == null || application.getSpec().health() == null) {
            return Working.NOT_ASKED;
        }
        Conditions after =
                new Conditions(standing(application), application.getMetadata().getGeneration(), Instant.EPOCH);
        tell(application, seen, streak, after);
        boolean healthy = Conditions.find(after.list(), HEALTHY)
                .filter(condition -> condition.status() == ConditionStatus.TRUE)
                .isPresent();
        boolean failing = streak.newest() != null && streak.newest().outcome() == Outcome.FAILED;
        return healthy && !failing ? Working.YES : Working.NOT_KNOWN;
    }

    private static List<Object> said(Condition condition) {
        return List.of(condition.status(), condition.reason(), condition.message());
    }

    private static List<Condition> standing(ManagedApplication application) {
        return application.getStatus() == null
                ? List.of()
                : application.getStatus().conditions();
    }

    private void tell(WorkloadObservation seen) {
        if (seen == null) {
            conditions.set(
                    HEALTHY,
                    ConditionStatus.UNKNOWN,
                    Reason.WORKLOAD_NOT_FOUND,
                    self() + workload() + " does not exist, so there is nothing to ask. Create it, or correct"
                            + " spec.health.workload.");
        } else if (seen.replicas() == 0) {
            conditions.set(
                    HEALTHY,
                    ConditionStatus.UNKNOWN,
                    Reason.SCALED_TO_ZERO,
                    self() + workload() + " is scaled to zero, so there is nothing to ask. Scale it up to have it asked"
                            + " again.");
        } else {
            boolean reachable = reachable();
            healthy(reachable);
        }
    }

    /** Whether the newest pass was answered. */
    private boolean reachable() {
        Finding newest = streak.newest();
        boolean answered = newest != null && newest.silent() < newest.ready();
        if (answered) {
            set(REACHABLE, ConditionStatus.TRUE, Reason.ANSWERED, self() + "Pods of " + workload() + " answer.");
        } else if (streak.silent() >= check.failureThreshold()) {
            set(REACHABLE, ConditionStatus.FALSE, Reason.UNREACHABLE, silence(newest));
        } else {
            conditions.keep(REACHABLE);
        }
        return answered;
    }

    private void healthy(boolean reachable) {
        Finding newest = streak.newest();
        if (newest != null && newest.outcome() == Outcome.GOOD) {
            set(HEALTHY, ConditionStatus.TRUE, Reason.HEALTHY, good(newest));
        } else if (newest != null
                && newest.outcome() == Outcome.FAILED
                && streak.failed() >= check.failureThreshold()) {
            set(
                    HEALTHY,
                    ConditionStatus.FALSE,
                    newest.ready() == 0 ? Reason.NO_READY_PODS : Reason.UNHEALTHY,
                    newest.ready() == 0 ? noPods() : wrong(newest));
        } else if (streak.silent() >= check.failureThreshold()) {
            set(HEALTHY, ConditionStatus.UNKNOWN, Reason.UNREACHABLE, silence(newest));
        } else if (believed(reachable)) {
            conditions.keep(HEALTHY);
        } else {
            set(
                    HEALTHY,
                    ConditionStatus.UNKNOWN,
                    Reason.HEALTH_PENDING,
                    self() + "not enough passes over the Pods of " + workload() + " yet. Wait: one that is good is"
                            + " enough, and " + check.failureThreshold() + " that fail.");
        }
    }

    private boolean believed(boolean reachable) {
        return Conditions.find(before, HEALTHY)
                .map(Condition::reason)
                .filter(reason -> !NO_VERDICT.contains(reason))
                .filter(reason -> !reachable || !Reason.UNREACHABLE.text().equals(reason))
                .isPresent();
    }

    /** Figures, or Pods that come and go, would have the status written at each pass. */
    private void set(String type, ConditionStatus status, Reason reason, String message) {
        Optional<Condition> stands = Conditions.find(before, type)
                .filter(condition -> condition.status() == status)
                .filter(condition ->
                        status == ConditionStatus.FALSE || reason.text().equals(condition.reason()));
        if (stands.isPresent() && streak.same() < SETTLED) {
            conditions.keep(type);
        } else {
            conditions.set(type, status, reason, message);
        }
    }

    private String good(Finding found) {
        return found.silent() == 0
                ? self() + "every ready Pod of " + workload() + " answers " + question() + " with "
                        + check.expectStatus() + "."
                : self() + "all ready Pods of " + workload() + " that answer " + question() + " do so with "
                        + check.expectStatus() + "." + silent(found);
    }

    private String wrong(Finding found) {
        long pods = found.wrong().values().stream().mapToLong(Long::longValue).sum();
        String statuses = found.wrong().keySet().stream().map(String::valueOf).collect(Collectors.joining(" or "));
        return self() + pods + " of " + found.ready() + " ready Pods of " + workload() + " answered " + question()
                + " with " + statuses + " instead of " + check.expectStatus()
                + ". Read their logs, or correct path, port"
                + " or expectStatus in spec.health." + silent(found);
    }

    private String noPods() {
        return self() + workload()
                + " has no ready Pod, though its spec asks for some. Look at its Pods with kubectl get"
                + " pods --namespace " + application.getMetadata().getNamespace() + ", and at their events.";
    }

    private String silence(Finding found) {
        return self() + "no ready Pod of " + workload() + " answers " + question() + ", so its health is not known: "
                + found.why() + ".";
    }

    private static String silent(Finding found) {
        return found.silent() == 0
                ? ""
                : " " + found.silent() + " of " + found.ready() + " did not answer: " + found.why() + ".";
    }

    private String question() {
        return "GET " + check.path() + " on port " + check.port();
    }

    private String workload() {
        return application
                .getSpec()
                .healthWorkload()
                .map(workload -> workload.kind().text() + " " + workload.name())
                .orElse(check.workload());
    }

    private String self() {
        return "ManagedApplication " + application.getMetadata().getName() + ", spec.health: ";
    }
}
