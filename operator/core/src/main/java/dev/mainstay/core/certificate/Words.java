package dev.mainstay.core.certificate;

import dev.mainstay.core.Durations;
import dev.mainstay.core.Texts;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** Certificates in words. */
final class Words {

    private static final int LONGEST_NAME = 80;
    private static final int LONGEST_MESSAGE = 240;
    private static final int MOST_NAMES = 5;

    private Words() {}

    /** A name that somebody else has written. */
    static String name(String text) {
        return Texts.cut(text.replaceAll("\\p{C}", "?"), LONGEST_NAME, "…");
    }

    /** A sentence that somebody else has written. */
    static String message(String text) {
        return Texts.cut(text.replaceAll("\\s+", " ").replaceAll("\\p{C}", "?"), LONGEST_MESSAGE, "…");
    }

    /** The first names of a list. */
    static String names(List<String> names) {
        if (names.isEmpty()) {
            return "no name (it has no subject alternative names)";
        }
        String first = String.join(
                ", ", names.stream().limit(MOST_NAMES).map(Words::name).toList());
        return names.size() <= MOST_NAMES ? first : first + " and " + (names.size() - MOST_NAMES) + " more";
    }

    /** A time in whole days, or to the minute where it is short. */
    static String time(Duration time) {
        Duration length = time.abs();
        return length.toDays() >= 2
                ? length.toDays() + " days"
                : Durations.format(length.toMinutes() > 0 ? length.truncatedTo(ChronoUnit.MINUTES) : length);
    }
}
