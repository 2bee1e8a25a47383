package dev.mainstay.runner.server;

import dev.mainstay.runner.postgres.LogTail;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts a PostgreSQL for the task in the container beside it, in a container that mounts none of its Secrets: what is
 * restored runs there with a superuser's rights, and a superuser reads every file that the server's user can. Its data is
 * worth nothing when the task ends, so nothing is flushed to the disk.
 */
public final class ServerProgram implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ServerProgram.class);

    private static final long LOOK_EVERY_MILLIS = 200;
    private static final int SECONDS_TO_END = 5;
    private static final long MEBIBYTE = 1 << 20;

    private final ServerFolder folder;
    private final Path programs;
    private final long memory;
    private final LogTail tail = new LogTail();
    private final List<Process> running = new ArrayList<>();
    private boolean closed;

    /**
     * @param folder what it shares with the task
     * @param programs folder with the PostgreSQL programs, in {@code <major>/bin}
     * @param memory bytes that may be taken for the server's buffers, and as many for the making of indexes
     */
    public ServerProgram(ServerFolder folder, Path programs, long memory) {
        this.folder = folder;
        this.programs = programs;
        this.memory = memory;
    }

    /** Waits for an order and serves it; returns when the server has ended, and has told why. */
    public void run() throws IOException, InterruptedException {
        if (Files.exists(folder.data())) {
            end("its container was ended and begun anew, most likely at its memory limit");
            return;
        }
        ServerOrder order = awaited();
        try {
            initialize(order);
            folder.forgetOrder();
            int code = start("postgres", serving(order)).waitFor();
            // What it said last is read by a thread of its own.
            TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLIS);
            end("it ended with exit code " + code);
        } catch (IOException e) {
            end("a program of it can't be started: " + e.getMessage());
        }
    }

    private ServerOrder awaited() throws IOException, InterruptedException {
        while (true) {
            Optional<ServerOrder> order = folder.order();
            if (order.isPresent()) {
                return order.get();
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLIS);
        }
    }

    private void initialize(ServerOrder order) throws IOException, InterruptedException {
        Path password = Files.createTempFile(folder.path(), "password", "");
        try {
            Files.writeString(password, order.password());
            List<String> command = new ArrayList<>(List.of(
                    program(order, "initdb"),
                    "--pgdata=" + folder.data(),
                    "--username=" + ServerOrder.SUPERUSER,
                    "--pwfile=" + password,
                    "--auth=scram-sha-256",
                    "--no-sync",
                    "--no-instructions"));
            command.addAll(order.encoding());
            int code = start("initdb", command).waitFor();
            if (code != 0) {
                throw new IOException("initdb ended with exit code " + code);
            }
        } finally {
            Files.deleteIfExists(password);
        }
    }

    private List<String> serving(ServerOrder order) {
        long mebibytes = Math.clamp(memory / MEBIBYTE, 16, 1024);
        List<String> command = new ArrayList<>(
                List.of(program(order, "postgres"), "-D", folder.data().toString()));
        List.of(
                        "listen_addresses=127.0.0.1",
                        "port=" + order.port(),
                        "unix_socket_directories=",
                        "fsync=off",
                        "full_page_writes=off",
                        "synchronous_commit=off",
                        "wal_level=minimal",
                        "max_wal_senders=0",
                        "min_wal_size=32MB",
                        "max_wal_size=256MB",
                        "autovacuum=off",
                        "jit=off",
                        "shared_buffers=" + mebibytes + "MB",
                        "maintenance_work_mem=" + mebibytes + "MB",
                        // A Pod's /dev/shm has 64 MiB.
                        "dynamic_shared_memory_type=mmap",
                        // One that lost a process to the memory limit would begin anew, and lose it again.
                        "restart_after_crash=off",
                        // Errors and statements carry rows.
                        "log_min_messages=log",
                        "log_min_error_statement=panic",
                        "log_error_verbosity=terse",
                        "log_line_prefix=postgres: ")
                .forEach(setting -> command.addAll(List.of("-c", setting)));
        return command;
    }

    private String program(ServerOrder order, String name) {
        return programs.resolve(order.major() + "/bin/" + name).toString();
    }

    private Process start(String name, List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().putAll(environment());
        Process process;
        synchronized (running) {
            if (closed) {
                throw new IOException("it was told to end");
            }
            process = builder.start();
            running.add(process);
        }
        process.getOutputStream().close();
        Thread.ofPlatform().daemon().name(name).start(() -> read(name, process));
        return process;
    }

    private void read(String name, Process process) {
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            String line;
            while ((line = reader.readLine()) != null) {
                tail.add(line);
            }
        } catch (IOException e) {
            LOG.debug("{} was ended", name);
        }
    }

    private static Map<String, String> environment() throws IOException {
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("PATH", "/usr/local/bin:/usr/bin:/bin");
        environment.put("HOME", "/tmp");
        environment.put("LC_ALL", "C");
        environment.putAll(UserName.environment());
        return environment;
    }

    private void end(String why) throws IOException {
        LOG.warn("there is no server: {}", why);
        tail.lines().forEach(line -> LOG.warn("| {}", line));
        folder.end(new ServerEnd(why, tail.lines()));
    }

    /** Ends what runs. */
    @Override
    public void close() {
        List<Process> left;
        synchronized (running) {
            closed = true;
            left = List.copyOf(running);
        }
        left.forEach(Process::destroy);
        try {
            for (Process process : left) {
                if (!process.waitFor(SECONDS_TO_END, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                }
            }
        } catch (InterruptedException e) {
            left.forEach(Process::destroyForcibly);
            Thread.currentThread().interrupt();
        }
    }
}
