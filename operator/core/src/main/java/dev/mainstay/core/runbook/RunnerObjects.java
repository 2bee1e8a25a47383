package dev.mainstay.core.runbook;

import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.api.restore.RestoreRequest;
import dev.mainstay.core.rollback.PodTemplate;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * What it takes, beside the step and its application, to say what the runner is to do.
 *
 * @param policies the BackupPolicies of the application
 * @param template the pod template of {@link RunnerStepType#workload}; null when there is no such workload, or none is wanted
 * @param restores the restores of the namespace; none unless {@link RunnerStepType#wantsRestores}
 * @param databases the names of databases that any ManagedApplication has in its spec; none where the step wants no restores
 * @param at when that was looked at
 */
public record RunnerObjects(
        List<BackupPolicy> policies,
        PodTemplate template,
        List<RestoreRequest> restores,
        Set<String> databases,
        Instant at) {}
