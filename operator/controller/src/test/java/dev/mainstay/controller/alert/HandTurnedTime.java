package dev.mainstay.controller.alert;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** A time that stands still until a test moves it. */
final class HandTurnedTime implements Timekeeper {

    static final Instant BEGINNING = Instant.parse("2026-05-01T03:00:00Z");

    private record Planned(long at, Runnable task) {}

    private final List<Planned> planned = new ArrayList<>();
    private long nanos = -Duration.ofDays(1).toNanos();
    private final long beginning = nanos;

    @Override
    public Instant now() {
        return BEGINNING.plusNanos(nanos - beginning);
    }

    @Override
    public long nanos() {
        return nanos;
    }

    @Override
    public void after(Duration delay, Runnable task) {
        planned.add(new Planned(nanos + delay.toNanos(), task));
    }

    @Override
    public void close() {
        planned.clear();
    }

    /** Moves on, and has done whatever is planned until then. */
    void turn(Duration duration) {
        long end = nanos + duration.toNanos();
        while (true) {
            Optional<Planned> next =
                    planned.stream().min(Comparator.comparingLong(Planned::at)).filter(first -> first.at() <= end);
            if (next.isEmpty()) {
                nanos = end;
                return;
            }
            planned.remove(next.get());
            nanos = next.get().at();
            next.get().task().run();
        }
    }
}
