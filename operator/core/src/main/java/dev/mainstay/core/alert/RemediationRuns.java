package dev.mainstay.core.alert;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.alert.AlertRule;
import dev.mainstay.api.alert.AlertRuleStatus;
import dev.mainstay.api.alert.RemediationApproval;
import dev.mainstay.api.alert.RemediationAttempt;
import dev.mainstay.api.alert.RemediationStatus;
import dev.mainstay.api.runbook.Approval;
import dev.mainstay.api.runbook.MaintenanceRun;
import dev.mainstay.api.runbook.MaintenanceRunSpec;
import dev.mainstay.api.runbook.MaintenanceRunStatus;
import dev.mainstay.api.runbook.RunPhase;
import dev.mainstay.api.runbook.RunStep;
import dev.mainstay.api.status.Condition;
import dev.mainstay.core.Texts;
import dev.mainstay.core.naming.Names;
import dev.mainstay.core.status.Conditions;
import dev.mainstay.core.status.Reason;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The runs that are made about alerts, as objects. */
public final class RemediationRuns {

    /** A run that has not begun so long after its attempt was decided on does not begin any more. */
    public static final Duration BEGIN_WITHIN = Duration.ofMinutes(10);

    /** Why a run that has not begun is cancelled, as its annotation says it. */
    public static final String ALERT_ENDED = "the alert has ended";

    private static final Duration KEPT = Duration.ofDays(1);
    private static final int LONGEST_REASON = 256;

    private RemediationRuns() {}

    /** What selects the runs of a rule. */
    public static String label(AlertRule rule) {
        return Names.label(rule.getMetadata().getName());
    }

    /** The label of the rule that a run was made for; empty for one that was made for none. */
    public static Optional<String> label(MaintenanceRun run) {
        return Optional.ofNullable(run.getMetadata().getLabels()).map(labels -> labels.get(Annotations.ALERT_RULE));
    }

    /** The uid of the rule that a run was made for; empty for one that was made for none. */
    public static Optional<String> ruleUid(MaintenanceRun run) {
        return Optional.ofNullable(run.getMetadata().getAnnotations())
                .map(annotations -> annotations.get(Annotations.ALERT_ATTEMPT))
                .filter(key -> key.indexOf('/') > 0)
                .map(key -> key.substring(0, key.indexOf('/')));
    }

    /** What its rule looks at in a run. */
    public static Object progress(MaintenanceRun run) {
        return List.of(status(run).phase(), begun(run));
    }

    /** The run that the newest attempt of a rule has seen to be there, and has not seen to end; empty when there is none. */
    public static Optional<String> expected(AlertRule rule) {
        return Optional.ofNullable(rule.getStatus())
                .map(AlertRuleStatus::remediation)
                .map(RemediationStatus::attempts)
                .filter(attempts -> !attempts.isEmpty())
                .map(List::getLast)
                .filter(attempt -> attempt.open() && attempt.madeAt() != null && attempt.finishedAt() == null)
                .map(RemediationAttempt::run);
    }

    /** Those of a rule that ended a day ago or earlier, and of which its status tells no more. */
    public static List<MaintenanceRun> outdated(
            AlertRule rule, List<MaintenanceRun> runs, RemediationStatus told, Instant now) {
        Set<String> kept = told == null
                ? Set.of()
                : told.attempts().stream()
                        .map(RemediationAttempt::run)
                        .filter(Objects::nonNull)
                        .collect(Collectors.toSet());
        return told == null
                ? List.of()
                : runs.stream()
                        .filter(run -> ruleUid(run)
                                .filter(rule.getMetadata().getUid()::equals)
                                .isPresent())
                        .filter(run -> ended(run)
                                && status(run).completedAt() != null
                                && status(run).completedAt().isBefore(now.minus(KEPT)))
                        .filter(run -> !kept.contains(run.getMetadata().getName()))
                        .toList();
    }

    /** Whether a run is that of an attempt, and not another one under its name. */
    static boolean isOf(AlertRule rule, RemediationAttempt attempt, MaintenanceRun run) {
        return run.getMetadata().getAnnotations() != null
                && key(rule, attempt).equals(run.getMetadata().getAnnotations().get(Annotations.ALERT_ATTEMPT));
    }

    private static String key(AlertRule rule, RemediationAttempt attempt) {
        return rule.getMetadata().getUid() + "/" + attempt.episode() + "/" + attempt.attempt();
    }

    /**
     * The run of an attempt, to be made. It stays when the rule goes, as those of schedules do.
     *
     * @param requestedBy the user that makes it, as the API server knows it: anybody else may approve
     */
    static MaintenanceRun run(AlertRule rule, RemediationAttempt attempt, String value, String requestedBy) {
        boolean asks = rule.getSpec().remediation().approval() != RemediationApproval.NONE;
        MaintenanceRun run = new MaintenanceRun();
        run.setMetadata(new ObjectMetaBuilder()
                .withName(attempt.run())
                .withNamespace(rule.getMetadata().getNamespace())
                .addToLabels(Annotations.ALERT_RULE, label(rule))
                .addToAnnotations(Annotations.ALERT_ATTEMPT, key(rule, attempt))
                .build());
        run.setSpec(new MaintenanceRunSpec(
                rule.getSpec().applicationRef(),
                rule.getSpec().remediation().runbookRef(),
                rule.getSpec().remediation().parameters(),
                Texts.cut(
                        "AlertRule " + rule.getMetadata().getName() + " fires"
                                + (value == null ? "" : " (" + value + ")") + ": attempt " + attempt.attempt()
                                + " of episode " + attempt.episode() + ".",
                        LONGEST_REASON,
                        "…"),
                requestedBy,
                null,
                asks ? null : attempt.startedAt().plus(BEGIN_WITHIN),
                asks ? Approval.DEFAULTS : null));
        return run;
    }

    static MaintenanceRunStatus status(MaintenanceRun run) {
        return run.getStatus() == null ? MaintenanceRunStatus.NONE : run.getStatus();
    }

    static boolean ended(MaintenanceRun run) {
        return status(run).phase() == RunPhase.FINISHED;
    }

    static boolean begun(MaintenanceRun run) {
        return status(run).runbook() != null;
    }

    /** Whether it was cancelled by its rule, and by no person. */
    static boolean isCalledOff(MaintenanceRun run) {
        return !begun(run)
                && run.getMetadata().getAnnotations() != null
                && ALERT_ENDED.equals(run.getMetadata().getAnnotations().get(Annotations.CANCEL));
    }

    /** Whether it is at its steps, and none of them waits for a person. */
    static boolean working(MaintenanceRun run) {
        return begun(run)
                && !ended(run)
                && status(run).steps().stream()
                        .filter(line -> !line.ended())
                        .findFirst()
                        .filter(RemediationRuns::waits)
                        .isEmpty();
    }

    private static boolean waits(RunStep line) {
        return line.askedAt() != null && line.approvedBy() == null;
    }

    /** Whether it begins without that anybody is asked. */
    static boolean aboutToBegin(MaintenanceRun run) {
        return !begun(run)
                && !ended(run)
                && run.getSpec() != null
                && run.getSpec().approval() == null;
    }

    /** Why it ended so. */
    static Optional<Reason> reason(MaintenanceRun run) {
        return Conditions.find(status(run).conditions(), "Ready").flatMap(ready -> Reason.of(ready.reason()));
    }

    /** What it says of itself. */
    static String told(MaintenanceRun run) {
        return Conditions.find(status(run).conditions(), "Ready")
                .map(Condition::message)
                .orElse("Its status says no more.");
    }
}
