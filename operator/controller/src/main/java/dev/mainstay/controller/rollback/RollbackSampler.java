package dev.mainstay.controller.rollback;

import dev.mainstay.api.application.HealthCheck;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.metrics.Prometheus;
import dev.mainstay.api.rollback.CheckVerdict;
import dev.mainstay.api.rollback.MetricValue;
import dev.mainstay.api.rollback.RollbackRequest;
import dev.mainstay.api.rollback.VerificationCheck;
import dev.mainstay.controller.application.ApplicationWorkloads;
import dev.mainstay.controller.application.HealthPass;
import dev.mainstay.controller.metrics.PrometheusClient;
import dev.mainstay.controller.watch.Wakeups;
import dev.mainstay.core.application.HealthSample;
import dev.mainstay.core.application.HealthStreak;
import dev.mainstay.core.application.ProbedHealth;
import dev.mainstay.core.metrics.MetricTiming;
import dev.mainstay.core.rollback.MeasuredMetric;
import dev.mainstay.core.rollback.Sampled;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the Pods and the metrics of applications whose rollback is being verified, each rollback on a thread of its own, so
 * that no reconciliation waits for an answer. It ends when the rollback does, or nobody wants to know any more.
 */
public final class RollbackSampler implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RollbackSampler.class);

    private static final Duration HEALTH_EVERY = Duration.ofSeconds(2);
    private static final Duration METRICS_EVERY = Duration.ofSeconds(10);
    private static final Duration FORGOTTEN = Duration.ofMinutes(1);
    private static final int VALUES = 32;

    private final HealthPass health;
    private final PrometheusClient prometheus;
    private final ApplicationWorkloads workloads;
    private final Wakeups wakeups;
    private final Clock clock;
    private final Map<String, Followed> followed = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    public RollbackSampler(
            HealthPass health,
            PrometheusClient prometheus,
            ApplicationWorkloads workloads,
            Wakeups wakeups,
            Clock clock) {
        this.health = health;
        this.prometheus = prometheus;
        this.workloads = workloads;
        this.wakeups = wakeups;
        this.clock = clock;
    }

    /** What was learnt so far; asking has it go on. */
    public Sampled of(RollbackRequest request, ManagedApplication application) {
        if (application == null || application.getSpec() == null) {
            return Sampled.NOTHING;
        }
        if (application.getSpec().health() == null
                && request.getSpec().verify().metrics().isEmpty()) {
            return Sampled.NOTHING;
        }
        Followed state = followed.computeIfAbsent(request.getMetadata().getUid(), uid -> {
            Followed begun = new Followed(request, application);
            threads.execute(begun);
            return begun;
        });
        return state.learnt(ready(request));
    }

    /** Since when all Pods of the target are available; empty when they are not. */
    private static Optional<Instant> ready(RollbackRequest request) {
        List<VerificationCheck> rollouts = request.getStatus().checks().stream()
                .filter(check -> check.name().startsWith("Rollout "))
                .toList();
        return rollouts.isEmpty() || rollouts.stream().anyMatch(check -> check.verdict() != CheckVerdict.PASS)
                ? Optional.empty()
                : rollouts.stream().map(VerificationCheck::since).max(Instant::compareTo);
    }

    /** One rollback. */
    private final class Followed implements Runnable {

        private final ResourceID id;
        private final String uid;
        private final HealthCheck check;
        private final ManagedApplication application;
        private final Prometheus source;
        private final List<MeasuredMetric> metrics;
        private final List<MetricValue> values = new ArrayList<>();
        private HealthStreak streak = HealthStreak.NONE;
        private Instant ready;
        private Instant wanted;
        private Instant measured = Instant.EPOCH;
        private boolean asked;

        private Followed(RollbackRequest request, ManagedApplication application) {
            this.id = ResourceID.fromResource(request);
            this.uid = request.getMetadata().getUid();
            this.application = application;
            this.check = application.getSpec().health();
            this.source = application.getSpec().metrics() == null
                    ? null
                    : application.getSpec().metrics().prometheus();
            this.metrics = new ArrayList<>(IntStream.range(
                            0, request.getSpec().verify().metrics().size())
                    .mapToObj(index -> new MeasuredMetric(
                            index + 1, request.getSpec().verify().metrics().get(index), null, 0))
                    .toList());
            this.wanted = clock.instant();
        }

        private synchronized Sampled learnt(Optional<Instant> since) {
            wanted = clock.instant();
            if (since.isEmpty()) {
                streak = HealthStreak.NONE;
                asked = false;
            }
            ready = since.orElse(null);
            Stream<VerificationCheck> probed = check == null
                    ? Stream.empty()
                    : Stream.of(ready == null ? ProbedHealth.pending() : ProbedHealth.check(streak, check));
            return new Sampled(
                    Stream.concat(probed, metrics.stream().map(metric -> metric.verdict(ready)))
                            .toList(),
                    List.copyOf(values),
                    ready != null && !asked);
        }

        @Override
        public void run() {
            try {
                while (isWanted()) {
                    if (readySince() != null) {
                        ask();
                        told();
                        wakeups.wakeRollback(id);
                    }
                    Thread.sleep(HEALTH_EVERY);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                followed.remove(uid, this);
            }
        }

        private synchronized boolean isWanted() {
            return wanted.plus(FORGOTTEN).isAfter(clock.instant());
        }

        private synchronized Instant readySince() {
            return ready;
        }

        private void ask() throws InterruptedException {
            try {
                Optional<HasMetadata> workload = check == null
                        ? Optional.empty()
                        : application.getSpec().healthWorkload().flatMap(named -> workloads.find(application, named));
                if (workload.isPresent()) {
                    add(health.over(workload.get(), check));
                }
                measure();
            } catch (RuntimeException e) {
                LOG.atWarn()
                        .addKeyValue("namespace", id.getNamespace().orElse(""))
                        .addKeyValue("name", id.getName())
                        .addKeyValue("problem", e.getMessage())
                        .log("the Pods of a rollback could not be asked; they are asked again");
            }
        }

        /** A pass that did not get through counts too: nobody waits for an answer that never comes. */
        private synchronized void told() {
            asked = ready != null;
        }

        private synchronized void add(HealthSample sample) {
            streak = ready == null ? HealthStreak.NONE : streak.next(sample, check);
        }

        private void measure() {
            Instant now = clock.instant();
            if (source == null || measured.plus(METRICS_EVERY).isAfter(now)) {
                return;
            }
            measured = now;
            for (int index = 0; index < metrics.size(); index++) {
                Instant since = readySince();
                MeasuredMetric metric = metric(index);
                Instant asked = clock.instant();
                if (since != null && MetricTiming.counts(metric.check(), since, asked)) {
                    add(
                            index,
                            metric.next(prometheus.query(source, metric.check().promql())),
                            asked);
                }
            }
        }

        private synchronized MeasuredMetric metric(int index) {
            return metrics.get(index);
        }

        private synchronized void add(int index, MeasuredMetric metric, Instant asked) {
            metrics.set(index, metric);
            values.add(metric.value(asked));
            if (values.size() > VALUES) {
                values.removeFirst();
            }
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
