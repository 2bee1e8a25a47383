package dev.mainstay.controller.alert;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.SecretKeyReference;
import dev.mainstay.api.alert.AlertRule;
import dev.mainstay.api.alert.NotificationChannel;
import dev.mainstay.api.alert.NotificationKind;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.mode.MaintenanceMode;
import dev.mainstay.api.restore.RestoreRequest;
import dev.mainstay.controller.kube.AnsweringApi;
import dev.mainstay.controller.kube.EventRecorder;
import dev.mainstay.controller.kube.Finalizers;
import dev.mainstay.controller.kube.OwnUser;
import dev.mainstay.controller.kube.Secrets;
import dev.mainstay.controller.kube.StatusWriter;
import dev.mainstay.controller.watch.FakeCache;
import dev.mainstay.controller.watch.Wakeups;
import dev.mainstay.core.alert.AlertDecider;
import dev.mainstay.core.alert.AlertMessage;
import dev.mainstay.core.alert.SendOutcome;
import dev.mainstay.core.metrics.MetricVector;
import dev.mainstay.core.task.TaskJson;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What a cache returned, and what several are told, is as it was before: it is shared with all who look at it (Flagger added its
 * Authorization to the headers of a cached object at each run; VictoriaMetrics issue 8040 and prometheus/prometheus issue 17063
 * are alerts that one receiver changed for the others).
 */
class UnchangedObjectsTest {

    @AutoClose
    private final AnsweringApi api = new AnsweringApi();

    private final HandClock clock = new HandClock();
    private final FakeSources sources = new FakeSources();
    private final AlertSampler sampler =
            new AlertSampler(sources, true, AlertSides::mayChange, _ -> {}, clock, Runnable::run);
    private final List<AlertMessage> handed = new CopyOnWriteArrayList<>();
    private final HandTurnedTime time = new HandTurnedTime();

    @AutoClose
    private final NotificationOutbox outbox = new NotificationOutbox(
            (messages, _) -> {
                handed.addAll(messages);
                return new SendOutcome.Taken();
            },
            time,
            () -> 1,
            Runnable::run,
            _ -> {},
            () -> {});

    private final Wakeups wakeups = new Wakeups();
    private final List<HasMetadata> cached = new ArrayList<>();
    private final AlertRule rule = Serialization.unmarshal("""
            apiVersion: mainstay.dev/v1alpha1
            kind: AlertRule
            metadata:
              name: errors
              namespace: shop
              uid: uid-errors
              generation: 3
              resourceVersion: "1"
              labels: {team: shop}
              annotations: {mainstay.dev/acknowledge: 3@bob, other: x}
              finalizers: [other]
            spec:
              applicationRef: {name: shop}
              metric: ErrorRate
              comparison: GreaterThan
              threshold: {percent: 1}
              pendingFor: 0s
              notify: [{channel: team}, {channel: hook}]
              repeatInterval: 1m
            status:
              state: Firing
              episode: 3
              activeSince: "2026-02-28T12:00:00Z"
              firingSince: "2026-02-28T12:00:00Z"
              valueAtTransition: 2 %
              conditions:
              - {type: Ready, status: "True", reason: Ready, message: x, lastTransitionTime: "2026-02-28T12:00:00Z"}
              notifications:
              - channel: team
                episode: 3
                number: 1
                firingSince: "2026-02-28T12:00:00Z"
                since: "2026-02-28T12:00:00Z"
                sentAt: "2026-02-28T12:00:00Z"
                destination: {slack: {urlSecretRef: {name: slack, key: url}}}
                kind: Trigger
                state: Sent
                triggeredAt: "2026-02-28T12:00:00Z"
            """, AlertRule.class);

    @BeforeEach
    void fill() {
        api.says("GET mainstay.dev/v1alpha1", """
                {"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": "mainstay.dev/v1alpha1", "resources":
                 [{"name": "alertrules", "singularName": "alertrule", "namespaced": true, "kind": "AlertRule",
                   "verbs": ["patch"]},
                  {"name": "notificationchannels", "singularName": "notificationchannel", "namespaced": true,
                   "kind": "NotificationChannel", "verbs": ["patch"]}]}
                """);
        api.says(
                "POST v1/selfsubjectreviews",
                "{\"status\": {\"userInfo\": {\"username\": \"system:serviceaccount:mainstay:mainstay\"}}}");
        AlertRule later = Serialization.clone(rule);
        later.getMetadata().setResourceVersion("2");
        later.getMetadata().setFinalizers(List.of("other", "mainstay.dev/alert"));
        api.says("GET alertrules/errors", Serialization.asJson(later));
        FakeCache<ManagedApplication> applications = new FakeCache<>();
        FakeCache<NotificationChannel> channels = new FakeCache<>();
        FakeCache<AlertRule> rules = new FakeCache<>();
        wakeups.applications(applications);
        wakeups.modes(new FakeCache<MaintenanceMode>());
        wakeups.restores(new FakeCache<RestoreRequest>());
        wakeups.alerts().rules(rules);
        wakeups.alerts().channels(channels);
        wakeups.cachesAreFilled();
        cached.add(rules.put(rule));
        cached.add(applications.put(Serialization.unmarshal("""
                apiVersion: mainstay.dev/v1alpha1
                kind: ManagedApplication
                metadata: {name: shop, namespace: shop, uid: uid-shop, labels: {a: b}, annotations: {c: d}}
                spec:
                  workloads: [{kind: Deployment, name: web}]
                  metrics:
                    prometheus: {url: "http://prometheus:9090", timeout: 90s}
                    labels: {namespace: shop, job: shop}
                  notify: [{channel: team, minSeverity: info}]
                status: {conditions: []}
                """, ManagedApplication.class)));
        cached.add(channels.put(
                channel("team", "slack: {urlSecretRef: {name: slack, key: url}}, fallback: {channel: hook}")));
        cached.add(channels.put(channel("hook", "webhook: {url: 'https://example.org/hook', maxAlerts: 5}")));
    }

    @Test
    void givenObjectsOfTheCaches_whenARuleIsMeasuredDecidedAndTold_thenTheyAreAsTheyWere() {
        List<String> before = json();
        for (double failed : new double[] {50, 0, 50, Double.POSITIVE_INFINITY}) {
            sources.vectors = _ -> new MetricVector.Found(
                    List.of(
                            new MetricVector.Series(
                                    Map.of("job", "shop", "namespace", "shop", "mainstay_part", "all"), 1000),
                            new MetricVector.Series(
                                    Map.of("job", "shop", "namespace", "shop", "mainstay_part", "of_them"), failed)),
                    null);
            for (int half = 0; half < 120; half++) {
                clock.move(Duration.ofMillis(500));
                sampler.tick();
            }
            reconcile();
            time.turn(Duration.ofMinutes(1));
            assertThat(json()).isEqualTo(before);
        }

        assertThat(sources.asked).isNotEmpty();
        assertThat(api.sent()).extracting(AnsweringApi.Sent::what).contains("PATCH errors/status");
        assertThat(handed).extracting(AlertMessage::channel).contains("team", "hook");
    }

    @Test
    void givenObjectsOfTheCaches_whenTheChannelsAreDecided_thenTheyAreAsTheyWere() {
        List<String> before = json();

        for (HasMetadata object : cached) {
            if (object instanceof NotificationChannel channel) {
                reconcile(channel);
            }
        }

        assertThat(json()).isEqualTo(before);
        assertThat(api.sent()).extracting(AnsweringApi.Sent::what).contains("PATCH team/status", "PATCH hook/status");
    }

    /** Each of them gets what it would get alone, whoever was told before. */
    @Test
    void givenAMessage_whenSeveralReceiversAreTold_thenItIsTheSameForEach() throws Exception {
        TestSecrets secrets = new TestSecrets().put(new SecretKeyReference("hook", "token"), "Bearer abc");
        Map<String, String> labels = new HashMap<>(Map.of("alertname", "errors", "namespace", "shop"));
        try (ReceiverServer receiver = new ReceiverServer();
                HttpSender sender = new HttpSender(
                        secrets,
                        Clock.fixed(HandTurnedTime.BEGINNING, ZoneOffset.UTC),
                        Duration.ofSeconds(10),
                        cut -> {})) {
            secrets.put(new SecretKeyReference("slack", "url"), receiver.url() + "/slack");
            List<AlertMessage> messages = Stream.of(
                            AlertMessages.slack("slack"),
                            AlertMessages.webhook(receiver.url() + "/hook"),
                            AlertMessages.alertmanager(receiver.url()))
                    .map(to -> labelled(AlertMessages.of("errors", NotificationKind.TRIGGER, to), labels))
                    .toList();
            String before = TaskJson.mapper().writeValueAsString(messages);
            labels.put("by", "another");

            for (int round = 0; round < 2; round++) {
                for (AlertMessage message : messages) {
                    assertThat(sender.send(List.of(message), 0)).isEqualTo(new SendOutcome.Taken());
                    assertThat(TaskJson.mapper().writeValueAsString(messages)).isEqualTo(before);
                }
            }

            List<ReceiverServer.Seen> seen = receiver.seen();
            assertThat(seen).hasSize(6);
            assertThat(seen.subList(3, 6)).isEqualTo(seen.subList(0, 3));
            assertThat(seen).noneMatch(one -> one.body().contains("another"));
        }
    }

    private static AlertMessage labelled(AlertMessage message, Map<String, String> labels) {
        return new AlertMessage(
                message.key(),
                message.dedupKey(),
                message.ownerUid(),
                message.namespace(),
                message.channel(),
                message.destination(),
                message.kind(),
                message.severity(),
                message.title(),
                message.text(),
                message.runbookUrl(),
                labels,
                message.startsAt(),
                message.endsAt());
    }

    private List<String> json() {
        return cached.stream().map(Serialization::asJson).toList();
    }

    private void reconcile() {
        new AlertRuleReconciler(
                        sampler,
                        outbox,
                        new AlertMutes(wakeups),
                        (_, _) -> Optional.empty(),
                        new Finalizers(api.client()),
                        new StatusWriter(api.client()),
                        new EventRecorder(api.client(), "operator-1", clock),
                        wakeups,
                        clock,
                        AlertDecider::decide,
                        (_, _) -> {},
                        _ -> {})
                .reconcile(rule, context());
    }

    private void reconcile(NotificationChannel channel) {
        new NotificationChannelReconciler(
                        new Secrets(api.client()),
                        new OwnUser(api.client()),
                        _ -> List.of(),
                        outbox,
                        new StatusWriter(api.client()),
                        new EventRecorder(api.client(), "operator-1", clock),
                        wakeups,
                        clock)
                .reconcile(channel, context());
    }

    @SuppressWarnings("unchecked")
    private static <T extends HasMetadata> Context<T> context() {
        return (Context<T>) Proxy.newProxyInstance(
                Context.class.getClassLoader(), new Class<?>[] {Context.class}, (self, method, arguments) -> false);
    }

    private static NotificationChannel channel(String name, String spec) {
        return Serialization.unmarshal("""
                apiVersion: mainstay.dev/v1alpha1
                kind: NotificationChannel
                metadata:
                  name: %1$s
                  namespace: shop
                  uid: uid-%1$s
                  generation: 1
                  resourceVersion: "1"
                  annotations: {mainstay.dev/test-send: monday}
                spec: {%2$s}
                """.formatted(name, spec), NotificationChannel.class);
    }
}
