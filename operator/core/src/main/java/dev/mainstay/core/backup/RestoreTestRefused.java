package dev.mainstay.core.backup;

import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.api.backup.RestoreTestStatus;
import dev.mainstay.api.backup.RestoreTestStatus.Refusal;
import dev.mainstay.api.backup.RestoreTestStatus.Running;
import dev.mainstay.core.application.JobTemplateRefusal;
import dev.mainstay.core.status.Conditions;
import dev.mainstay.core.status.Reason;

/** A restore test's decision once its Job could not be made: why is written down, and told when its time is over. */
public final class RestoreTestRefused {

    private RestoreTestRefused() {}

    /** Another one's Job has its name. */
    public static RestoreTestDecision foreign(BackupPolicy policy, RestoreTestDecision decision) {
        return with(
                decision,
                Reason.FOREIGN_JOB,
                JobRefusal.foreign(decision.make().name(), policy.getMetadata().getNamespace()));
    }

    /** It is no valid Job, which only the application's template can be the cause of. */
    public static RestoreTestDecision invalid(
            ManagedApplication application, RestoreTestDecision decision, String said) {
        return with(decision, Reason.INVALID_SPEC, JobTemplateRefusal.message(application, said));
    }

    /** A right, a quota or a policy stands against it. */
    public static RestoreTestDecision refused(RestoreTestDecision decision, String said) {
        BackupDecision.Stuck stuck = JobRefusal.refused(decision.make().name(), said);
        return with(decision, stuck.reason(), stuck.message());
    }

    private static RestoreTestDecision with(RestoreTestDecision decision, Reason reason, String message) {
        RestoreTestStatus status = decision.status();
        Running running = status.running();
        return new RestoreTestDecision(
                new RestoreTestStatus(
                        status.scheduled(),
                        status.lastSlot(),
                        status.nextRun(),
                        status.missedRuns(),
                        status.lastSkipped(),
                        new Running(
                                running.slot(),
                                running.backup(),
                                running.location(),
                                running.number(),
                                running.failures(),
                                running.notBefore(),
                                running.jobSeen(),
                                new Refusal(reason.text(), Conditions.cut(message))),
                        status.lastPassed(),
                        status.staleSince()),
                decision.last(),
                decision.verdict(),
                decision.make(),
                decision.end(),
                decision.wakeUp());
    }
}
