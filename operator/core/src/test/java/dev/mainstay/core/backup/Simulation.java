package dev.mainstay.core.backup;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.api.backup.ChecksumMode;
import dev.mainstay.api.backup.DatabaseBackup;
import dev.mainstay.api.backup.DatabaseBackupStatus;
import dev.mainstay.api.backup.VerificationLevel;
import dev.mainstay.core.backup.BackupDecision.MakeJob;
import dev.mainstay.core.backup.BackupDecision.TakeClaim;
import dev.mainstay.core.backup.BackupObservation.ClaimObservation;
import dev.mainstay.core.backup.BackupObservation.Places;
import dev.mainstay.core.backup.BackupObservation.ServiceAccountObservation;
import dev.mainstay.core.backup.SimulatedJob.Manifest;
import dev.mainstay.core.claims.ClaimAnswer;
import dev.mainstay.core.claims.Holder;
import dev.mainstay.core.task.TaskKind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * A small world around one backup: people edit and delete, Pods die, caches are behind, the operator is killed between
 * its effect and its status. The bucket tells what is true.
 */
final class Simulation {

    /** One pass of the operator. */
    record Pass(
            DatabaseBackupStatus before,
            BackupDecision decision,
            DatabaseBackupStatus after,
            Map<String, Manifest> bucket) {}

    private static final List<Duration> STEPS = List.of(
            Duration.ofSeconds(1),
            Duration.ofSeconds(10),
            Duration.ofMinutes(1),
            Duration.ofMinutes(6),
            Duration.ofMinutes(12),
            Duration.ofMinutes(45));

    private static final Holder RESTORE = new Holder("RestoreRequest", "orders-back", "uid-2");

    private final Random random;
    private final DatabaseBackup backup = Shop.backup();
    private final Map<String, Manifest> bucket = new HashMap<>();
    private final Map<String, SimulatedJob> jobs = new TreeMap<>();
    private final List<SimulatedJob> deleted = new ArrayList<>();
    private BackupPolicy policy = Shop.policy();
    private ManagedApplication application = Shop.application();
    private boolean crowded;
    private boolean emergency;
    private boolean peace;
    private String unseen;
    private Instant now = Shop.CREATED;

    Simulation(long seed) {
        this.random = new Random(seed);
    }

    /** Everything that is missing comes back, and nothing bad happens any more. */
    void makePeace() {
        peace = true;
        crowded = false;
        policy = Shop.policy();
        application = Shop.application();
        backup.getMetadata().setAnnotations(Map.of());
    }

    /** The world moves on, then the operator makes a pass. */
    Pass step() {
        if (unseen == null) {
            happen();
        }
        BackupObservation observation = observe();
        unseen = null;
        BackupDecision decision = claimed(observation, BackupDecider.decide(observation, now));
        DatabaseBackupStatus before = backup.getStatus();
        DatabaseBackupStatus after = BackupReport.of(backup, decision, now);
        boolean killedBefore = disturbed(5);
        if (!killedBefore) {
            act(decision);
            // A pass that is killed here, or whose status is refused as stale, leaves its effect behind.
            if (!disturbed(10)) {
                backup.setStatus(after);
            }
        }
        return new Pass(before, decision, after, Map.copyOf(bucket));
    }

    /** Sometimes it has to wait for another operation; an emergency may have it end. */
    private BackupDecision claimed(BackupObservation observation, BackupDecision decision) {
        if (!(decision instanceof TakeClaim take)) {
            return decision;
        }
        if (disturbed(10)) {
            return new BackupDecision.LookAgain();
        }
        ClaimAnswer answer = disturbed(30) ? new ClaimAnswer.Wait(RESTORE, now) : new ClaimAnswer.Granted(now);
        return BackupClaims.answered(observation, take, answer, now);
    }

    private void act(BackupDecision decision) {
        if (decision instanceof MakeJob make) {
            jobs.putIfAbsent(make.name(), new SimulatedJob(make.name(), make.task(), bucket));
            unseen = disturbed(20) ? make.name() : null;
        }
        if (decision instanceof BackupDecision.EndJob end) {
            jobs.get(end.name()).stop();
        }
    }

    private BackupObservation observe() {
        Map<String, JobObservation> seen = new HashMap<>();
        jobs.forEach((name, job) -> {
            if (!name.equals(unseen)) {
                seen.put(name, job.seen());
            }
        });
        int running =
                (int) jobs.values().stream().filter(SimulatedJob::unfinished).count();
        return new BackupObservation(
                backup,
                policy,
                application,
                ServiceAccountObservation.NOT_NAMED,
                Shop.CLUSTER,
                seen,
                new Places(crowded ? 20 : running, 20, running, 20, 0, 5, 0),
                List.of(),
                new ClaimObservation(null, emergency ? RESTORE : null),
                null);
    }

    private void happen() {
        now = now.plus(STEPS.get(random.nextInt(STEPS.size())));
        jobs.values().forEach(job -> job.live(random, now, peace));
        deleted.forEach(job -> job.live(random, now, peace));
        if (peace) {
            return;
        }
        switch (random.nextInt(40)) {
            case 0 -> policy = null;
            case 1, 2, 3 -> policy = Shop.policy();
            case 4 -> policy = edited();
            case 5 -> application = null;
            case 6, 7 -> application = Shop.application();
            case 8 -> crowded = !crowded;
            case 9 -> Shop.annotated(backup, Annotations.PAUSED, "migration");
            case 10, 11 -> backup.getMetadata().setAnnotations(Map.of());
            case 12 -> deleteJob();
            case 13 -> emergency = BackupClaims.granted(backup) && random.nextInt(4) == 0;
            default -> {}
        }
    }

    private BackupPolicy edited() {
        VerificationLevel level = random.nextBoolean() ? VerificationLevel.NONE : VerificationLevel.CHECKSUM;
        return Shop.policy(Shop.s3("elsewhere", ChecksumMode.AUTO), level, random.nextInt(4));
    }

    /** Somebody deletes a Job that the status knows of; its Pod, and the runner in it, live on for a while. */
    private void deleteJob() {
        if (backup.getStatus() == null || backup.getStatus().attempts().isEmpty()) {
            return;
        }
        String name = backup.getStatus().attempts().getLast().job();
        SimulatedJob job = name == null ? null : jobs.get(name);
        if (job != null && job.kind() == TaskKind.BACKUP) {
            deleted.add(jobs.remove(name));
        }
    }

    private boolean disturbed(int percent) {
        return !peace && random.nextInt(100) < percent;
    }
}
