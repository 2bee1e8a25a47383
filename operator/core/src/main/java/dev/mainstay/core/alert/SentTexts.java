package dev.mainstay.core.alert;

import java.util.Arrays;
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
    private static final int LINE_SEPARATOR = 0x2028;
    private static final int PARAGRAPH_SEPARATOR = 0x2029;

    /** The longest title of those that take annotations. */
    static final int TITLE = 1_024;

    /** The longest text of those that take annotations. */
    static final int TEXT = 8_000;

    /**
     * From and to: characters that nobody sees, and that have what stands beside them read in another order, or as another word
     * (CVE-2021-42574). Those that join letters and emojis, U+200C and U+200D, are none of them.
     */
    private static final int[][] HIDDEN = {
        {0x00ad, 0x00ad},
        {0x061c, 0x061c},
        {0x180e, 0x180e},
        {0x200b, 0x200b},
        {0x200e, 0x200f},
        {0x202a, 0x202e},
        {0x2060, 0x206f},
        {0xfeff, 0xfeff},
        {0xfff9, 0xfffb},
        {0xe0000, 0xe007f}
    };

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
            String next = written.apply(plain(text.codePointAt(at)));
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

    /** How long a text is when it is written in another way. */
    static int length(String text, IntFunction<String> written) {
        return text.codePoints()
                .mapToObj(character -> written.apply(plain(character)))
                .mapToInt(next -> next.codePointCount(0, next.length()))
                .sum();
    }

    /** A text without the characters that mislead whoever reads it. */
    static String plain(String text) {
        return text.codePoints()
                .map(SentTexts::plain)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    /** What is told in the place of a character: of those that do something at a receiver, the line break alone is left. */
    private static int plain(int character) {
        // Half of a surrogate pair is no character, and JSON has no way to write it.
        boolean half = character >= Character.MIN_SURROGATE && character <= Character.MAX_SURROGATE;
        if (half || Arrays.stream(HIDDEN).anyMatch(range -> range[0] <= character && character <= range[1])) {
            return NO_CHARACTER;
        }
        boolean breaks = character == LINE_SEPARATOR || character == PARAGRAPH_SEPARATOR;
        return character != '\n' && Character.isISOControl(character) || breaks ? ' ' : character;
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
