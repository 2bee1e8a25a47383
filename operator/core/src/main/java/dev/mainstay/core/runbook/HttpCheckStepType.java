package dev.mainstay.core.runbook;

import dev.mainstay.api.runbook.HttpScheme;
import dev.mainstay.api.runbook.RunbookStep;
import dev.mainstay.core.status.Reason;
import java.time.Duration;
import java.util.Optional;

/** Ready Pods of the application are asked over HTTP by the operator, each once. */
public record HttpCheckStepType() implements StepType {

    @Override
    public String name() {
        return "httpCheck";
    }

    @Override
    public boolean is(RunbookStep step) {
        return step.httpCheck() != null && step.httpCheck().url() == null;
    }

    @Override
    public String does() {
        return "asks each ready Pod of the workload in `spec.health` of the ManagedApplication once, at that port, or with"
                + " `service` each one of a Service of the application ([more](steps/http-check.md))";
    }

    @Override
    public String judgedBy() {
        return "the answers: `expectStatus` or `expectStatuses`, `expectBody`, `maxLatencyMilliseconds`. Another one, or no"
                + " ready Pod, is Failed; silence of some is Findings, of all CouldNotCheck";
    }

    @Override
    public Optional<Duration> timeout() {
        return Optional.of(Duration.ofMinutes(5));
    }

    @Override
    public String plan(StepTurn turn) {
        return HttpQuestion.of(turn.application(), turn.step().httpCheck())
                .map(question -> "Asks each ready Pod of " + question.whose() + " for " + question.text()
                        + " and wants " + question.wanted().text() + ".")
                .orElseGet(() -> "Could not check: " + noHealth(turn));
    }

    @Override
    public Optional<StepResult> foreseen(StepTurn turn, StepSeen seen) {
        return judge(turn, seen).bad();
    }

    @Override
    public StepProgress judge(StepTurn turn, StepSeen seen) {
        Optional<HttpQuestion> question =
                HttpQuestion.of(turn.application(), turn.step().httpCheck());
        if (question.isEmpty()) {
            return new StepProgress.Ended(StepResult.couldNotCheck(Reason.COULD_NOT_CHECK, noHealth(turn)));
        }
        Optional<StepResult> hindrance = hindrance(turn, question.get());
        if (hindrance.isPresent()) {
            return new StepProgress.Ended(hindrance.get());
        }
        return seen instanceof StepSeen.OfHttp(HttpSeen found)
                ? new StepProgress.Ended(
                        switch (found) {
                            case HttpSeen.NotAsked(Reason reason, String message) ->
                                StepResult.couldNotCheck(reason, message);
                            case HttpSeen.Asked(var pods) ->
                                new PodAnswers(
                                                question.get(),
                                                pods,
                                                turn.run().getMetadata().getNamespace())
                                        .result();
                        })
                : new StepProgress.Wait("The Pods are about to be asked.");
    }

    /** What the objects alone say against it. */
    private static Optional<StepResult> hindrance(StepTurn turn, HttpQuestion question) {
        if (question.service() == null) {
            return Optional.empty();
        }
        if (turn.application() == null || turn.application().getSpec() == null) {
            return Optional.of(StepResult.couldNotCheck(
                    Reason.APPLICATION_NOT_FOUND, named(turn) + " is gone. Create it again, and make another run."));
        }
        if (question.service().scheme() == HttpScheme.UNRECOGNIZED) {
            return Optional.of(StepResult.couldNotCheck(
                    Reason.INVALID_SPEC,
                    "httpCheck.service.scheme of the step is one that this version of Mainstay does not know; it knows HTTP"
                            + " and HTTPS. Correct it, or upgrade Mainstay."));
        }
        return ServiceTarget.unnamed(turn.application(), question.service())
                .map(unsuitable -> StepResult.couldNotCheck(unsuitable.reason(), unsuitable.message()));
    }

    private static String noHealth(StepTurn turn) {
        return named(turn) + " has no spec.health, which says which Pods are asked, and at which port. Add it.";
    }

    private static String named(StepTurn turn) {
        return "ManagedApplication " + turn.run().getSpec().applicationRef().name();
    }
}
