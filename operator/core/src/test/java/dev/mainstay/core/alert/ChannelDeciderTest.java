package dev.mainstay.core.alert;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.alert.NotificationChannel;
import dev.mainstay.api.alert.NotificationChannelStatus;
import dev.mainstay.api.alert.NotificationKind;
import dev.mainstay.api.alert.NotificationState;
import dev.mainstay.api.status.Condition;
import dev.mainstay.api.status.ConditionStatus;
import dev.mainstay.core.Durations;
import dev.mainstay.core.alert.ChannelObservation.SourceTrouble;
import dev.mainstay.core.status.Conditions;
import dev.mainstay.core.status.Reason;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChannelDeciderTest {

    private static final String SLACK = "slack: {urlSecretRef: {name: a, key: b}}";

    private NotificationChannel channel = channel("ops", SLACK);
    private final Map<String, NotificationChannel> channels = new HashMap<>();
    private AlertObstacle obstacle;
    private final List<SourceTrouble> failing = new ArrayList<>();
    private final Map<String, Delivery> deliveries = new HashMap<>();
    private boolean taken;
    private Delivery.Failing trouble;
    private Instant now = Scene.START;
    private ChannelDecision decision;

    private static NotificationChannel channel(String name, String spec) {
        return Serialization.unmarshal(
                "metadata: {name: " + name + ", namespace: shop, uid: uid-" + name
                        + ", generation: 3, annotations: {}}\n" + "spec: {" + spec + "}",
                NotificationChannel.class);
    }

    private void decide() {
        decision = ChannelDecider.decide(
                new ChannelObservation(channel, channels, obstacle, failing, deliveries, taken, trouble), now);
        channel.setStatus(
                Serialization.unmarshal(Serialization.asJson(decision.status()), NotificationChannelStatus.class));
    }

    private void later(String duration) {
        now = now.plus(Durations.parse(duration));
        decide();
    }

    private void deliver(Delivery delivery) {
        decision.messages().forEach(message -> deliveries.put(message.key(), delivery));
        decide();
    }

    private void take() {
        deliver(new Delivery.Taken(now));
    }

    private void test(String value) {
        channel.getMetadata().getAnnotations().put(Annotations.TEST_SEND, value);
        decide();
    }

    private void fails(String source) {
        failing.add(new SourceTrouble(source, now, "It refuses connections.", 500));
        decide();
    }

    private Condition condition(String type) {
        return Conditions.find(channel.getStatus().conditions(), type).orElseThrow(() -> new AssertionError(type));
    }

    private List<NotificationKind> kinds() {
        return decision.messages().stream().map(AlertMessage::kind).toList();
    }

    @Test
    void givenAChannel_whenAllIsThere_thenItIsReadyAndNobodyKnowsWhetherItDelivers() {
        decide();

        assertThat(condition("Ready").status()).isEqualTo(ConditionStatus.TRUE);
        assertThat(condition("Delivering").status()).isEqualTo(ConditionStatus.UNKNOWN);
        assertThat(condition("Delivering").message())
                .contains(
                        "kubectl annotate --overwrite notificationchannel ops --namespace shop mainstay.dev/test-send=");
        assertThat(decision.status().observedGeneration()).isEqualTo(3);
        assertThat(decision.wakeUp()).isNull();
    }

    @Test
    void givenAnObstacle_whenItIsDecided_thenTheChannelIsStalledWithIt() {
        obstacle = new AlertObstacle(Reason.CREDENTIALS_MISSING, "Secret shop/a does not exist.");

        decide();

        assertThat(condition("Stalled").reason()).isEqualTo("CredentialsMissing");
        assertThat(condition("Ready").message()).isEqualTo("Secret shop/a does not exist.");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "pager;                            ; ChannelNotFound; NotificationChannel pager, which does not exist",
                "pager; pager                      ; Ready          ; What the channel needs is there.",
                "ops  ; pager                      ; FallbackLoop   ; names this channel itself",
                "pager; pager-ops                  ; FallbackLoop   ; in a circle: ops -> pager -> ops. When none",
                "pager; pager-boss boss-ops        ; FallbackLoop   ; in a circle: ops -> pager -> boss -> ops. When none",
                // This one is in no circle: that of the others is theirs to say, and both stand in for it.
                "pager; pager-boss boss-pager      ; Ready          ; What the channel needs is there.",
                "pager; pager-pager                ; Ready          ; What the channel needs is there.",
                "pager; pager-gone                 ; Ready          ; What the channel needs is there."
            })
    void givenAFallback_whenItDoesNotExistOrLeadsInACircle_thenThatIsSaid(
            String name, String others, String reason, String message) {
        channel = channel("ops", SLACK + ", fallback: {channel: " + name + "}");
        channels.put("ops", channel);
        for (String other : others == null ? new String[0] : others.split(" ")) {
            String[] parts = other.split("-");
            channels.put(
                    parts[0],
                    channel(parts[0], SLACK + (parts.length > 1 ? ", fallback: {channel: " + parts[1] + "}" : "")));
        }

        decide();

        assertThat(condition("Ready").reason()).isEqualTo(reason);
        assertThat(condition("Ready").message()).contains(message);
        assertThat(condition("Ready").status() == ConditionStatus.TRUE).isEqualTo(reason.equals("Ready"));
    }

    @Test
    void givenACircleOfManyChannels_whenItIsSaid_thenTheMessageFitsIntoAStatus() {
        channel = channel("c0", SLACK + ", fallback: {channel: c1}");
        for (int at = 0; at < 50; at++) {
            channels.put("c" + at, channel("c" + at, SLACK + ", fallback: {channel: c" + (at + 1) % 50 + "}"));
        }

        decide();

        assertThat(condition("Ready").message())
                .contains("c0 -> c1", " -> c7 -> 42 more -> c0.")
                .doesNotContain("(cut)");
    }

    @Test
    void givenMessagesOfRules_whenTheyAreNotTaken_thenItIsSaidUntilTheyAre() {
        trouble = new Delivery.Failing(now, Reason.UNREACHABLE, "hooks.slack.com: no route.");
        decide();
        assertThat(condition("Delivering").status()).isEqualTo(ConditionStatus.FALSE);
        assertThat(condition("Delivering").reason()).isEqualTo("Unreachable");

        trouble = null;
        later("1m");
        assertThat(condition("Delivering").status()).isEqualTo(ConditionStatus.TRUE);
    }

    @Test
    void givenAMessageOfARule_whenItIsTaken_thenTheChannelDeliversAndThatStaysKnown() {
        taken = true;
        decide();
        assertThat(condition("Delivering").status()).isEqualTo(ConditionStatus.TRUE);

        taken = false;
        later("1m");
        assertThat(condition("Delivering").status()).isEqualTo(ConditionStatus.TRUE);
    }

    @Test
    void givenANewValueOfTheAnnotation_whenItIsDecided_thenOneTestIsSent() {
        test("1");
        assertThat(kinds()).containsExactly(NotificationKind.TEST);
        assertThat(channel.getStatus().lastTest().state()).isEqualTo(NotificationState.SENDING);
        AlertMessage message = decision.messages().getFirst();
        later("1m");
        assertThat(decision.messages()).containsExactly(message);

        take();
        assertThat(channel.getStatus().lastTest().state()).isEqualTo(NotificationState.SENT);
        assertThat(channel.getStatus().lastTest().at()).isEqualTo(now);
        assertThat(condition("Delivering").status()).isEqualTo(ConditionStatus.TRUE);
        assertThat(decision.messages()).isEmpty();
        later("1h");
        assertThat(decision.messages()).isEmpty();

        // A value that was there before is a new one too, and another message.
        test("2");
        take();
        test("1");
        assertThat(decision.messages().getFirst().key()).isNotEqualTo(message.key());
    }

    @Test
    void givenATest_whenItIsNotTaken_thenItIsSaidWhyAndNotTriedAgain() {
        test("1");
        deliver(new Delivery.Failing(now, Reason.UNREACHABLE, "No route."));
        assertThat(channel.getStatus().lastTest().state()).isEqualTo(NotificationState.FAILING);
        assertThat(condition("Delivering").message()).contains("No route.", "another value");
        assertThat(decision.messages())
                .as("alerts would wait behind a test that is tried for ever")
                .isEmpty();
        later("1m");
        assertThat(channel.getStatus().lastTest().state()).isEqualTo(NotificationState.FAILING);

        test("refused");
        deliver(new Delivery.Refused(now, Reason.FORBIDDEN, "403 invalid_token."));
        assertThat(channel.getStatus().lastTest().state()).isEqualTo(NotificationState.REFUSED);
        assertThat(channel.getStatus().lastTest().message()).isEqualTo("403 invalid_token.");
        assertThat(condition("Delivering").reason()).isEqualTo("TestNotTaken");
        assertThat(condition("Delivering").message()).contains("403 invalid_token.", "another value");
        assertThat(decision.messages()).isEmpty();

        test("2");
        take();
        assertThat(condition("Delivering").status()).isEqualTo(ConditionStatus.TRUE);
    }

    /** One message for 500 rules: grafana/grafana issues 6601 and 36520. */
    @Test
    void givenASourceThatFails_whenItDoesForTwoMinutes_thenItIsToldOnceAndItsEndToo() {
        fails("http://prometheus");
        assertThat(decision.messages()).isEmpty();
        assertThat(decision.wakeUp()).isEqualTo(now.plusSeconds(120));

        later("2m");
        assertThat(kinds()).containsExactly(NotificationKind.TRIGGER);
        assertThat(decision.messages().getFirst().text())
                .contains("http://prometheus does not answer", "It refuses connections.", "500");
        take();
        assertThat(decision.messages()).isEmpty();
        assertThat(decision.open()).hasSize(1);
        NotificationChannelStatus before = channel.getStatus();
        later("5h");
        assertThat(channel.getStatus()).isEqualTo(before);

        failing.clear();
        later("1m");
        assertThat(decision.messages()).isEmpty();
        assertThat(decision.wakeUp()).isEqualTo(now.plusSeconds(60));
        later("1m");
        assertThat(kinds()).containsExactly(NotificationKind.RESOLVE);
        assertThat(decision.open()).isEmpty();
        take();
        assertThat(channel.getStatus().sources()).isEmpty();
    }

    @Test
    void givenAnOperatorThatHasJustStarted_whenItKnowsOfNoTroubleYet_thenTheEndIsNotTold() {
        fails("http://prometheus");
        later("2m");
        take();
        failing.clear();
        later("30s");

        fails("http://prometheus");
        later("10m");

        assertThat(decision.messages()).isEmpty();
        assertThat(channel.getStatus().sources()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"failing", "refused"})
    void givenATroubleThatCouldNotBeTold_whenItIsOver_thenNothingIsTold(String how) {
        fails("http://prometheus");
        later("2m");
        deliver(
                how.equals("failing")
                        ? new Delivery.Failing(now, Reason.UNREACHABLE, "No.")
                        : new Delivery.Refused(now, Reason.FORBIDDEN, "No."));
        assertThat(condition("Delivering").reason()).isEqualTo("NotDelivered");

        failing.clear();
        later("1m");
        later("1m");

        assertThat(channel.getStatus().sources()).isEmpty();
        assertThat(decision.messages()).isEmpty();
    }

    @Test
    void givenATroubleWhoseMessageWasNotAnswered_whenItIsOver_thenTheEndIsTold() {
        fails("http://prometheus");
        later("2m");
        deliver(new Delivery.Failing(now, Reason.UNREACHABLE, "Silence.", true));
        deliver(new Delivery.Failing(now, Reason.UNREACHABLE, "No."));

        failing.clear();
        later("1m");
        later("1m");

        assertThat(kinds()).containsExactly(NotificationKind.RESOLVE);
    }

    @Test
    void givenATroubleThatIsBeingTold_whenItIsOver_thenItIsWaitedForAndTheEndToldAtTheSamePlace() {
        fails("http://prometheus");
        later("2m");
        failing.clear();
        later("1m");
        later("1m");
        assertThat(kinds()).containsExactly(NotificationKind.TRIGGER);

        channel.setSpec(channel("ops", "webhook: {url: 'https://new/'}").getSpec());
        take();

        assertThat(kinds()).containsExactly(NotificationKind.RESOLVE);
        assertThat(decision.messages().getFirst().destination().slack()).isNotNull();
    }

    @Test
    void givenManySources_whenTheyFail_thenTheStatusStaysBounded() {
        for (int number = 0; number < 40; number++) {
            fails("http://prometheus-" + number);
        }

        later("2m");
        take();

        assertThat(channel.getStatus().sources()).hasSize(32);
        assertThat(decision.open()).extracting(AlertMessage::key).doesNotHaveDuplicates();
    }

    @Test
    void givenAChannelThatCanNotBeRead_whenItIsDecided_thenThatIsSaid() {
        channel.markUnreadableSpec("spec.slack is a number");

        decide();

        assertThat(condition("Stalled").message()).contains("NotificationChannel ops", "spec.slack is a number");
    }
}
