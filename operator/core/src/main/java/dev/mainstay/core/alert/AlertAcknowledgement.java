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

    /**
     * What is to be told of an annotation that acknowledges nothing: it can't be read, or is of another episode than the one that
     * is under way. One for the last episode was right once, and is told of when another one is under way.
     *
     * @param acknowledged who knows of the episode that is under way; null when nobody does
     */
    static Optional<String> futile(RuleView view, Standing standing, Acknowledgement acknowledged) {
        if (acknowledged != null) {
            return Optional.empty();
        }
        Optional<String> annotation = view.annotation(Annotations.ACKNOWLEDGE);
        Optional<Long> episode = matched(view).map(matcher -> Long.parseLong(matcher.group(1)));
        return annotation
                .filter(value -> standing.isActive()
                        || episode.filter(one -> one <= standing.episode()).isEmpty())
                .map(value -> "The annotation " + Annotations.ACKNOWLEDGE + " is '"
                        + AlertTexts.cut(value, LONGEST_VALUE) + "' and acknowledges nothing: "
                        + why(view, standing, episode));
    }

    private static String why(RuleView view, Standing standing, Optional<Long> episode) {
        if (!standing.isActive()) {
            return episode.isEmpty()
                    ? "write status.episode, @ and who you are, such as 3@ann. No episode is under way now."
                    : "the last episode was " + standing.episode() + ", and none is under way now.";
        }
        return (episode.isEmpty()
                        ? "it is not an episode, @ and who you are, such as 3@ann. "
                        : "it is of episode " + episode.get() + ". ")
                + "Episode " + standing.episode() + " is under way, and nobody has acknowledged it: "
                + command(view, standing.episode());
    }

    /** What to type to acknowledge an episode. */
    static String command(RuleView view, long episode) {
        return "kubectl annotate --overwrite alertrule " + view.name() + " --namespace " + view.namespace() + " "
                + Annotations.ACKNOWLEDGE + "=" + episode + "@<you>";
    }

    private static Optional<Matcher> matched(RuleView view) {
        return view.annotation(Annotations.ACKNOWLEDGE).map(FORM::matcher).filter(Matcher::matches);
    }
}
