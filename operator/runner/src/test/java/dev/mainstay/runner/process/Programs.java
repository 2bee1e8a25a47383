package dev.mainstay.runner.process;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Finds and runs the programs that the process tests need. */
final class Programs {

    /** The newest first: a server ends before the folder goes that it writes into. */
    private static final Deque<Runnable> AT_EXIT = new ConcurrentLinkedDeque<>();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> AT_EXIT.forEach(Runnable::run)));
    }

    /** Those that were given away. */
    private static final Set<Integer> PORTS = ConcurrentHashMap.newKeySet();

    private Programs() {}

    /** Folder with PostgreSQL's server and client, of the newest major that is here; its parent is named by it. */
    static Path postgres() {
        return postgres(majors().getLast());
    }

    /** The same of one that is here. */
    static Path postgres(int major) {
        return majorsFolder().resolve(major + "/bin");
    }

    /** Majors whose server is here, in order; another folder of them than Debian's can be named in MAINSTAY_POSTGRES. */
    static List<Integer> majors() {
        try (Stream<Path> majors = Files.list(majorsFolder())) {
            List<Integer> found = majors.filter(major -> Files.isExecutable(major.resolve("bin/initdb")))
                    .map(major -> Integer.valueOf(major.getFileName().toString()))
                    .sorted()
                    .toList();
            if (found.isEmpty()) {
                throw new FileNotFoundException("initdb");
            }
            return found;
        } catch (IOException e) {
            throw new IllegalStateException(
                    "no PostgreSQL server in " + majorsFolder() + ": apt-get install postgresql", e);
        }
    }

    /**
     * Folders with the programs of a server of each major that the runner's statements have to know: the newest that is here,
     * and those that have no clients.
     */
    static List<Path> postgresServers() {
        Path folder = Path.of(Optional.ofNullable(System.getenv("MAINSTAY_CACHE"))
                        .orElse(System.getProperty("user.home") + "/.cache/mainstay"))
                .resolve("bin/postgres-servers");
        try (Stream<Path> versions = Files.list(folder)) {
            return Stream.concat(Stream.of(postgres()), versions.sorted().map(version -> version.resolve("bin")))
                    .toList();
        } catch (IOException e) {
            throw new IllegalStateException(
                    "no servers in " + folder + ": deploy/local/toolchain/postgres brings them", e);
        }
    }

    /** Such a server where its own user can get at it, who may not enter the folders of root. */
    static Path within(Path folder, Path server) {
        if (!server.startsWith(Path.of(System.getProperty("user.home")))) {
            return server;
        }
        run(
                "cp",
                "--recursive",
                server.getParent().toString(),
                folder.resolve("server").toString());
        return folder.resolve("server/bin");
    }

    private static Path majorsFolder() {
        return Path.of(Optional.ofNullable(System.getenv("MAINSTAY_POSTGRES")).orElse("/usr/lib/postgresql"));
    }

    /** Major version of that PostgreSQL. */
    static int major() {
        return majors().getLast();
    }

    /** The S3 server. */
    static Path versitygw() {
        return Optional.ofNullable(System.getProperty("mainstay.test.versitygw"))
                .or(() -> Optional.ofNullable(System.getenv("MAINSTAY_VERSITYGW")))
                .map(Path::of)
                .or(() -> cached("versitygw"))
                .filter(Files::isExecutable)
                .orElseThrow(() -> new IllegalStateException(
                        "no versitygw: deploy/local/toolchain/build versitygw builds it, or give its path in"
                                + " MAINSTAY_VERSITYGW"));
    }

    /** The Redis server. */
    static Path redis() {
        return Optional.ofNullable(System.getenv("MAINSTAY_REDIS"))
                .map(Path::of)
                .or(() -> cached("redis-server"))
                .filter(Files::isExecutable)
                .orElseThrow(() -> new IllegalStateException(
                        "no redis-server: deploy/local/toolchain/redis brings it, or give its path in MAINSTAY_REDIS"));
    }

    private static Optional<Path> cached(String program) {
        Path bin = Path.of(Optional.ofNullable(System.getenv("MAINSTAY_CACHE"))
                        .orElse(System.getProperty("user.home") + "/.cache/mainstay"))
                .resolve("bin");
        if (!Files.isDirectory(bin)) {
            return Optional.empty();
        }
        try (Stream<Path> files = Files.walk(bin, 2)) {
            return files.filter(file -> file.getFileName().toString().startsWith(program))
                    .filter(Files::isRegularFile)
                    .filter(Files::isExecutable)
                    .max(Comparator.naturalOrder());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Not one that the system gives to connections: before a server listens at it, it would be taken. */
    static int freePort() {
        for (int port : new Random().ints(20, 20_000, 30_000).toArray()) {
            if (!PORTS.add(port)) {
                continue;
            }
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (IOException taken) {
                continue;
            }
        }
        throw new IllegalStateException("no free port between 20000 and 30000");
    }

    /** Runs a program to its end; its output, or an error with it. */
    static String run(Map<String, String> environment, List<String> command) {
        try {
            ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
            builder.environment().putAll(environment);
            Process process = builder.start();
            process.getOutputStream().close();
            String output =
                    new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IllegalStateException(String.join(" ", command) + ":\n" + output);
            }
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    static String run(String... command) {
        return run(Map.of(), List.of(command));
    }

    /** Ends a program for good, when this JVM ends at the latest. */
    static void endAtExit(Process process) {
        AT_EXIT.addFirst(() -> {
            process.destroy();
            try {
                if (!process.waitFor(5, TimeUnit.SECONDS)) {
                    process.destroyForcibly().waitFor(5, TimeUnit.SECONDS);
                }
            } catch (InterruptedException e) {
                process.destroyForcibly();
            }
        });
    }

    static void deleteAtExit(Path folder) {
        AT_EXIT.addFirst(() -> {
            try (Stream<Path> files = Files.walk(folder)) {
                files.sorted(Comparator.reverseOrder())
                        .forEach(file -> file.toFile().delete());
            } catch (IOException | UncheckedIOException e) {
                System.err.println(folder + " is left: " + e.getMessage());
            }
        });
    }
}
