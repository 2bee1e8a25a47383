package dev.mainstay.controller.runbook;

import dev.mainstay.api.metrics.Prometheus;
import dev.mainstay.api.runbook.MetricCheckStep;
import dev.mainstay.controller.metrics.PrometheusClient;
import dev.mainstay.core.Durations;
import dev.mainstay.core.runbook.MetricCheckStepType;
import dev.mainstay.core.runbook.StepSeen;
import dev.mainstay.core.runbook.StepTurn;
import java.time.Clock;
import java.time.Duration;

/** Asks the application's Prometheus, in the pass itself, once an attempt is under way. */
final class MetricCheckActor implements StepActor {

    /** Others wait for the pass: a Prometheus that takes longer is told of, and asked again by the step's retries. */
    private static final Duration LONGEST = Duration.ofSeconds(10);

    private final PrometheusClient prometheus;
    private final Clock clock;

    MetricCheckActor(PrometheusClient prometheus, Clock clock) {
        this.prometheus = prometheus;
        this.clock = clock;
    }

    @Override
    public StepSeen look(StepTurn turn) {
        if (turn.attempt() == 0) {
            return new StepSeen.Nothing();
        }
        MetricCheckStep step = turn.step().metricCheck();
        return MetricCheckStepType.source(turn.application())
                .map(MetricCheckActor::quick)
                .<StepSeen>map(source -> new StepSeen.OfMetric(
                        prometheus.query(source, step.promql()),
                        step.before() == null
                                ? null
                                : prometheus.query(
                                        source, step.promql(), clock.instant().minus(Durations.parse(step.before())))))
                .orElseGet(StepSeen.Nothing::new);
    }

    private static Prometheus quick(Prometheus source) {
        return Durations.parse(source.timeout()).compareTo(LONGEST) <= 0
                ? source
                : new Prometheus(source.url(), Durations.format(LONGEST));
    }
}
