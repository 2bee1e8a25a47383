package dev.mainstay.controller.alert;

import dev.mainstay.api.SecretKeyReference;
import dev.mainstay.core.alert.AlertMessage;
import dev.mainstay.core.alert.SendOutcome;
import dev.mainstay.core.status.Reason;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import java.util.regex.Pattern;

/** The Secrets of a channel, read for one attempt, and what is wrong with them. */
final class ChannelSecret {

    private static final int LARGEST_PORT = 65_535;
    private static final int LONGEST_URL = 2_048;
    private static final Pattern HEADER = Pattern.compile("[\\x20-\\x7e]{1,8192}");
    private static final String NEXT = " It is read anew at each attempt.";

    private final SecretValues secrets;

    ChannelSecret(SecretValues secrets) {
        this.secrets = secrets;
    }

    /** Ends an attempt before anything is sent. It has no cause, which could tell what must not be told. */
    static final class Obstacle extends Exception {

        private final transient SendOutcome outcome;

        Obstacle(SendOutcome outcome) {
            super(null, null, false, false);
            this.outcome = outcome;
        }

        SendOutcome outcome() {
            return outcome;
        }
    }

    /** What is under a key; empty when the channel names none. */
    Optional<String> read(AlertMessage message, String field, SecretKeyReference key) throws Obstacle {
        if (key == null) {
            return Optional.empty();
        }
        return Optional.of(value(message, field, key));
    }

    private String value(AlertMessage message, String field, SecretKeyReference key) throws Obstacle {
        String secret = "Secret " + message.namespace() + "/" + key.name();
        String named = ", which " + field + " of NotificationChannel " + message.channel() + " names";
        SecretValues.Answer answer;
        try {
            answer = secrets.read(message.namespace(), key);
        } catch (RuntimeException e) {
            throw later(
                    Reason.CREDENTIALS_MISSING,
                    secret + named + ", could not be read (" + e.getClass().getSimpleName()
                            + "). Look at the API server.");
        }
        return switch (answer) {
            case SecretValues.Value(String text) -> text.strip();
            case SecretValues.NotFound ignored ->
                throw later(
                        Reason.CREDENTIALS_MISSING,
                        secret + named + ", does not exist. Create it with the key " + key.key() + ".");
            case SecretValues.KeyMissing ignored ->
                throw later(
                        Reason.CREDENTIALS_MISSING,
                        secret + " has no key " + key.key() + named + ". Add it, or name the key that it has.");
            case SecretValues.Empty ignored ->
                throw later(
                        Reason.CREDENTIALS_MISSING,
                        secret + " has nothing under the key " + key.key() + named + ". Put the value there.");
            case SecretValues.Forbidden ignored ->
                throw later(
                        Reason.FORBIDDEN,
                        "Mainstay may not read " + secret + named
                                + ". Let it by a Role of this namespace; the channel's condition Ready has the command.");
        };
    }

    /** A value that a header can have. */
    Optional<String> header(AlertMessage message, String field, SecretKeyReference key) throws Obstacle {
        Optional<String> value = read(message, field, key);
        if (value.isPresent() && !HEADER.matcher(value.get()).matches()) {
            throw unsuitable(message, field, key, "can't stand in a header: it has line breaks, or other than ASCII");
        }
        return value;
    }

    /** A URL that messages can be posted to. */
    URI url(AlertMessage message, String field, SecretKeyReference key) throws Obstacle {
        return url(value(message, field, key))
                .orElseThrow(() -> unsuitable(
                        message,
                        field,
                        key,
                        "is no URL of http or https with a host, maybe a port, a path and a query, and nothing else"));
    }

    /** A text as such a URL; empty when it is none. Nothing of it is told. */
    static Optional<URI> url(String text) {
        try {
            URI url = new URI(text);
            boolean good = text.length() <= LONGEST_URL
                    && ("http".equals(url.getScheme()) || "https".equals(url.getScheme()))
                    && url.getHost() != null
                    && url.getPort() <= LARGEST_PORT
                    && url.getRawUserInfo() == null
                    && url.getRawFragment() == null;
            return good ? Optional.of(url) : Optional.empty();
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    /** What stands in a Secret is not what it should be. */
    static Obstacle unsuitable(AlertMessage message, String field, SecretKeyReference key, String why) {
        return later(
                Reason.CREDENTIALS_UNSUITABLE,
                "What stands under the key " + key.key() + " of Secret " + message.namespace() + "/" + key.name()
                        + ", which " + field + " of NotificationChannel " + message.channel() + " names, " + why
                        + ". Correct it.");
    }

    private static Obstacle later(Reason reason, String message) {
        return new Obstacle(new SendOutcome.Later(reason, message + NEXT, null));
    }
}
