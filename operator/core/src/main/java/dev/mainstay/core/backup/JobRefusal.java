package dev.mainstay.core.backup;

import dev.mainstay.api.status.Failure;
import dev.mainstay.core.application.JobTemplateRefusal;
import dev.mainstay.core.backup.BackupDecision.MakeJob;
import dev.mainstay.core.backup.BackupDecision.Stuck;
import dev.mainstay.core.status.Reason;
import java.time.Duration;
import java.util.List;

/** Why a Job can't be made, in the words that a person can act on. */
public final class JobRefusal {

    /** What is told while one that is no backup's waits for a place. */
    public static final String WAITS =
            "Its Job waits for a place: half of those of the release or of its namespace are taken, or backups"
                    + " wait. An administrator can raise limits.jobs in the chart's values.";

    /** It stays so until a person has acted, which no event tells. */
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(30);

    private JobRefusal() {}

    /** A Job of that name is there already, and it is another one's. */
    public static Stuck foreign(BackupObservation observation, MakeJob make) {
        String namespace = observation.backup().getMetadata().getNamespace();
        return new Stuck(Reason.FOREIGN_JOB, foreign(make.name(), namespace), LOOK_AGAIN);
    }

    /** The same, of a Job that was ours when it was made. */
    public static Failure foreign(JobObservation job) {
        return new Failure(Reason.FOREIGN_JOB.text(), foreign(job.name(), job.namespace()), List.of());
    }

    /** What is asked for is no valid Job, which only the application's template can be the cause of. */
    public static Stuck invalid(BackupObservation observation, String said) {
        return new Stuck(Reason.INVALID_SPEC, JobTemplateRefusal.message(observation.application(), said), LOOK_AGAIN);
    }

    /** A right, a quota or a policy stands against it; which of them is in the API server's words alone. */
    public static Stuck refused(MakeJob make, String said) {
        return refused(make.name(), said);
    }

    /** The same of a Job of that name. */
    public static Stuck refused(String job, String said) {
        String refused = "The API server refuses Job " + job + ", which is tried again every " + LOOK_AGAIN.toSeconds()
                + " seconds. ";
        return said.contains("exceeded quota")
                ? new Stuck(
                        Reason.QUOTA_EXCEEDED,
                        refused + "Raise the quota that it names, or delete what fills it: " + said,
                        LOOK_AGAIN)
                : new Stuck(
                        Reason.FORBIDDEN,
                        refused + "Install the chart's roles for this namespace, or mend the admission policy: " + said,
                        LOOK_AGAIN);
    }

    /** The same of a Job of that name. */
    public static String foreign(String job, String namespace) {
        return "Job " + job
                + " exists and does not belong to this object. If nobody needs it, delete it: `kubectl delete job "
                + job + " --namespace " + namespace + "`.";
    }
}
