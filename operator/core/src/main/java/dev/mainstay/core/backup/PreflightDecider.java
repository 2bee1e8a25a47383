package dev.mainstay.core.backup;

import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.backup.AttachedBackups;
import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.api.backup.BackupPolicyStatus;
import dev.mainstay.api.backup.PreflightStatus;
import dev.mainstay.api.status.Failure;
import dev.mainstay.core.Durations;
import dev.mainstay.core.application.JobTemplateRefusal;
import dev.mainstay.core.backup.BackupObservation.ServiceAccountObservation;
import dev.mainstay.core.naming.Names;
import dev.mainstay.core.schedule.Jitter;
import dev.mainstay.core.status.Conditions;
import dev.mainstay.core.status.Pause;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.Finding;
import dev.mainstay.core.task.Finding.Severity;
import dev.mainstay.core.task.PreflightReport;
import dev.mainstay.core.task.PreflightReport.Stored;
import dev.mainstay.core.task.StoredManifest;
import dev.mainstay.core.task.TaskJson;
import dev.mainstay.core.task.TaskResult;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * When a policy is looked at for gaps, and what is told of them: whenever the policy or its application has changed, when a
 * backup is asked for by the annotation, and once a day; more often while there are gaps, which somebody mends outside of
 * the cluster. Each of these has a Job of its own name, so it is made once.
 */
public final class PreflightDecider {

    /** It looks, and moves no data. */
    private static final Duration TIMEOUT = Duration.ofMinutes(5);

    private static final Duration AGAIN_WITH_GAPS = Duration.ofMinutes(15);
    private static final String OF_THE_STORE = "bucket";

    private PreflightDecider() {}

    /** When to look again after something was made or told. */
    public static final Duration LOOK_AGAIN = Duration.ofSeconds(30);

    /** Whether backups may be found that have no object. */
    public static boolean mayAttach(BackupPolicy policy) {
        return policy.unreadableSpec().isEmpty() && Attachment.isDue(policy);
    }

    /** Whether a Job is the one whose answer counts now. */
    public static boolean waitsFor(BackupPolicy policy, ManagedApplication application, String job) {
        return policy.unreadableSpec().isEmpty() && application != null && job.equals(jobName(policy, application));
    }

    /** Decides. */
    public static PreflightDecision decide(PreflightObservation observation, Instant now) {
        BackupPolicy policy = observation.policy();
        if (policy.unreadableSpec().isPresent()
                || !(DatabaseChoice.of(policy, observation.application()) instanceof DatabaseChoice.Found found)
                || observation.serviceAccount() == ServiceAccountObservation.NOT_ALLOWED
                || JobTemplateRefusal.told(observation.application()).isPresent()
                || Pause.message(policy).isPresent()
                || Pause.message(observation.application()).isPresent()) {
            return new PreflightDecision.Nothing(null);
        }
        String key = key(policy, observation.application());
        PreflightStatus before = before(policy);
        if (before != null && key.equals(before.key()) && now.isBefore(due(policy, before))) {
            return new PreflightDecision.Nothing(due(policy, before));
        }
        String name = jobName(policy, observation.application());
        JobObservation job = observation.jobs().get(name);
        if (job == null) {
            return observation.idle()
                    ? make(observation, found, name, now)
                    : new PreflightDecision.Wait(BackupDecision.Pace.RUNNING);
        }
        if (!job.ours()) {
            return untold(policy, notMade(key, before, JobRefusal.foreign(job), now));
        }
        Optional<TaskResult> result = job.pod() == null
                ? Optional.empty()
                : TaskJson.readResult(job.pod().terminationMessage());
        if (result.isPresent()) {
            return ended(observation, key, result.get(), now);
        }
        if (job.dead(now)) {
            return untold(policy, notMade(key, before, PodTrouble.withoutResult("the preflight", job), now));
        }
        boolean started = job.pod() != null && job.pod().started();
        if (!started && job.startBy() != null && now.isAfter(job.startBy().plus(JobObservation.CLOCK_SKEW))) {
            return untold(policy, notMade(key, before, PodTrouble.notStarted(job), now))
                    .andEnd(job.canBeEnded() ? job.name() : null);
        }
        return new PreflightDecision.Wait(BackupDecision.Pace.RUNNING);
    }

    /** The Job that is waited for; it may not exist yet. What it follows is part of its name. */
    static String jobName(BackupPolicy policy, ManagedApplication application) {
        PreflightStatus before = before(policy);
        return Names.preflight(
                policy.getMetadata().getName(),
                policy.getMetadata().getUid(),
                key(policy, application) + "/" + (before == null ? "" : before.checkedAt()));
    }

    /** What a preflight now is made for. */
    static String key(BackupPolicy policy, ManagedApplication application) {
        BackupPolicyStatus status = policy.getStatus();
        return Names.digest(
                policy.getMetadata().getGeneration(),
                application.getMetadata().getUid(),
                application.getMetadata().getGeneration(),
                status == null ? null : status.lastRunNow(),
                Attachment.key(policy));
    }

    /** When it is made again though nothing has changed. */
    private static Instant due(BackupPolicy policy, PreflightStatus before) {
        boolean passed = before.errors() != null && before.errors() == 0 && !Attachment.isDue(policy);
        return passed
                ? Jitter.nextDay(policy.getMetadata().getUid(), before.checkedAt())
                : before.checkedAt().plus(AGAIN_WITH_GAPS);
    }

    private static PreflightStatus before(BackupPolicy policy) {
        return policy.getStatus() == null ? null : policy.getStatus().preflight();
    }

    private static PreflightDecision make(
            PreflightObservation observation, DatabaseChoice.Found found, String name, Instant now) {
        Instant startBy = Attempts.seconds(
                now.plus(Durations.parse(observation.policy().getSpec().pendingTimeout())));
        return new PreflightDecision.Make(
                name,
                BackupTasks.preflight(
                        observation.policy(), found.database(), observation.clusterId(), startBy, TIMEOUT),
                startBy);
    }

    private static PreflightDecision ended(
            PreflightObservation observation, String key, TaskResult result, Instant now) {
        PreflightStatus before = before(observation.policy());
        PreflightReport report = result.preflight();
        if (report == null) {
            return untold(
                    observation.policy(),
                    notMade(
                            key,
                            before,
                            new Failure(ActiveAttempt.reason(result), ActiveAttempt.text(result), List.of()),
                            now));
        }
        PreflightDecision.Tell tell = told(observation, key, report, now);
        return report.stored() != null && Attachment.isDue(observation.policy())
                ? attach(observation, report.stored(), tell, now)
                : tell;
    }

    private static PreflightDecision attach(
            PreflightObservation observation, Stored report, PreflightDecision.Tell tell, Instant now) {
        List<StoredManifest> stored = observation.stored() == null ? report.all() : observation.stored();
        if (stored == null) {
            return tell.butNotAttached("the log of the preflight's Job, which lists them, could not be read whole.");
        }
        Attachment attachment = new Attachment(observation.policy(), observation.backups());
        List<PreflightDecision.Attached> next = attachment.next(stored, now);
        PreflightDecision.Tell done =
                new PreflightDecision.Tell(tell.status(), tell.findings(), attachment.done(report, stored, now));
        return next.isEmpty() ? done : new PreflightDecision.Attach(next, tell);
    }

    private static PreflightDecision.Tell untold(BackupPolicy policy, PreflightStatus status) {
        return new PreflightDecision.Tell(status, null, attached(policy));
    }

    private static AttachedBackups attached(BackupPolicy policy) {
        return policy.getStatus() == null ? null : policy.getStatus().attached();
    }

    private static PreflightDecision.Tell told(
            PreflightObservation observation, String key, PreflightReport report, Instant now) {
        PreflightStatus before = before(observation.policy());
        boolean whole = observation.findings() != null;
        List<Finding> findings = whole ? observation.findings() : report.first();
        boolean any = report.errors() + report.warnings() > 0;
        String configMap = any || before != null && before.configMap() != null
                ? Names.findings(observation.policy().getMetadata().getName())
                : null;
        return new PreflightDecision.Tell(
                new PreflightStatus(
                        key,
                        Attempts.seconds(now),
                        report.errors(),
                        report.warnings(),
                        configMap,
                        findings.stream()
                                .findFirst()
                                .map(PreflightDecider::failure)
                                .orElse(null),
                        findings.stream()
                                .filter(finding -> finding.severity() == Severity.ERROR)
                                .filter(finding -> finding.check().startsWith(OF_THE_STORE))
                                .findFirst()
                                .map(PreflightDecider::failure)
                                .orElse(null)),
                configMap == null ? null : text(findings, whole, now),
                attached(observation.policy()));
    }

    /** What was found before still stands beside it: nobody has looked again. */
    private static PreflightStatus notMade(String key, PreflightStatus before, Failure why, Instant now) {
        return new PreflightStatus(
                key,
                Attempts.seconds(now),
                null,
                null,
                before == null ? null : before.configMap(),
                failure(why.reason(), why.message()),
                null);
    }

    private static Failure failure(Finding finding) {
        return failure(
                finding.reason() == null ? Reason.GAPS_FOUND.text() : finding.reason(),
                finding.check() + ": " + finding.message());
    }

    private static Failure failure(String reason, String message) {
        return new Failure(reason, Conditions.cut(message), List.of());
    }

    /** For people, in a ConfigMap. */
    private static String text(List<Finding> findings, boolean whole, Instant now) {
        String looked = "Looked at " + Attempts.seconds(now) + ". ";
        if (findings.isEmpty()) {
            return looked + "Nothing keeps backups from succeeding.\n";
        }
        String all = findings.stream()
                .map(finding -> (finding.severity() == Severity.ERROR ? "Error" : "Warning") + ", " + finding.check()
                        + (finding.reason() == null ? "" : " (" + finding.reason() + ")") + "\n  " + finding.message()
                        + "\n")
                .collect(Collectors.joining("\n"));
        all = looked + "Looked at again within a quarter of an hour while there are errors.\n\n" + all;
        return whole ? all : all + "\nMore was found; the log of the preflight's Job could not be read whole.\n";
    }
}
