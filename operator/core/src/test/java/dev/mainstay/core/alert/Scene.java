package dev.mainstay.core.alert;

import dev.mainstay.api.alert.AlertNotification;
import dev.mainstay.api.alert.AlertRule;
import dev.mainstay.api.alert.AlertRuleStatus;
import dev.mainstay.api.alert.AlertState;
import dev.mainstay.api.alert.NotificationChannel;
import dev.mainstay.api.alert.NotificationKind;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.status.Condition;
import dev.mainstay.core.Durations;
import dev.mainstay.core.status.Conditions;
import dev.mainstay.core.status.Reason;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A rule in a namespace with channels, its clock, and what becomes of its messages. */
final class Scene {

    static final Instant START = Instant.parse("2026-03-29T01:00:00Z");
    static final String QUERY = "rate(errors)";

    AlertRule rule;
    ManagedApplication application = application("");
    final Map<String, NotificationChannel> channels = new HashMap<>();
    final Map<String, Delivery> deliveries = new HashMap<>();
    String query = QUERY;
    AlertObstacle obstacle;
    Evaluation evaluation;
    AlertMute mute;
    Instant now = START;
    AlertDecision decision;

    Scene(String spec) {
        rule = Serialization.unmarshal("""
                apiVersion: mainstay.dev/v1alpha1
                kind: AlertRule
                metadata: {name: error-rate, namespace: shop, uid: uid-1, generation: 1, annotations: {}}
                """, AlertRule.class);
        spec(spec);
        channel("ops", "slack: {urlSecretRef: {name: slack, key: url}}");
    }

    /** A rule that fires above 1 %, at once unless more is said, and tells ops. */
    static Scene firingAtOnce(String more) {
        return new Scene("pendingFor: 0s, notify: [{channel: ops}]" + (more.isEmpty() ? "" : ", " + more));
    }

    static Scene pendingFor(String duration) {
        return new Scene("notify: [{channel: ops}], pendingFor: " + duration);
    }

    static ManagedApplication application(String spec) {
        return Serialization.unmarshal(
                "metadata: {name: shop, namespace: shop}\nspec: {" + spec + "}", ManagedApplication.class);
    }

    Scene spec(String more) {
        String base =
                more.contains("metric:") ? "" : "metric: ErrorRate, comparison: GreaterThan, threshold: {percent: 1}, ";
        rule.setSpec(
                Serialization.unmarshal("spec: {applicationRef: {name: shop}, " + base + more + "}", AlertRule.class)
                        .getSpec());
        return this;
    }

    Scene channel(String name, String spec) {
        NotificationChannel channel = Serialization.unmarshal(
                "metadata: {name: " + name + ", namespace: shop, uid: uid-" + name + "}\nspec: {" + spec + "}",
                NotificationChannel.class);
        channels.put(name, channel);
        return this;
    }

    Scene webhook(String name) {
        return channel(name, "webhook: {url: 'https://" + name + ".example.org/hook'}");
    }

    Scene annotated(String key, String value) {
        if (value == null) {
            rule.getMetadata().getAnnotations().remove(key);
        } else {
            rule.getMetadata().getAnnotations().put(key, value);
        }
        return this;
    }

    Scene later(String duration) {
        now = now.plus(Durations.parse(duration));
        return this;
    }

    Scene percent(double percent) {
        evaluation = new Evaluation.Measured(percent / 100, percent + " %", null, now);
        return this;
    }

    Scene partial(double percent) {
        evaluation = new Evaluation.Measured(percent / 100, percent + " %", "1 of 2 answered.", now);
        return this;
    }

    Scene covered(double percent) {
        evaluation = new Evaluation.Measured(
                percent / 100,
                percent + " % (7 of 9 Pods have metrics)",
                null,
                "7 of 9 Pods have metrics: the others have none.",
                now);
        return this;
    }

    Scene noData() {
        evaluation = new Evaluation.NoData("No series.", now);
        return this;
    }

    Scene failed() {
        evaluation = new Evaluation.Failed("http://prometheus", "It does not answer.", now);
        return this;
    }

    Scene muted(String by, Instant until) {
        mute = new AlertMute(by, until);
        return this;
    }

    AlertObservation observation() {
        return new AlertObservation(rule, application, channels, query, obstacle, evaluation, mute, deliveries);
    }

    /** Decides, and writes the status as the API server would give it back. */
    Scene decide() {
        decision = AlertDecider.decide(observation(), now);
        rule.setStatus(Serialization.unmarshal(Serialization.asJson(decision.status()), AlertRuleStatus.class));
        return this;
    }

    /** All messages that are handed over are taken. */
    Scene take() {
        decision.messages().forEach(message -> deliveries.put(message.key(), new Delivery.Taken(now)));
        return decide();
    }

    Scene deliver(String channel, Delivery delivery) {
        decision.messages().stream()
                .filter(message -> message.channel().equals(channel))
                .forEach(message -> deliveries.put(message.key(), delivery));
        return decide();
    }

    Scene failing(String channel) {
        return deliver(channel, new Delivery.Failing(now, Reason.UNREACHABLE, "It can't be reached."));
    }

    /** It was sent, and no answer came back. */
    Scene unanswered(String channel) {
        return deliver(channel, new Delivery.Failing(now, Reason.UNREACHABLE, "It does not answer.", true));
    }

    Scene refused(String channel) {
        return deliver(channel, new Delivery.Refused(now, Reason.FORBIDDEN, "It answered 403."));
    }

    AlertRuleStatus status() {
        return rule.getStatus();
    }

    AlertState state() {
        return status().state();
    }

    List<AlertNotification> lines() {
        return status().notifications();
    }

    AlertNotification line(String channel) {
        return lines().stream()
                .filter(line -> line.channel().equals(channel))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no line of " + channel + " in " + lines()));
    }

    /** What is handed over, such as {@code ops TRIGGER}. */
    List<String> messages() {
        return decision.messages().stream()
                .map(message -> message.channel() + " " + message.kind())
                .toList();
    }

    AlertMessage message(NotificationKind kind) {
        return decision.messages().stream()
                .filter(message -> message.kind() == kind)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + kind + " in " + decision.messages()));
    }

    Condition condition(String type) {
        return Conditions.find(status().conditions(), type).orElseThrow(() -> new AssertionError(type));
    }
}
