package dev.mainstay.controller.alert;

import dev.mainstay.api.alert.AlertRule;
import dev.mainstay.api.metrics.Prometheus;
import dev.mainstay.controller.kube.PodUsages;
import dev.mainstay.core.Durations;
import dev.mainstay.core.alert.AlertGroup;
import dev.mainstay.core.alert.AlertQuery;
import java.time.Duration;

/**
 * What is asked at once: rules with the same question are measured together.
 *
 * @param subject whom and what
 * @param every how often
 */
record Question(Subject subject, Duration every) {

    /** Metrics of Pods are no newer, and listing Pods costs the API server something. */
    private static final Duration LEAST_FOR_PODS = Duration.ofSeconds(15);

    /** Whom and what. */
    sealed interface Subject {

        /** Who is asked, of whom no more than a few things are asked at one time; null for what is in memory. */
        default String source() {
            return null;
        }
    }

    /** A metric of applications. */
    record Metric(AlertGroup group) implements Subject {

        @Override
        public String source() {
            return group.source().url();
        }
    }

    /** A query of a user. */
    record Query(Prometheus prometheus, String promql) implements Subject {

        @Override
        public String source() {
            return prometheus.url();
        }
    }

    /** The Pods of an application. */
    record Pods(String namespace, String application) implements Subject {

        @Override
        public String source() {
            return PodUsages.SOURCE;
        }
    }

    /** What is in the caches. */
    record Statuses() implements Subject {}

    /** The question that a rule asks with others. */
    static Question of(AlertRule rule, AlertQuery query) {
        Duration every = Durations.parse(rule.getSpec().interval());
        return switch (query) {
            case AlertQuery.Grouped grouped -> new Question(new Metric(grouped.group()), every);
            case AlertQuery.Single single -> new Question(new Query(single.source(), single.promql()), every);
            case AlertQuery.PodUsage usage ->
                new Question(
                        new Pods(rule.getMetadata().getNamespace(), usage.application()),
                        every.compareTo(LEAST_FOR_PODS) < 0 ? LEAST_FOR_PODS : every);
            case AlertQuery.Health ignored -> new Question(new Statuses(), every);
            case AlertQuery.BackupAge ignored -> new Question(new Statuses(), every);
        };
    }
}
