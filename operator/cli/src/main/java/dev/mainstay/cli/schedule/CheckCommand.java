package dev.mainstay.cli.schedule;

import dev.mainstay.core.schedule.Parsed;
import dev.mainstay.core.schedule.Schedule;
import dev.mainstay.core.schedule.ScheduleWarnings;
import dev.mainstay.core.schedule.Warning;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Tells whether a schedule is accepted, and what it may not have been meant to be. */
@Command(
        name = "check",
        description = {
            "Tells whether a schedule is accepted, and warns of what is often meant otherwise. Changes of the clocks are"
                    + " looked at for the next 400 days.",
            ""
        },
        sortOptions = false,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:accepted, with or without warnings", "1:refused", "2:wrong usage"},
        footerHeading = "%nExample:%n",
        footer = "  mainstay schedule check '0 2 * * *' --zone Europe/Berlin")
public final class CheckCommand implements Callable<Integer> {

    private final Instant now;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ScheduleOptions options;

    /** A command that looks at changes of the clocks from now on. */
    public CheckCommand(Instant now) {
        this.now = now;
    }

    @Override
    public Integer call() {
        return switch (options.schedule()) {
            case Parsed.Accepted<Schedule>(Schedule schedule) -> tell(schedule);
            case Parsed.Refused<Schedule> refused -> Answering.refuse(spec.commandLine(), options.output(), refused);
        };
    }

    private int tell(Schedule schedule) {
        List<Warning> warnings = ScheduleWarnings.of(schedule, now);
        boolean fixed = schedule.cron().fixedTimes();
        List<String> lines = new ArrayList<>();
        lines.add(
                fixed
                        ? "accepted: fixed times, each of which runs once when the clocks change"
                        : "accepted: intervals, which follow real time when the clocks change");
        warnings.forEach(warning -> lines.add("warning: " + warning.message()));
        return Answering.answer(
                spec.commandLine(),
                options.output(),
                lines,
                new Answers.Checked(Answers.Subject.of(schedule), true, fixed ? "FixedTimes" : "Intervals", warnings));
    }
}
