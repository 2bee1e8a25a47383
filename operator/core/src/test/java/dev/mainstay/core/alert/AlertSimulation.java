package dev.mainstay.core.alert;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.alert.AlertNotification;
import dev.mainstay.api.alert.AlertRuleStatus;
import dev.mainstay.api.alert.NotificationKind;
import dev.mainstay.core.status.Reason;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A rule, four channels that lead to two places each, receivers that fail now and then, people who edit, and an operator that dies.
 * Whoever hands messages over sends them in any order: that they arrive in theirs is the ledger's work.
 */
final class AlertSimulation {

    private static final List<String> NAMES = List.of("a", "b", "c", "d");

    /** The application's own, which the rule never names. */
    private static final String STANDS_IN = "e";

    private final Random random;
    private final Scene scene = new Scene("pendingFor: 0s, notify: [{channel: a}]");
    private final Map<String, AlertMessage> everMade = new HashMap<>();
    private final Map<String, AlertMessage> outbox = new HashMap<>();
    private final Map<String, Integer> health = new HashMap<>();
    private final Set<String> arrived = new HashSet<>();
    private final Map<String, Set<String>> recorded = new HashMap<>();
    private final Map<String, Set<String>> ends = new HashMap<>();
    int told;
    int stoodIn;

    AlertSimulation(long seed) {
        random = new Random(seed);
        scene.channels.clear();
        NAMES.forEach(name -> lead(name, 0));
        scene.channel(STANDS_IN, "webhook: {url: 'https://" + place(STANDS_IN, 0) + "/', maxAlerts: 50}");
        scene.application = Scene.application("notify: [{channel: " + STANDS_IN + "}]");
    }

    void step() {
        scene.now = scene.now.plusSeconds(1 + random.nextInt(random.nextInt(10) == 0 ? 1500 : 40));
        switch (random.nextInt(14)) {
            case 0, 1, 2, 3 -> measure();
            case 4 -> edit();
            case 5 -> lead(NAMES.get(random.nextInt(4)), random.nextInt(2));
            case 6 -> health.put(place(NAMES.get(random.nextInt(4)), random.nextInt(2)), random.nextInt(6));
            case 7 -> scene.mute = random.nextInt(3) > 0 ? null : new AlertMute("MaintenanceMode m", null);
            case 8 -> people();
            default -> deliver();
        }
        if (random.nextBoolean()) {
            deliver();
        }
        reconcile();
    }

    /** All is mended, and the rule is good or deleted: nobody may be left who believes that it fires. */
    void settle(boolean deleted) {
        health.clear();
        scene.mute = null;
        scene.annotated(Annotations.PAUSED, null);
        NAMES.stream().filter(name -> !scene.channels.containsKey(name)).forEach(name -> lead(name, 0));
        if (deleted) {
            scene.rule.getMetadata().setDeletionTimestamp(scene.now.toString());
        }
        for (int pass = 0; pass < 30; pass++) {
            scene.now = scene.now.plusSeconds(3);
            scene.percent(0.1);
            write(decide());
            hand(scene.decision);
            List.copyOf(outbox.values()).forEach(this::send);
        }
        assertThat(scene.lines()).isEmpty();
        assertThat(scene.decision.messages()).isEmpty();
        assertThat(scene.decision.open()).isEmpty();
        assertThat(scene.decision.finalizer()).isFalse();
        recorded.forEach((whom, lines) -> assertThat(ends.getOrDefault(whom, Set.of()))
                .as("ends told to %s", whom)
                .hasSameSizeAs(lines));
        assertThat(recorded.keySet()).containsAll(ends.keySet());
    }

    private void measure() {
        switch (random.nextInt(8)) {
            case 0 -> scene.noData();
            case 1 -> scene.failed();
            case 2 -> scene.partial(0.1);
            case 3, 4 -> scene.percent(2);
            default -> scene.percent(0.1 + random.nextInt(3) * 0.4);
        }
    }

    private void edit() {
        List<String> stages = NAMES.stream()
                .filter(name -> random.nextBoolean())
                .map(name -> "{channel: " + name + ", after: " + random.nextInt(2) * 10 + "m}")
                .toList();
        scene.spec("recoverThreshold: {percent: 0.5}, pendingFor: " + random.nextInt(2) + "m, keepFiringFor: "
                + random.nextInt(2) + "m, repeatInterval: 20m, noData: " + (random.nextBoolean() ? "KeepState" : "OK")
                + ", notify: [" + String.join(", ", stages) + "]");
        scene.rule.getMetadata().setGeneration(scene.rule.getMetadata().getGeneration() + 1);
        scene.query = random.nextInt(4) == 0 ? "query-" + random.nextInt(3) : scene.query;
    }

    private void people() {
        switch (random.nextInt(8)) {
            case 0 -> scene.annotated(Annotations.PAUSED, "release");
            case 1 ->
                scene.annotated(
                        Annotations.ACKNOWLEDGE,
                        scene.rule.getStatus() == null
                                ? "1@ann"
                                : scene.status().episode() + "@ann");
            case 2 -> scene.channels.remove(NAMES.get(random.nextInt(4)));
            case 3 -> NAMES.forEach(scene.channels::remove);
            default -> {
                scene.annotated(Annotations.PAUSED, null);
                NAMES.stream().filter(name -> !scene.channels.containsKey(name)).forEach(name -> lead(name, 0));
            }
        }
    }

    private void lead(String name, int where) {
        scene.channel(
                name,
                "webhook: {url: 'https://" + place(name, where) + "/', maxAlerts: 50}, fallback: {after: 5m, channel: "
                        + NAMES.get((NAMES.indexOf(name) + 1) % 4) + "}");
    }

    private static String place(String name, int where) {
        return name + where;
    }

    /** A pass that may find the object changed, or whose operator dies after any of its effects. */
    private void reconcile() {
        AlertDecision decision = decide();
        int accident = random.nextInt(20);
        if (accident == 0) {
            return;
        }
        write(decision);
        if (accident != 1) {
            hand(decision);
        }
        if (accident == 2) {
            // What is sent now is never written down.
            List.copyOf(outbox.values()).stream()
                    .filter(message -> random.nextBoolean())
                    .forEach(this::send);
        }
        if (accident <= 3) {
            outbox.clear();
            scene.deliveries.clear();
        }
    }

    private AlertDecision decide() {
        AlertDecision decision = AlertDecider.decide(scene.observation(), scene.now);
        assertThat(AlertDecider.decide(scene.observation(), scene.now)).isEqualTo(decision);
        assertThat(decision.wakeUp())
                .satisfiesAnyOf(
                        wakeUp -> assertThat(wakeUp).isNull(),
                        wakeUp -> assertThat(wakeUp).isAfter(scene.now));
        return decision;
    }

    private void write(AlertDecision decision) {
        // Two things are acted upon in the pass after the one that has written them.
        boolean another = scene.rule.getStatus() != null
                        && scene.status().query() != null
                        && !scene.query.equals(scene.status().query())
                || RuleReceivers.noneExists(decision.status())
                        != (scene.rule.getStatus() != null && RuleReceivers.noneExists(scene.status()));
        scene.decision = decision;
        scene.rule.setStatus(Serialization.unmarshal(Serialization.asJson(decision.status()), AlertRuleStatus.class));
        assertThat(scene.lines()).hasSizeLessThanOrEqualTo(32);
        stoodIn += (int) scene.lines().stream()
                .filter(line -> line.channel().equals(STANDS_IN))
                .count();
        if (!another) {
            assertThat(AlertDecider.decide(scene.observation(), scene.now).status())
                    .as("what is decided once more")
                    .isEqualTo(scene.status());
        }
        for (AlertNotification line : scene.lines()) {
            if (Lines.mayKnow(line)) {
                Instant since = line.unansweredAt() == null ? line.triggeredAt() : line.unansweredAt();
                recorded.computeIfAbsent(whom(line), whom -> new HashSet<>()).add(since.toString());
            }
            boolean fresh = scene.status().muted() != null
                    && line.since().isAfter(scene.status().muted().since());
            assertThat(fresh && Lines.tellsOfFiring(line))
                    .as("told under a mute")
                    .isFalse();
        }
    }

    private void hand(AlertDecision decision) {
        for (AlertMessage message : decision.messages()) {
            AlertMessage made = everMade.putIfAbsent(message.key(), message);
            assertThat(message).isEqualTo(made == null ? message : made);
            assertThat(message.title()).isNotBlank();
            assertThat(message.text()).isNotBlank();
        }
        Map<String, AlertMessage> handed =
                decision.messages().stream().collect(Collectors.toMap(AlertMessage::key, message -> message));
        outbox.keySet().retainAll(handed.keySet());
        scene.deliveries.keySet().retainAll(handed.keySet());
        handed.forEach((key, message) -> {
            if (!scene.deliveries.containsKey(key)) {
                outbox.put(key, message);
                scene.deliveries.put(key, new Delivery.Waiting());
            }
        });
    }

    private void deliver() {
        List<AlertMessage> waiting = new ArrayList<>(outbox.values());
        waiting.sort((one, other) -> one.key().compareTo(other.key()));
        if (!waiting.isEmpty()) {
            send(waiting.get(random.nextInt(waiting.size())));
        }
    }

    private void send(AlertMessage message) {
        String whom = message.channel() + " " + message.destination().webhook().url() + " " + message.dedupKey();
        boolean end = message.kind() == NotificationKind.RESOLVE;
        switch (health.getOrDefault(host(message), 0)) {
            case 1 -> scene.deliveries.put(message.key(), new Delivery.Failing(scene.now, Reason.UNREACHABLE, "No."));
            case 2 -> {
                scene.deliveries.put(message.key(), new Delivery.Refused(scene.now, Reason.FORBIDDEN, "No."));
                outbox.remove(message.key());
                if (end) {
                    ends.computeIfAbsent(whom, key -> new HashSet<>()).add(message.key());
                }
            }
            case 3 -> {
                scene.deliveries.put(
                        message.key(), new Delivery.Failing(scene.now, Reason.UNREACHABLE, "Silence.", true));
                arrive(message, whom, end);
            }
            default -> {
                scene.deliveries.put(message.key(), new Delivery.Taken(scene.now));
                outbox.remove(message.key());
                told++;
                arrive(message, whom, end);
            }
        }
    }

    private void arrive(AlertMessage message, String whom, boolean end) {
        if (message.kind() == NotificationKind.DIGEST) {
            return;
        }
        if (end) {
            assertThat(arrived).as("an end without a beginning").contains(whom);
            ends.computeIfAbsent(whom, key -> new HashSet<>()).add(message.key());
            return;
        }
        arrived.add(whom);
        String before =
                message.channel() + " " + message.destination().webhook().url() + " uid-1/";
        long episode = Long.parseLong(message.dedupKey().substring("uid-1/".length()));
        for (long earlier = 1; earlier < episode; earlier++) {
            assertThat(ends.getOrDefault(before + earlier, Set.of()))
                    .as("ends of episode %s before %s begins", earlier, episode)
                    .hasSameSizeAs(recorded.getOrDefault(before + earlier, Set.of()));
        }
    }

    private static String host(AlertMessage message) {
        String url = message.destination().webhook().url();
        return url.substring("https://".length(), url.length() - 1);
    }

    private static String whom(AlertNotification line) {
        return line.channel() + " " + line.destination().webhook().url() + " uid-1/" + line.episode();
    }
}
