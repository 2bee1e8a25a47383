package dev.mainstay.controller.runbook;

import dev.mainstay.controller.kube.DatabaseBackups;
import dev.mainstay.controller.watch.Wakeups;
import dev.mainstay.core.runbook.BackupStepType;
import dev.mainstay.core.runbook.StepSeen;
import dev.mainstay.core.runbook.StepTurn;

/** Makes a DatabaseBackup, by a name that is the same however often it is made. */
final class BackupActor implements StepActor {

    private final DatabaseBackups backups;
    private final Wakeups wakeups;

    BackupActor(DatabaseBackups backups, Wakeups wakeups) {
        this.backups = backups;
        this.wakeups = wakeups;
    }

    @Override
    public StepSeen look(StepTurn turn) {
        String namespace = turn.run().getMetadata().getNamespace();
        String policy = turn.step().backup().policyRef().name();
        return new StepSeen.OfBackup(
                wakeups.policy(namespace, policy).orElse(null),
                turn.attempt() == 0
                        ? null
                        : wakeups.backup(namespace, BackupStepType.backupName(turn))
                                .orElse(null),
                wakeups.backupsOf(namespace, policy));
    }

    @Override
    public StepSeen foresee(StepTurn turn) {
        return look(turn);
    }

    @Override
    public void act(StepTurn turn) {
        backups.make(BackupStepType.backup(turn));
    }

    @Override
    public void leave(StepTurn turn) {
        backups.cancel(
                turn.run().getMetadata().getNamespace(),
                BackupStepType.backupName(turn),
                "MaintenanceRun " + turn.run().getMetadata().getName() + " does not wait for it any more");
    }
}
