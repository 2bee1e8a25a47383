package dev.mainstay.core.runbook;

import dev.mainstay.api.application.HealthCheck;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.runbook.HttpCheckStep;
import dev.mainstay.api.runbook.RunbookStep;
import dev.mainstay.core.application.HealthSample;
import dev.mainstay.core.status.Reason;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Collectors;

/** The application's own ready Pods are asked over HTTP, each once. */
public record HttpCheckStepType() implements StepType {

    @Override
    public String name() {
        return "httpCheck";
    }

    @Override
    public boolean is(RunbookStep step) {
        return step.httpCheck() != null;
    }

    @Override
    public String does() {
        return "asks each ready Pod of the workload in `spec.health` of the ManagedApplication once, at that port: `path` and"
                + " `expectStatus` may differ";
    }

    @Override
    public String judgedBy() {
        return "the status of the answers. Another one, or no ready Pod, is Failed; silence of some is Findings, of all"
                + " CouldNotCheck";
    }

    @Override
    public Optional<Duration> timeout() {
        return Optional.of(Duration.ofMinutes(5));
    }

    /** What is asked: spec.health of the application, with what the step says; empty when it has none. */
    public static Optional<HealthCheck> check(ManagedApplication application, RunbookStep step) {
        if (application == null
                || application.getSpec() == null
                || application.getSpec().health() == null) {
            return Optional.empty();
        }
        HealthCheck health = application.getSpec().health();
        HttpCheckStep own = step.httpCheck();
        return Optional.of(new HealthCheck(
                health.workload(),
                own.path() == null ? health.path() : own.path(),
                health.port(),
                own.expectStatus() == null ? health.expectStatus() : own.expectStatus(),
                health.timeout(),
                health.interval(),
                health.failureThreshold()));
    }

    @Override
    public String plan(StepTurn turn) {
        return check(turn.application(), turn.step())
                .map(check -> "Asks each ready Pod of " + check.workload() + " for " + question(check) + " and wants "
                        + check.expectStatus() + ".")
                .orElseGet(() -> "Could not check: " + noHealth(turn));
    }

    @Override
    public Optional<StepResult> foreseen(StepTurn turn, StepSeen seen) {
        return judge(turn, seen).bad();
    }

    @Override
    public StepProgress judge(StepTurn turn, StepSeen seen) {
        Optional<HealthCheck> check = check(turn.application(), turn.step());
        if (check.isEmpty()) {
            return new StepProgress.Ended(StepResult.couldNotCheck(Reason.COULD_NOT_CHECK, noHealth(turn)));
        }
        if (!(seen instanceof StepSeen.OfHealth(var health))) {
            return new StepProgress.Wait("The Pods are about to be asked.");
        }
        return new StepProgress.Ended(
                health.sample() == null
                        ? StepResult.couldNotCheck(
                                Reason.COULD_NOT_CHECK, "The Pods could not be asked: " + health.hindrance() + ".")
                        : result(
                                check.get(),
                                health.sample().finding(check.get()),
                                turn.run().getMetadata().getNamespace()));
    }

    private static StepResult result(HealthCheck check, HealthSample.Finding found, String namespace) {
        String of = found.ready() + (found.ready() == 1 ? " ready Pod of " : " ready Pods of ") + check.workload();
        String silent = found.silent() + " of " + of + " did not answer " + question(check) + ": " + found.why() + ".";
        return switch (found.outcome()) {
            case GOOD ->
                found.silent() == 0
                        ? StepResult.passed(of + " answered " + question(check) + " with " + check.expectStatus() + ".")
                        : StepResult.findings("The others answered with " + check.expectStatus() + ", and " + silent);
            case SILENT -> StepResult.couldNotCheck(Reason.UNREACHABLE, silent);
            case FAILED ->
                found.ready() == 0
                        ? StepResult.failed(
                                Reason.NO_READY_PODS,
                                "No Pod of " + check.workload() + " is ready. Look at its Pods and their events.")
                        : StepResult.failed(
                                Reason.UNHEALTHY,
                                wrong(check, found, of) + (found.silent() == 0 ? "" : " And " + silent)
                                        + " Read their logs: kubectl logs --namespace " + namespace + " "
                                        + found.wrongly().stream()
                                                .findFirst()
                                                .map(pod -> pod.substring(0, pod.indexOf(' ')))
                                                .orElse("<name of the Pod>"));
        };
    }

    private static String wrong(HealthCheck check, HealthSample.Finding found, String of) {
        long wrong = found.answeredWrong();
        String statuses = found.wrong().keySet().stream().map(String::valueOf).collect(Collectors.joining(" or "));
        long others = wrong - found.wrongly().size();
        return (wrong == found.ready() ? (wrong == 1 ? "" : "All ") + of : wrong + " of " + of) + " answered "
                + question(check) + " with " + statuses + " instead of " + check.expectStatus()
                + (found.wrongly().isEmpty()
                        ? ""
                        : ": " + String.join(", ", found.wrongly()) + (others == 0 ? "" : " and " + others + " more"))
                + ".";
    }

    private static String question(HealthCheck check) {
        return "GET " + check.path() + " on port " + check.port();
    }

    private static String noHealth(StepTurn turn) {
        return "ManagedApplication " + turn.run().getSpec().applicationRef().name()
                + " has no spec.health, which says which Pods are asked, and at which port. Add it.";
    }
}
