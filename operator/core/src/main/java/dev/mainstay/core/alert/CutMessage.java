package dev.mainstay.core.alert;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A message of which a receiver was not told all, since it takes no more.
 *
 * @param message the whole of it
 * @param found what was left out, in a sentence that names the channel and nothing of the message
 */
public record CutMessage(AlertMessage message, String found) {

    /** Of the messages of a request those that are told in part; an end that stands for older messages on its alert tells all. */
    public static List<CutMessage> of(List<AlertMessage> messages) {
        if (messages.isEmpty()) {
            return List.of();
        }
        return ReceiverType.of(messages.getFirst().destination()) == ReceiverType.SLACK
                ? SlackBody.cuts(messages)
                : SentTexts.newest(messages).stream()
                        .flatMap(message -> annotated(message).stream())
                        .toList();
    }

    private static Optional<CutMessage> annotated(AlertMessage message) {
        return of(
                message,
                SentTexts.length(SentTexts.title(message), Character::toString),
                SentTexts.TITLE,
                message.text() == null ? 0 : SentTexts.length(message.text().strip(), Character::toString),
                SentTexts.TEXT);
    }

    /** By the lengths of title and text, and how much of them is told; empty when that is all. */
    static Optional<CutMessage> of(AlertMessage message, int title, int toldOfTitle, int text, int toldOfText) {
        List<String> cuts = new ArrayList<>();
        if (title > toldOfTitle) {
            cuts.add("its title of " + title + " characters was cut to " + toldOfTitle);
        }
        if (text > toldOfText) {
            cuts.add("its text of " + text + " characters was cut to " + toldOfText);
        }
        return cuts.isEmpty() ? Optional.empty() : of(message, String.join(" and ", cuts));
    }

    /** With what was left out. */
    static Optional<CutMessage> of(AlertMessage message, String what) {
        return Optional.of(new CutMessage(
                message,
                "NotificationChannel " + message.channel() + " has taken a message (" + AlertTexts.word(message.kind())
                        + ") and was not told all of it: " + what + "."));
    }
}
