package dev.mainstay.core.alert;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.alert.Acknowledgement;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Who knows of the alert, by the annotation {@code mainstay.dev/acknowledge: <episode>@<user>}. */
final class AlertAcknowledgement {

    private static final Pattern FORM = Pattern.compile("\\s*([0-9]{1,18})@(\\S.*?)\\s*", Pattern.DOTALL);
    private static final int LONGEST_USER = 253;
    private static final int LONGEST_VALUE = 64;

    private AlertAcknowledgement() {}

    /** Who knows of the episode that is under way; null when nobody does. It stays known without the annotation. */
    static Acknowledgement of(RuleView view, Standing standing, Instant now) {
        if (!standing.isActive()) {
            return null;
        }
        Acknowledgement before = view.status().acknowledged();
        if (before != null && before.episode() == standing.episode()) {
            return before;
        }
        return matched(view)
                .filter(matcher -> Long.parseLong(matcher.group(1)) == standing.episode())
                .map(matcher ->
                        new Acknowledgement(AlertTexts.cut(matcher.group(2), LONGEST_USER), now, standing.episode()))
                .orElse(null);
    }

    /** What is to be told of an annotation that says nothing. One for an episode that is over was right once. */
    static Optional<String> misspelt(RuleView view) {
        return view.annotation(Annotations.ACKNOWLEDGE)
                .filter(value -> matched(view).isEmpty())
                .map(value -> "The annotation " + Annotations.ACKNOWLEDGE + " is '"
                        + AlertTexts.cut(value, LONGEST_VALUE)
                        + "' and acknowledges nothing: write status.episode, @ and who you are, such as 3@ann.");
    }

    private static Optional<Matcher> matched(RuleView view) {
        return view.annotation(Annotations.ACKNOWLEDGE).map(FORM::matcher).filter(Matcher::matches);
    }
}
