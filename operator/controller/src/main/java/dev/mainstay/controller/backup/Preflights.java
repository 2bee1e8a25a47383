package dev.mainstay.controller.backup;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.backup.AttachedBackups;
import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.api.backup.BackupPolicyStatus;
import dev.mainstay.api.backup.PreflightStatus;
import dev.mainstay.controller.kube.ApiErrors;
import dev.mainstay.controller.kube.ConfigMaps;
import dev.mainstay.controller.kube.ExecutionMarks;
import dev.mainstay.controller.kube.JobClient;
import dev.mainstay.controller.kube.PodLogs;
import dev.mainstay.controller.kube.ServiceAccounts;
import dev.mainstay.controller.watch.Wakeups;
import dev.mainstay.core.Durations;
import dev.mainstay.core.backup.JobObservation;
import dev.mainstay.core.backup.PreflightDecider;
import dev.mainstay.core.backup.PreflightDecision;
import dev.mainstay.core.backup.PreflightObservation;
import dev.mainstay.core.task.Finding;
import dev.mainstay.core.task.PreflightReport;
import dev.mainstay.core.task.ResultLines;
import dev.mainstay.core.task.StoredManifest;
import dev.mainstay.core.task.TaskJson;
import dev.mainstay.core.task.TaskResult;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Observes a policy's preflight, decides on it and carries that out. */
public final class Preflights {

    private static final Logger LOG = LoggerFactory.getLogger(Preflights.class);

    private static final Duration GOES_ON = Duration.ofMillis(200);

    private final ServiceAccounts accounts;
    private final JobClient jobClient;
    private final PolicyJobs policyJobs;
    private final JobPlaces places;
    private final BackupJobs jobs;
    private final PodLogs logs;
    private final ConfigMaps configMaps;
    private final Attachments attachments;
    private final ExecutionMarks marks;
    private final Wakeups wakeups;
    private final String clusterId;

    public Preflights(
            ServiceAccounts accounts,
            JobClient jobClient,
            PolicyJobs policyJobs,
            JobPlaces places,
            BackupJobs jobs,
            PodLogs logs,
            ConfigMaps configMaps,
            Attachments attachments,
            ExecutionMarks marks,
            Wakeups wakeups,
            String clusterId) {
        this.accounts = accounts;
        this.jobClient = jobClient;
        this.policyJobs = policyJobs;
        this.places = places;
        this.jobs = jobs;
        this.logs = logs;
        this.configMaps = configMaps;
        this.attachments = attachments;
        this.marks = marks;
        this.wakeups = wakeups;
        this.clusterId = clusterId;
    }

    /**
     * What stands after this pass.
     *
     * @param status what the newest preflight found; null when there was none
     * @param attached what was found in the bucket when it was looked through; null when it never was
     * @param wakeUp when to look again at the latest; null when something else has to change first
     */
    record Step(PreflightStatus status, AttachedBackups attached, Instant wakeUp) {}

    /** Takes one step. */
    Step act(BackupPolicy policy, ManagedApplication application, Instant now) {
        return switch (PreflightDecider.decide(observe(policy, application, now), now)) {
            case PreflightDecision.Nothing nothing -> asBefore(policy, nothing.until());
            case PreflightDecision.Wait wait -> asBefore(policy, now.plus(wait.lookAgain()));
            case PreflightDecision.Make make -> {
                make(policy, application, make);
                yield asBefore(policy, now.plus(PreflightDecider.LOOK_AGAIN));
            }
            case PreflightDecision.Attach attach -> attach(policy, attach, now);
            case PreflightDecision.Tell tell -> tell(policy, tell, now);
        };
    }

    /**
     * The deletion of an object that was attached may be told before the status that says so: what a person has deleted would
     * come back.
     */
    private Step attach(BackupPolicy policy, PreflightDecision.Attach attach, Instant now) {
        Optional<String> refused = marks.unchanged(policy) ? attachments.act(attach.next()) : Optional.empty();
        return refused.map(why -> tell(policy, attach.otherwise().butNotAttached(why), now))
                .orElseGet(() -> asBefore(policy, now.plus(GOES_ON)));
    }

    /** Whether the API server did it: backups don't wait for a preflight. */
    private boolean ended(BackupPolicy policy, String job, Instant now) {
        try {
            policyJobs.end(policy, job, now);
            return true;
        } catch (RuntimeException e) {
            LOG.atWarn()
                    .addKeyValue("kind", policy.getKind())
                    .addKeyValue("namespace", policy.getMetadata().getNamespace())
                    .addKeyValue("name", policy.getMetadata().getName())
                    .addKeyValue("problem", ApiErrors.failure(e).orElseThrow(() -> e))
                    .log("the Job of a preflight could not be ended; it is tried again");
            return false;
        }
    }

    private static Step asBefore(BackupPolicy policy, Instant wakeUp) {
        BackupPolicyStatus before = policy.getStatus();
        return new Step(before == null ? null : before.preflight(), before == null ? null : before.attached(), wakeUp);
    }

    private Step tell(BackupPolicy policy, PreflightDecision.Tell tell, Instant now) {
        // Once it is told, nobody would look at that Job again.
        if (tell.end() != null && !ended(policy, tell.end(), now)) {
            return asBefore(policy, now.plus(PreflightDecider.LOOK_AGAIN));
        }
        if (tell.findings() != null) {
            configMaps.apply(policy, tell.status().configMap(), Map.of("findings", tell.findings()));
        }
        return new Step(tell.status(), tell.attached(), now.plus(PreflightDecider.LOOK_AGAIN));
    }

    private PreflightObservation observe(BackupPolicy policy, ManagedApplication application, Instant now) {
        String namespace = policy.getMetadata().getNamespace();
        boolean mayAttach = PreflightDecider.mayAttach(policy);
        List<Finding> findings = null;
        List<StoredManifest> stored = null;
        Map<String, JobObservation> seen = policyJobs.of(policy, now);
        for (JobObservation observed : seen.values()) {
            if (observed.pod() != null && PreflightDecider.waitsFor(policy, application, observed.name())) {
                PreflightReport report = TaskJson.readResult(observed.pod().terminationMessage())
                        .map(TaskResult::preflight)
                        .orElse(null);
                if (report != null) {
                    boolean lists = mayAttach
                            && report.stored() != null
                            && report.stored().all() == null;
                    List<String> log = log(namespace, observed.pod().name(), lists);
                    findings = read(ResultLines.FINDINGS, log, report.sha256(), new TypeReference<>() {});
                    stored = lists
                            ? read(ResultLines.STORED, log, report.stored().sha256(), new TypeReference<>() {})
                            : null;
                }
            }
        }
        return new PreflightObservation(
                policy,
                application,
                accounts.of(namespace, application),
                clusterId,
                seen,
                findings,
                stored,
                mayAttach ? wakeups.backupsIn(namespace) : List.of(),
                places.idle(namespace));
    }

    /** Other lines stand between those of a result. */
    private List<String> log(String namespace, String pod, boolean lists) {
        return logs.tail(namespace, pod, 2 * (ResultLines.FINDINGS.most() + (lists ? ResultLines.STORED.most() : 0)));
    }

    /** Null when it is not there, or not whole. */
    private static <T> List<T> read(ResultLines lines, List<String> log, String sha256, TypeReference<List<T>> type) {
        return lines.join(log, sha256)
                .map(json -> {
                    try {
                        return TaskJson.mapper().readValue(json, type);
                    } catch (JsonProcessingException e) {
                        return null;
                    }
                })
                .orElse(null);
    }

    /** One that can't be made is tried again: what stands against it is told by the application, or by its backups. */
    private void make(BackupPolicy policy, ManagedApplication application, PreflightDecision.Make make) {
        if (places.takeIdle(policy.getMetadata().getNamespace(), make.name())) {
            Duration pendingTimeout = Durations.parse(policy.getSpec().pendingTimeout());
            places.fill(jobClient, jobs.preflight(policy, application, make, pendingTimeout));
        }
    }
}
