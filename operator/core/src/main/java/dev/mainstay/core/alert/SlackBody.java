package dev.mainstay.core.alert;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.mainstay.api.alert.AlertSeverity;
import dev.mainstay.api.alert.NotificationKind;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What an incoming webhook of Slack is told: one text, however many messages wait, since a webhook that is told too often may
 * be switched off (prometheus/alertmanager pull request 2128). There are no blocks, which Slack has refused below its own limit
 * (slackapi/bolt-js issue 2509).
 */
public final class SlackBody {

    /** Those that are told in words. With the lengths below all of it is shorter than the 40,000 characters Slack takes. */
    private static final int SHOWN = 20;

    private static final int LONGEST = 39_000;
    private static final int TITLE = 150;
    private static final int TEXT = 3_000;
    private static final int TEXT_OF_MANY = 1_000;
    private static final int LONGEST_LINK = 700;

    private SlackBody() {}

    /** The body, as JSON. */
    public static String of(List<AlertMessage> messages) {
        List<AlertMessage> shown = shown(messages);
        String text = written(shown, room(shown));
        int more = messages.size() - shown.size();
        return JsonNodeFactory.instance
                .objectNode()
                .put("text", more > 0 ? text + "\n\n… and " + more + " more" : text)
                .toString();
    }

    /** What Slack is not told of these messages when they are told in one text. */
    static List<CutMessage> cuts(List<AlertMessage> messages) {
        List<AlertMessage> shown = shown(messages);
        int room = room(shown);
        return messages.stream()
                .flatMap(message -> (shown.contains(message)
                                ? CutMessage.of(
                                        message,
                                        SentTexts.length(SentTexts.title(message), SlackBody::written),
                                        TITLE,
                                        SentTexts.length(text(message), SlackBody::written),
                                        room)
                                : CutMessage.of(
                                        message,
                                        "of " + messages.size() + " messages that waited, the gravest " + shown.size()
                                                + " were told, and this one was counted"))
                        .stream())
                .toList();
    }

    private static String written(List<AlertMessage> shown, int room) {
        return shown.stream().map(message -> part(message, room)).collect(Collectors.joining("\n\n"));
    }

    /** How long the text of each may be: shorter where Slack would not take all of them. */
    private static int room(List<AlertMessage> shown) {
        return shown.size() == 1 || written(shown, TEXT).length() <= LONGEST ? TEXT : TEXT_OF_MANY;
    }

    /** The gravest, in the order of all. */
    private static List<AlertMessage> shown(List<AlertMessage> messages) {
        Set<Integer> gravest = IntStream.range(0, messages.size())
                .boxed()
                .sorted(Comparator.comparing(
                        (Integer index) -> rank(messages.get(index).severity())))
                .limit(SHOWN)
                .collect(Collectors.toSet());
        return IntStream.range(0, messages.size())
                .filter(gravest::contains)
                .mapToObj(messages::get)
                .toList();
    }

    private static int rank(AlertSeverity severity) {
        return switch (severity) {
            case CRITICAL -> 0;
            case WARNING -> 1;
            case null, default -> 2;
        };
    }

    private static String part(AlertMessage message, int length) {
        StringBuilder part = new StringBuilder("*")
                .append(escaped(SentTexts.title(message), TITLE))
                .append('*')
                .append(severity(message));
        if (!text(message).isEmpty()) {
            part.append('\n').append(escaped(text(message), length));
        }
        String link = escaped(SentTexts.runbook(message).replace("|", "%7C"), Integer.MAX_VALUE);
        if (!link.isEmpty() && link.length() <= LONGEST_LINK) {
            part.append("\nWhat to do: <").append(link).append('>');
        }
        return part.toString();
    }

    private static String severity(AlertMessage message) {
        boolean fires = message.kind() == NotificationKind.TRIGGER || message.kind() == NotificationKind.REPEAT;
        return !fires || message.severity() == null || message.severity() == AlertSeverity.UNRECOGNIZED
                ? ""
                : " (" + message.severity().name().toLowerCase(Locale.ROOT) + ")";
    }

    private static String text(AlertMessage message) {
        return message.text() == null ? "" : message.text().strip();
    }

    private static String escaped(String text, int length) {
        return SentTexts.cut(text, length, SlackBody::written);
    }

    /** Slack asks for these three and no others; without, {@code <!channel>} in a label's value would call everybody. */
    private static String written(int character) {
        return switch (character) {
            case '&' -> "&amp;";
            case '<' -> "&lt;";
            case '>' -> "&gt;";
            default -> Character.toString(character);
        };
    }
}
