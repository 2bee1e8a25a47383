package dev.mainstay.cli.schedule;

import dev.mainstay.core.schedule.Parsed;
import dev.mainstay.core.schedule.Schedule;
import dev.mainstay.core.schedule.Slot;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Lists the next runs of a schedule. */
@Command(
        name = "next",
        description = {
            "Lists the next runs of a schedule, one a line: the time, then what a change of the clocks did to it.",
            ""
        },
        sortOptions = false,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:answered", "1:the schedule or its zone is refused", "2:wrong usage"},
        footerHeading = "%nExample:%n",
        footer = "  mainstay schedule next '0 2 * * *' --zone Europe/Berlin --from 2026-03-28 --count 3")
public final class NextCommand implements Callable<Integer> {

    private static final int MOST = 1_000;

    private final Instant now;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ScheduleOptions options;

    @Option(
            names = "--from",
            paramLabel = "TIME",
            description =
                    "Runs after this time are listed: 2026-03-28T12:00+01:00, or without an offset on the clocks of"
                            + " the zone. Default: now.")
    private String from;

    @Option(
            names = "--count",
            paramLabel = "N",
            defaultValue = "5",
            description = "How many, 1 to " + MOST + ". Default: ${DEFAULT-VALUE}.")
    private int count;

    /** A command that lists from now on when it isn't told another time. */
    public NextCommand(Instant now) {
        this.now = now;
    }

    @Override
    public Integer call() {
        if (count < 1 || count > MOST) {
            throw new ParameterException(spec.commandLine(), "--count is " + count + ": write 1 to " + MOST + ".");
        }
        return switch (options.schedule()) {
            case Parsed.Accepted<Schedule>(Schedule schedule) -> list(schedule);
            case Parsed.Refused<Schedule> refused -> Answering.refuse(spec.commandLine(), options.output(), refused);
        };
    }

    private int list(Schedule schedule) {
        Instant after = Times.given(spec.commandLine(), "--from", from, schedule.zone(), now);
        List<Slot> runs = Stream.iterate(schedule.next(after), slot -> schedule.next(slot.instant()))
                .limit(count)
                .toList();
        return Answering.answer(
                spec.commandLine(),
                options.output(),
                runs.stream().map(Times::line).toList(),
                new Answers.Runs(
                        Answers.Subject.of(schedule),
                        runs.stream().map(Answers.Time::of).toList()));
    }
}
