package dev.mainstay.core.alert;

import dev.mainstay.api.alert.AlertMetric;
import dev.mainstay.api.alert.AlertNotification;
import dev.mainstay.api.alert.AlertRuleSpec;
import dev.mainstay.api.alert.AlertSeverity;
import dev.mainstay.api.alert.AlertThreshold;
import dev.mainstay.api.alert.MutedAlert;
import dev.mainstay.api.alert.NotificationKind;
import dev.mainstay.api.alert.ResolvedAlert;
import dev.mainstay.core.Durations;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What is said of an alert, as plain text: whoever sends it escapes it for the format of the receiver. */
final class AlertTexts {

    private static final String APPLICATION = "application";
    /** What its parts come to at the most: receivers that take less are told less, and that is said. */
    private static final int LONGEST_TITLE = 600;

    private static final int LONGEST_TEXT = 4_000;

    /** As long as the status may have it. */
    private static final int LONGEST_FACTS = 1_000;

    /** What begins the facts of a message that ends what it tells of for the channel alone. */
    private static final String STILL_FIRES = "It still fires";

    private final RuleView view;
    private final AlertRuleSpec spec;

    AlertTexts(RuleView view) {
        this.view = view;
        this.spec = view.spec();
    }

    /** A text of at most so many characters, as people count them: an emoji is not cut in two. */
    static String cut(String text, int length) {
        return text.codePointCount(0, text.length()) <= length
                ? text
                : text.substring(0, text.offsetByCodePoints(0, length - 1)) + "…";
    }

    /** The newest message of a line. */
    AlertMessage message(AlertNotification line) {
        boolean over = !Lines.tellsOfFiring(line);
        return new AlertMessage(
                Lines.key(view.uid(), line),
                dedupKey(line),
                view.uid(),
                view.namespace(),
                line.channel(),
                line.destination(),
                line.kind(),
                spec.severity(),
                cut(oneLine(labels(line).get(APPLICATION) + ": " + view.name() + " " + verb(line)), LONGEST_TITLE),
                cut(text(line), LONGEST_TEXT),
                spec.runbookUrl(),
                labels(line),
                line.firingSince(),
                over ? line.since() : null);
    }

    /** What happened while it was muted is no part of an incident. */
    private String dedupKey(AlertNotification line) {
        String episode = view.uid() + "/" + line.episode();
        return line.kind() == NotificationKind.DIGEST
                ? episode + "/digest/" + line.since().getEpochSecond()
                : episode;
    }

    private static String verb(AlertNotification line) {
        return switch (line.kind()) {
            case RESOLVE ->
                line.facts() != null && line.facts().startsWith(STILL_FIRES)
                        ? "still fires, and is not told to this channel any more"
                        : "is over";
            case REPEAT -> "still fires";
            case DIGEST -> "fired while it was muted";
            case TRIGGER, TEST, INFORM, UNRECOGNIZED -> "fires";
        };
    }

    private String text(AlertNotification line) {
        boolean fires = Lines.tellsOfFiring(line);
        return Stream.of(
                        sentence(spec.summary()),
                        line.insteadOf() == null
                                ? null
                                : "You are told since channel " + line.insteadOf() + " does not take messages.",
                        fires && line.insteadOf() == null && view.isToldForApplication(line.channel())
                                ? "You are told as a channel of ManagedApplication " + view.applicationName()
                                        + "; those that AlertRule " + view.name() + " names did not exist."
                                : null,
                        line.facts(),
                        fires ? acknowledge(line) : null,
                        fires && spec.runbookUrl() != null ? "What to do: " + spec.runbookUrl() : null)
                .filter(Objects::nonNull)
                .collect(Collectors.joining("\n"));
    }

    private String acknowledge(AlertNotification line) {
        return "Whoever looks after it says so: " + AlertAcknowledgement.command(view, line.episode());
    }

    private static String sentence(String summary) {
        return summary == null || summary.isBlank() ? null : oneLine(summary.strip());
    }

    /** A line break in a title would be one in a header of a mail. */
    private static String oneLine(String text) {
        return text.replaceAll("\\p{Cntrl}+", " ");
    }

    /** Those that the receiver knows: of a rule that was edited meanwhile it would take the end for that of another alert. */
    private Map<String, String> labels(AlertNotification line) {
        return line.labels() == null ? labels() : line.labels();
    }

    /** Those of an alert that begins. */
    Map<String, String> labels() {
        return Map.of(
                "alertname",
                view.name(),
                "namespace",
                view.namespace(),
                APPLICATION,
                view.applicationName(),
                "severity",
                severity(),
                "metric",
                spec.metric() == null ? "promql" : word(spec.metric()));
    }

    /** How grave, in one word. */
    String severity() {
        AlertSeverity severity = spec.severity();
        return severity.name().toLowerCase(Locale.ROOT);
    }

    /** That an alert fires; where it began to under a mute that ends now, that too. */
    String fires(Standing standing, AlertMuting muting) {
        MutedAlert over = muting.over();
        String muted = over == null || standing.firingSince().isBefore(over.since())
                ? ""
                : " It fires since " + standing.firingSince() + " and was muted by " + over.by() + " since "
                        + over.since() + ".";
        return cut(found(standing) + muted, LONGEST_FACTS);
    }

    /** That it still fires. */
    String repeats(Standing standing) {
        return cut("It fires since " + standing.firingSince() + ". " + found(standing), LONGEST_FACTS);
    }

    /** Why this channel is told that it is over. */
    String ends(Standing standing, AlertNotification line) {
        if (standing.fires() && line.episode() == standing.episode()) {
            return cut(STILL_FIRES + ", and is not told to this channel any more: " + untold(line), LONGEST_FACTS);
        }
        ResolvedAlert ended = standing.lastResolved();
        return ended == null || !line.episode().equals(ended.episode())
                ? "It was over before this channel had taken the message that it fires."
                : over(ended);
    }

    private String untold(AlertNotification line) {
        if (view.tells(line.channel())) {
            return "NotificationChannel " + line.channel() + " leads to another receiver now.";
        }
        if (line.insteadOf() != null) {
            return "it stood in for channel " + line.insteadOf() + ", which is not told any more either.";
        }
        return view.spec().notifyTargets() != null
                ? "spec.notify of AlertRule " + view.name() + " does not name NotificationChannel " + line.channel()
                        + "."
                : "spec.notify of ManagedApplication " + view.applicationName() + " does not name NotificationChannel "
                        + line.channel() + " for an alert of this severity.";
    }

    /** Why it is over, and how long it fired. */
    String over(ResolvedAlert ended) {
        return cut(why(ended) + fired(ended), LONGEST_FACTS);
    }

    private String why(ResolvedAlert ended) {
        return switch (ended.reason()) {
            case RECOVERED ->
                spec.metric() == AlertMetric.HEALTH_CHECK
                        ? "The application is healthy again."
                        : subject() + " is good again: " + ended.value() + ".";
            case SERIES_GONE -> subject() + " has no value any more, which spec.noData takes for good.";
            case ERRORS_ACCEPTED -> subject() + " can't be found out any more, which spec.onError takes for good.";
            case RULE_CHANGED ->
                "The rule watches something else now; nothing says that what it watched is good again.";
            case RULE_DELETED -> "The rule was deleted; nothing says that what it watched is good again.";
            case PAUSED ->
                "The rule, or its application, is paused: nothing is measured, and nothing says that it is good again.";
            case UNRECOGNIZED -> "It is over.";
        };
    }

    private static String fired(ResolvedAlert ended) {
        return " It fired for " + lasted(ended.firingSince(), ended.at()) + ", until " + ended.at() + ".";
    }

    /** What happened under a mute. */
    String digest(Standing standing, MutedAlert over, Instant now) {
        return cut(
                "It fired and ended " + (over.cameAndWent() == 1 ? "once" : over.cameAndWent() + " times")
                        + " while " + over.by() + " muted it, from " + over.since() + " to " + now + ". "
                        + (standing.fires() ? "It fires again." : "It does not fire now."),
                LONGEST_FACTS);
    }

    private static String lasted(Instant from, Instant to) {
        return Durations.format(Duration.between(from, to));
    }

    /** What was found when it began, in a sentence. */
    private String found(Standing standing) {
        String since = " since " + standing.activeSince() + ".";
        String value = standing.value() == null ? "not known" : standing.value();
        if (value.equals(AlertClock.NO_VALUE)) {
            return subject() + " has no value, which spec.noData makes an alert," + since;
        }
        if (value.equals(AlertClock.NO_ANSWER)) {
            return subject() + " can't be found out, which spec.onError makes an alert," + since;
        }
        if (spec.threshold() == null) {
            return "The application is not healthy" + since;
        }
        return subject() + " is " + value + " and has been " + limit() + since;
    }

    /** What is an alert: {@code above 1 %}. */
    String limit() {
        String side =
                switch (spec.comparison()) {
                    case GREATER_THAN -> "above ";
                    case LESS_THAN -> "below ";
                    case UNRECOGNIZED -> "at ";
                };
        return side + amount(spec.threshold());
    }

    private static String amount(AlertThreshold threshold) {
        if (threshold.duration() != null) {
            return threshold.duration();
        }
        if (threshold.percent() != null) {
            return plain(threshold.percent()) + " %";
        }
        return threshold.milliseconds() != null ? plain(threshold.milliseconds()) + " ms" : plain(threshold.value());
    }

    private static String plain(double amount) {
        BigDecimal exact = BigDecimal.valueOf(amount);
        return exact.signum() == 0 ? "0" : exact.stripTrailingZeros().toPlainString();
    }

    private String subject() {
        return switch (spec.metric()) {
            case null -> "The value of the query";
            case REQUEST_RATE -> "The rate of requests";
            case ERROR_RATE -> "The rate of errors";
            case RESPONSE_TIME -> "The response time";
            case CPU -> "The use of processors";
            case MEMORY -> "The use of memory";
            case DISK_SPACE -> "The use of the fullest volume";
            case HEALTH_CHECK -> "The health of the application";
            case CACHE_HIT_RATE -> "The hit rate of the caches";
            case DATABASE_CONNECTIONS -> "The use of database connections";
            case BACKUP_AGE -> "The age of the last good backup";
            case CERTIFICATE_EXPIRY -> "The time that a certificate is still valid";
            case UNRECOGNIZED -> "The value";
        };
    }

    /** A name of an enum as people write it: {@code ErrorRate}. */
    static String word(Enum<?> name) {
        return Arrays.stream(name.name().split("_"))
                .map(part -> part.charAt(0) + part.substring(1).toLowerCase(Locale.ROOT))
                .collect(Collectors.joining());
    }
}
