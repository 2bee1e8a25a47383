package dev.mainstay.core.alert;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.alert.AlertNotification;
import dev.mainstay.api.alert.NotificationKind;
import dev.mainstay.api.alert.NotificationState;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AlertLedgerTest {

    private static Scene fires() {
        return Scene.firingAtOnce("").percent(2).decide();
    }

    private static Scene told() {
        return fires().take();
    }

    private static Scene recovers(Scene scene) {
        return scene.later("1m").percent(0.1).decide();
    }

    @Test
    void givenAnAlertThatFires_whenItIsDecided_thenTheLineIsWrittenAndTheMessageIsTheSameEachTime() {
        Scene scene = fires();
        AlertMessage first = scene.message(NotificationKind.TRIGGER);

        assertThat(scene.line("ops").state()).isEqualTo(NotificationState.SENDING);
        assertThat(scene.line("ops").triggeredAt()).isNull();
        assertThat(first.dedupKey()).isEqualTo("uid-1/1");
        assertThat(first.key()).startsWith("uid-1/1/ops/").contains("/trigger/1/");
        // The operator dies before or after the message was taken: the same message, once more.
        assertThat(scene.later("20s").percent(3).decide().message(NotificationKind.TRIGGER))
                .isEqualTo(first);
        assertThat(scene.decision.finalizer()).isTrue();
    }

    @Test
    void givenAMessageThatIsTaken_whenTheAlertEnds_thenItsEndIsToldOnceAndTheLineGoes() {
        Scene scene = told();
        assertThat(scene.messages()).isEmpty();
        assertThat(scene.line("ops").triggeredAt()).isEqualTo(scene.now);
        assertThat(scene.decision.open()).hasSize(1);

        recovers(scene);
        assertThat(scene.messages()).containsExactly("ops RESOLVE");
        assertThat(scene.decision.open()).isEmpty();
        assertThat(scene.message(NotificationKind.RESOLVE).endsAt()).isEqualTo(scene.now);
        assertThat(scene.message(NotificationKind.RESOLVE).startsAt()).isEqualTo(Scene.START);

        scene.take();
        assertThat(scene.lines()).isEmpty();
        assertThat(scene.messages()).isEmpty();
        assertThat(scene.decision.finalizer()).isFalse();
    }

    /** By its labels a receiver knows which alert is over. */
    @ParameterizedTest
    @ValueSource(
            strings = {"severity: critical", "metric: RequestRate, comparison: GreaterThan, threshold: {value: 7}"})
    void givenAnAlertThatWasTold_whenItsRuleIsEditedAndItEnds_thenItsEndHasTheLabelsOfItsBeginning(String edit) {
        Scene scene = fires();
        Map<String, String> labels = scene.message(NotificationKind.TRIGGER).labels();
        String title = scene.message(NotificationKind.TRIGGER).title().replace(" fires", "");
        scene.take();

        scene.rule.getMetadata().setGeneration(2L);
        scene.spec("pendingFor: 0s, notify: [{channel: ops}], " + edit);
        recovers(scene);

        assertThat(scene.message(NotificationKind.RESOLVE).labels()).isEqualTo(labels);
        assertThat(scene.message(NotificationKind.RESOLVE).title()).startsWith(title);
    }

    @Test
    void givenAnAlertThatWasTold_whenItsRuleCanNotBeReadAnyMore_thenWhatIsOpenHasTheLabelsOfItsBeginning() {
        Scene scene = fires();
        Map<String, String> labels = scene.message(NotificationKind.TRIGGER).labels();
        scene.take();

        scene.rule.setSpec(null);
        scene.decide();

        assertThat(scene.decision.open()).extracting(AlertMessage::labels).containsOnly(labels);
    }

    /** prometheus/alertmanager issue 878: no end of what nobody was told. */
    @ParameterizedTest
    @CsvSource({"FAILING", "REFUSED"})
    void givenAMessageThatWasNotTaken_whenTheAlertEnds_thenNothingIsTold(NotificationState state) {
        Scene scene = fires();
        scene = state == NotificationState.FAILING ? scene.failing("ops") : scene.refused("ops");
        assertThat(scene.line("ops").state()).isEqualTo(state);

        recovers(scene);

        assertThat(scene.lines()).isEmpty();
        assertThat(scene.messages()).isEmpty();
    }

    @Test
    void givenAMessageThatIsBeingSent_whenTheAlertEnds_thenItIsWaitedForAndItsEndToldAfterIt() {
        Scene scene = fires();
        AlertMessage trigger = scene.message(NotificationKind.TRIGGER);

        recovers(scene);
        assertThat(scene.decision.messages()).containsExactly(trigger);
        scene.take();
        assertThat(scene.messages()).containsExactly("ops RESOLVE");
        assertThat(scene.take().lines()).isEmpty();
    }

    @Test
    void givenAMessageThatIsBeingSentWhenTheAlertEnds_whenItIsNotTaken_thenItIsGivenUp() {
        Scene scene = recovers(fires());

        assertThat(scene.failing("ops").lines()).isEmpty();
    }

    /** prometheus/alertmanager issue 2657: a receiver that is slow has taken it nevertheless. */
    @Test
    void givenAMessageThatWasNotAnswered_whenTheAlertEnds_thenTheEndIsToldThoughTheNextAttemptFoundNobody() {
        Scene scene = fires().unanswered("ops").failing("ops");
        assertThat(scene.line("ops").unansweredAt()).isNotNull();
        assertThat(scene.line("ops").triggeredAt()).isNull();

        recovers(scene);

        assertThat(scene.messages()).containsExactly("ops RESOLVE");
        assertThat(scene.take().lines()).isEmpty();
    }

    @Test
    void givenAMessageThatIsTriedOnceMore_whenTheAlertEndsMeanwhile_thenItIsWaitedForAndItsEndToldAfterIt() {
        Scene scene = fires().failing("ops");
        scene.deliver("ops", new Delivery.Waiting());
        assertThat(scene.line("ops").state()).isEqualTo(NotificationState.FAILING);

        recovers(scene);
        assertThat(scene.messages()).containsExactly("ops TRIGGER");

        assertThat(scene.take().messages()).containsExactly("ops RESOLVE");
    }

    @Test
    void givenAMessageThatIsBeingSentWhenTheAlertEnds_whenNoAnswerComes_thenTheEndIsTold() {
        Scene scene = recovers(fires()).unanswered("ops");

        assertThat(scene.messages()).containsExactly("ops RESOLVE");
    }

    /** freepik-company/searchruler pull request 18: whoever is not told any more is told that it is over. */
    @Test
    void givenAChannelThatTheRuleNamesNoMore_whenTheAlertFires_thenItIsToldTheEndThereAndNoMore() {
        Scene scene = told().webhook("new");

        scene.spec("pendingFor: 0s, notify: [{channel: new}]");
        scene.later("1m").decide();
        assertThat(scene.messages()).containsExactlyInAnyOrder("ops RESOLVE", "new TRIGGER");
        assertThat(scene.message(NotificationKind.RESOLVE).text()).contains("It still fires, and is not told");
        scene.take();
        assertThat(scene.lines()).extracting(AlertNotification::channel).containsExactly("new");
    }

    /** prometheus/alertmanager issue 312: what goes to another address goes there at once, and its end goes to the old one. */
    @Test
    void givenAChannelThatLeadsElsewhere_whenTheAlertFires_thenTheEndIsToldThereAndTheAlertHere() {
        Scene scene = Scene.firingAtOnce("").channel("ops", "webhook: {url: 'https://old/'}");
        scene.percent(2).decide().take();

        scene.channel("ops", "webhook: {url: 'https://new/'}").later("1m").decide();

        assertThat(scene.message(NotificationKind.RESOLVE)
                        .destination()
                        .webhook()
                        .url())
                .isEqualTo("https://old/");
        assertThat(scene.message(NotificationKind.TRIGGER)
                        .destination()
                        .webhook()
                        .url())
                .isEqualTo("https://new/");
        scene.take();
        assertThat(recovers(scene)
                        .message(NotificationKind.RESOLVE)
                        .destination()
                        .webhook()
                        .url())
                .isEqualTo("https://new/");
    }

    @Test
    void givenARefusedMessage_whenThePasswordIsMended_thenItIsSentAgainToTheSameReceiver() {
        Scene scene = Scene.firingAtOnce("").webhook("ops");
        scene.percent(2).decide().refused("ops");
        String refused = scene.line("ops").number().toString();
        assertThat(scene.messages()).isEmpty();

        scene.channel(
                "ops", "webhook: {url: 'https://ops.example.org/hook', authorizationSecretRef: {name: a, key: b}}");
        scene.later("1m").decide();

        assertThat(scene.messages()).containsExactly("ops TRIGGER");
        assertThat(scene.line("ops").number().toString()).isNotEqualTo(refused);
        assertThat(scene.message(NotificationKind.TRIGGER)
                        .destination()
                        .webhook()
                        .authorizationSecretRef())
                .isNotNull();
        assertThat(scene.take().lines()).hasSize(1);
    }

    @Test
    void givenARefusedMessage_whenTenMinutesAreOver_thenItIsSentAgain() {
        Scene scene = fires().refused("ops");

        assertThat(scene.decision.wakeUp()).isEqualTo(scene.now.plusSeconds(600));
        assertThat(scene.later("9m").decide().messages()).isEmpty();
        assertThat(scene.later("1m").decide().messages()).containsExactly("ops TRIGGER");
        assertThat(scene.condition("NotificationsDelivered").reason()).isEqualTo("Forbidden");
        assertThat(scene.take().condition("NotificationsDelivered").reason()).isEqualTo("Ready");
    }

    @Test
    void givenAChannelThatWantsNoEnds_whenTheAlertEnds_thenTheLineJustGoes() {
        for (String state : List.of("sent", "sending")) {
            Scene scene = Scene.firingAtOnce("")
                    .channel("ops", "slack: {urlSecretRef: {name: a, key: b}}, sendResolved: false");
            scene.percent(2).decide();
            scene = state.equals("sent") ? scene.take() : scene;

            assertThat(recovers(scene).lines()).isEmpty();
            assertThat(scene.messages()).isEmpty();
        }
    }

    @Test
    void givenAnAlertmanager_whenTheAlertFiresForLong_thenItIsNotRepeatedAndItsEndIsTold() {
        Scene scene = Scene.firingAtOnce("repeatInterval: 1h")
                .channel("ops", "alertmanager: {urls: ['http://am:9093']}, sendResolved: false");
        scene.percent(2).decide().take();

        scene.later("5h").percent(2).decide();
        assertThat(scene.messages()).isEmpty();
        assertThat(scene.decision.open()).hasSize(1);
        assertThat(recovers(scene).messages()).containsExactly("ops RESOLVE");
    }

    @Test
    void givenAnAlertThatFiresForLong_whenTheIntervalIsOver_thenItIsRepeatedOnTheSameLine() {
        Scene scene =
                Scene.firingAtOnce("repeatInterval: 1h").percent(2).decide().take();

        assertThat(scene.decision.wakeUp()).isEqualTo(scene.now.plusSeconds(3600));
        assertThat(scene.later("59m").failed().decide().messages()).isEmpty();
        // grafana/grafana issue 105571: it goes on being told while nothing can be measured.
        scene.later("1m").failed().decide();
        assertThat(scene.messages()).containsExactly("ops REPEAT");
        assertThat(scene.line("ops").number()).isEqualTo(2);
        assertThat(scene.message(NotificationKind.REPEAT).dedupKey()).isEqualTo("uid-1/1");
        scene.take();
        assertThat(scene.lines()).hasSize(1);
        assertThat(scene.later("59m").decide().messages()).isEmpty();
        assertThat(scene.later("1m").decide().messages()).containsExactly("ops REPEAT");
        assertThat(scene.line("ops").number()).isEqualTo(3);
    }

    @Test
    void givenARepeatThatFails_whenTheAlertEnds_thenTheEndIsToldInItsPlace() {
        Scene scene = told().later("4h").percent(2).decide().failing("ops");
        assertThat(scene.line("ops").kind()).isEqualTo(NotificationKind.REPEAT);

        assertThat(recovers(scene).messages()).containsExactly("ops RESOLVE");
        assertThat(scene.take().lines()).isEmpty();
    }

    /** prometheus/alertmanager issues 952 and 1546: the order at the receiver is the order in which it happened. */
    @Test
    void givenAnAlertThatFiresAgain_whenTheEndOfTheFirstIsOnItsWay_thenTheSecondIsToldAfterIt() {
        Scene scene = recovers(told());
        AlertMessage end = scene.message(NotificationKind.RESOLVE);

        scene.later("30s").percent(2).decide();
        assertThat(scene.status().episode()).isEqualTo(2);
        assertThat(scene.decision.messages()).containsExactly(end);
        assertThat(scene.lines()).extracting(AlertNotification::episode).containsExactly(1L, 2L);

        scene.take();
        assertThat(scene.messages()).containsExactly("ops TRIGGER");
        assertThat(scene.message(NotificationKind.TRIGGER).dedupKey()).isEqualTo("uid-1/2");
        assertThat(scene.take().lines()).hasSize(1);
    }

    @Test
    void givenASecondAlertThatWaitsBehindAnEnd_whenItEndsToo_thenItIsNeverTold() {
        Scene scene = recovers(told()).later("30s").percent(2).decide();
        assertThat(scene.lines()).hasSize(2);

        recovers(scene);
        assertThat(scene.lines()).hasSize(1);
        assertThat(scene.take().lines()).isEmpty();
        assertThat(scene.messages()).isEmpty();
    }

    @Test
    void givenAnEndThatIsRefused_whenItIsDecided_thenTheLineGoesAndItIsSaid() {
        Scene scene = recovers(told()).refused("ops");

        assertThat(scene.lines()).isEmpty();
        assertThat(scene.condition("NotificationsDelivered").reason()).isEqualTo("Forbidden");
        assertThat(scene.later("1m")
                        .decide()
                        .condition("NotificationsDelivered")
                        .reason())
                .isEqualTo("Forbidden");
    }

    @Test
    void givenAnEndThatIsNotTaken_whenItFailsForHours_thenItIsSentOn() {
        Scene scene = recovers(told()).failing("ops");

        assertThat(scene.later("9h").percent(0.1).decide().messages()).containsExactly("ops RESOLVE");
        assertThat(scene.take().lines()).isEmpty();
    }

    /** prometheus/alertmanager issues 2770 and 3371. */
    @Test
    void givenARuleThatIsDeleted_whenItsAlertFires_thenItsEndIsToldBeforeItGoes() {
        Scene scene = deleted(told());

        assertThat(scene.messages()).containsExactly("ops RESOLVE");
        assertThat(scene.message(NotificationKind.RESOLVE).text()).contains("The rule was deleted");
        assertThat(scene.decision.finalizer()).isTrue();
        assertThat(scene.take().decision.finalizer()).isFalse();
    }

    @Test
    void givenARuleThatIsDeleted_whenNobodyHearsOfTheEnd_thenItGoesAfterAMinuteOrByForce() {
        Scene scene = deleted(told()).failing("ops");

        assertThat(scene.decision.wakeUp()).isEqualTo(scene.now.plusSeconds(60));
        assertThat(scene.later("59s").decide().decision.finalizer()).isTrue();
        scene.annotated(Annotations.FORCE_RELEASE, "true");
        assertThat(scene.decide().decision.finalizer()).isFalse();
        scene.annotated(Annotations.FORCE_RELEASE, null);
        assertThat(scene.later("1s").decide().decision.finalizer()).isFalse();
    }

    private static Scene deleted(Scene scene) {
        scene.rule.getMetadata().setDeletionTimestamp(scene.now.toString());
        return scene.decide();
    }

    @Test
    void givenNoAlert_whenItIsDecided_thenNoFinalizerIsWanted() {
        Scene scene = Scene.firingAtOnce("").percent(0.1).decide();
        assertThat(scene.decision.finalizer()).isFalse();
        assertThat(deleted(scene).decision.finalizer()).isFalse();
        assertThat(new Scene("pendingFor: 0s, notify: []")
                        .percent(2)
                        .decide()
                        .decision
                        .finalizer())
                .isFalse();
    }

    @Test
    void givenAChannelThatDoesNotExist_whenTheAlertFires_thenTheOthersAreToldAndItIsSaid() {
        Scene scene = new Scene("pendingFor: 0s, notify: [{channel: gone}, {channel: ops}]");
        assertThat(scene.percent(0.1)
                        .decide()
                        .condition("NotificationsDelivered")
                        .reason())
                .isEqualTo("ChannelNotFound");

        scene.percent(2).decide();
        assertThat(scene.messages()).containsExactly("ops TRIGGER");
        assertThat(scene.condition("NotificationsDelivered").message())
                .contains("NotificationChannel gone does not exist in namespace shop", "spec.notify");
        scene.webhook("gone").take();
        assertThat(scene.messages()).containsExactly("gone TRIGGER");
        assertThat(scene.take().condition("NotificationsDelivered").reason()).isEqualTo("Ready");
    }

    @ParameterizedTest
    @CsvSource({"info, ''", "warning, 'all'", "critical, 'all,grave'"})
    void givenARuleThatNamesNoChannels_whenItFires_thenThoseOfTheApplicationAreToldBySeverity(
            String severity, String channels) {
        Scene scene = new Scene("pendingFor: 0s, severity: " + severity)
                .webhook("all")
                .webhook("grave");
        scene.application = Scene.application("notify: [{channel: all}, {channel: grave, minSeverity: critical}]");

        scene.percent(2).decide();

        assertThat(String.join(
                        ",",
                        scene.lines().stream().map(AlertNotification::channel).toList()))
                .isEqualTo(channels);
        assertThat(scene.condition("NotificationsDelivered").reason().equals("NobodyToTell"))
                .isEqualTo(channels.isEmpty());
    }

    @Test
    void givenAnApplicationThatIsGone_whenItsAlertFires_thenWhoWasToldIsToldNothingNew() {
        Scene scene = new Scene("pendingFor: 0s").webhook("all");
        scene.application = Scene.application("notify: [{channel: all}]");
        scene.percent(2).decide().take();

        scene.application = null;
        scene.later("1m").decide();

        assertThat(scene.messages()).isEmpty();
        assertThat(scene.lines()).hasSize(1);
    }

    @Test
    void givenAChannelThatIsDeleted_whenTheAlertEnds_thenItsEndGoesWhereTheAlertWent() {
        Scene scene = told();
        scene.channels.clear();

        assertThat(scene.later("5h").percent(2).decide().messages()).isEmpty();
        assertThat(recovers(scene).messages()).containsExactly("ops RESOLVE");
        assertThat(scene.message(NotificationKind.RESOLVE).destination().slack())
                .isNotNull();
    }

    @Test
    void givenADestinationThatChangesAgainAndAgain_whenNothingIsTakenAnyMore_thenTheStatusStaysBounded() {
        Scene scene = Scene.firingAtOnce("");
        scene.percent(2);
        for (int time = 0; time < 100; time++) {
            scene.webhook("ops").channel("ops", "webhook: {url: 'https://" + time + "/'}");
            scene.later("1m").decide();
            scene.decision
                    .messages()
                    .forEach(message -> scene.deliveries.put(
                            message.key(),
                            message.kind() == NotificationKind.TRIGGER
                                    ? new Delivery.Taken(scene.now)
                                    : new Delivery.Failing(
                                            Instant.EPOCH, dev.mainstay.core.status.Reason.UNREACHABLE, "No.")));
            scene.decide();
        }

        assertThat(scene.lines()).hasSize(32);
        assertThat(scene.lines().getLast().destination().webhook().url()).isEqualTo("https://99/");
    }
}
