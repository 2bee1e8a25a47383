package dev.mainstay.core.alert;

import dev.mainstay.api.alert.NotificationDestination;
import java.util.Locale;

/** What kinds of receivers there are. */
public enum ReceiverType {
    SLACK("Slack", "Make a new webhook in Slack and put its URL into the Secret that spec.slack.urlSecretRef names."),
    WEBHOOK(
            "the webhook",
            "Correct spec.webhook.url or the Secret that urlSecretRef names, and what authorizationSecretRef and"
                    + " hmacSecretRef name."),
    ALERTMANAGER(
            "the Alertmanager", "Correct spec.alertmanager.urls, and the Secret that authorizationSecretRef names.");

    private final String words;
    private final String correct;

    ReceiverType(String words, String correct) {
        this.words = words;
        this.correct = correct;
    }

    /** Of a destination. */
    public static ReceiverType of(NotificationDestination destination) {
        if (destination.slack() != null) {
            return SLACK;
        }
        return destination.webhook() != null ? WEBHOOK : ALERTMANAGER;
    }

    /** As it is called in a sentence. */
    public String words() {
        return words;
    }

    /** What to do when it does not know us. */
    public String correct() {
        return correct;
    }

    /** The value of the label {@code type}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
