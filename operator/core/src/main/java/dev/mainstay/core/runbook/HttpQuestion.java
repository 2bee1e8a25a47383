package dev.mainstay.core.runbook;

import dev.mainstay.api.application.HealthCheck;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.runbook.HttpCheckService;
import dev.mainstay.api.runbook.HttpCheckStep;
import dev.mainstay.core.Durations;
import dev.mainstay.core.http.HttpWanted;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a step asks Pods over HTTP: those of the workload that spec.health names, or those of a Service.
 *
 * @param workload name of the workload; null when a Service is asked
 * @param service the Service; null when a workload is asked
 * @param port port of the Pods, or of the Service; null for the only one of a Service
 * @param path path with its query
 * @param wanted what is wanted of each answer
 * @param timeout how long an answer is waited for
 */
public record HttpQuestion(
        String workload, HttpCheckService service, String port, String path, HttpWanted wanted, Duration timeout) {

    private static final int OK = 200;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** What a step asks; empty when it asks the Pods of spec.health, and the application has none. */
    public static Optional<HttpQuestion> of(ManagedApplication application, HttpCheckStep step) {
        if (step.service() != null) {
            return Optional.of(new HttpQuestion(
                    null,
                    step.service(),
                    step.service().port(),
                    step.path() == null ? "/" : step.path(),
                    wanted(step, OK),
                    timeout(step, PATIENCE)));
        }
        if (application == null
                || application.getSpec() == null
                || application.getSpec().health() == null) {
            return Optional.empty();
        }
        HealthCheck health = application.getSpec().health();
        return Optional.of(new HttpQuestion(
                health.workload(),
                null,
                health.port(),
                step.path() == null ? health.path() : step.path(),
                wanted(step, health.expectStatus()),
                timeout(step, Durations.parse(health.timeout()))));
    }

    /** What a step wants of an answer. */
    static HttpWanted wanted(HttpCheckStep step, int otherwise) {
        return new HttpWanted(
                step.statuses().isEmpty() ? List.of(otherwise) : step.statuses(),
                step.expectBody(),
                step.maxLatencyMilliseconds());
    }

    /** How long a step waits for an answer. */
    static Duration timeout(HttpCheckStep step, Duration otherwise) {
        if (step.requestTimeout() != null) {
            return Durations.parse(step.requestTimeout());
        }
        Duration latency = Duration.ofMillis(step.maxLatencyMilliseconds() == null ? 0 : step.maxLatencyMilliseconds());
        return latency.compareTo(otherwise) > 0 ? latency : otherwise;
    }

    static HttpWanted wanted(HttpCheckStep step) {
        return wanted(step, OK);
    }

    static Duration timeout(HttpCheckStep step) {
        return timeout(step, PATIENCE);
    }

    /** Whose Pods they are, for people. */
    public String whose() {
        return service == null ? workload : "Service " + service.name();
    }

    /** What is asked, for people: {@code GET /healthz on port http}. */
    String text() {
        return "GET " + path + (port == null ? "" : " on port " + port);
    }

    /** The field that says the port, for people. */
    public String portField() {
        return service == null ? "spec.health.port" : "httpCheck.service.port of the step";
    }
}
