package dev.mainstay.controller.runbook;

import dev.mainstay.api.alert.NotificationChannel;
import dev.mainstay.controller.alert.Outbox;
import dev.mainstay.core.runbook.NotifyStepType;
import dev.mainstay.core.runbook.StepSeen;
import dev.mainstay.core.runbook.StepTurn;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/** Hands over a message, under a key that is the same however often it is made. */
public final class NotifyActor implements StepActor {

    /** Of so many runs the outbox remembers what was taken: one whose status was written over is judged by that again. */
    private static final int REMEMBERED = 1000;

    private final Outbox outbox;
    private final BiFunction<String, String, Optional<NotificationChannel>> channels;
    private final LinkedHashSet<String> handed = new LinkedHashSet<>();

    /**
     * Hands them over here.
     *
     * @param channels the channel of a namespace and name; empty when there is none
     */
    public NotifyActor(Outbox outbox, BiFunction<String, String, Optional<NotificationChannel>> channels) {
        this.outbox = outbox;
        this.channels = channels;
    }

    @Override
    public StepSeen look(StepTurn turn) {
        return turn.attempt() == 0
                ? new StepSeen.Nothing()
                : new StepSeen.OfNotify(
                        channel(turn).orElse(null),
                        outbox.deliveries(turn.run().getMetadata().getUid()).get(NotifyStepType.key(turn)));
    }

    @Override
    public void act(StepTurn turn) {
        String run = turn.run().getMetadata().getUid();
        channel(turn).ifPresent(found -> {
            outbox.hand(run, List.of(NotifyStepType.message(turn, found)), List.of());
            remember(run);
        });
    }

    @Override
    public void leave(StepTurn turn) {
        outbox.hand(turn.run().getMetadata().getUid(), List.of(), List.of());
    }

    private Optional<NotificationChannel> channel(StepTurn turn) {
        return channels.apply(
                        turn.run().getMetadata().getNamespace(),
                        turn.step().notifyStep().channel())
                .filter(found -> found.getSpec() != null);
    }

    private synchronized void remember(String run) {
        handed.remove(run);
        handed.add(run);
        if (handed.size() > REMEMBERED) {
            outbox.hand(handed.removeFirst(), List.of(), List.of());
        }
    }
}
