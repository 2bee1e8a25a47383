package dev.mainstay.core.alert;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.regex.Pattern;

/** What messages say, in a length that receivers take. */
final class SentTexts {

    private static final String MARK = "…";
    private static final int NO_CHARACTER = 0xfffd;
    private static final int TITLE = 1_024;
    private static final int TEXT = 8_000;
    private static final int LONGEST_URL = 600;
    private static final Pattern LINK = Pattern.compile("https?://[\\x21-\\x7e]+");

    private SentTexts() {}

    /** A text of at most so many characters, where one is a code point, as all receivers that say so count. */
    static String cut(String text, int length) {
        return cut(text, length, Character::toString);
    }

    /**
     * The same of a text that is written in another way.
     *
     * @param written how a character is written; none of them is cut in its middle
     */
    static String cut(String text, int length, IntFunction<String> written) {
        StringBuilder cut = new StringBuilder();
        int used = 0;
        int roomForMark = 0;
        for (int at = 0; at < text.length(); at = text.offsetByCodePoints(at, 1)) {
            int character = text.codePointAt(at);
            // Half of a surrogate pair is no character, and JSON has no way to write it.
            boolean half = character >= Character.MIN_SURROGATE && character <= Character.MAX_SURROGATE;
            String next = written.apply(half ? NO_CHARACTER : character);
            used += next.codePointCount(0, next.length());
            if (used > length) {
                return cut.substring(0, roomForMark) + MARK;
            }
            cut.append(next);
            if (used < length) {
                roomForMark = cut.length();
            }
        }
        return cut.toString();
    }

    /** In one line; never empty. */
    static String title(AlertMessage message) {
        String title = oneLine(message.title());
        return title.isEmpty() ? SentLabels.of(message).get(SentLabels.ALERT_NAME) : title;
    }

    /** Where it stands what to do; empty when nothing says, or what says is no URL. */
    static String runbook(AlertMessage message) {
        String url = message.runbookUrl() == null ? "" : message.runbookUrl().strip();
        return url.length() <= LONGEST_URL && LINK.matcher(url).matches() ? url : "";
    }

    /** As Prometheus rules call them by custom: summary, description and runbook_url. */
    static SortedMap<String, String> annotations(AlertMessage message) {
        SortedMap<String, String> annotations = new TreeMap<>();
        annotations.put("summary", cut(title(message), TITLE));
        if (message.text() != null && !message.text().isBlank()) {
            annotations.put("description", cut(message.text().strip(), TEXT));
        }
        if (!runbook(message).isEmpty()) {
            annotations.put("runbook_url", runbook(message));
        }
        return annotations;
    }

    /** The newest message on each episode, in the order of these. */
    static List<AlertMessage> newest(Collection<AlertMessage> messages) {
        Map<String, AlertMessage> newest = new LinkedHashMap<>();
        for (AlertMessage message : messages) {
            newest.remove(message.dedupKey());
            newest.put(message.dedupKey(), message);
        }
        return List.copyOf(newest.values());
    }

    private static String oneLine(String text) {
        return text == null ? "" : text.strip().replaceAll("\\s+", " ");
    }
}
