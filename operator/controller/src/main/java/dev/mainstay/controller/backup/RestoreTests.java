package dev.mainstay.controller.backup;

import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.api.backup.DatabaseBackup;
import dev.mainstay.api.backup.DatabaseBackupStatus;
import dev.mainstay.controller.kube.ApiErrors;
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
import dev.mainstay.core.backup.RestoreTestRefused;
import dev.mainstay.core.restore.RestoreClaims;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Observes a policy's restore tests, decides on them and carries that out. */
public final class RestoreTests {

    private static final Logger LOG = LoggerFactory.getLogger(RestoreTests.class);

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

    /**
     * What came of carrying out a decision.
     *
     * @param told what is written down of it; null when that stays as it is: a Job that did not end would be forgotten
     * @param wakeUp when to look again at the latest; null when nothing is left to be done
     */
    record Step(RestoreTestDecision told, Instant wakeUp) {}

    /** Decides on one step; null for a policy that has nothing to do with tests. */
    RestoreTestDecision decide(PolicyObservation seen, Instant now) {
        BackupPolicy policy = seen.policy();
        if (!RestoreTestDecider.concerns(policy)) {
            return null;
        }
        ManagedApplication application = seen.application();
        String namespace = policy.getMetadata().getNamespace();
        return RestoreTestDecider.decide(
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
    }

    /** Carries it out. What the API server does not do now is tried again: backups don't wait for a test. */
    Step act(PolicyObservation seen, RestoreTestDecision decision, Instant now) {
        BackupPolicy policy = seen.policy();
        AtomicBoolean noted = new AtomicBoolean();
        AtomicReference<RestoreTestDecision> told = new AtomicReference<>(decision);
        boolean ended = decision == null
                || decision.end() == null
                || done(policy, () -> policyJobs.end(policy, decision.end(), now));
        boolean made = !ended
                || decision == null
                || decision.make() == null
                || done(policy, () -> told.set(make(policy, seen.application(), decision)));
        boolean written = done(policy, () -> noted.set(note(policy, seen.backups())));
        if (ended && made && written) {
            return new Step(told.get(), noted.get() ? now.plus(StatusWriter.LOOK_AGAIN) : null);
        }
        return new Step(ended ? told.get() : null, now.plus(RestoreTestDecider.LOOK_AGAIN));
    }

    /** Whether the API server did it. */
    private static boolean done(BackupPolicy policy, Runnable effect) {
        try {
            effect.run();
            return true;
        } catch (RuntimeException e) {
            String problem = ApiErrors.failure(e).orElseThrow(() -> e);
            LOG.atWarn()
                    .addKeyValue("kind", policy.getKind())
                    .addKeyValue("namespace", policy.getMetadata().getNamespace())
                    .addKeyValue("name", policy.getMetadata().getName())
                    .addKeyValue("problem", problem)
                    .log("a step of a restore test was not done; it is tried again");
            return false;
        }
    }

    /** Notes the newest test that passed in the status of the backup that it restored; whether anything was to be noted. */
    private boolean note(BackupPolicy policy, List<DatabaseBackup> backups) {
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
    private RestoreTestDecision make(
            BackupPolicy policy, ManagedApplication application, RestoreTestDecision decision) {
        RestoreTestDecision.Make make = decision.make();
        if (!places.takeForTest(policy.getMetadata().getNamespace(), make.name())) {
            return decision;
        }
        Duration pendingTimeout = Durations.parse(policy.getSpec().pendingTimeout());
        return switch (places.fill(jobClient, jobs.restoreTest(policy, application, make, pendingTimeout))) {
            case JobClient.Made.Foreign ignored -> RestoreTestRefused.foreign(policy, decision);
            case JobClient.Made.Invalid invalid -> RestoreTestRefused.invalid(application, decision, invalid.message());
            case JobClient.Made.Refused refused -> RestoreTestRefused.refused(decision, refused.message());
            case JobClient.Made.NamespaceEnds ignored -> decision;
            case JobClient.Made.Exists ignored -> decision;
        };
    }
}
