package dev.mainstay.cli.schedule;

import dev.mainstay.core.Durations;
import dev.mainstay.core.schedule.Parsed;
import dev.mainstay.core.schedule.Window;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Tells whether a window is open. */
@Command(
        name = "window",
        description = {
            "Tells whether a window is open at a time, then when it opens and when it closes. A window opens when its"
                    + " schedule says, and closes when its duration has passed by a clock that nobody changes.",
            ""
        },
        sortOptions = false,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:answered, open or closed", "1:the window or its zone is refused", "2:wrong usage"},
        footerHeading = "%nExample:%n",
        footer = "  mainstay schedule window '0 22 * * SAT' --duration 6h --zone Europe/Berlin --at 2026-03-28T23:00")
public final class WindowCommand implements Callable<Integer> {

    private final Instant now;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ScheduleOptions options;

    @Option(
            names = "--duration",
            paramLabel = "DURATION",
            required = true,
            description = "How long it stays open: 90m, 4h, 1d12h.")
    private String duration;

    @Option(
            names = "--at",
            paramLabel = "TIME",
            description =
                    "The time: 2026-03-28T23:00+01:00, or without an offset on the clocks of the zone. Default: now.")
    private String at;

    /** A command that tells how it is now when it isn't told another time. */
    public WindowCommand(Instant now) {
        this.now = now;
    }

    @Override
    public Integer call() {
        Duration open = duration();
        return switch (options.schedule().then(starts -> Window.of(starts, open))) {
            case Parsed.Accepted<Window>(Window window) -> tell(window);
            case Parsed.Refused<Window> refused -> Answering.refuse(spec.commandLine(), options.output(), refused);
        };
    }

    private Duration duration() {
        try {
            return Durations.parse(duration);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--duration: " + e.getMessage() + ".", e);
        }
    }

    private int tell(Window window) {
        Instant instant =
                Times.given(spec.commandLine(), "--at", at, window.starts().zone(), now);
        Window.State state = window.at(instant);
        return Answering.answer(
                spec.commandLine(),
                options.output(),
                List.of(
                        state.open() ? "open" : "closed",
                        (state.open() ? "opened  " : "opens   ") + Times.line(state.opens()),
                        "closes  " + Times.line(state.closes())),
                Answers.WindowState.of(
                        window,
                        Times.rfc3339(instant.atZone(window.starts().zone()).toOffsetDateTime()),
                        state));
    }
}
