package dev.mainstay.core.runbook;

import dev.mainstay.api.application.ApplicationUrl;
import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.api.runbook.HttpCheckStep;
import dev.mainstay.api.runbook.RunbookStep;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.Task.MountedSecret;
import dev.mainstay.core.task.UrlCheckWork;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A URL of the application is asked by the runner, in the application's namespace: the operator asks nobody there. Which URLs
 * stands in the application: whoever writes a Runbook chooses among them.
 */
public record UrlCheckStepType() implements RunnerStepType {

    @Override
    public String name() {
        return "httpCheck";
    }

    @Override
    public boolean is(RunbookStep step) {
        return step.httpCheck() != null && step.httpCheck().url() != null;
    }

    @Override
    public String does() {
        return "with `url` asks one of `spec.urls` of the ManagedApplication, in a Job"
                + " ([more](steps/http-check.md#a-url))";
    }

    @Override
    public String judgedBy() {
        return "the same. A certificate that clients refuse is Failed; no connection, or no answer, is CouldNotCheck";
    }

    @Override
    public Optional<Duration> timeout() {
        return Optional.of(Duration.ofMinutes(5));
    }

    @Override
    public String plan(StepTurn turn) {
        HttpCheckStep step = turn.step().httpCheck();
        return url(turn)
                .map(found -> "Asks " + UrlCheckWork.shown(asked(found, step)) + " in a Job and wants "
                        + HttpQuestion.wanted(step).text() + ".")
                .orElseGet(() -> "Asks URL " + step.url() + ", which ManagedApplication "
                        + turn.run().getSpec().applicationRef().name() + " does not name.");
    }

    @Override
    public boolean changes() {
        return false;
    }

    @Override
    public Order order(StepTurn turn, List<BackupPolicy> policies) {
        HttpCheckStep step = turn.step().httpCheck();
        return url(turn)
                .<Order>map(found -> new Order.Ready(new UrlCheckWork(
                        found.name(),
                        asked(found, step),
                        found.caSecretRef() == null
                                ? null
                                : MountedSecret.ofKey(
                                                "url-ca",
                                                found.caSecretRef().name(),
                                                "ca",
                                                found.caSecretRef().key())
                                        .namedBy(
                                                "spec.urls[" + found.name() + "].caSecretRef",
                                                "ManagedApplication "
                                                        + turn.application()
                                                                .getMetadata()
                                                                .getName()),
                        HttpQuestion.wanted(step),
                        HttpQuestion.timeout(step).toMillis())))
                .orElseGet(() -> new Order.Missing(Reason.URL_NOT_FOUND, unknown(turn)));
    }

    private static String unknown(StepTurn turn) {
        String self = "ManagedApplication " + turn.application().getMetadata().getName();
        List<ApplicationUrl> urls = turn.application().getSpec().urls();
        return "httpCheck.url of the step is " + turn.step().httpCheck().url() + ", and " + self
                + " has no URL of that name"
                + " in spec.urls (found: "
                + (urls.isEmpty()
                        ? "none"
                        : urls.stream().map(ApplicationUrl::name).collect(Collectors.joining(", ")))
                + "). Name one that it has, or add it there.";
    }

    private static Optional<ApplicationUrl> url(StepTurn turn) {
        return turn.application() == null || turn.application().getSpec() == null
                ? Optional.empty()
                : turn.application().getSpec().urls().stream()
                        .filter(url -> url.name().equals(turn.step().httpCheck().url()))
                        .findFirst();
    }

    /** The URL with the path of the step in the place of its own. */
    private static String asked(ApplicationUrl url, HttpCheckStep step) {
        if (step.path() == null) {
            return url.url();
        }
        int host = url.url().indexOf("://") + "://".length();
        int path = url.url().indexOf('/', host);
        return (path < 0 ? url.url() : url.url().substring(0, path)) + step.path();
    }
}
