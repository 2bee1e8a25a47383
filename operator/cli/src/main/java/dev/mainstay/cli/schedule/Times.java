package dev.mainstay.cli.schedule;

import dev.mainstay.core.schedule.Slot;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** Times as people give them, and as answers show them. */
final class Times {

    private static final String FORM =
            "write a time such as 2026-03-28T12:00+01:00, or 2026-03-28T12:00 or 2026-03-28 on the"
                    + " clocks of the zone";

    private Times() {}

    /**
     * The instant of an option.
     *
     * @param text what was given; null when nothing was
     * @throws ParameterException when it is no time
     */
    static Instant given(CommandLine command, String option, String text, ZoneId zone, Instant now) {
        return text == null
                ? now
                : parse(text, zone)
                        .orElseThrow(
                                () -> new ParameterException(command, option + " is '" + text + "': " + FORM + "."));
    }

    /** A slot in a line: when, then what a change of the clocks did to it. */
    static String line(Slot slot) {
        return slot.shift().isEmpty() ? slot.at().toString() : slot.at() + "  " + slot.shift();
    }

    /** The instant that a text means, from year 1 to 9999; empty when it means none. */
    private static Optional<Instant> parse(String text, ZoneId zone) {
        if (!text.matches("[0-9]{4}-.{1,40}")) {
            return Optional.empty();
        }
        try {
            if (text.length() == 10) {
                return Optional.of(LocalDate.parse(text).atStartOfDay(zone).toInstant());
            }
            return Optional.of(
                    DateTimeFormatter.ISO_DATE_TIME.parseBest(text, OffsetDateTime::from, LocalDateTime::from)
                                    instanceof OffsetDateTime withOffset
                            ? withOffset.toInstant()
                            : LocalDateTime.parse(text).atZone(zone).toInstant());
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /** A time as RFC 3339 wants it, with its seconds. */
    static String rfc3339(OffsetDateTime time) {
        return DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(time);
    }
}
