package dev.mainstay.controller.alert;

import dev.mainstay.api.alert.AlertRuleSpec;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.metrics.Prometheus;
import dev.mainstay.controller.kube.PodUsages;
import dev.mainstay.core.Durations;
import dev.mainstay.core.alert.AlertGroup;
import dev.mainstay.core.alert.AlertObstacle;
import dev.mainstay.core.alert.AlertQuery;
import dev.mainstay.core.alert.AlertText;
import dev.mainstay.core.alert.Evaluation;
import dev.mainstay.core.alert.Evaluation.Failed;
import dev.mainstay.core.alert.GroupAnswer;
import dev.mainstay.core.alert.PodUse;
import dev.mainstay.core.alert.StatusEvaluations;
import dev.mainstay.core.metrics.MetricSample;
import dev.mainstay.core.metrics.MetricVector;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Asks one question for rules, and tells each what it comes to.
 *
 * @param sources who is asked
 * @param question what is asked
 * @param rules for whom
 * @param results takes what is found
 */
record Sweep(AlertSources sources, Question question, List<WatchedRule> rules, Results results) {

    /** Takes what is found. */
    interface Results {

        /**
         * Takes it.
         *
         * @param evaluation the measurement; null when there is an obstacle
         * @param obstacle what keeps it from being one; null when nothing does
         */
        void take(WatchedRule rule, Evaluation evaluation, AlertObstacle obstacle);
    }

    /**
     * Asks.
     *
     * @return why the source does not answer; null when it does, or the question was at fault
     */
    String run(Instant now) {
        return switch (question.subject()) {
            case Question.Metric(AlertGroup group) -> metric(group, now);
            case Question.Query(Prometheus prometheus, String promql) -> query(prometheus, promql, now);
            case Question.Pods(String namespace, String application) -> pods(namespace, application, now);
            case Question.Statuses() -> {
                rules.forEach(rule -> results.take(rule, status(rule, now), null));
                yield null;
            }
        };
    }

    /** Tells all rules that their source did not answer. */
    void fail(String why, Instant now) {
        String source = question.subject().source();
        rules.forEach(rule -> results.take(rule, new Failed(source, why, now), null));
    }

    /** Tells all rules that there was an error that nobody thought of. */
    void broken(RuntimeException e, Instant now) {
        String why = "It could not be measured, since something happened that should not: " + e + ". Report it.";
        rules.forEach(rule -> results.take(rule, new Failed(null, why, now), null));
    }

    private String metric(AlertGroup group, Instant now) {
        List<List<String>> applications = rules.stream()
                .map(rule -> ((AlertQuery.Grouped) rule.query()).values())
                .distinct()
                .toList();
        return switch (sources.vector(inTime(group.source()), group.promql(applications))) {
            case MetricVector.Found found -> {
                GroupAnswer answer = new GroupAnswer(group, found, now);
                for (WatchedRule rule : rules) {
                    List<String> values = ((AlertQuery.Grouped) rule.query()).values();
                    results.take(rule, answer.of(values, rule.rule().getSpec().threshold()), null);
                }
                yield null;
            }
            case MetricVector.Failed(String why, boolean ofQuery) -> failed(why, ofQuery, now);
        };
    }

    private String query(Prometheus prometheus, String promql, Instant now) {
        AlertSources.OneValue answer = sources.value(inTime(prometheus), promql);
        return switch (answer.sample()) {
            case MetricSample.Value(double value) -> {
                for (WatchedRule rule : rules) {
                    AlertRuleSpec spec = rule.rule().getSpec();
                    String text = AlertText.value(spec.threshold(), value);
                    results.take(rule, new Evaluation.Measured(value, text, answer.partial(), now), null);
                }
                yield null;
            }
            case MetricSample.NoData(String why) -> {
                if (answer.partial() != null) {
                    yield failed(
                            "Prometheus at " + prometheus.url() + ": its answer is only a part (" + answer.partial()
                                    + "), and " + why + ".",
                            false,
                            now);
                }
                rules.forEach(rule -> results.take(rule, new Evaluation.NoData(why, now), null));
                yield null;
            }
            case MetricSample.Failed(String why) -> failed(why, answer.blamesQuery(), now);
        };
    }

    private String failed(String why, boolean ofQuery, Instant now) {
        if (!ofQuery) {
            fail(why, now);
            return why;
        }
        rules.forEach(rule -> results.take(rule, new Failed(null, why, now), null));
        return null;
    }

    /** An answer that comes after the next question is of no use. */
    private Prometheus inTime(Prometheus source) {
        Duration most = question.every().minusSeconds(1);
        return Durations.parse(source.timeout()).compareTo(most) <= 0
                ? source
                : new Prometheus(source.url(), most.toSeconds() + "s");
    }

    private String pods(String namespace, String application, Instant now) {
        ManagedApplication newest = sources.application(namespace, application)
                .orElseGet(() -> rules.getFirst().application());
        PodUsages.Read read = sources.podUse(newest);
        if (read.failure() != null) {
            fail(read.failure(), now);
            return read.failure();
        }
        for (WatchedRule rule : rules) {
            AlertRuleSpec spec = rule.rule().getSpec();
            PodUse.Result result = PodUse.of(read.uses(), spec.metric(), spec.threshold(), now);
            results.take(rule, result.evaluation(), result.obstacle());
        }
        return null;
    }

    private Evaluation status(WatchedRule rule, Instant now) {
        ManagedApplication newest = sources.application(
                        rule.application().getMetadata().getNamespace(),
                        rule.application().getMetadata().getName())
                .orElseGet(rule::application);
        return rule.query() instanceof AlertQuery.Health
                ? StatusEvaluations.health(newest, now)
                : StatusEvaluations.backupAge(
                        sources.policies(newest), rule.rule().getSpec().threshold(), now);
    }
}
