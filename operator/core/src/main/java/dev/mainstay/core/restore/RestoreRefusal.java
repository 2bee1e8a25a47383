package dev.mainstay.core.restore;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.restore.RestorePlan;
import dev.mainstay.api.restore.RestoreRequest;
import dev.mainstay.api.status.Failure;
import dev.mainstay.api.workload.StoppedWorkload;
import dev.mainstay.core.Durations;
import dev.mainstay.core.application.JobTemplateRefusal;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.workload.WorkloadReturn;
import dev.mainstay.core.workload.WorkloadSeen;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** What follows when the API server does not let a restore do something. */
public final class RestoreRefusal {

    /** An Event's note has 1000 characters, and half a command does harm. */
    private static final int LONGEST_COMMANDS = 300;

    private RestoreRefusal() {}

    /** What follows when the API server does not let a workload be stopped, or be given back. */
    public static RestoreDecision notWritten(
            RestoreRequest request, RestoreDecision.ChangeWorkloads change, WorkloadSeen workload, String said) {
        String refused = "The API server does not take the change of " + workload.text();
        if (change.stopsAgain()) {
            // It counts as done: nothing is kept from its end by somebody who starts again what was stopped.
            return new RestoreDecision.ChangeWorkloads(
                    change.step(), true, List.of(), change.lines(), refused + ". It says: " + said);
        }
        return change.stops()
                ? new RestoreDecision.Fail(
                        new Failure(Reason.REJECTED.text(), refused + ". It says: " + said, List.of()))
                : stuck(
                        Reason.REJECTED,
                        refused + ". Let it be written, or do it by hand: status.workloads has what each had, and"
                                + " status.undoCommand the commands. It says: " + said);
    }

    /** What follows when the API server does not take the restore's maintenance mode. */
    public static RestoreDecision notMade(
            RestoreObservation observation, RestoreDecision.MakeMode make, Declined declined, Instant now) {
        return new RestorePage(observation, new StepTime(observation, now)).notMade(make.mode(), declined);
    }

    /** What follows when the API server does not take the backup that the restore makes before. */
    public static RestoreDecision notMade(
            RestoreObservation observation, RestoreDecision.MakeBackup make, Declined declined) {
        String database = RestoreClaims.status(observation.request()).claim().database();
        return new SafetyBackups(observation, database).notMade(make.backup(), declined);
    }

    /** What follows when the operator was refused something that it needs to know or to note. */
    public static RestoreDecision refused(String refusal) {
        return stuck(
                Reason.FORBIDDEN,
                "The API server refuses what the operator needs for this: " + refusal
                        + ". Give it the rights of its chart back (helm upgrade, docs/security.md); it goes on by itself.");
    }

    /** What follows when the API server, or a webhook that it asks, fails at what the operator asks of it. */
    public static RestoreDecision failed(String said, Duration again) {
        return stuck(
                Reason.REJECTED,
                "The API server fails at what the operator asks of it, which is tried again every "
                        + Durations.format(again) + ". It says: " + said);
    }

    /** A Job of that name is there already, and it is another one's. */
    public static RestoreDecision jobForeign(RestoreRequest request, RestoreDecision.MakeJob make) {
        return stuck(
                Reason.FOREIGN_JOB,
                "Job " + make.name()
                        + " exists and does not belong to this object. If nobody needs it, delete it: kubectl"
                        + " delete job " + make.name() + " --namespace "
                        + request.getMetadata().getNamespace());
    }

    /** What is asked for is no valid Job, which only the application's template can be the cause of. */
    public static RestoreDecision jobInvalid(RestoreObservation observation, String said) {
        return stuck(Reason.INVALID_SPEC, JobTemplateRefusal.message(observation.application(), said));
    }

    /** A right, a quota or a policy stands against it. */
    public static RestoreDecision jobRefused(RestoreDecision.MakeJob make, String said) {
        return stuck(
                said.contains("exceeded quota") ? Reason.QUOTA_EXCEEDED : Reason.FORBIDDEN,
                "The API server refuses Job " + make.name() + ", which is tried again every 30 seconds: " + said);
    }

    /** What is told of a restore that a person has ended by force. */
    public static String leftBehind(RestoreRequest request) {
        return "It goes by its annotation " + Annotations.FORCE_RELEASE + ", without giving anything back."
                + databases(request);
    }

    /**
     * What is told of a restore whose operator is uninstalled.
     *
     * @param owed the workloads that did not get back what they had
     */
    public static String uninstalled(RestoreRequest request, List<StoppedWorkload> owed) {
        String commands = String.join(
                " && ", WorkloadReturn.commands(owed, request.getMetadata().getNamespace()));
        return "Mainstay is uninstalled in the middle of it: "
                + (commands.isEmpty()
                        ? "workloads and Services are given back."
                        : "Services are given back, and not all workloads. Start these by hand ("
                                + (commands.length() > LONGEST_COMMANDS
                                        ? "status.workloads has what each had"
                                        : commands)
                                + ").")
                + databases(request);
    }

    /** What is told of a restore of which nobody knows what it has changed. */
    public static String unreadableStatus(RestoreRequest request) {
        return "status can't be read by this version of Mainstay: "
                + request.unreadableStatus().orElse("")
                + ". Nothing is given back. Upgrade Mainstay; or do by hand what"
                + " this prints: kubectl get restorerequest "
                + request.getMetadata().getName() + " --namespace "
                + request.getMetadata().getNamespace()
                + " --output jsonpath='{.status.undoCommand}{\"  \"}{.status.plan}', and take the object away by its"
                + " annotation " + Annotations.FORCE_RELEASE + "=true.";
    }

    /** A database that an earlier restore has kept, or that somebody else has made, is never one to be dropped. */
    private static String databases(RestoreRequest request) {
        RestorePlan plan = RestoreClaims.status(request).plan();
        if (plan == null) {
            return "";
        }
        if (IntoEmpty.is(plan)) {
            return IntoEmpty.inDoubt(request, plan);
        }
        String copy = plan.location() == null
                ? " Keep database " + plan.copy() + ", which an earlier restore has kept."
                : copyLeft(request, null);
        return copy + " If " + plan.database() + " takes no connections, run as its owner: ALTER DATABASE "
                + quoted(plan.database()) + " ALLOW_CONNECTIONS true;";
    }

    /**
     * What is told of a copy that may be left.
     *
     * @param why why it could not be dropped; null when nobody tried
     */
    static String copyLeft(RestoreRequest request, String why) {
        String copy = RestoreClaims.status(request).plan().copy();
        return " A database " + copy + " may be left" + (why == null ? "" : " (" + why + ")")
                + ": when nobody works on it, drop it, but only if its comment names uid "
                + request.getMetadata().getUid() + ": DROP DATABASE " + quoted(copy) + ";";
    }

    /** What is told when nobody could find out whether the copy has taken the place. */
    static String unknown(RestoreRequest request, String why) {
        RestorePlan plan = RestoreClaims.status(request).plan();
        if (IntoEmpty.is(plan)) {
            return "Whether it was restored was not found out: " + why + "." + IntoEmpty.inDoubt(request, plan);
        }
        String previous = plan.previous() == null
                ? ""
                : " If there is a database " + plan.previous() + ", it was swapped, and that is the one before.";
        return "How the databases stand was not found out: " + why + "." + previous + databases(request);
    }

    private static String quoted(String name) {
        return "\"" + name.replace("\"", "\"\"") + "\"";
    }

    private static RestoreDecision stuck(Reason reason, String message) {
        return new RestoreDecision.Wait(reason, message, true);
    }
}
