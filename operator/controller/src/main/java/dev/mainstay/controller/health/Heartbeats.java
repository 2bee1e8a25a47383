package dev.mainstay.controller.health;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.api.monitoring.Metrics;
import io.javaoperatorsdk.operator.api.reconciler.RetryInfo;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Notes the passes that run, so that one which never ends is seen (java-operator-sdk issue 3416 leaves an object wedged
 * without a word), and counts and times all of them by kind. No series carries an object's name.
 */
public final class Heartbeats implements Metrics {

    /** No pass waits for anything but the API server, whose requests end after ten seconds. */
    static final Duration LONGEST_PASS = Duration.ofMinutes(5);

    private final Map<Thread, Instant> running = new ConcurrentHashMap<>();
    private final MeterRegistry registry;
    private final Clock clock;

    public Heartbeats(MeterRegistry registry, Clock clock) {
        this.registry = registry;
        this.clock = clock;
        Gauge.builder("mainstay.reconcile.running", running, Map::size)
                .description("Passes over an object that run now.")
                .register(registry);
    }

    @Override
    public <T> T timeControllerExecution(ControllerExecution<T> execution) throws Exception {
        Instant start = clock.instant();
        running.put(Thread.currentThread(), start);
        try {
            T result = execution.execute();
            count(execution.controllerName(), "success", start);
            return result;
        } catch (Exception e) {
            count(execution.controllerName(), "error", start);
            throw e;
        } finally {
            running.remove(Thread.currentThread());
        }
    }

    @Override
    public void reconcileCustomResource(HasMetadata resource, RetryInfo retryInfo, Map<String, Object> metadata) {
        if (retryInfo != null && retryInfo.getAttemptCount() > 0) {
            Counter.builder("mainstay.reconcile.retries")
                    .description("Passes that were made again after an error.")
                    .tag("kind", resource.getKind())
                    .register(registry)
                    .increment();
        }
    }

    private void count(String controller, String outcome, Instant start) {
        Timer.builder("mainstay.reconcile")
                .description("How long a pass over an object took.")
                .tags("controller", controller, "outcome", outcome)
                .register(registry)
                .record(Duration.between(start, clock.instant()).toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Whether no pass has been running for longer than any may. */
    public boolean alive() {
        Instant limit = clock.instant().minus(LONGEST_PASS);
        return running.values().stream().allMatch(start -> start.isAfter(limit));
    }
}
