package dev.mainstay.controller.alert;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.alert.AlertRule;
import dev.mainstay.api.alert.NotificationChannel;
import dev.mainstay.api.alert.NotificationChannelStatus;
import dev.mainstay.controller.kube.AnsweringApi;
import dev.mainstay.controller.kube.EventRecorder;
import dev.mainstay.controller.kube.OwnUser;
import dev.mainstay.controller.kube.Secrets;
import dev.mainstay.controller.kube.StatusWriter;
import dev.mainstay.controller.watch.FakeCache;
import dev.mainstay.controller.watch.Wakeups;
import dev.mainstay.core.alert.AlertMessage;
import dev.mainstay.core.alert.ChannelDecision;
import dev.mainstay.core.alert.ChannelObservation;
import dev.mainstay.core.alert.ChannelObservation.SourceTrouble;
import dev.mainstay.core.alert.Delivery;
import dev.mainstay.core.status.Reason;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is seen of a channel, and in which order what was decided of it is done. */
class NotificationChannelReconcilerTest {

    private static final Instant NOW = Instant.parse("2026-03-29T01:00:00Z");
    private static final String STATUS = "PATCH team/status";
    private static final String SECRET =
            "{\"apiVersion\": \"v1\", \"kind\": \"Secret\", \"metadata\": {\"name\": \"slack\"}, \"data\": {\"url\": \"aHR0cA==\"}}";

    @AutoClose
    private final AnsweringApi api = new AnsweringApi();

    private final Wakeups wakeups = new Wakeups();
    private final FakeCache<AlertRule> rules = new FakeCache<>();
    private final FakeCache<NotificationChannel> channels = new FakeCache<>();
    private final List<String> handed = new ArrayList<>();
    private ChannelObservation seen;
    private Instant wakeUp;
    private boolean gone;

    @BeforeEach
    void fill() {
        api.says("GET mainstay.dev/v1alpha1", """
                {"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": "mainstay.dev/v1alpha1", "resources":
                 [{"name": "notificationchannels", "singularName": "notificationchannel", "namespaced": true,
                   "kind": "NotificationChannel", "verbs": ["patch"]}]}
                """);
        api.says(
                "POST v1/selfsubjectreviews",
                "{\"status\": {\"userInfo\": {\"username\": \"system:serviceaccount:mainstay:mainstay\"}}}");
        wakeups.alerts().rules(rules);
        wakeups.alerts().channels(channels);
        wakeups.cachesAreFilled();
    }

    @Test
    void givenASecretThatIsThere_whenAChannelIsSeen_thenNothingIsInTheWay() {
        api.says("GET secrets/slack", SECRET);

        UpdateControl<NotificationChannel> control = reconcile(team(""));

        assertThat(seen.obstacle()).isNull();
        assertThat(control.getScheduleDelay()).isEmpty();
        assertThat(api.sent()).extracting(AnsweringApi.Sent::what).containsExactly(STATUS);
        assertThat(handed).containsExactly("uid-team after 1 writes");
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {"-, PT30S", "2026-03-29T01:00:10Z, PT10S", "2026-03-29T02:00:00Z, PT30S"})
    void givenASecretThatIsNotThere_whenAChannelIsSeen_thenItIsLookedForAgainSoon(Instant decided, Duration expected) {
        wakeUp = decided;

        UpdateControl<NotificationChannel> control = reconcile(team(""));

        assertThat(seen.obstacle().reason()).isEqualTo(Reason.CREDENTIALS_MISSING);
        assertThat(delay(control)).isEqualTo(expected);
    }

    @Test
    void givenASecretThatMayNotBeRead_whenAChannelIsSeen_thenTheCommandNamesTheOperatorsAccount() {
        api.refuses("GET secrets/slack", 403, "secrets is forbidden");

        reconcile(team(""));

        assertThat(seen.obstacle().reason()).isEqualTo(Reason.FORBIDDEN);
        assertThat(seen.obstacle().message()).contains("--serviceaccount=mainstay:mainstay");
    }

    @Test
    void givenFallbackFailingRulesAndSources_whenAChannelIsSeen_thenTheyAreSeen() {
        channels.put(channel("on-call", "", ""));
        rules.put(rule("later", "2026-03-29T00:30:00Z"));
        rules.put(rule("first", "2026-03-29T00:10:00Z"));

        reconcile(team(", fallback: {channel: on-call}"));

        assertThat(seen.channels()).containsOnlyKeys("on-call");
        assertThat(seen.failing()).extracting(SourceTrouble::source).containsExactly("http://prometheus");
        assertThat(seen.trouble())
                .isEqualTo(new Delivery.Failing(
                        Instant.parse("2026-03-29T00:10:00Z"), Reason.CONNECTION_FAILED, "It does not answer."));
        assertThat(seen.deliveries()).containsOnlyKeys("test");
    }

    @Test
    void givenAChannelThatWasChangedMeanwhile_whenItsStatusIsWritten_thenNothingIsHandedOver() {
        api.refuses(STATUS, 409, "the object has been modified");

        UpdateControl<NotificationChannel> control = reconcile(team(""));

        assertThat(handed).isEmpty();
        assertThat(delay(control)).isEqualTo(StatusWriter.LOOK_AGAIN);
    }

    @Test
    void givenAChannelThatIsGone_whenThatIsSeen_thenItsMessagesAreDropped() {
        gone = true;

        reconcile(team(""));

        assertThat(seen).isNull();
        assertThat(handed).containsExactly("uid-team after 0 writes");
    }

    @Test
    void givenAStatusOfALaterVersion_whenAChannelIsSeen_thenItIsLeftAlone() {
        NotificationChannel later = team("");
        later.markUnreadableStatus("lastTest: it is a list");

        reconcile(later);

        assertThat(seen).isNull();
        assertThat(handed).isEmpty();
    }

    @SuppressWarnings("unchecked")
    private UpdateControl<NotificationChannel> reconcile(NotificationChannel channel) {
        Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
        NotificationChannelStatus status =
                Serialization.unmarshal("lastTest: {value: monday}", NotificationChannelStatus.class);
        return new NotificationChannelReconciler(
                        new Secrets(api.client()),
                        new OwnUser(api.client()),
                        any -> List.of(new SourceTrouble("http://prometheus", NOW, "why", 2)),
                        new Noted(),
                        new StatusWriter(api.client()),
                        new EventRecorder(api.client(), "operator-1", clock),
                        wakeups,
                        clock,
                        (observation, now) -> {
                            seen = observation;
                            return new ChannelDecision(status, List.of(), List.of(), wakeUp);
                        })
                .reconcile(channel, (Context<NotificationChannel>) Proxy.newProxyInstance(
                        Context.class.getClassLoader(),
                        new Class<?>[] {Context.class},
                        (self, method, arguments) -> gone));
    }

    private static Duration delay(UpdateControl<NotificationChannel> control) {
        return Duration.ofMillis(control.getScheduleDelay().orElseThrow());
    }

    private static NotificationChannel team(String more) {
        return channel("team", more, "");
    }

    private static NotificationChannel channel(String name, String more, String status) {
        return Serialization.unmarshal("""
                apiVersion: mainstay.dev/v1alpha1
                kind: NotificationChannel
                metadata: {name: %1$s, namespace: shop, uid: uid-%1$s, generation: 1, resourceVersion: "1"}
                spec: {slack: {urlSecretRef: {name: slack, key: url}}%2$s}
                %3$s
                """.formatted(name, more, status), NotificationChannel.class);
    }

    private static AlertRule rule(String name, String failingSince) {
        return Serialization.unmarshal("""
                metadata: {name: %s, namespace: shop, uid: uid-%1$s}
                spec: {applicationRef: {name: shop}, metric: HealthCheck}
                status:
                  notifications:
                  - channel: team
                    failingSince: "%2$s"
                    failure: {reason: ConnectionFailed, message: It does not answer.}
                  - channel: other
                    failingSince: "2026-03-29T00:00:00Z"
                    failure: {reason: ConnectionFailed, message: Another one.}
                """.formatted(name, failingSince), AlertRule.class);
    }

    private final class Noted implements Outbox {

        @Override
        public Map<String, Delivery> deliveries(String ownerUid) {
            return Map.of("test", new Delivery.Waiting());
        }

        @Override
        public void hand(String ownerUid, List<AlertMessage> messages, List<AlertMessage> open) {
            handed.add(ownerUid + " after "
                    + api.sent().stream()
                            .filter(one -> one.what().equals(STATUS))
                            .count() + " writes");
        }
    }
}
