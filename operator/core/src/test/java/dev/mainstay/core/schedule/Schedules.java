package dev.mainstay.core.schedule;

import dev.mainstay.api.schedule.DayMatch;
import java.util.Arrays;

/** Schedules of the tests, which are all accepted. */
final class Schedules {

    private Schedules() {}

    static Schedule of(String cron, String zone) {
        return of(cron, zone, DayMatch.ANY);
    }

    static Schedule of(String cron, String zone, DayMatch dayMatch) {
        return accepted(Schedule.parse(cron, zone, dayMatch));
    }

    static DayMatch dayMatch(String text) {
        return Arrays.stream(DayMatch.values())
                .filter(value -> value.text().equals(text))
                .findFirst()
                .orElseThrow();
    }

    static <T> T accepted(Parsed<T> parsed) {
        return switch (parsed) {
            case Parsed.Accepted<T>(T value) -> value;
            case Parsed.Refused<T>(String field, String message) -> throw new AssertionError(message);
        };
    }

    static <T> String refusal(Parsed<T> parsed) {
        return switch (parsed) {
            case Parsed.Accepted<T>(T value) -> throw new AssertionError("accepted: " + value);
            case Parsed.Refused<T>(String field, String message) -> message;
        };
    }
}
