package dev.mainstay.core.schedule;

import dev.mainstay.api.schedule.DayMatch;
import dev.mainstay.api.schedule.Freeze;
import dev.mainstay.api.schedule.MaintenanceWindow;
import dev.mainstay.core.Durations;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * When maintenance may be done: while any window is open, or always without one, and while no freeze is active, which wins. What
 * must fit needs so much time without an edge at which it may no more.
 *
 * @param windows the windows; none is always open
 * @param freezes the freezes
 */
public record MaintenanceHours(List<Span> windows, List<Span> freezes) {

    /** Always. */
    public static final MaintenanceHours ALWAYS = new MaintenanceHours(List.of(), List.of());

    /** How many edges are looked at on the way to a start, which bounds the search. */
    private static final int MOST_EDGES = 10_000;

    /** Why nothing may start at an instant. */
    public sealed interface Closed {

        /** No window is open. */
        record OutsideWindow(String windows, Instant opens) implements Closed {}

        /** A freeze is active. */
        record Frozen(String freeze, Instant until) implements Closed {}

        /** What must fit does not, before that. */
        record WouldOverrun(Instant until) implements Closed {}
    }

    /**
     * Reads windows and freezes.
     *
     * @param self how a message calls the object that holds the windows, and how the one that holds the freezes
     */
    public static Parsed<MaintenanceHours> parse(
            List<MaintenanceWindow> windows, List<Freeze> freezes, String timeZone, DayMatch dayMatch) {
        return all(
                        windows,
                        window -> recurring(
                                "windows", window.name(), window.cron(), window.duration(), timeZone, dayMatch))
                .and(all(freezes, freeze -> span(freeze, timeZone, dayMatch)), MaintenanceHours::new);
    }

    private static Parsed<Span> span(Freeze freeze, String timeZone, DayMatch dayMatch) {
        return freeze.cron() == null
                ? new Parsed.Accepted<>(new Span.Dated(freeze.name(), freeze.from(), freeze.to()))
                : recurring("freezes", freeze.name(), freeze.cron(), freeze.duration(), timeZone, dayMatch);
    }

    private static Parsed<Span> recurring(
            String list, String name, String cron, String duration, String timeZone, DayMatch dayMatch) {
        Parsed<Window> window =
                Schedule.parse(cron, timeZone, dayMatch).then(starts -> Window.of(starts, Durations.parse(duration)));
        return switch (window) {
            case Parsed.Accepted<Window>(Window accepted) -> new Parsed.Accepted<>(new Span.Recurring(name, accepted));
            case Parsed.Refused<Window>(String field, String message) ->
                new Parsed.Refused<>(list, list + "[" + name + "], " + message);
        };
    }

    private static <T> Parsed<List<Span>> all(List<T> written, Function<T, Parsed<Span>> read) {
        Parsed<List<Span>> all = new Parsed.Accepted<>(List.of());
        for (T one : written) {
            all = all.and(
                    read.apply(one),
                    (before, span) ->
                            Stream.concat(before.stream(), Stream.of(span)).toList());
        }
        return all;
    }

    /** Why what takes so long may not start at an instant; empty when it may. */
    public Optional<Closed> closed(Instant at, Duration need) {
        return freezes.stream()
                .filter(freeze -> freeze.contains(at))
                .max(Comparator.comparing(freeze -> freeze.edgeAfter(at)))
                .<Closed>map(freeze -> new Closed.Frozen(freeze.name(), freeze.edgeAfter(at)))
                .or(() -> outside(at))
                .or(() -> Optional.of(openUntil(at, at.plus(need)))
                        .filter(until -> until.isBefore(at.plus(need)))
                        .map(Closed.WouldOverrun::new));
    }

    private Optional<Closed> outside(Instant at) {
        if (open(at)) {
            return Optional.empty();
        }
        List<Span> next = windows.stream()
                .sorted(Comparator.comparing(window -> window.edgeAfter(at)))
                .toList();
        return Optional.of(
                new Closed.OutsideWindow(next.getFirst().name(), next.getFirst().edgeAfter(at)));
    }

    /** The first instant at or after one, up to a limit, at which what takes so long may start; empty when there is none. */
    public Optional<Instant> nextStart(Instant from, Duration need, Instant limit) {
        Instant at = from;
        for (int edges = 0; edges < MOST_EDGES && !at.isAfter(limit); edges++) {
            if (!allowed(at)) {
                at = edgeAfter(at);
                continue;
            }
            Instant until = openUntil(at, at.plus(need));
            if (!until.isBefore(at.plus(need))) {
                return Optional.of(at);
            }
            at = until;
        }
        return Optional.empty();
    }

    /** Until when it may be done from an instant on at which it may; {@link Instant#MAX} when there is no end in sight. */
    public Instant openUntil(Instant at) {
        return openUntil(at, Instant.MAX);
    }

    private Instant openUntil(Instant from, Instant enough) {
        Instant at = from;
        for (int edges = 0; edges < MOST_EDGES && at.isBefore(enough) && allowed(at); edges++) {
            at = edgeAfter(at);
        }
        return at;
    }

    private boolean allowed(Instant at) {
        return open(at) && freezes.stream().noneMatch(freeze -> freeze.contains(at));
    }

    private boolean open(Instant at) {
        return windows.isEmpty() || windows.stream().anyMatch(window -> window.contains(at));
    }

    private Instant edgeAfter(Instant at) {
        return Stream.concat(windows.stream(), freezes.stream())
                .map(span -> span.edgeAfter(at))
                .min(Comparator.naturalOrder())
                .orElse(Instant.MAX);
    }

    /** What may not be meant as it is written. */
    public List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        Stream.concat(windows.stream(), freezes.stream()).forEach(span -> {
            if (span instanceof Span.Recurring(String name, Window window)) {
                ScheduleWarnings.of(window)
                        .map(warning -> name + ", " + warning.message())
                        .ifPresent(warnings::add);
            }
        });
        return warnings;
    }
}
