package dev.mainstay.core.runbook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mainstay.api.Annotations;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.runbook.ExitCodes;
import dev.mainstay.api.runbook.RunStep;
import dev.mainstay.api.runbook.RunbookStep;
import dev.mainstay.core.Durations;
import dev.mainstay.core.backup.JobRefusal;
import dev.mainstay.core.naming.Names;
import dev.mainstay.core.runbook.CustomJobSeen.Exit;
import dev.mainstay.core.runbook.CustomJobSeen.Made;
import dev.mainstay.core.status.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A Job of one's own: its template is restricted, and it runs only where an administrator allows that. */
public record JobStepType() implements StepType {

    /** What a kubelet says of a container whose program it could not start, and which has no log. */
    private static final String STARTS_NOT = "StartError";

    private static final Duration TIMEOUT = Duration.ofHours(1);

    @Override
    public String name() {
        return "job";
    }

    @Override
    public boolean is(RunbookStep step) {
        return step.job() != null;
    }

    @Override
    public String does() {
        return "runs a Job of one's own, restricted, in a namespace with the label `mainstay.dev/allow-custom-jobs=true`:"
                + " [more](steps/job.md)";
    }

    @Override
    public String judgedBy() {
        return "the exit code: 0 is Passed, those of `exitCodes` Findings or CouldNotCheck, every other one Failed";
    }

    @Override
    public Optional<Duration> timeout() {
        return Optional.of(TIMEOUT);
    }

    @Override
    public String plan(StepTurn turn) {
        return CustomPods.fault(turn.step().job().template(), turn.parameters().keySet())
                .map(fault -> "Can't make a Job: " + fault)
                .orElseGet(() -> "Makes a Job with the image "
                        + turn.step()
                                .job()
                                .template()
                                .path("spec")
                                .path("containers")
                                .path(0)
                                .path("image")
                                .asText("of nothing")
                        + ", and waits for its exit code.");
    }

    @Override
    public Optional<StepResult> foreseen(StepTurn turn, StepSeen seen) {
        return judge(turn, seen).bad();
    }

    /** Name of the attempt's Job: the same however often it is made. */
    public static String jobName(StepTurn turn) {
        return Names.stepJob(
                turn.run().getMetadata().getName(),
                turn.run().getMetadata().getUid(),
                turn.step().name(),
                turn.attempt());
    }

    /** How long the Job may run. */
    public static Duration limit(StepTurn turn) {
        return turn.step().timeout() == null
                ? TIMEOUT
                : Durations.parse(turn.step().timeout());
    }

    /** The pod template of the attempt's Job; empty when what the Runbook has is none that may run. */
    public static Optional<ObjectNode> template(StepTurn turn) {
        JsonNode template = turn.step().job().template();
        return CustomPods.fault(template, turn.parameters().keySet()).isPresent()
                ? Optional.empty()
                : Optional.of(CustomPods.restricted(template, turn.parameters()));
    }

    /** The ServiceAccount that the template names; empty when it names none. */
    public static Optional<String> account(StepTurn turn) {
        JsonNode name = turn.step().job().template().path("spec").path("serviceAccountName");
        return name.isTextual() && !name.asText().isEmpty() ? Optional.of(name.asText()) : Optional.empty();
    }

    /** Whether it is the one that the application's own Jobs run under, which may reach the bucket. */
    static boolean isRunners(String account, ManagedApplication application) {
        return application != null
                && application.getSpec() != null
                && application.getSpec().jobTemplate() != null
                && account.equals(application.getSpec().jobTemplate().serviceAccountName());
    }

    @Override
    public StepProgress judge(StepTurn turn, StepSeen seen) {
        if (!(seen instanceof StepSeen.OfJob(CustomJobSeen found))) {
            return new StepProgress.Wait("Its Job is about to be made.");
        }
        return found.job() == null ? unmade(turn, found) : made(turn, found.job());
    }

    private static StepProgress unmade(StepTurn turn, CustomJobSeen found) {
        String namespace = turn.run().getMetadata().getNamespace();
        String self = "Job " + jobName(turn);
        // What it does may not be done twice.
        if (RunLines.current(turn.run())
                .map(RunStep::message)
                .filter(told -> told.startsWith(self))
                .isPresent()) {
            return ended(StepResult.couldNotCheck(
                    Reason.POD_FAILED,
                    self + " was deleted before it had ended; what it did is not known, and it is not made again."));
        }
        if (found.operators()) {
            return ended(
                    StepResult.couldNotCheck(
                            Reason.CUSTOM_JOBS_NOT_ALLOWED,
                            "Namespace " + namespace
                                    + " is that of the operator, where no step of type job runs. Have the application in another one."));
        }
        if (!found.allowed()) {
            return ended(StepResult.couldNotCheck(
                    Reason.CUSTOM_JOBS_NOT_ALLOWED,
                    "Namespace " + namespace
                            + " does not allow steps of type job. An administrator of the cluster can allow"
                            + " them: kubectl label namespace " + namespace + " " + Annotations.ALLOW_CUSTOM_JOBS
                            + "=true"));
        }
        Optional<String> fault =
                CustomPods.fault(turn.step().job().template(), turn.parameters().keySet());
        if (fault.isPresent()) {
            return ended(StepResult.failed(Reason.INVALID_SPEC, fault.get()));
        }
        Optional<String> account = account(turn);
        if (account.isPresent() && isRunners(account.get(), turn.application())) {
            return ended(StepResult.couldNotCheck(
                    Reason.SERVICE_ACCOUNT_NOT_ALLOWED,
                    "job.template.spec.serviceAccountName is " + account.get()
                            + ", under which the application's own Jobs run (spec.jobTemplate of ManagedApplication "
                            + turn.application().getMetadata().getName() + "). Name another one, or none."));
        }
        if (!found.account()) {
            return ended(StepResult.couldNotCheck(
                    Reason.SERVICE_ACCOUNT_NOT_ALLOWED,
                    "job.template.spec.serviceAccountName is " + account.orElse("")
                            + ": it does not exist, or an administrator has not given it the label "
                            + Annotations.ALLOW_JOBS
                            + "=true. Without a name the Job runs under the namespace's default,"
                            + " without a token."));
        }
        if (found.invalid() != null) {
            return ended(StepResult.failed(
                    Reason.REJECTED,
                    "The API server does not take the Job of job.template: " + found.invalid()
                            + " Correct the template."));
        }
        return found.place() ? new StepProgress.Act() : new StepProgress.Wait(JobRefusal.WAITS);
    }

    @Override
    public Optional<Instant> begunAt(RunStep line, StepSeen seen) {
        return seen instanceof StepSeen.OfJob(CustomJobSeen found)
                ? RunnerSteps.begunAt(
                        line, found.place(), Optional.ofNullable(found.job()).map(Made::madeAt))
                : Optional.of(line.attemptedAt());
    }

    private static StepProgress made(StepTurn turn, Made job) {
        String self = "Job " + job.name();
        if (!job.ours()) {
            return ended(
                    StepResult.couldNotCheck(
                            Reason.FOREIGN_JOB,
                            self
                                    + " exists, and belongs to something else. Delete it if nobody needs it, and make another run."));
        }
        if (job.complete()) {
            return ended(StepResult.passed(self + " ended with exit code 0. Read its log: kubectl logs --namespace "
                    + turn.run().getMetadata().getNamespace() + " job/" + job.name() + " --all-containers"));
        }
        if (job.failed() != null) {
            return ended(failed(turn, job, self));
        }
        if (job.pod() == null) {
            return new StepProgress.Wait(self + " was made; it has no Pod yet.");
        }
        return new StepProgress.Wait(self + ": Pod " + job.pod().name()
                + (job.pod().waiting() == null
                        ? " is at work."
                        : " does not start: " + job.pod().waiting()));
    }

    /** The log may hold what nobody should read in a status: who may read it there can. */
    private static StepResult failed(StepTurn turn, Made job, String self) {
        List<Exit> exits = job.pod() == null ? List.of() : job.pod().exits();
        if (exits.isEmpty()) {
            return job.failed().startsWith("DeadlineExceeded")
                    ? StepResult.failed(
                            Reason.DEADLINE_EXCEEDED,
                            self + " did not end within " + Durations.format(limit(turn)) + " (timeout).")
                    : StepResult.couldNotCheck(
                            Reason.POD_FAILED,
                            self + " ended without an exit code of its Pod (" + job.failed()
                                    + "). What it did is not known.");
        }
        Exit exit = exits.getFirst();
        ExitCodes codes = turn.step().job().exitCodes();
        String told = self + ": container " + exit.container() + " ended with exit code " + exit.code()
                + (exit.reason() == null || exit.reason().equals("Error") ? "" : " (" + exit.reason() + ")")
                + (STARTS_NOT.equals(exit.reason())
                        ? ". Look why: kubectl describe pod --namespace "
                                + turn.run().getMetadata().getNamespace() + " "
                                + job.pod().name()
                        : ". Read its log: kubectl logs --namespace "
                                + turn.run().getMetadata().getNamespace() + " "
                                + job.pod().name() + " --container "
                                + exit.container());
        if (codes.findings().contains(exit.code())) {
            return StepResult.findings(told);
        }
        return codes.couldNotCheck().contains(exit.code())
                ? StepResult.couldNotCheck(Reason.COULD_NOT_CHECK, told)
                : StepResult.failed(Reason.STEP_FAILED, told);
    }

    private static StepProgress ended(StepResult result) {
        return new StepProgress.Ended(result, false);
    }
}
