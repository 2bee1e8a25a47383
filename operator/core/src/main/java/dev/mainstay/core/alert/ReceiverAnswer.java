package dev.mainstay.core.alert;

import dev.mainstay.core.status.Reason;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An answer of a receiver, and what it means.
 *
 * @param status the status of HTTP
 * @param retryAfter the header of that name; null when there is none
 * @param body the beginning of the body
 */
public record ReceiverAnswer(int status, String retryAfter, String body) {

    private static final int OK = 200;
    private static final int REDIRECTION = 300;
    private static final int CLIENT_ERROR = 400;
    private static final int TOO_LARGE = 413;
    private static final int TOO_MANY = 429;
    private static final int SERVER_ERROR = 500;

    /** Those of 4xx that another attempt may mend: Request Timeout, Too Early and Too Many Requests. */
    private static final Set<Integer> TRANSIENT = Set.of(408, 425, TOO_MANY);

    /** Bad Gateway and Gateway Timeout: what stands before the receiver has no answer of its, and it may have taken the message. */
    private static final Set<Integer> UNANSWERED = Set.of(502, 504);

    private static final Set<Integer> NOT_KNOWN = Set.of(401, 403, 404, 405, 410);
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(10);
    private static final int QUOTED = 200;
    private static final Pattern NUMBER = Pattern.compile("\\d{1,9}");
    private static final Pattern SLACK_WORD = Pattern.compile("[a-z][a-z_]{1,60}");
    private static final Pattern SLACK_ERROR =
            Pattern.compile("\"ok\"\\s*:\\s*false.*?(?:\"error\"\\s*:\\s*\"([a-z_]{1,60})\"|$)", Pattern.DOTALL);

    private static final Map<String, String> SLACK_WORDS = Map.of(
            "invalid_token", "the last part of the URL is not right",
            "no_service", "the webhook was removed or switched off, or its URL is not whole",
            "no_team", "the workspace is not there any more",
            "team_disabled", "the workspace is switched off",
            "channel_not_found", "the channel that the webhook leads to is not there any more",
            "channel_is_archived", "the channel that the webhook leads to is archived",
            "action_prohibited", "an administrator of the workspace does not allow it",
            "user_not_found", "the user who made the webhook is not there any more",
            "no_text", "it found no text in the message",
            "invalid_payload", "it can't read the message");

    /**
     * What it means.
     *
     * @param who whose answer it is
     * @param secrets what must not be said, though a receiver may say it: URLs and keys
     */
    public SendOutcome outcome(ReceiverType who, List<String> secrets, Instant now) {
        if (status >= OK && status < REDIRECTION) {
            return who == ReceiverType.SLACK ? slackOutcome() : new SendOutcome.Taken();
        }
        String answered = who.words() + " answered " + status + said(who, secrets);
        if (status == TOO_MANY) {
            return new SendOutcome.Later(
                    Reason.RATE_LIMITED,
                    answered + ": too many messages. What waits is sent as one when it takes messages again.",
                    wait(now));
        }
        if (TRANSIENT.contains(status) || status >= SERVER_ERROR) {
            return new SendOutcome.Later(
                    Reason.RECEIVER_FAILED,
                    answered + ". Look at the receiver and its log.",
                    wait(now),
                    UNANSWERED.contains(status));
        }
        return new SendOutcome.Refused(
                status == TOO_LARGE ? Reason.MESSAGE_TOO_LARGE : Reason.RECEIVER_REFUSED, answered + ". " + step(who));
    }

    /** Slack's other interfaces, and servers that stand in for Slack, say in the body what is wrong. */
    private SendOutcome slackOutcome() {
        Matcher error = SLACK_ERROR.matcher(body);
        if (!body.startsWith("{") || !error.find()) {
            return new SendOutcome.Taken();
        }
        String word = error.group(1) == null ? "" : " " + inWords(error.group(1));
        return new SendOutcome.Refused(
                Reason.RECEIVER_REFUSED,
                ReceiverType.SLACK.words() + " answered " + status + " with ok: false" + word + ". "
                        + ReceiverType.SLACK.correct());
    }

    private String step(ReceiverType who) {
        if (status < CLIENT_ERROR) {
            return "That sends to another place, where nothing is sent, since it could be any. Name the right URL.";
        }
        if (status == TOO_LARGE) {
            return "The message is too large for it: raise how large a request it takes, or a proxy before it"
                    + (who == ReceiverType.WEBHOOK ? ", or lower spec.webhook.maxAlerts." : ".");
        }
        return NOT_KNOWN.contains(status)
                ? who.correct()
                : "Look at the receiver and its log, and whether it takes what this type of channel sends.";
    }

    private String said(ReceiverType who, List<String> secrets) {
        String text = body.strip();
        if (who == ReceiverType.SLACK) {
            // Anything longer could have the URL in it.
            return SLACK_WORD.matcher(text).matches() ? " " + inWords(text) : "";
        }
        if (text.isEmpty() || status < CLIENT_ERROR) {
            return "";
        }
        if (text.startsWith("<")) {
            return " with an HTML page";
        }
        if (secrets.stream().anyMatch(text::contains)) {
            return "";
        }
        return " with \"" + SentTexts.cut(text.replaceAll("[\\p{Cntrl}\\s]+", " "), QUOTED) + "\"";
    }

    private static String inWords(String word) {
        String meaning = SLACK_WORDS.get(word);
        return meaning == null ? word : word + ", which says that " + meaning;
    }

    /** Seconds or a date, and not for ever. */
    private Duration wait(Instant now) {
        if (retryAfter == null) {
            return null;
        }
        String text = retryAfter.strip();
        try {
            Duration wait = NUMBER.matcher(text).matches()
                    ? Duration.ofSeconds(Long.parseLong(text))
                    : Duration.between(
                            now,
                            ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                                    .toInstant());
            Duration notNegative = wait.isNegative() ? Duration.ZERO : wait;
            return notNegative.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : notNegative;
        } catch (DateTimeException e) {
            return null;
        }
    }
}
