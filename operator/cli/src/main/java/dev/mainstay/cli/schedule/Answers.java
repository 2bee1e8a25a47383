package dev.mainstay.cli.schedule;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.mainstay.core.Durations;
import dev.mainstay.core.schedule.Schedule;
import dev.mainstay.core.schedule.Slot;
import dev.mainstay.core.schedule.Warning;
import dev.mainstay.core.schedule.Window;
import java.util.List;

/** What the commands answer, as programs read it. */
final class Answers {

    private Answers() {}

    /** What was asked about. */
    record Subject(String schedule, String timeZone, String dayMatch) {

        static Subject of(Schedule schedule) {
            return new Subject(
                    schedule.cron().text(),
                    schedule.zone().getId(),
                    schedule.cron().dayMatch().text());
        }
    }

    /**
     * A time.
     *
     * @param at as the clocks of the zone show it
     * @param utc the same instant in UTC
     * @param shift what a change of the clocks did to it; null when nothing
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Time(String at, String utc, String shift) {

        static Time of(Slot slot) {
            return new Time(
                    Times.rfc3339(slot.at()),
                    slot.instant().toString(),
                    slot.shift().isEmpty() ? null : slot.shift());
        }
    }

    record Runs(@JsonUnwrapped Subject subject, List<Time> runs) {}

    record WindowState(
            @JsonUnwrapped Subject subject, String duration, String at, boolean open, Time opens, Time closes) {

        static WindowState of(Window window, String at, Window.State state) {
            return new WindowState(
                    Subject.of(window.starts()),
                    Durations.format(window.duration()),
                    at,
                    state.open(),
                    Time.of(state.opens()),
                    Time.of(state.closes()));
        }
    }

    record Checked(@JsonUnwrapped Subject subject, boolean accepted, String clockChange, List<Warning> warnings) {}

    /** A refusal, of every command. */
    record Refusal(boolean accepted, String field, String message) {}
}
