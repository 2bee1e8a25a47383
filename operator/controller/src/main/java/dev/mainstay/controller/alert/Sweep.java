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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Asks one question for rules, and tells each what it comes to.
 *
 * @param sources who is asked
 * @param question what is asked
 * @param parts how a question on many applications is divided among queries
 * @param rules for whom
 * @param results takes what is found
 */
record Sweep(AlertSources sources, Question question, Parts parts, List<WatchedRule> rules, Results results) {

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
        fail(rules, question.subject().source(), why, now);
    }

    private void fail(List<WatchedRule> these, String source, String why, Instant now) {
        these.forEach(rule -> results.take(rule, new Failed(source, why, now), null));
    }

    /** Tells all rules that there was an error that nobody thought of. */
    void broken(RuntimeException e, Instant now) {
        String why = "It could not be measured, since something happened that should not: " + e + ". Report it.";
        fail(rules, null, why, now);
    }

    private String metric(AlertGroup group, Instant now) {
        Map<List<String>, List<WatchedRule>> asking =
                rules.stream().collect(Collectors.groupingBy(Sweep::values, LinkedHashMap::new, Collectors.toList()));
        Prometheus source = inTime(group.source());
        String unanswered = null;
        for (Parts.Part part :
                parts.ask(group, List.copyOf(asking.keySet()), promql -> sources.vector(source, promql), now)) {
            List<WatchedRule> these = part.applications().stream()
                    .flatMap(one -> asking.get(one).stream())
                    .toList();
            switch (part.answer()) {
                case MetricVector.Found found -> found(new GroupAnswer(group, found, now), these);
                case MetricVector.TooWide(String why) -> fail(these, null, why, now);
                case MetricVector.Failed(String why, boolean ofQuery) -> {
                    fail(these, ofQuery ? null : question.subject().source(), why, now);
                    unanswered = ofQuery ? unanswered : why;
                }
            }
        }
        return unanswered;
    }

    private void found(GroupAnswer answer, List<WatchedRule> these) {
        for (WatchedRule rule : these) {
            results.take(rule, answer.of(values(rule), rule.rule().getSpec().threshold()), null);
        }
    }

    private static List<String> values(WatchedRule rule) {
        return ((AlertQuery.Grouped) rule.query()).values();
    }

    private String query(Prometheus prometheus, String promql, Instant now) {
        AlertSources.OneValue answer = sources.value(inTime(prometheus), promql);
        return switch (answer.sample()) {
            case MetricSample.Value(double value)
            when !Double.isFinite(value) -> none(prometheus, answer.partial(), AlertText.noNumber(value), now);
            case MetricSample.Value(double value) -> {
                for (WatchedRule rule : rules) {
                    AlertRuleSpec spec = rule.rule().getSpec();
                    String text = AlertText.value(spec.threshold(), value);
                    results.take(rule, new Evaluation.Measured(value, text, answer.partial(), now), null);
                }
                yield null;
            }
            case MetricSample.NoData(String why) -> none(prometheus, answer.partial(), why, now);
            case MetricSample.Failed(String why) -> failed(why, answer.blamesQuery(), now);
        };
    }

    /** What is not in a part of an answer may be in the rest. */
    private String none(Prometheus prometheus, String partial, String why, Instant now) {
        if (partial != null) {
            return failed(
                    "Prometheus at " + prometheus.url() + ": its answer is only a part (" + partial + "), and " + why
                            + ".",
                    false,
                    now);
        }
        rules.forEach(rule -> results.take(rule, new Evaluation.NoData(why, now), null));
        return null;
    }

    private String failed(String why, boolean ofQuery, Instant now) {
        if (!ofQuery) {
            fail(why, now);
            return why;
        }
        fail(rules, null, why, now);
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
