package dev.mainstay.core.schedule;

import static dev.mainstay.core.schedule.Parsed.quoted;

import java.time.Instant;
import java.time.ZoneId;
import java.time.zone.ZoneRulesProvider;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Reads time zones. Only places of the IANA database and UTC are accepted: abbreviations and offsets mean something else
 * to whoever wrote them than to a program, or know no summer time.
 */
public final class TimeZones {

    private static final String FIELD = "timeZone";
    private static final String FORM = "write a place such as Europe/Berlin, or UTC";
    private static final Pattern OFFSET = Pattern.compile("(?i)Z|(?:UTC|GMT|UT)?[+-][0-9:]+|GMT0");
    private static final Pattern INVERTED = Pattern.compile("Etc/GMT[+-][1-9][0-9]?");

    private TimeZones() {}

    /**
     * Reads a zone.
     *
     * @param name name of a zone; null counts as empty
     */
    public static Parsed<ZoneId> parse(String name) {
        if (name == null || name.isBlank()) {
            return Parsed.refused(FIELD, "is empty: " + FORM + ".");
        }
        if (known(name)) {
            return new Parsed.Accepted<>(ZoneId.of(name));
        }
        if (OFFSET.matcher(name).matches()) {
            return Parsed.refused(
                    FIELD, quoted(name) + " is a fixed offset, which knows no summer time: " + FORM + ".");
        }
        if (name.equalsIgnoreCase("Local")) {
            return Parsed.refused(FIELD, quoted(name) + " is another zone on each machine: " + FORM + ".");
        }
        Optional<String> meant = meant(name);
        if (meant.isPresent()) {
            return Parsed.refused(FIELD, quoted(name) + " is not known: write " + meant.get() + ".");
        }
        return Parsed.refused(
                FIELD,
                ZoneRulesProvider.getAvailableZoneIds().contains(name) || name.matches("[A-Za-z]{3,4}")
                        ? quoted(name) + " is not the name of a place: " + FORM + "."
                        : quoted(name) + " is not in the zone data " + dataVersion() + ": " + FORM + ".");
    }

    /** Version of the zone data of this Java, such as {@code 2026a}: rules change several times a year. */
    public static String dataVersion() {
        return ZoneRulesProvider.getVersions("UTC").lastKey();
    }

    /** Warns of a zone whose name says the opposite of its offset (argo-workflows issue 2328). */
    static Optional<Warning> warning(ZoneId zone) {
        return INVERTED.matcher(zone.getId()).matches()
                ? Optional.of(new Warning(
                        FIELD,
                        FIELD + ": " + zone.getId() + " is UTC"
                                + zone.getRules().getOffset(Instant.EPOCH)
                                + ": the sign in these names is inverted, and they know no summer time. Better "
                                + FORM + "."))
                : Optional.empty();
    }

    private static boolean known(String name) {
        return name.equals("UTC")
                || name.contains("/")
                        && !name.startsWith("SystemV/")
                        && ZoneRulesProvider.getAvailableZoneIds().contains(name);
    }

    /** The zone that is written like this but for capital letters, or whose last part is. */
    private static Optional<String> meant(String name) {
        if (name.equalsIgnoreCase("UTC")) {
            return Optional.of("UTC");
        }
        String tail = "/" + name.replace(' ', '_').toLowerCase(Locale.ROOT);
        return ZoneRulesProvider.getAvailableZoneIds().stream()
                .filter(TimeZones::known)
                .filter(id -> id.equalsIgnoreCase(name)
                        || id.toLowerCase(Locale.ROOT).endsWith(tail) && !id.startsWith("Etc/"))
                .min(Comparator.naturalOrder());
    }
}
