package dev.mainstay.controller.runbook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.alert.NotificationChannel;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.runbook.MaintenanceRun;
import dev.mainstay.api.runbook.Runbook;
import dev.mainstay.controller.alert.Outbox;
import dev.mainstay.core.alert.AlertMessage;
import dev.mainstay.core.alert.Delivery;
import dev.mainstay.core.runbook.StepSeen;
import dev.mainstay.core.runbook.StepTurn;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the outbox is handed for a step. */
class NotifyActorTest {

    private static final NotificationChannel CHANNEL = Serialization.unmarshal("""
            metadata: {name: oncall, namespace: shop}
            spec: {slack: {urlSecretRef: {name: slack, key: url}}}
            """, NotificationChannel.class);

    private final Map<String, List<AlertMessage>> handed = new HashMap<>();
    private final Outbox outbox = new Outbox() {
        @Override
        public Map<String, Delivery> deliveries(String ownerUid) {
            Map<String, Delivery> found = new HashMap<>();
            handed.getOrDefault(ownerUid, List.of())
                    .forEach(message -> found.put(message.key(), new Delivery.Waiting()));
            return found;
        }

        @Override
        public void hand(String ownerUid, List<AlertMessage> messages, List<AlertMessage> open) {
            handed.put(ownerUid, messages);
        }
    };
    private final NotifyActor actor = new NotifyActor(
            outbox,
            (namespace, name) ->
                    namespace.equals("shop") && name.equals("oncall") ? Optional.of(CHANNEL) : Optional.empty());

    @Test
    void givenAnAttempt_whenItActs_thenItsMessageIsThereUntilItIsLeft() {
        StepTurn turn = turn("uid-run", "oncall", 1);
        assertThat(actor.look(turn)).isEqualTo(new StepSeen.OfNotify(CHANNEL, null));

        actor.act(turn);
        assertThat(handed.get("uid-run")).extracting(AlertMessage::key).containsExactly("uid-run/tell/1");
        assertThat(actor.look(turn)).isEqualTo(new StepSeen.OfNotify(CHANNEL, new Delivery.Waiting()));
        assertThat(actor.look(turn("uid-run", "oncall", 2)))
                .as("another attempt")
                .isEqualTo(new StepSeen.OfNotify(CHANNEL, null));

        actor.leave(turn);
        assertThat(handed.get("uid-run")).isEmpty();
    }

    @Test
    void givenNoAttempt_whenItIsLookedAt_thenNothingIsAsked() {
        assertThat(actor.look(turn("uid-run", "oncall", 0))).isEqualTo(new StepSeen.Nothing());
    }

    @Test
    void givenNoSuchChannel_whenItIsLookedAt_thenItIsMissing() {
        assertThat(actor.look(turn("uid-run", "nobody", 1))).isEqualTo(new StepSeen.OfNotify(null, null));
        actor.act(turn("uid-run", "nobody", 1));
        assertThat(handed).isEmpty();
    }

    @Test
    void givenManyRuns_whenTheyHaveTold_thenTheFirstAreForgotten() {
        for (int number = 0; number <= 1000; number++) {
            actor.act(turn("uid-" + number, "oncall", 1));
        }
        assertThat(handed.get("uid-0")).isEmpty();
        assertThat(handed.get("uid-1")).hasSize(1);
    }

    private static StepTurn turn(String uid, String channel, int attempt) {
        return new StepTurn(
                Serialization.unmarshal("""
                        metadata: {name: tuesday, namespace: shop, uid: %s}
                        spec: {applicationRef: {name: shop}, runbookRef: {name: release}, reason: it is Tuesday}
                        """.formatted(uid), MaintenanceRun.class),
                new ManagedApplication(),
                Serialization.unmarshal(
                                "spec: {steps: [{name: tell, notify: {channel: %s, message: Hello}}]}"
                                        .formatted(channel),
                                Runbook.class)
                        .getSpec()
                        .steps()
                        .getFirst(),
                attempt);
    }
}
