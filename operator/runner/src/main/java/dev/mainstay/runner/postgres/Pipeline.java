package dev.mainstay.runner.postgres;

import dev.mainstay.core.status.Reason;
import dev.mainstay.runner.task.StopSignal;
import dev.mainstay.runner.task.TaskFailure;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Programs joined by pipes of the operating system, without a shell. Exit codes decide, never what is written to stderr
 * (k8up issue 910, pgbackweb issue 42). None of them outlives the pipeline.
 */
public final class Pipeline implements AutoCloseable {

    private static final int SECONDS_TO_END = 3;
    private static final int SIGNAL = 128;
    private static final int BROKEN_PIPE = SIGNAL + 13;

    /**
     * A program.
     *
     * @param name for messages
     * @param command program and arguments; no secret among them, since everybody on a machine can read them
     * @param environment its whole environment
     * @param onLine sees each line of stderr
     */
    public record Program(String name, List<String> command, Map<String, String> environment, Consumer<String> onLine) {

        /** A program that needs no environment of its own. */
        public static Program plain(String name, List<String> command) {
            return new Program(
                    name,
                    command,
                    Map.of("PATH", "/usr/local/bin:/usr/bin:/bin", "HOME", "/tmp", "LC_ALL", "C"),
                    line -> {});
        }
    }

    /**
     * How a program ended.
     *
     * @param program its name
     * @param code its exit code; 128 and the signal's number when a signal ended it
     * @param tail its last lines
     */
    public record Exit(String program, int code, List<String> tail) {

        /** Whether it did what it was asked. */
        public boolean succeeded() {
            return code == 0;
        }

        /** Whether it only failed because the next one in line had. */
        public boolean onlyFollowed() {
            return code == BROKEN_PIPE;
        }

        /** The signal that ended it; 0 when it ended by itself. */
        public int signal() {
            return code > SIGNAL ? code - SIGNAL : 0;
        }
    }

    private final List<Program> programs;
    private final List<Process> processes;
    private final List<LogTail> tails = new ArrayList<>();
    private final List<Thread> readers = new ArrayList<>();
    private final StopSignal.Registration registration;

    private Pipeline(List<Program> programs, List<Process> processes, StopSignal stop) {
        this.programs = programs;
        this.processes = processes;
        for (int i = 0; i < processes.size(); i++) {
            LogTail tail = new LogTail();
            tails.add(tail);
            InputStream errors = processes.get(i).getErrorStream();
            Consumer<String> onLine = programs.get(i).onLine();
            // A read from a pipe holds on to its carrier, so these are threads of the operating system.
            readers.add(Thread.ofPlatform().daemon().name("stderr").start(() -> readLines(errors, tail, onLine)));
        }
        this.registration = stop.onStop(this::terminate);
    }

    /** Starts them, the output of each being the input of the next. */
    public static Pipeline start(List<Program> programs, StopSignal stop) {
        stop.check();
        List<ProcessBuilder> builders = programs.stream()
                .map(program -> {
                    ProcessBuilder builder = new ProcessBuilder(program.command());
                    builder.environment().clear();
                    builder.environment().putAll(program.environment());
                    return builder;
                })
                .toList();
        try {
            return new Pipeline(programs, ProcessBuilder.startPipeline(builders), stop);
        } catch (IOException e) {
            throw new TaskFailure(
                    Reason.INTERNAL_ERROR,
                    "a program of the runner image can't be started: " + e.getMessage() + ". Check the image.");
        }
    }

    /** What the last one writes. */
    public InputStream output() {
        return processes.getLast().getInputStream();
    }

    /** What the first one reads. */
    public OutputStream input() {
        return processes.getFirst().getOutputStream();
    }

    /** Waits until all have ended and all that they said has been read. */
    public List<Exit> await() {
        try {
            List<Exit> exits = new ArrayList<>();
            for (int i = 0; i < processes.size(); i++) {
                int code = processes.get(i).waitFor();
                readers.get(i).join(TimeUnit.SECONDS.toMillis(SECONDS_TO_END));
                exits.add(new Exit(programs.get(i).name(), code, tails.get(i).lines()));
            }
            return exits;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TaskFailure(Reason.CANCELLED, "the task was told to stop");
        }
    }

    /** Ends those that still run: told to first, made to after a few seconds. */
    @Override
    public void close() {
        registration.close();
        processes.forEach(Process::destroy);
        boolean interrupted = Thread.interrupted();
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS_TO_END);
        for (Process process : processes) {
            interrupted |= end(process, until);
        }
        closeQuietly(output());
        closeQuietly(input());
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean end(Process process, long until) {
        boolean interrupted = false;
        while (process.isAlive()) {
            try {
                long left = until - System.nanoTime();
                if (left <= 0 || !process.waitFor(left, TimeUnit.NANOSECONDS)) {
                    process.destroyForcibly();
                    process.waitFor(SECONDS_TO_END, TimeUnit.SECONDS);
                    return interrupted;
                }
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        return interrupted;
    }

    /** On a stop: whoever reads from them must not wait for a program that can't reach its server to say goodbye. */
    private void terminate() {
        processes.forEach(Process::destroy);
        Thread.ofVirtual().name("end-programs").start(() -> {
            try {
                TimeUnit.SECONDS.sleep(SECONDS_TO_END);
                processes.forEach(Process::destroyForcibly);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private static void readLines(InputStream errors, LogTail tail, Consumer<String> onLine) {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(errors, StandardCharsets.UTF_8))) {
            String line;
            while ((line = reader.readLine()) != null) {
                tail.add(line);
                onLine.accept(line);
            }
        } catch (IOException e) {
            // The program was ended.
        }
    }

    private static void closeQuietly(AutoCloseable stream) {
        try {
            stream.close();
        } catch (Exception e) {
            // The program at its other end is gone.
        }
    }
}
