package dev.mainstay.controller.alert;

import dev.mainstay.core.alert.CutMessage;
import java.time.Clock;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;

/** Makes the outbox of the operator. */
public final class Outboxes {

    private Outboxes() {}

    /**
     * One that sends from virtual threads.
     *
     * @param secrets where the Secrets of channels are read
     * @param wake is told the uid of an object whose message was taken, or was not for the first time
     * @param cuts is told of messages of which a receiver was not told all
     */
    public static NotificationOutbox of(
            SecretValues secrets, Clock clock, Consumer<String> wake, Consumer<CutMessage> cuts) {
        HttpSender sender = new HttpSender(secrets, clock, HttpSender.DEADLINE, cuts);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        return new NotificationOutbox(
                sender, Timekeeper.of(clock), () -> ThreadLocalRandom.current().nextDouble(), threads, wake, () -> {
                    threads.shutdownNow();
                    sender.close();
                });
    }
}
