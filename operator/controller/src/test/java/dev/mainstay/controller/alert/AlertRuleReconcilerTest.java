package dev.mainstay.controller.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.alert.AlertRule;
import dev.mainstay.api.alert.AlertRuleStatus;
import dev.mainstay.api.alert.AlertSeverity;
import dev.mainstay.api.alert.NotificationChannel;
import dev.mainstay.api.alert.NotificationKind;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.mode.MaintenanceMode;
import dev.mainstay.api.restore.RestoreRequest;
import dev.mainstay.controller.kube.AnsweringApi;
import dev.mainstay.controller.kube.EventRecorder;
import dev.mainstay.controller.kube.Finalizers;
import dev.mainstay.controller.kube.StatusWriter;
import dev.mainstay.controller.watch.FakeCache;
import dev.mainstay.controller.watch.Wakeups;
import dev.mainstay.core.alert.AlertDecision;
import dev.mainstay.core.alert.AlertMessage;
import dev.mainstay.core.alert.AlertObservation;
import dev.mainstay.core.alert.AlertObstacle;
import dev.mainstay.core.alert.Delivery;
import dev.mainstay.core.alert.Evaluation;
import dev.mainstay.core.status.Reason;
import io.fabric8.kubernetes.client.KubernetesClientException;
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
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** In which order what was decided of a rule is done, and what is not done when it was changed meanwhile. */
class AlertRuleReconcilerTest {

    private static final Instant NOW = Instant.parse("2026-03-29T01:00:00Z");
    private static final String FINALIZER = "PATCH alertrules/errors";
    private static final String STATUS = "PATCH errors/status";
    private static final AlertMessage MESSAGE = new AlertMessage(
            "uid-errors/1/team/1",
            "uid-errors/1",
            "uid-errors",
            "shop",
            "team",
            null,
            NotificationKind.TRIGGER,
            AlertSeverity.WARNING,
            "shop: errors fires",
            "text",
            null,
            Map.of(),
            NOW,
            null);

    @AutoClose
    private final AnsweringApi api = new AnsweringApi();

    private final Wakeups wakeups = new Wakeups();
    private final FakeCache<ManagedApplication> applications = new FakeCache<>();
    private final FakeCache<MaintenanceMode> modes = new FakeCache<>();
    private final FakeCache<NotificationChannel> channels = new FakeCache<>();
    private final List<String> done = new ArrayList<>();
    private AlertObservation seen;
    private AlertDecision decision = decision(firing(1), true, null, MESSAGE);
    private boolean deletedAlready;

    @BeforeEach
    void fill() {
        api.says("GET mainstay.dev/v1alpha1", """
                {"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": "mainstay.dev/v1alpha1", "resources":
                 [{"name": "alertrules", "singularName": "alertrule", "namespaced": true, "kind": "AlertRule",
                   "verbs": ["patch"]}]}
                """);
        // The client reads an object before it patches it.
        api.says("GET alertrules/errors", Serialization.asJson(rule("resourceVersion: '2', finalizers: [%s]", "", "")));
        wakeups.applications(applications);
        wakeups.modes(modes);
        wakeups.restores(new FakeCache<RestoreRequest>());
        wakeups.alerts().rules(new FakeCache<>());
        wakeups.alerts().channels(channels);
        wakeups.cachesAreFilled();
    }

    @Test
    void givenAFirstMessage_whenItIsDecided_thenTheFinalizerComesBeforeTheStatusAndTheStatusBeforeTheMessage() {
        UpdateControl<AlertRule> control = reconcile(rule("", "", ""));

        assertThat(sent()).containsExactly(FINALIZER, STATUS, "handed uid-errors: uid-errors/1/team/1; open: none");
        assertThat(body(STATUS)).contains("\"resourceVersion\":\"2\"").contains("\"state\":\"Firing\"");
        assertThat(control.getScheduleDelay()).isEmpty();
    }

    @Test
    void givenAnAlertThatBeginsOrEnds_whenTheStatusIsWritten_thenAnEventTellsSo() {
        reconcile(rule("", "", ""));
        assertThat(api.events("AlertFiring")).singleElement().asString().contains("Episode 1 fires", "Warning");

        reconcile(rule("finalizers: [%s]", "", "status: {state: Firing, episode: 1}"));
        assertThat(api.events("AlertFiring")).as("nothing has changed").hasSize(1);

        decision = decision(Serialization.unmarshal("""
                        state: Inactive
                        episode: 1
                        lastResolved: {episode: 1, reason: Recovered, firingSince: "2026-03-29T00:00:00Z", at: "2026-03-29T01:00:00Z"}
                        """, AlertRuleStatus.class), true, null);
        reconcile(rule("finalizers: [%s]", "", "status: {state: Firing, episode: 1}"));
        assertThat(api.events("AlertResolved")).singleElement().asString().contains("Recovered", "Normal");
    }

    @Test
    void givenAnAlertThatBegins_whenTheStatusIsNotWritten_thenNothingIsToldOfIt() {
        api.refuses(STATUS, 409, "the object has been modified");

        reconcile(rule("finalizers: [%s]", "", ""));

        assertThat(api.events("AlertFiring")).isEmpty();
    }

    @Test
    void givenTheFinalizerAlready_whenAMessageIsDecided_thenTheStatusIsWrittenOverTheVersionThatWasSeen() {
        reconcile(rule("finalizers: [%s]", "", ""));

        assertThat(sent()).containsExactly(STATUS, "handed uid-errors: uid-errors/1/team/1; open: none");
        assertThat(body(STATUS)).contains("\"resourceVersion\":\"1\"");
    }

    @ParameterizedTest
    @CsvSource({FINALIZER, STATUS})
    void givenARuleThatWasChangedMeanwhile_whenItIsWritten_thenNothingIsHandedOverAndItIsLookedAtAgain(String refused) {
        api.refuses(refused, 409, "the object has been modified");

        UpdateControl<AlertRule> control = reconcile(rule("", "", ""));

        assertThat(sent()).last().isEqualTo(refused);
        assertThat(delay(control)).isEqualTo(StatusWriter.LOOK_AGAIN);
    }

    /** VictoriaMetrics/VictoriaMetrics pull request 10376: people hear of an alert though nothing can be noted. */
    @ParameterizedTest
    @CsvSource({FINALIZER, STATUS})
    void givenAnApiServerThatWritesNothing_whenAnAlertFires_thenItIsToldAndRememberedUntilItIsWritten(String refused) {
        String firing = "handed uid-errors: uid-errors/1/team/1; open: none";
        api.refuses(refused, 500, "etcdserver: mvcc: database space exceeded");
        AlertRuleReconciler reconciler = reconciler(wakeups);
        AlertRule rule = rule(refused.equals(STATUS) ? "finalizers: [%s]" : "", "", "");

        assertThatThrownBy(() -> reconciler.reconcile(rule, context())).isInstanceOf(KubernetesClientException.class);
        assertThat(sent()).last().isEqualTo(firing);
        assertThatThrownBy(() -> reconciler.reconcile(rule, context())).isInstanceOf(KubernetesClientException.class);
        assertThat(seen.rule().getStatus()).isEqualTo(firing(1));
        assertThat(rule.getStatus()).isNull();

        api.answers(refused);
        reconciler.reconcile(rule, context());
        assertThat(sent()).endsWith(STATUS, firing);
        reconciler.reconcile(rule, context());
        assertThat(seen.rule()).isSameAs(rule);
    }

    /** The message may have been taken and be known no more: it would arrive a second time. */
    @Test
    void givenACacheThatIsBehind_whenTheNextPassSeesTheVersionBefore_thenNothingIsHandedOver() {
        api.says("PATCH errors/status", "{\"metadata\": {\"name\": \"errors\", \"resourceVersion\": \"3\"}}");
        AlertRuleReconciler reconciler = reconciler(wakeups);
        AlertRule before = rule("finalizers: [%s]", "", "");
        reconciler.reconcile(before, context());
        assertThat(sent()).hasSize(2);

        UpdateControl<AlertRule> control = reconciler.reconcile(before, context());
        assertThat(sent()).hasSize(2);
        assertThat(delay(control)).isEqualTo(StatusWriter.LOOK_AGAIN);

        reconciler.reconcile(
                rule("resourceVersion: '3', finalizers: [%s]", "", "status: {state: Firing, episode: 1}"), context());
        assertThat(sent()).hasSize(3);
    }

    @Test
    void givenAStatusThatWasNotWritten_whenTheRuleWasChangedMeanwhile_thenItIsJudgedByWhatStandsThere() {
        api.refuses(STATUS, 500, "etcdserver: mvcc: database space exceeded");
        AlertRuleReconciler reconciler = reconciler(wakeups);
        assertThatThrownBy(() -> reconciler.reconcile(rule("finalizers: [%s]", "", ""), context()))
                .isInstanceOf(KubernetesClientException.class);

        AlertRule changed = rule("resourceVersion: '3', finalizers: [%s]", "", "");
        assertThatThrownBy(() -> reconciler.reconcile(changed, context()))
                .isInstanceOf(KubernetesClientException.class);

        assertThat(seen.rule()).isSameAs(changed);
    }

    @Test
    void givenAStatusThatIsRightAlready_whenThePassIsMade_thenNothingIsWrittenAndMessagesAreHandedOver() {
        reconcile(rule("finalizers: [%s]", "", "status: {state: Firing, episode: 1}"));

        assertThat(sent()).containsExactly("handed uid-errors: uid-errors/1/team/1; open: none");
    }

    @Test
    void givenAnAlertThatChannelsKnowTheEndOf_whenTheStatusIsWritten_thenTheFinalizerGoesInTheNextPass() {
        decision = decision(firing(2), false, null);

        UpdateControl<AlertRule> control =
                reconcile(rule("finalizers: [%s]", "", "status: {state: Firing, episode: 1}"));
        assertThat(sent()).containsExactly(STATUS, "handed uid-errors: ; open: none");
        assertThat(delay(control)).isEqualTo(StatusWriter.LOOK_AGAIN);

        done.clear();
        reconcile(rule("finalizers: [other, %s]", "", "status: {state: Firing, episode: 2}"));
        assertThat(sent()).containsSubsequence("handed uid-errors: ; open: none", FINALIZER);
        assertThat(body(FINALIZER)).contains("\"finalizers\":[\"other\"]");
    }

    @Test
    void givenARuleThatIsDeletedWithAnOpenAlert_whenThePassIsMade_thenNothingIsMeasuredAndTheEndIsHandedOver() {
        decision = decision(firing(2), true, NOW.plusSeconds(60), MESSAGE);

        UpdateControl<AlertRule> control = reconcile(deleting("", "status: {state: Firing, episode: 1}"));

        assertThat(sent()).containsExactly("forgot", STATUS, "handed uid-errors: uid-errors/1/team/1; open: none");
        assertThat(seen.query()).isNull();
        assertThat(seen.evaluation()).isNull();
        assertThat(delay(control)).isEqualTo(Duration.ofSeconds(60));
    }

    @Test
    void givenARuleThatIsDeleted_whenNothingIsOpenAnyMore_thenItGoes() {
        decision = decision(firing(2), false, null);

        reconcile(deleting("", "status: {state: Firing, episode: 1}"));

        assertThat(sent()).containsExactly("forgot", "handed uid-errors: ; open: none", FINALIZER);
        assertThat(body(FINALIZER)).contains("\"finalizers\":[]");
    }

    @Test
    void givenARuleThatOthersHold_whenItIsDeletedWithoutOurFinalizer_thenItIsForgotten() {
        reconcile(rule("deletionTimestamp: '2026-03-29T00:59:00Z', finalizers: [other]", "", ""));

        assertThat(sent()).contains("forgot", "handed uid-errors: ; open: none").doesNotContain(STATUS, FINALIZER);
        assertThat(seen).isNull();
    }

    @Test
    void givenARuleThatIsGone_whenThatIsSeen_thenItIsForgottenAndItsMessagesAreDropped() {
        deletedAlready = true;

        reconcile(rule("", "", ""));

        assertThat(sent()).containsExactly("forgot", "handed uid-errors: ; open: none");
        assertThat(seen).isNull();
    }

    @Test
    void givenForceRelease_whenTheRuleIsDeleted_thenItGoesAndTellsWhoIsLeftBehind() {
        reconcile(
                deleting(
                        "annotations: {mainstay.dev/force-release: 'true'}",
                        "status: {notifications: [{channel: team, kind: Trigger, state: Sent, triggeredAt: '2026-03-29T00:00:00Z'}]}"));

        assertThat(sent()).contains(FINALIZER).doesNotContain(STATUS);
        assertThat(api.events("Cancelled"))
                .singleElement()
                .asString()
                .contains("not told that its alert is over: team");
    }

    @Test
    void givenAStatusOfALaterVersion_whenThePassIsMade_thenItIsLeftAloneUntilItIsDeleted() {
        AlertRule later = rule("finalizers: [%s]", "", "");
        later.markUnreadableStatus("state: it is a list");
        reconcile(later);
        assertThat(sent()).isEmpty();

        AlertRule gone = deleting("", "");
        gone.markUnreadableStatus("state: it is a list");
        reconcile(gone);
        assertThat(sent()).contains(FINALIZER).doesNotContain(STATUS);
        assertThat(api.events("Cancelled")).singleElement().asString().contains("can't be read by this version");
    }

    @Test
    void givenAnApplicationOfAnotherRelease_whenThePassIsMade_thenTheRuleIsLeftToIt() {
        reconcile(rule("", "other", ""));

        assertThat(sent()).containsExactly("forgot", "handed uid-errors: ; open: none");
        assertThat(seen).isNull();
    }

    @Test
    void givenCachesThatAreNotFilled_whenThePassIsMade_thenNothingIsDecided() {
        Wakeups filling = new Wakeups();
        filling.alerts().rules(new FakeCache<>());

        UpdateControl<AlertRule> control = reconciler(filling).reconcile(rule("", "", ""), context());

        assertThat(seen).isNull();
        assertThat(delay(control)).isEqualTo(Wakeups.FILLING);
    }

    @Test
    void givenTheCaches_whenARuleIsObserved_thenApplicationChannelsMuteAndWhatIsMeasuredAreSeen() {
        applications.put(
                Serialization.unmarshal("metadata: {name: shop, namespace: shop}\nspec: {}", ManagedApplication.class));
        channels.put(Serialization.unmarshal(
                "metadata: {name: team, namespace: shop, uid: u}\nspec: {}", NotificationChannel.class));
        modes.put(Serialization.unmarshal("""
                metadata: {name: night, namespace: shop}
                spec: {applicationRef: {name: shop}, reason: x, until: "2026-03-29T02:00:00Z"}
                status: {phase: Active}
                """, MaintenanceMode.class));

        reconcile(rule("", "", ""));

        assertThat(seen.application()).isNotNull();
        assertThat(seen.channels()).containsOnlyKeys("team");
        assertThat(seen.mute().by()).isEqualTo("MaintenanceMode night");
        assertThat(seen.mute().until()).isEqualTo("2026-03-29T02:00:00Z");
        assertThat(seen.query()).isEqualTo("up");
        assertThat(seen.obstacle().reason()).isEqualTo(Reason.INVALID_SPEC);
        assertThat(seen.evaluation()).isInstanceOf(Evaluation.NoData.class);
        assertThat(seen.deliveries()).containsOnlyKeys("a");
    }

    @ParameterizedTest
    @CsvSource({"2026-03-29T01:00:00.300Z, PT0.3S", "2026-03-29T01:00:00Z, PT1S", "2026-03-29T00:00:00Z, PT1S"})
    void givenWhenToLookAgain_whenThatIsPast_thenTheProcessIsNotKeptBusy(Instant then, Duration expected) {
        decision = decision(firing(1), true, then);

        assertThat(delay(reconcile(rule("", "", "")))).isEqualTo(expected);
    }

    private UpdateControl<AlertRule> reconcile(AlertRule rule) {
        return reconciler(wakeups).reconcile(rule, context());
    }

    private AlertRuleReconciler reconciler(Wakeups known) {
        Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
        return new AlertRuleReconciler(
                new Measured(),
                new Noted(),
                new AlertMutes(known),
                (namespace, application) -> application.equals("other") ? Optional.of("b/c") : Optional.empty(),
                new Finalizers(api.client()),
                new StatusWriter(api.client()),
                new EventRecorder(api.client(), "operator-1", clock),
                known,
                clock,
                (observation, now) -> {
                    seen = observation;
                    return decision;
                },
                (observed, status) -> {},
                gone -> {});
    }

    @SuppressWarnings("unchecked")
    private Context<AlertRule> context() {
        return (Context<AlertRule>) Proxy.newProxyInstance(
                Context.class.getClassLoader(),
                new Class<?>[] {Context.class},
                (self, method, arguments) -> deletedAlready);
    }

    /** What was asked of others, in its order: the API server notes by itself what it was sent. */
    private List<String> sent() {
        note();
        return done.stream().filter(what -> !what.endsWith("/events")).toList();
    }

    private int noted;

    private void note() {
        List<AnsweringApi.Sent> all = api.sent();
        all.subList(noted, all.size()).forEach(one -> done.add(one.what()));
        noted = all.size();
    }

    private String body(String what) {
        return api.sent().stream()
                .filter(one -> one.what().equals(what))
                .toList()
                .getLast()
                .body();
    }

    private static Duration delay(UpdateControl<AlertRule> control) {
        return Duration.ofMillis(control.getScheduleDelay().orElseThrow());
    }

    private static AlertRule deleting(String metadata, String status) {
        return rule(
                "deletionTimestamp: '2026-03-29T00:59:00Z', finalizers: [%s]"
                        + (metadata.isEmpty() ? "" : ", " + metadata),
                "",
                status);
    }

    /** @param metadata with %s for our finalizer */
    private static AlertRule rule(String metadata, String application, String status) {
        String more = metadata.formatted(Annotations.ALERT_FINALIZER);
        return Serialization.unmarshal(
                """
                apiVersion: mainstay.dev/v1alpha1
                kind: AlertRule
                metadata: {name: errors, namespace: shop, uid: uid-errors, generation: 1%s%s}
                spec: {applicationRef: {name: %s}, metric: HealthCheck}
                %s
                """.formatted(
                                more.contains("resourceVersion") ? "" : ", resourceVersion: '1'",
                                more.isEmpty() ? "" : ", " + more,
                                application.isEmpty() ? "shop" : application,
                                status),
                AlertRule.class);
    }

    private static AlertRuleStatus firing(long episode) {
        return Serialization.unmarshal("state: Firing\nepisode: %d".formatted(episode), AlertRuleStatus.class);
    }

    private static AlertDecision decision(
            AlertRuleStatus status, boolean finalizer, Instant wakeUp, AlertMessage... sent) {
        return new AlertDecision(status, List.of(sent), List.of(), finalizer, wakeUp);
    }

    private final class Measured implements Evaluations {

        @Override
        public Known of(AlertRule rule, ManagedApplication application) {
            return new Known(
                    Optional.of("up"),
                    Optional.of(new AlertObstacle(Reason.INVALID_SPEC, "why")),
                    Optional.of(new Evaluation.NoData("nothing came", NOW)));
        }

        @Override
        public void forget(AlertRule rule) {
            done.add("forgot");
        }
    }

    private final class Noted implements Outbox {

        @Override
        public Map<String, Delivery> deliveries(String ownerUid) {
            return Map.of("a", new Delivery.Waiting());
        }

        @Override
        public void hand(String ownerUid, List<AlertMessage> messages, List<AlertMessage> open) {
            note();
            done.add("handed " + ownerUid + ": "
                    + String.join(",", messages.stream().map(AlertMessage::key).toList())
                    + "; open: " + (open.isEmpty() ? "none" : open.size()));
        }
    }
}
