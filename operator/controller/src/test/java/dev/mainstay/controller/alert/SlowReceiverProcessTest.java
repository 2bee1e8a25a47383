package dev.mainstay.controller.alert;

import static dev.mainstay.api.alert.NotificationKind.RESOLVE;
import static dev.mainstay.api.alert.NotificationKind.TRIGGER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.SecretKeyReference;
import dev.mainstay.api.alert.NotificationDestination;
import dev.mainstay.core.alert.AlertMessage;
import dev.mainstay.core.alert.Delivery;
import dev.mainstay.core.status.Reason;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The outbox as it is in the operator, with its own threads, times and limits. */
@Tag("process")
class SlowReceiverProcessTest {

    private static final NotificationDestination SLACK = AlertMessages.slack("slack");

    private final TestSecrets secrets = new TestSecrets();
    private final Queue<String> woken = new ConcurrentLinkedQueue<>();
    private final NotificationOutbox outbox = NotificationOutbox.of(secrets, Clock.systemUTC(), woken::add, cut -> {});

    @AfterEach
    void stop() {
        outbox.close();
    }

    /** prometheus/alertmanager issue 2657: with a short time-out it is told again and again. */
    @Test
    void givenAReceiverThatAnswersAfterTwelveSeconds_whenItIsTold_thenItIsToldOnceAndNobodyElseWaits()
            throws IOException {
        try (ReceiverServer slow = new ReceiverServer();
                ReceiverServer quick = new ReceiverServer();
                RawReceiver hangs = new RawReceiver("", true)) {
            slow.thenLate(12);
            hand(AlertMessages.of("slow", TRIGGER, AlertMessages.webhook(slow.url())));
            hand(AlertMessages.of("hangs", TRIGGER, AlertMessages.webhook(hangs.url())));
            hand(AlertMessages.of("quick", TRIGGER, AlertMessages.webhook(quick.url())));

            Awaitility.await().atMost(Duration.ofSeconds(5)).untilAsserted(() -> assertTaken("quick-TRIGGER"));
            assertThat(outbox.deliveries("slow")).containsEntry("slow-TRIGGER", new Delivery.Waiting());
            Awaitility.await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertTaken("slow-TRIGGER"));
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(outbox.deliveries("hangs").get("hangs-TRIGGER"))
                            .isInstanceOfSatisfying(
                                    Delivery.Failing.class,
                                    failing -> assertThat(failing.reason()).isEqualTo(Reason.RECEIVER_UNREACHABLE)));
            assertThat(slow.seen()).hasSize(1);
            Awaitility.await()
                    .untilAsserted(() -> assertThat(woken).containsExactlyInAnyOrder("quick", "slow", "hangs"));
        }
    }

    @Test
    void givenTooManyMessages_whenTheTimeToWaitIsOver_thenAllThatWaitIsOneRequestAndAnEndFollowsItsBeginning() {
        try (ReceiverServer slack = new ReceiverServer()) {
            slack.then(429, Map.of("Retry-After", "2"), "rate_limited").then(500);
            secrets.put(new SecretKeyReference("slack", "url"), slack.url());
            AlertMessage trigger = AlertMessages.of("a", TRIGGER, SLACK);
            outbox.hand("a", List.of(trigger), List.of());
            Awaitility.await()
                    .untilAsserted(() ->
                            assertThat(outbox.deliveries("a").get("a-TRIGGER")).isInstanceOf(Delivery.Failing.class));
            outbox.hand("a", List.of(trigger, AlertMessages.of("a", RESOLVE, SLACK)), List.of());
            hand(AlertMessages.of("b", TRIGGER, SLACK));

            Awaitility.await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
                assertTaken("a-TRIGGER");
                assertTaken("a-RESOLVE");
                assertTaken("b-TRIGGER");
            });

            assertThat(slack.seen()).hasSize(3);
            assertThat(slack.seen().getLast().body())
                    .isEqualTo(slack.seen().get(1).body())
                    .containsSubsequence("shop: a TRIGGER", "shop: a RESOLVE", "shop: b TRIGGER");
        }
    }

    private void hand(AlertMessage message) {
        outbox.hand(message.ownerUid(), List.of(message), List.of());
    }

    private void assertTaken(String key) {
        assertThat(outbox.deliveries(key.substring(0, key.indexOf('-'))).get(key))
                .isInstanceOf(Delivery.Taken.class);
    }
}
