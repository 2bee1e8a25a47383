package dev.mainstay.core.alert;

import dev.mainstay.api.alert.AlertSeverity;
import dev.mainstay.api.alert.ChannelTest;
import dev.mainstay.api.alert.FailingSource;
import dev.mainstay.api.alert.NotificationChannel;
import dev.mainstay.api.alert.NotificationDestination;
import dev.mainstay.api.alert.NotificationKind;
import dev.mainstay.core.Durations;
import dev.mainstay.core.alert.ChannelObservation.SourceTrouble;
import dev.mainstay.core.naming.Names;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What a channel is told in its own right. */
final class ChannelTexts {

    private static final int LONGEST_TITLE = 600;
    private static final int LONGEST_TEXT = 4_000;

    private final NotificationChannel channel;

    ChannelTexts(NotificationChannel channel) {
        this.channel = channel;
    }

    AlertMessage test(ChannelTest test) {
        return message(
                uid() + "/test/" + test.number(),
                uid() + "/test/" + test.number(),
                channel.getSpec().destination(),
                NotificationKind.TEST,
                AlertSeverity.INFO,
                "Test of NotificationChannel " + name(),
                "This is a test, and nothing is to be done. It was asked for at NotificationChannel " + name()
                        + " in namespace " + channel.getMetadata().getNamespace() + " with mainstay.dev/test-send: "
                        + test.value(),
                Map.of("alertname", "NotificationChannelTest", "channel", name()),
                test.at(),
                null);
    }

    /** Identifies the newest message on a source. */
    String key(FailingSource line) {
        return episode(line) + "/" + Places.of(line.destination()) + "/"
                + line.kind().name().toLowerCase(Locale.ROOT);
    }

    /** That a source does not answer, or does again. */
    AlertMessage source(FailingSource line, Optional<SourceTrouble> trouble) {
        boolean over = line.kind() == NotificationKind.RESOLVE;
        String text = over
                ? line.source() + " answers again since " + line.answersSince() + ". It did not for "
                        + Durations.format(Duration.between(line.since(), line.answersSince())) + "."
                : line.source() + " does not answer since " + line.since()
                        + trouble.map(found -> ": " + found.why()).orElse(".")
                        + "\nAlert rules that tell this channel and ask it: " + line.rules()
                        + ". What they watch is not known until it answers.";
        return message(
                key(line),
                episode(line),
                line.destination(),
                line.kind(),
                AlertSeverity.WARNING,
                "A source of metrics " + (over ? "answers again" : "does not answer"),
                text,
                Map.of("alertname", "MetricsSourceFailing", "channel", name(), "source", line.source()),
                line.since(),
                over ? line.answersSince() : null);
    }

    private String episode(FailingSource line) {
        return uid() + "/source/" + Names.digest(line.source()) + "/"
                + line.since().getEpochSecond();
    }

    private AlertMessage message(
            String key,
            String dedupKey,
            NotificationDestination destination,
            NotificationKind kind,
            AlertSeverity severity,
            String title,
            String text,
            Map<String, String> labels,
            Instant startsAt,
            Instant endsAt) {
        Map<String, String> all = new HashMap<>(labels);
        all.put("namespace", channel.getMetadata().getNamespace());
        all.put("severity", severity.name().toLowerCase(Locale.ROOT));
        return new AlertMessage(
                key,
                dedupKey,
                uid(),
                channel.getMetadata().getNamespace(),
                name(),
                destination,
                kind,
                severity,
                AlertTexts.cut(title, LONGEST_TITLE),
                AlertTexts.cut(text, LONGEST_TEXT),
                null,
                all,
                startsAt,
                endsAt);
    }

    private String uid() {
        return channel.getMetadata().getUid();
    }

    private String name() {
        return channel.getMetadata().getName();
    }
}
