package dev.mainstay.core.alert;

import dev.mainstay.api.alert.ChannelTest;
import dev.mainstay.api.alert.FailingSource;
import dev.mainstay.api.alert.NotificationChannel;
import dev.mainstay.api.alert.NotificationChannelStatus;
import dev.mainstay.api.alert.NotificationState;
import dev.mainstay.api.status.ConditionStatus;
import dev.mainstay.core.status.Conditions;
import dev.mainstay.core.status.Reason;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Whether a channel can be used, and what it is told in its own right. */
public final class ChannelDecider {

    private static final String DELIVERING = "Delivering";

    private ChannelDecider() {}

    /** What is to be done now. */
    public static ChannelDecision decide(ChannelObservation seen, Instant moment) {
        Instant now = moment.truncatedTo(ChronoUnit.SECONDS);
        NotificationChannel channel = seen.channel();
        NotificationChannelStatus before =
                Optional.ofNullable(channel.getStatus()).orElse(NotificationChannelStatus.NONE);
        Conditions conditions = new Conditions(
                before.conditions(),
                Optional.ofNullable(channel.getMetadata().getGeneration()).orElse(0L),
                now);
        if (channel.getSpec() == null || channel.unreadableSpec().isPresent()) {
            return unreadable(channel, before, conditions);
        }
        ChannelTexts texts = new ChannelTexts(channel);
        ChannelTest test = ChannelTests.next(seen, before.lastTest(), texts, now);
        ChannelSources sources = new ChannelSources(seen, before.sources(), texts, now);
        readiness(seen, conditions);
        delivery(seen, before, test, sources.lines(), conditions);
        return new ChannelDecision(
                new NotificationChannelStatus(
                        channel.getMetadata().getGeneration(), conditions.list(), test, sources.lines()),
                Stream.concat(ChannelTests.message(test, texts).stream(), sources.messages().stream())
                        .toList(),
                sources.open(),
                sources.wakeUp());
    }

    private static ChannelDecision unreadable(
            NotificationChannel channel, NotificationChannelStatus before, Conditions conditions) {
        conditions
                .stalled(
                        Reason.INVALID_SPEC,
                        "The spec of NotificationChannel "
                                + channel.getMetadata().getName() + " can not be read: "
                                + channel.unreadableSpec().orElse("it has no spec")
                                + ". Correct it, or upgrade Mainstay.")
                .keep(DELIVERING);
        return new ChannelDecision(
                new NotificationChannelStatus(
                        channel.getMetadata().getGeneration(), conditions.list(), before.lastTest(), before.sources()),
                List.of(),
                List.of(),
                null);
    }

    private static void readiness(ChannelObservation seen, Conditions conditions) {
        ChannelFallbacks fallbacks = new ChannelFallbacks(seen.channel(), seen.channels());
        if (seen.obstacle() != null) {
            conditions.stalled(seen.obstacle().reason(), seen.obstacle().message());
        } else if (fallbacks.trouble().isPresent()) {
            conditions.stalled(
                    fallbacks.trouble().get().reason(),
                    fallbacks.trouble().get().message());
        } else {
            conditions.ready(Reason.READY, "What the channel needs is there.");
        }
    }

    private static void delivery(
            ChannelObservation seen,
            NotificationChannelStatus before,
            ChannelTest test,
            List<FailingSource> sources,
            Conditions conditions) {
        Optional<FailingSource> untold =
                sources.stream().filter(source -> isTrouble(source.state())).findFirst();
        boolean wasKnown = Conditions.find(before.conditions(), DELIVERING)
                .filter(condition -> condition.status() != ConditionStatus.UNKNOWN)
                .isPresent();
        boolean taken = seen.taken()
                || test != null && test.state() == NotificationState.SENT
                || sources.stream().anyMatch(source -> source.triggeredAt() != null);
        if (seen.trouble() != null) {
            conditions.set(
                    DELIVERING,
                    ConditionStatus.FALSE,
                    seen.trouble().reason(),
                    seen.trouble().message());
        } else if (test != null && isTrouble(test.state())) {
            conditions.set(
                    DELIVERING,
                    ConditionStatus.FALSE,
                    Reason.TEST_NOT_TAKEN,
                    "The test '" + test.value() + "' was not taken: " + test.message()
                            + " Once that is mended, set the annotation mainstay.dev/test-send to another value.");
        } else if (untold.isPresent()) {
            conditions.set(
                    DELIVERING,
                    ConditionStatus.FALSE,
                    Reason.NOT_DELIVERED,
                    "The channel has not taken the message on source "
                            + untold.get().source() + ". Look at the receiver.");
        } else if (taken || wasKnown) {
            conditions.set(
                    DELIVERING, ConditionStatus.TRUE, Reason.READY, "Messages are taken, as far as there are any.");
        } else {
            conditions.set(
                    DELIVERING,
                    ConditionStatus.UNKNOWN,
                    Reason.NOTHING_SENT,
                    "Nothing was sent yet. To see whether it arrives: kubectl annotate --overwrite notificationchannel "
                            + seen.channel().getMetadata().getName() + " --namespace "
                            + seen.channel().getMetadata().getNamespace() + " mainstay.dev/test-send=<a new value>");
        }
    }

    private static boolean isTrouble(NotificationState state) {
        return state == NotificationState.FAILING || state == NotificationState.REFUSED;
    }
}
