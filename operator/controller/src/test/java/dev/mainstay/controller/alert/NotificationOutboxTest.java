package dev.mainstay.controller.alert;

import static dev.mainstay.api.alert.NotificationKind.REPEAT;
import static dev.mainstay.api.alert.NotificationKind.RESOLVE;
import static dev.mainstay.api.alert.NotificationKind.TRIGGER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.mainstay.api.alert.NotificationDestination;
import dev.mainstay.api.alert.NotificationKind;
import dev.mainstay.core.alert.AlertMessage;
import dev.mainstay.core.alert.Delivery;
import dev.mainstay.core.alert.SendOutcome;
import dev.mainstay.core.backup.PolicyMetric.Sample;
import dev.mainstay.core.status.Reason;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The outbox with a sender that a test speaks for, and a time that it moves. */
class NotificationOutboxTest {

    private static final NotificationDestination SLACK = AlertMessages.slack("slack");
    private static final NotificationDestination OTHER = AlertMessages.slack("other");
    private static final NotificationDestination ALERTMANAGER = AlertMessages.alertmanager("http://alertmanager:9093");
    private static final Delivery WAITING = new Delivery.Waiting();
    private static final SendOutcome TAKEN = new SendOutcome.Taken();
    private static final SendOutcome DOWN = new SendOutcome.Later(Reason.RECEIVER_UNREACHABLE, "down", null);
    private static final SendOutcome REFUSED = new SendOutcome.Refused(Reason.RECEIVER_REFUSED, "no");

    private final HandTurnedTime time = new HandTurnedTime();
    private final Deque<SendOutcome> outcomes = new ArrayDeque<>();
    private final List<List<String>> requests = new ArrayList<>();
    private final List<Duration> at = new ArrayList<>();
    private final List<Integer> more = new ArrayList<>();
    private final List<String> woken = new ArrayList<>();
    private final Deque<Runnable> threads = new ArrayDeque<>();
    private boolean hanging;
    private final NotificationOutbox outbox =
            new NotificationOutbox(this::send, time, () -> 1, this::execute, woken::add, () -> {});

    private SendOutcome send(List<AlertMessage> messages, int waiting) {
        requests.add(messages.stream().map(AlertMessage::key).toList());
        at.add(Duration.between(HandTurnedTime.BEGINNING, time.now()));
        more.add(waiting);
        return outcomes.isEmpty() ? TAKEN : outcomes.remove();
    }

    private void execute(Runnable task) {
        if (hanging) {
            threads.add(task);
        } else {
            task.run();
        }
    }

    private static SendOutcome tooMany(Duration after) {
        return new SendOutcome.Later(Reason.RATE_LIMITED, "too many", after);
    }

    private void hand(String owner, AlertMessage... messages) {
        outbox.hand(owner, List.of(messages), List.of());
    }

    private static AlertMessage slack(String owner, NotificationKind kind) {
        return AlertMessages.of(owner, kind, SLACK);
    }

    @Test
    void givenAMessage_whenItIsTaken_thenThatIsKnownUntilItIsNotHandedOverAnyMore() {
        hand("a", slack("a", TRIGGER));

        assertThat(requests).containsExactly(List.of("a-TRIGGER"));
        assertThat(outbox.deliveries("a"))
                .containsExactly(entry("a-TRIGGER", new Delivery.Taken(HandTurnedTime.BEGINNING)));
        assertThat(woken).containsExactly("a");

        hand("a", slack("a", TRIGGER));
        assertThat(requests).hasSize(1);

        hand("a");
        assertThat(outbox.deliveries("a")).isEmpty();
        assertThat(woken).hasSize(1);
    }

    @Test
    void givenAReceiverThatIsDown_whenItIsTriedAgain_thenThePausesDoubleUpToALimitAndTheOwnerIsWokenTwice() {
        IntStream.range(0, 10).forEach(ignored -> outcomes.add(DOWN));

        hand("a", slack("a", TRIGGER));
        assertThat(outbox.deliveries("a"))
                .containsEntry(
                        "a-TRIGGER",
                        new Delivery.Failing(HandTurnedTime.BEGINNING, Reason.RECEIVER_UNREACHABLE, "down"));
        assertThat(woken).containsExactly("a");
        time.turn(Duration.ofMinutes(20));

        assertThat(at)
                .extracting(Duration::toSeconds)
                .containsExactly(0L, 1L, 3L, 7L, 15L, 31L, 63L, 127L, 247L, 367L, 487L);
        assertThat(woken).containsExactly("a", "a");
        assertThat(outbox.deliveries("a").get("a-TRIGGER")).isInstanceOf(Delivery.Taken.class);
    }

    @Test
    void givenAReceiverThatIsDown_whenItFailsLater_thenItFailsSinceTheFirstTime() {
        outcomes.add(DOWN);
        outcomes.add(tooMany(Duration.ofSeconds(30)));
        hand("a", slack("a", TRIGGER));

        time.turn(Duration.ofSeconds(5));

        assertThat(outbox.deliveries("a"))
                .containsEntry(
                        "a-TRIGGER", new Delivery.Failing(HandTurnedTime.BEGINNING, Reason.RATE_LIMITED, "too many"));
        assertThat(woken).hasSize(1);
    }

    /** Else nobody would stand in for a channel whose alerts wait behind something else. */
    @Test
    void givenAReceiverThatIsDown_whenAMessageWaitsBehindTheOneThatIsTried_thenItFailsTooAndItsOwnerIsWoken() {
        outcomes.add(DOWN);
        outcomes.add(DOWN);
        hand("a", slack("a", TRIGGER));
        hand("b", slack("b", TRIGGER));
        assertThat(outbox.deliveries("b")).containsEntry("b-TRIGGER", WAITING);

        time.turn(Duration.ofSeconds(1));

        assertThat(requests).containsExactly(List.of("a-TRIGGER"), List.of("a-TRIGGER"));
        assertThat(outbox.deliveries("b").get("b-TRIGGER")).isInstanceOf(Delivery.Failing.class);
        assertThat(woken).containsExactly("a", "b");
        time.turn(Duration.ofMinutes(1));
        assertThat(outbox.deliveries("b").get("b-TRIGGER")).isInstanceOf(Delivery.Taken.class);
    }

    @Test
    void givenARefusal_whenItIsHandedOverAgain_thenItIsNotSentAgain() {
        outcomes.add(REFUSED);
        hand("a", slack("a", TRIGGER));
        hand("a", slack("a", TRIGGER));
        time.turn(Duration.ofHours(1));

        assertThat(requests).hasSize(1);
        assertThat(outbox.deliveries("a"))
                .containsEntry(
                        "a-TRIGGER", new Delivery.Refused(HandTurnedTime.BEGINNING, Reason.RECEIVER_REFUSED, "no"));
        assertThat(woken).containsExactly("a");

        hand("a", slack("a", RESOLVE));
        assertThat(requests).hasSize(2);
    }

    /** YelpArchive/elastalert issue 1345: after a 429 that has to be one message, or it never ends. */
    @Test
    void givenTooManyMessages_whenTheTimeToWaitIsOver_thenAllThatWaitIsOneRequest() {
        outcomes.add(tooMany(Duration.ofSeconds(30)));
        hand("a", slack("a", TRIGGER));
        hand("b", slack("b", TRIGGER));
        time.turn(Duration.ofSeconds(10));
        hand("c", slack("c", TRIGGER));

        time.turn(Duration.ofSeconds(19));
        assertThat(requests).hasSize(1);
        time.turn(Duration.ofSeconds(1));

        assertThat(requests).containsExactly(List.of("a-TRIGGER"), List.of("a-TRIGGER", "b-TRIGGER", "c-TRIGGER"));
        time.turn(Duration.ofHours(1));
        assertThat(requests).hasSize(2);
    }

    /** Whether it was taken is not known, and a key stands for the same messages. */
    @Test
    void givenAnAnswerThatDidNotCome_whenItIsSentAgain_thenItIsTheSameAndTheRestFollows() {
        outcomes.add(DOWN);
        outcomes.add(DOWN);
        hand("a", slack("a", TRIGGER));
        hand("b", slack("b", TRIGGER));
        hand("c", slack("c", TRIGGER));

        time.turn(Duration.ofSeconds(10));

        assertThat(requests)
                .containsExactly(
                        List.of("a-TRIGGER"),
                        List.of("a-TRIGGER"),
                        List.of("a-TRIGGER"),
                        List.of("b-TRIGGER", "c-TRIGGER"));
        assertThat(more).containsExactly(0, 2, 2, 0);
    }

    @Test
    void givenSlack_whenManyCome_thenThreeAreSentAtOnceAndTheRestAsOne() {
        IntStream.range(0, 10).forEach(number -> hand("a" + number, slack("a" + number, TRIGGER)));

        assertThat(requests).hasSize(3);
        time.turn(Duration.ofMillis(999));
        assertThat(requests).hasSize(3);
        time.turn(Duration.ofMillis(1));
        assertThat(requests).hasSize(4);
        assertThat(requests.getLast()).hasSize(7);
    }

    @Test
    void givenAnyOther_whenManyCome_thenTenASecondAreSent() {
        NotificationDestination webhook = AlertMessages.webhook("http://receiver");
        IntStream.range(0, 12).forEach(number -> hand("a" + number, AlertMessages.of("a" + number, TRIGGER, webhook)));

        assertThat(requests).hasSize(10);
        time.turn(Duration.ofMillis(100));
        assertThat(requests).hasSize(11);
        assertThat(requests.getLast()).containsExactly("a10-TRIGGER", "a11-TRIGGER");
    }

    @Test
    void givenARequestUnderWay_whenTheEndOfTheAlertComes_thenItIsSentAfterIt() {
        hanging = true;
        hand("a", slack("a", TRIGGER));
        hand("a", slack("a", TRIGGER), slack("a", RESOLVE));
        assertThat(threads).hasSize(1);

        threads.remove().run();
        assertThat(requests).containsExactly(List.of("a-TRIGGER"));
        assertThat(outbox.deliveries("a")).containsEntry("a-RESOLVE", WAITING);

        threads.remove().run();
        assertThat(requests).containsExactly(List.of("a-TRIGGER"), List.of("a-RESOLVE"));
        assertThat(threads).isEmpty();
    }

    @Test
    void givenADestinationThatHangs_whenAnotherIsTold_thenItDoesNotWait() {
        hanging = true;
        hand("a", slack("a", TRIGGER));
        hand("b", AlertMessages.of("b", TRIGGER, OTHER));

        threads.removeLast().run();

        assertThat(requests).containsExactly(List.of("b-TRIGGER"));
        assertThat(outbox.deliveries("a")).containsEntry("a-TRIGGER", WAITING);
    }

    @Test
    void givenAMessageThatWaits_whenItIsNotHandedOverAnyMore_thenItIsNeverSent() {
        outcomes.add(DOWN);
        hand("a", slack("a", TRIGGER));
        hand("b", slack("b", TRIGGER));
        hand("a");
        hand("b");
        time.turn(Duration.ofHours(1));

        assertThat(requests).hasSize(1);
        assertThat(outbox.deliveries("b")).isEmpty();
    }

    @Test
    void givenAMessageUnderWay_whenItIsNotHandedOverAnyMore_thenItsEndChangesNothing() {
        hanging = true;
        outcomes.add(DOWN);
        hand("a", slack("a", TRIGGER));
        hand("a");
        threads.remove().run();
        time.turn(Duration.ofHours(1));

        assertThat(outbox.deliveries("a")).isEmpty();
        assertThat(woken).isEmpty();
        assertThat(threads).isEmpty();
    }

    @Test
    void givenAWebhookOfTwoChannels_whenBothWait_thenEachIsToldByItsName() {
        NotificationDestination webhook = AlertMessages.webhook("http://receiver");
        outcomes.add(tooMany(null));
        hand("a", AlertMessages.of("a", TRIGGER, webhook));
        hand("b", AlertMessages.by(AlertMessages.of("b", TRIGGER, webhook), "other"));
        hand("c", AlertMessages.of("c", TRIGGER, webhook));
        time.turn(Duration.ofSeconds(2));

        assertThat(requests)
                .containsExactly(List.of("a-TRIGGER"), List.of("a-TRIGGER", "c-TRIGGER"), List.of("b-TRIGGER"));
        assertThat(more).containsExactly(0, 1, 0);
    }

    @Test
    void givenMoreThanAWebhookMayHold_whenTheyWait_thenTheRestIsCountedAndFollows() {
        NotificationDestination webhook = AlertMessages.webhook("http://receiver");
        outcomes.add(tooMany(null));
        AlertMessage[] many = IntStream.range(0, 120)
                .mapToObj(number -> AlertMessages.numbered(AlertMessages.of("a", REPEAT, webhook), number))
                .toArray(AlertMessage[]::new);
        hand("a", many);
        time.turn(Duration.ofSeconds(2));

        assertThat(requests).extracting(List::size).containsExactly(50, 50, 50, 20);
        assertThat(more).containsExactly(70, 70, 20, 0);
    }

    @Test
    void givenAThousandThatWait_whenMoreCome_thenTheOldestRepeatsAreDroppedAndNoEnd() {
        outcomes.add(tooMany(Duration.ofMinutes(10)));
        hand("first", slack("first", TRIGGER));
        List<AlertMessage> all = new ArrayList<>(List.of(slack("a", RESOLVE)));
        IntStream.range(0, 997)
                .mapToObj(number -> AlertMessages.numbered(slack("a", TRIGGER), number))
                .forEach(all::add);
        all.add(AlertMessages.numbered(slack("a", REPEAT), 0));
        hand("a", all.toArray(AlertMessage[]::new));
        assertThat(outbox.deliveries("a")).hasSize(999);

        all.add(AlertMessages.numbered(slack("a", REPEAT), 1));
        all.add(AlertMessages.numbered(slack("a", TRIGGER), 998));
        all.add(AlertMessages.numbered(slack("a", TRIGGER), 999));
        hand("a", all.toArray(AlertMessage[]::new));

        // The oldest is the trigger of the first object.
        assertThat(outbox.deliveries("first")).isEmpty();
        assertThat(outbox.deliveries("a"))
                .hasSize(1_000)
                .containsKeys("a-RESOLVE", "a-TRIGGER-0", "a-TRIGGER-999")
                .doesNotContainKeys("a-REPEAT-0", "a-REPEAT-1");
    }

    /** Else it would come back only with another event. */
    @Test
    void givenAMessageThatWasDropped_whenThereIsRoomAgain_thenItsOwnerIsWokenOnceToHandItOverAnew() {
        outcomes.add(tooMany(Duration.ofMinutes(10)));
        hand("first", slack("first", TRIGGER));
        hand(
                "a",
                IntStream.range(0, 1_000)
                        .mapToObj(number -> AlertMessages.numbered(slack("a", TRIGGER), number))
                        .toArray(AlertMessage[]::new));
        assertThat(outbox.deliveries("first")).isEmpty();
        woken.clear();

        time.turn(Duration.ofMinutes(11));

        assertThat(woken).containsExactlyInAnyOrder("a", "first");
        hand("first", slack("first", TRIGGER));
        assertThat(outbox.deliveries("first"))
                .hasEntrySatisfying(
                        "first-TRIGGER", delivery -> assertThat(delivery).isInstanceOf(Delivery.Taken.class));
    }

    /** prometheus/alertmanager issue 2657: without an answer it may have been taken, whatever the next attempt finds. */
    @Test
    void givenNoAnswer_whenTheNextAttemptFindsNobody_thenItMayHaveBeenTakenStillAndWhatWaitedBehindItWasNot() {
        outcomes.add(DOWN);
        outcomes.add(new SendOutcome.Later(Reason.RECEIVER_UNREACHABLE, "no answer", null, true));
        outcomes.add(DOWN);
        hand("a", slack("a", TRIGGER));
        hand("b", slack("b", TRIGGER));
        assertThat(unanswered("a")).isFalse();
        woken.clear();

        time.turn(Duration.ofSeconds(1));
        assertThat(unanswered("a")).isTrue();
        assertThat(unanswered("b")).isFalse();
        assertThat(woken).containsExactly("a", "b");

        time.turn(Duration.ofSeconds(2));
        assertThat(requests).hasSize(3);
        assertThat(unanswered("a")).isTrue();
        assertThat(unanswered("b")).isFalse();
    }

    /** Whether it arrives is known when it has ended. */
    @Test
    void givenAMessageThatFailed_whenItIsTriedAgain_thenItsOwnerWaitsAndIsWokenThoughItFailsAgain() {
        outcomes.add(DOWN);
        outcomes.add(DOWN);
        hand("a", slack("a", TRIGGER));
        hanging = true;
        time.turn(Duration.ofSeconds(1));
        assertThat(outbox.deliveries("a")).containsEntry("a-TRIGGER", WAITING);
        woken.clear();

        hanging = false;
        threads.remove().run();

        assertThat(woken).containsExactly("a");
        assertThat(outbox.deliveries("a").get("a-TRIGGER")).isInstanceOf(Delivery.Failing.class);
    }

    @Test
    void givenMessagesThatWereDropped_whenThoseThatWaitAreTakenBack_thenTheirOwnersAreWoken() {
        outcomes.add(tooMany(Duration.ofHours(1)));
        hand("first", slack("first", TRIGGER));
        hand(
                "a",
                IntStream.range(0, 1_000)
                        .mapToObj(number -> AlertMessages.numbered(slack("a", TRIGGER), number))
                        .toArray(AlertMessage[]::new));
        woken.clear();

        hand("a");

        assertThat(woken).containsExactly("first");
    }

    private boolean unanswered(String owner) {
        return outbox.deliveries(owner).get(owner + "-TRIGGER") instanceof Delivery.Failing failing
                && failing.unanswered();
    }

    @Test
    void givenAlertsThatFire_whenAMinuteIsOver_thenAnAlertmanagerIsToldAllAgainInOneRequest() {
        fire("a");
        fire("b");
        assertThat(requests).containsExactly(List.of("a-TRIGGER"), List.of("b-TRIGGER"));

        time.turn(Duration.ofMinutes(3));

        assertThat(requests).hasSize(5);
        assertThat(requests.get(2)).containsExactlyInAnyOrder("a-TRIGGER", "b-TRIGGER");
        assertThat(at.subList(2, 5)).extracting(Duration::toMinutes).containsExactly(1L, 2L, 3L);
        assertThat(woken).containsExactly("a", "b");

        outbox.hand("a", List.of(), List.of());
        outbox.hand("b", List.of(), List.of());
        time.turn(Duration.ofMinutes(3));
        assertThat(requests).hasSize(5);
    }

    @Test
    void givenAnAlertWhoseEndIsToldAlready_whenAMinuteIsOver_thenItDoesNotFireAgain() {
        AlertMessage trigger = AlertMessages.of("a", TRIGGER, ALERTMANAGER);
        fire("a");
        fire("b");
        outbox.hand("a", List.of(AlertMessages.of("a", RESOLVE, ALERTMANAGER)), List.of(trigger));
        assertThat(requests).hasSize(3);

        time.turn(Duration.ofMinutes(1));

        assertThat(requests.getLast()).containsExactly("b-TRIGGER");
    }

    @Test
    void givenAnAlertmanagerThatIsDown_whenItIsToldAgain_thenNoMessageFailsByThat() {
        fire("a");
        outcomes.add(DOWN);

        time.turn(Duration.ofMinutes(1));

        assertThat(outbox.deliveries("a").get("a-TRIGGER")).isInstanceOf(Delivery.Taken.class);
        assertThat(woken).hasSize(1);
    }

    @Test
    void givenAlertsThatFireElsewhere_whenAMinuteIsOver_thenNobodyElseIsToldAgain() {
        outbox.hand("a", List.of(slack("a", TRIGGER)), List.of(slack("a", TRIGGER)));
        time.turn(Duration.ofHours(1));

        assertThat(requests).hasSize(1);
    }

    @Test
    void givenASenderThatFails_whenItSends_thenTheMessageIsSentAgainAndNothingOfTheErrorIsTold() {
        List<String> keys = new ArrayList<>();
        NotificationOutbox failing = new NotificationOutbox(
                (messages, waiting) -> {
                    keys.add(messages.getFirst().key());
                    if (keys.size() == 1) {
                        throw new IllegalStateException("https://hooks.example/canary");
                    }
                    return TAKEN;
                },
                time,
                () -> 0,
                Runnable::run,
                owner -> {
                    throw new IllegalStateException("the wake callback fails");
                },
                () -> {});
        failing.hand("a", List.of(slack("a", TRIGGER)), List.of());

        assertThat(failing.deliveries("a").get("a-TRIGGER")).isInstanceOfSatisfying(Delivery.Failing.class, found -> {
            assertThat(found.reason()).isEqualTo(Reason.INTERNAL_ERROR);
            assertThat(found.message()).contains("IllegalStateException").doesNotContain("canary");
        });
        time.turn(Duration.ofMillis(500));
        assertThat(failing.deliveries("a").get("a-TRIGGER")).isInstanceOf(Delivery.Taken.class);
    }

    @Test
    void givenRequests_whenTheyAreCounted_thenAllKindsBeginAtZero() {
        assertThat(outbox.sent())
                .hasSize(9)
                .allSatisfy(sample -> assertThat(sample.value()).isZero());
        outcomes.addAll(List.of(DOWN, TAKEN, REFUSED));
        hand("a", slack("a", TRIGGER));
        time.turn(Duration.ofSeconds(5));
        hand("b", slack("b", TRIGGER));

        assertThat(outbox.sent().stream().filter(sample -> sample.value() > 0))
                .containsExactlyInAnyOrderElementsOf(Stream.of("taken", "failed", "refused")
                        .map(outcome -> new Sample(Map.of("type", "slack", "outcome", outcome), 1))
                        .toList());
    }

    @Test
    void givenAnOutboxThatIsClosed_whenItIsHandedAMessage_thenNothingIsSent() {
        outbox.close();
        hand("a", slack("a", TRIGGER));

        assertThat(requests).isEmpty();
    }

    private void fire(String owner) {
        AlertMessage trigger = AlertMessages.of(owner, TRIGGER, ALERTMANAGER);
        outbox.hand(owner, List.of(trigger), List.of(trigger));
    }
}
