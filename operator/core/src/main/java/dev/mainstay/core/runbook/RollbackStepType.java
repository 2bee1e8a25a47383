package dev.mainstay.core.runbook;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.rollback.GitOps;
import dev.mainstay.api.rollback.OnFailure;
import dev.mainstay.api.rollback.RollbackOutcome;
import dev.mainstay.api.rollback.RollbackRequest;
import dev.mainstay.api.rollback.RollbackRequestSpec;
import dev.mainstay.api.rollback.RollbackRequestStatus;
import dev.mainstay.api.rollback.RollbackTarget;
import dev.mainstay.api.runbook.MaintenanceRun;
import dev.mainstay.api.runbook.RollbackStep;
import dev.mainstay.api.runbook.RunStep;
import dev.mainstay.api.runbook.RunbookStep;
import dev.mainstay.api.status.Condition;
import dev.mainstay.core.Durations;
import dev.mainstay.core.Texts;
import dev.mainstay.core.naming.Names;
import dev.mainstay.core.rollback.RollbackClaims;
import dev.mainstay.core.rollback.RollbackDecision;
import dev.mainstay.core.status.Conditions;
import dev.mainstay.core.status.Reason;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** A RollbackRequest, as a person would make it, which stays when the run goes. */
public record RollbackStepType() implements StepType {

    private static final Duration TIMEOUT = Duration.ofHours(1);
    private static final int LONGEST_REASON = 256;

    @Override
    public String name() {
        return "rollback";
    }

    @Override
    public boolean is(RunbookStep step) {
        return step.rollback() != null;
    }

    @Override
    public String does() {
        return "makes a RollbackRequest with these fields for the ManagedApplication, and waits for its outcome";
    }

    @Override
    public String judgedBy() {
        return "its outcome: Succeeded and NoOp are Passed, Inconclusive is CouldNotCheck, every other one is Failed";
    }

    @Override
    public Optional<Duration> timeout() {
        return Optional.of(TIMEOUT);
    }

    @Override
    public String plan(StepTurn turn) {
        RollbackStep step = turn.step().rollback();
        return "Makes a RollbackRequest that takes "
                + (step.workloads().isEmpty()
                        ? "all Deployments of ManagedApplication "
                                + turn.run().getSpec().applicationRef().name()
                        : "Deployment " + String.join(", ", step.workloads()))
                + " back to " + target(step.to())
                + ", and waits for its outcome. A RollbackRequest with dryRun: true tells what"
                + " it would change.";
    }

    private static String target(RollbackTarget to) {
        if (to == null || to.lastKnownGood() != null) {
            return "the last known good release";
        }
        return to.version() != null
                ? "version " + to.version()
                : to.image() != null ? "image " + to.image() : "revision " + to.revision();
    }

    /**
     * What the attempt makes. Who asked for it is not in it: nobody may write another one's name there. It may not begin any
     * more once the step does not wait for it.
     */
    public static RollbackRequest request(StepTurn turn) {
        MaintenanceRun run = turn.run();
        RollbackStep step = turn.step().rollback();
        RollbackRequest request = new RollbackRequest();
        request.setMetadata(new ObjectMetaBuilder()
                .withName(requestName(turn))
                .withNamespace(run.getMetadata().getNamespace())
                .addToAnnotations(Annotations.MADE_BY_RUN, run.getMetadata().getName())
                .build());
        request.setSpec(new RollbackRequestSpec(
                run.getSpec().applicationRef(),
                step.workloads().isEmpty() ? null : step.workloads(),
                step.to(),
                Texts.cut(
                        "Step " + turn.step().name() + " of MaintenanceRun "
                                + run.getMetadata().getName() + ": "
                                + run.getSpec().reason(),
                        LONGEST_REASON,
                        "…"),
                null,
                step.allowUnverified(),
                null,
                step.strictConfig(),
                step.timeout(),
                line(turn).map(RunStep::attemptedAt).orElseThrow().plus(limit(turn)),
                step.verify(),
                step.onFailure(),
                step.gitOps(),
                null));
        return request;
    }

    private static Duration limit(StepTurn turn) {
        return turn.step().timeout() == null
                ? TIMEOUT
                : Durations.parse(turn.step().timeout());
    }

    /** What an attempt would make if it began now, which only tells what would become of it: no such request is ever made. */
    public static RollbackRequest rehearsal(StepTurn turn, Instant now) {
        MaintenanceRun run = turn.run();
        RollbackStep step = turn.step().rollback();
        RollbackRequest request = new RollbackRequest();
        request.setMetadata(new ObjectMetaBuilder()
                .withName(requestName(turn))
                .withNamespace(run.getMetadata().getNamespace())
                .withUid("dry-run")
                .withCreationTimestamp(now.truncatedTo(ChronoUnit.SECONDS).toString())
                .build());
        request.setSpec(new RollbackRequestSpec(
                run.getSpec().applicationRef(),
                step.workloads().isEmpty() ? null : step.workloads(),
                step.to(),
                "Dry run of MaintenanceRun " + run.getMetadata().getName(),
                null,
                step.allowUnverified(),
                true,
                step.strictConfig(),
                step.timeout(),
                null,
                step.verify(),
                step.onFailure(),
                step.gitOps(),
                null));
        return request;
    }

    /** It is told by what the request would end as before it has changed anything. */
    @Override
    public Optional<StepResult> foreseen(StepTurn turn, StepSeen seen) {
        if (!(seen instanceof StepSeen.OfRehearsal(RollbackDecision decision, String rejection))) {
            return Optional.empty();
        }
        Optional<StepResult> hindrance = hindrance(turn, "a RollbackRequest", rejection);
        if (hindrance.isPresent()) {
            return hindrance;
        }
        return switch (decision) {
            case RollbackDecision.End end -> {
                String told =
                        "The RollbackRequest would end as " + end.outcome().text() + ". " + end.message();
                yield Optional.of(
                        end.outcome() == RollbackOutcome.NO_OP
                                ? StepResult.passed(told)
                                : StepResult.failed(end.reason(), told));
            }
            case RollbackDecision.Wait(var _, String message, var _) ->
                Optional.of(StepResult.findings("The RollbackRequest would wait: " + message));
            case null, default -> Optional.empty();
        };
    }

    /** Why no request can be made; empty when one can. */
    private static Optional<StepResult> hindrance(StepTurn turn, String self, String rejection) {
        RollbackStep step = turn.step().rollback();
        if (step.onFailure() == OnFailure.UNRECOGNIZED || step.gitOps() == GitOps.UNRECOGNIZED) {
            return Optional.of(StepResult.failed(
                    Reason.INVALID_SPEC,
                    "rollback.onFailure or rollback.gitOps of the step has a value that this version of Mainstay does not know."
                            + " Upgrade Mainstay, or write the step with what this version knows."));
        }
        return Optional.ofNullable(rejection)
                .map(said -> StepResult.failed(
                        Reason.REJECTED,
                        "The API server does not take " + self + ": " + said
                                + " Mend what it names, and make another run."));
    }

    /** Its name: the same however often it is made. */
    public static String requestName(StepTurn turn) {
        return Names.runStep(
                turn.run().getMetadata().getName(),
                turn.run().getMetadata().getUid(),
                turn.step().name(),
                turn.attempt());
    }

    private static Optional<RunStep> line(StepTurn turn) {
        return RunLines.current(turn.run());
    }

    @Override
    public StepProgress judge(StepTurn turn, StepSeen seen) {
        if (!(seen instanceof StepSeen.OfRollback(RollbackRequest made, String rejection))) {
            return new StepProgress.Wait("The RollbackRequest is about to be made.");
        }
        String self = "RollbackRequest " + requestName(turn);
        if (made == null) {
            return notThere(turn, self, rejection);
        }
        if (made.unreadableStatus().isPresent()) {
            return new StepProgress.Wait(self + " has a status that this version of Mainstay can't read: "
                    + made.unreadableStatus().get() + ". Upgrade Mainstay.");
        }
        RollbackRequestStatus status = made.getStatus() == null ? RollbackRequestStatus.NONE : made.getStatus();
        return RollbackClaims.ended(made)
                ? new StepProgress.Ended(result(self, status, turn))
                : new StepProgress.Wait(self + ": " + told(status, "it is about to begin."));
    }

    private static StepProgress notThere(StepTurn turn, String self, String rejection) {
        Optional<StepResult> newer = hindrance(turn, self, null);
        if (newer.isPresent()) {
            return new StepProgress.Ended(newer.get());
        }
        // Made again it would go back although somebody has just ended that.
        if (line(turn)
                .map(RunStep::message)
                .filter(told -> told.startsWith(self))
                .isPresent()) {
            return new StepProgress.Ended(StepResult.failed(
                    Reason.STEP_FAILED,
                    self
                            + " was deleted before it had an outcome; what it had changed until then stays, and it is not made"
                            + " again. Look what runs (kubectl get managedapplication "
                            + turn.run().getSpec().applicationRef().name() + " --namespace "
                            + turn.run().getMetadata().getNamespace()
                            + "), and make a RollbackRequest, or another run, if it still has to go back."));
        }
        return hindrance(turn, self, rejection)
                .<StepProgress>map(StepProgress.Ended::new)
                .orElseGet(StepProgress.Act::new);
    }

    private static StepResult result(String self, RollbackRequestStatus status, StepTurn turn) {
        String end = self + " ended as "
                + (status.outcome() == null ? "unknown" : status.outcome().text()) + ". "
                + told(status, "Its status says no more.");
        if (status.outcome() == null) {
            return StepResult.failed(Reason.STEP_FAILED, end);
        }
        // That the request was cancelled does not mean that somebody has cancelled the run.
        return switch (status.outcome()) {
            case SUCCEEDED, NO_OP -> StepResult.passed(end);
            case INCONCLUSIVE -> StepResult.couldNotCheck(Reason.INCONCLUSIVE, end);
            case CANCELLED ->
                StepResult.failed(
                        Reason.STEP_FAILED,
                        end + " If it still has to go back, make a RollbackRequest for ManagedApplication "
                                + turn.run().getSpec().applicationRef().name() + ", or another run.");
            default ->
                StepResult.failed(
                        Conditions.find(status.conditions(), "Ready")
                                .flatMap(ready -> Reason.of(ready.reason()))
                                .orElse(Reason.STEP_FAILED),
                        end);
        };
    }

    private static String told(RollbackRequestStatus status, String otherwise) {
        return Conditions.find(status.conditions(), "Ready")
                .map(Condition::message)
                .orElse(otherwise);
    }
}
