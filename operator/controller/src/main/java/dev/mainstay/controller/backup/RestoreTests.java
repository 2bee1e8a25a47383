package dev.mainstay.controller.backup;

import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.api.backup.DatabaseBackup;
import dev.mainstay.api.backup.DatabaseBackupStatus;
import dev.mainstay.controller.kube.JobClient;
import dev.mainstay.controller.kube.ServiceAccounts;
import dev.mainstay.controller.kube.StatusWriter;
import dev.mainstay.controller.watch.Wakeups;
import dev.mainstay.core.Durations;
import dev.mainstay.core.backup.PolicyObservation;
import dev.mainstay.core.backup.RestoreTestDecider;
import dev.mainstay.core.backup.RestoreTestDecision;
import dev.mainstay.core.backup.RestoreTestNote;
import dev.mainstay.core.backup.RestoreTestObservation;
import dev.mainstay.core.restore.RestoreClaims;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Observes a policy's restore tests, decides on them and carries that out. */
public final class RestoreTests {

    private final ServiceAccounts accounts;
    private final PolicyJobs policyJobs;
    private final JobClient jobClient;
    private final JobPlaces places;
    private final BackupJobs jobs;
    private final StatusWriter statuses;
    private final Wakeups wakeups;
    private final String clusterId;

    public RestoreTests(
            ServiceAccounts accounts,
            PolicyJobs policyJobs,
            JobClient jobClient,
            JobPlaces places,
            BackupJobs jobs,
            StatusWriter statuses,
            Wakeups wakeups,
            String clusterId) {
        this.accounts = accounts;
        this.policyJobs = policyJobs;
        this.jobClient = jobClient;
        this.places = places;
        this.jobs = jobs;
        this.statuses = statuses;
        this.wakeups = wakeups;
        this.clusterId = clusterId;
    }

    /** Takes one step; null for a policy that has nothing to do with tests. */
    RestoreTestDecision act(PolicyObservation seen, Instant now) {
        BackupPolicy policy = seen.policy();
        if (!RestoreTestDecider.concerns(policy)) {
            return null;
        }
        ManagedApplication application = seen.application();
        String namespace = policy.getMetadata().getNamespace();
        RestoreTestDecision decision = RestoreTestDecider.decide(
                new RestoreTestObservation(
                        policy,
                        application,
                        seen.backups(),
                        accounts.of(namespace, application),
                        clusterId,
                        policyJobs.of(policy, now),
                        restoring(policy).orElse(null),
                        places.roomForTest(namespace)),
                now);
        if (decision.end() != null) {
            policyJobs.end(policy, decision.end(), now);
        }
        if (decision.make() != null) {
            make(policy, application, decision.make());
        }
        return decision;
    }

    /** Notes the newest test that passed in the status of the backup that it restored; whether anything was to be noted. */
    boolean note(BackupPolicy policy, List<DatabaseBackup> backups) {
        boolean noted = false;
        for (DatabaseBackup backup : backups) {
            Optional<DatabaseBackupStatus> status = RestoreTestNote.of(policy.getStatus(), backup);
            if (status.isPresent()) {
                // One that has changed meanwhile is noted in the next pass.
                statuses.write(backup, status.get());
                noted = true;
            }
        }
        return noted;
    }

    private Optional<String> restoring(BackupPolicy policy) {
        return RestoreClaims.underWay(
                        wakeups.restoresOf(policy.getMetadata().getNamespace()),
                        policy.getSpec().applicationRef().name())
                .stream()
                .findFirst();
    }

    /** One that can't be made is tried again until its time is over. */
    private void make(BackupPolicy policy, ManagedApplication application, RestoreTestDecision.Make make) {
        if (places.takeForTest(policy.getMetadata().getNamespace(), make.name())) {
            places.fill(
                    jobClient,
                    jobs.restoreTest(
                            policy,
                            application,
                            make,
                            Durations.parse(policy.getSpec().pendingTimeout())));
        }
    }
}
