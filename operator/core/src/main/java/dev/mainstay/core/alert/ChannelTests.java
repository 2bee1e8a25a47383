package dev.mainstay.core.alert;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.alert.ChannelTest;
import dev.mainstay.api.alert.NotificationState;
import dev.mainstay.core.Texts;
import dev.mainstay.core.naming.Names;
import dev.mainstay.core.status.Conditions;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** The message that is sent to see whether it arrives: one for each new value of the annotation. */
final class ChannelTests {

    private static final int LONGEST_VALUE = 253;

    private ChannelTests() {}

    /** How the last test stands; null when there was none. */
    static ChannelTest next(ChannelObservation seen, ChannelTest last, ChannelTexts texts, Instant now) {
        ChannelTest test = asked(seen)
                .filter(value -> last == null || !value.equals(last.value()))
                .map(value -> new ChannelTest(value, number(last) + 1, now, NotificationState.SENDING, null))
                .orElse(last);
        return message(test, texts)
                .map(message -> absorb(test, seen.deliveries().get(message.key())))
                .orElse(test);
    }

    /**
     * What is to be sent; empty when no test is under way. One that was not taken is tried no more: that is what was asked, and
     * alerts to the same receiver would wait behind it.
     */
    static Optional<AlertMessage> message(ChannelTest test, ChannelTexts texts) {
        return Optional.ofNullable(test)
                .filter(one -> one.state() == NotificationState.SENDING)
                .map(texts::test);
    }

    /** Two long values differ where they are cut. */
    private static Optional<String> asked(ChannelObservation seen) {
        return Optional.ofNullable(seen.channel().getMetadata().getAnnotations())
                .map(annotations -> annotations.get(Annotations.TEST_SEND))
                .filter(value -> !value.isBlank())
                .map(value -> Texts.cut(value, LONGEST_VALUE, "…" + Names.digest(value)));
    }

    private static int number(ChannelTest last) {
        return last == null || last.number() == null ? 0 : last.number();
    }

    private static ChannelTest absorb(ChannelTest test, Delivery delivery) {
        return switch (delivery) {
            case null -> test;
            case Delivery.Waiting ignored -> test;
            case Delivery.Taken taken -> over(test, taken.at(), NotificationState.SENT, "The channel has taken it.");
            case Delivery.Failing failing -> over(test, test.at(), NotificationState.FAILING, failing.message());
            case Delivery.Refused refused -> over(test, refused.at(), NotificationState.REFUSED, refused.message());
        };
    }

    private static ChannelTest over(ChannelTest test, Instant at, NotificationState state, String message) {
        return new ChannelTest(
                test.value(), test.number(), at.truncatedTo(ChronoUnit.SECONDS), state, Conditions.cut(message));
    }
}
