package dev.mainstay.controller.backup;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.api.backup.PreflightStatus;
import dev.mainstay.controller.kube.ApiErrors;
import dev.mainstay.controller.kube.ConfigMaps;
import dev.mainstay.controller.kube.JobClient;
import dev.mainstay.controller.kube.PodLogs;
import dev.mainstay.controller.kube.ServiceAccounts;
import dev.mainstay.core.Durations;
import dev.mainstay.core.backup.JobObservation;
import dev.mainstay.core.backup.PreflightDecider;
import dev.mainstay.core.backup.PreflightDecision;
import dev.mainstay.core.backup.PreflightObservation;
import dev.mainstay.core.task.Finding;
import dev.mainstay.core.task.PreflightReport;
import dev.mainstay.core.task.ResultLines;
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

    /** Other lines stand between those of a result. */
    private static final int LINES = 2 * ResultLines.MOST;

    private final ServiceAccounts accounts;
    private final JobClient jobClient;
    private final PolicyJobs policyJobs;
    private final JobPlaces places;
    private final BackupJobs jobs;
    private final PodLogs logs;
    private final ConfigMaps configMaps;
    private final String clusterId;

    public Preflights(
            ServiceAccounts accounts,
            JobClient jobClient,
            PolicyJobs policyJobs,
            JobPlaces places,
            BackupJobs jobs,
            PodLogs logs,
            ConfigMaps configMaps,
            String clusterId) {
        this.accounts = accounts;
        this.jobClient = jobClient;
        this.policyJobs = policyJobs;
        this.places = places;
        this.jobs = jobs;
        this.logs = logs;
        this.configMaps = configMaps;
        this.clusterId = clusterId;
    }

    /**
     * What stands after this pass.
     *
     * @param status what the newest preflight found; null when there was none
     * @param wakeUp when to look again at the latest; null when something else has to change first
     */
    record Step(PreflightStatus status, Instant wakeUp) {}

    /** Takes one step. */
    Step act(BackupPolicy policy, ManagedApplication application, Instant now) {
        PreflightStatus before =
                policy.getStatus() == null ? null : policy.getStatus().preflight();
        return switch (PreflightDecider.decide(observe(policy, application, now), now)) {
            case PreflightDecision.Nothing nothing -> new Step(before, nothing.until());
            case PreflightDecision.Wait wait -> new Step(before, now.plus(wait.lookAgain()));
            case PreflightDecision.Make make -> {
                make(policy, application, make);
                yield new Step(before, now.plus(PreflightDecider.LOOK_AGAIN));
            }
            case PreflightDecision.Tell tell -> {
                // Once it is told, nobody would look at that Job again.
                if (tell.end() != null && !ended(policy, tell.end(), now)) {
                    yield new Step(before, now.plus(PreflightDecider.LOOK_AGAIN));
                }
                if (tell.findings() != null) {
                    configMaps.apply(policy, tell.status().configMap(), Map.of("findings", tell.findings()));
                }
                yield new Step(tell.status(), now.plus(PreflightDecider.LOOK_AGAIN));
            }
        };
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

    private PreflightObservation observe(BackupPolicy policy, ManagedApplication application, Instant now) {
        String namespace = policy.getMetadata().getNamespace();
        List<Finding> findings = null;
        Map<String, JobObservation> seen = policyJobs.of(policy, now);
        for (JobObservation observed : seen.values()) {
            if (observed.pod() != null && PreflightDecider.waitsFor(policy, application, observed.name())) {
                findings = TaskJson.readResult(observed.pod().terminationMessage())
                        .map(TaskResult::preflight)
                        .flatMap(report -> findings(namespace, observed.pod().name(), report))
                        .orElse(null);
            }
        }
        return new PreflightObservation(
                policy,
                application,
                accounts.of(namespace, application),
                clusterId,
                seen,
                findings,
                places.idle(namespace));
    }

    private Optional<List<Finding>> findings(String namespace, String pod, PreflightReport report) {
        return ResultLines.join(logs.tail(namespace, pod, LINES), report.sha256())
                .flatMap(Preflights::read);
    }

    private static Optional<List<Finding>> read(String json) {
        try {
            return Optional.of(TaskJson.mapper().readValue(json, new TypeReference<List<Finding>>() {}));
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    /** One that can't be made is tried again: what stands against it is told by the application, or by its backups. */
    private void make(BackupPolicy policy, ManagedApplication application, PreflightDecision.Make make) {
        if (places.takeIdle(policy.getMetadata().getNamespace(), make.name())) {
            Duration pendingTimeout = Durations.parse(policy.getSpec().pendingTimeout());
            places.fill(jobClient, jobs.preflight(policy, application, make, pendingTimeout));
        }
    }
}
