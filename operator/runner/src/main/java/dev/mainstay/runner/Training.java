package dev.mainstay.runner;

import dev.mainstay.core.mode.PageContent;
import dev.mainstay.core.task.Task;
import dev.mainstay.core.task.TaskJson;
import dev.mainstay.core.task.TaskKind;
import dev.mainstay.runner.page.PageServer;
import dev.mainstay.runner.task.Results;
import dev.mainstay.runner.task.RunnerSettings;
import dev.mainstay.runner.task.StopSignal;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/**
 * Loads what a task loads, so that the ahead-of-time cache holds it: a Job lives for seconds, and most of them went into
 * loading. Every address is a closed port of this machine.
 */
final class Training {

    private static final String TASK = """
            {"contractVersion": 1, "kind": "%s", "attempt": 1, "path": "a/b/c/1/", "policyPath": "a/b/c/",
             "origin": {"clusterId": "training", "namespace": "shop", "application": "shop", "policy": "nightly",
               "databaseName": "main", "backup": "first", "backupUid": "uid", "madeBy": "Person"},
             "database": {"host": "127.0.0.1", "port": 9, "database": "shop", "sslMode": "disable",
               "credentials": {"folder": "secret", "name": "secret",
                 "keys": {"username": "username", "password": "password"}}},
             "storage": {"bucket": "backups", "region": "us-east-1", "endpoint": "http://127.0.0.1:9",
               "pathStyle": true, "checksumsWhenRequiredOnly": true,
               "credentials": {"folder": "secret", "name": "secret",
                 "keys": {"accessKeyId": "username", "secretAccessKey": "password"}}},
             "restore": {"request": "first", "mark": "uid", "copy": "shop_restore", "copyIsKept": %s,
               "previous": "shop_before", "createMissingRoles": false, "minimumTables": 1},
             "dump": {"compressionLevel": 1, "lockWaitTimeoutSeconds": 1}, "verification": "FullRead",
             "startBy": "2100-01-01T00:00:00Z", "timeoutSeconds": 60}
            """;

    /** Some go as far as the database, the others as far as the store. */
    private static final List<TaskKind> KINDS = List.of(
            TaskKind.BACKUP,
            TaskKind.SETTLE,
            TaskKind.RESTORE_PLAN,
            TaskKind.RESTORE_COPY,
            TaskKind.RESTORE_SWAP,
            TaskKind.RESTORE_INTO_EMPTY,
            TaskKind.RESTORE_SETTLE);

    /** What a task needs once a server has let it in. */
    private static final List<String> BEHIND_THE_SERVER =
            List.of("dev/mainstay/runner/", "dev/mainstay/core/task/", "org/postgresql/");

    private Training() {}

    static void run(RunnerSettings image) throws IOException {
        Path folder = Files.createTempDirectory("training");
        Path secret = Files.createDirectories(folder.resolve("secret"));
        Files.writeString(secret.resolve("username"), "training");
        Files.writeString(secret.resolve("password"), "training");
        RunnerSettings settings = new RunnerSettings(
                folder,
                folder.resolve("result"),
                image.postgresFolder(),
                folder,
                image.partBytes(),
                image.partsPerSegment(),
                image.concurrency(),
                Duration.ofMillis(1),
                Duration.ofSeconds(1),
                Duration.ofMillis(1),
                2);
        Clock clock = Clock.systemUTC();
        Runner runner = new Runner(settings, clock, new PrintStream(PrintStream.nullOutputStream()));
        PageContent page = new PageContent("", "", "", "en", 1, clock.instant(), List.of(), List.of(0), 0);
        try (PageServer server = new PageServer(page, clock)) {
            server.start();
            askAll(server.ports());
        }
        for (TaskKind kind : KINDS) {
            Task read = TaskJson.readTask(TASK.formatted(kind, kind == TaskKind.RESTORE_PLAN));
            Results.bounded(runner.run(read, clock.instant(), new StopSignal()));
        }
        loadWhatIsBehindTheServer();
    }

    /** No server answers here, so these are only loaded, and not run. */
    private static void loadWhatIsBehindTheServer() throws IOException {
        for (String file : System.getProperty("java.class.path").split(File.pathSeparator)) {
            if (file.endsWith(".jar")) {
                try (JarFile jar = new JarFile(file)) {
                    jar.stream()
                            .map(JarEntry::getName)
                            .filter(name -> name.endsWith(".class")
                                    && BEHIND_THE_SERVER.stream().anyMatch(name::startsWith))
                            .forEach(Training::load);
                }
            }
        }
    }

    private static void load(String file) {
        String name = file.substring(0, file.length() - ".class".length()).replace('/', '.');
        try {
            Class.forName(name, false, Training.class.getClassLoader());
        } catch (ClassNotFoundException | LinkageError e) {
            // The driver has parts for libraries that are not here.
        }
    }

    private static void askAll(List<Integer> ports) throws IOException {
        for (int port : ports) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                socket.getOutputStream()
                        .write("GET / HTTP/1.1\r\nHost: training\r\nAccept: application/json\r\n\r\n"
                                .getBytes(StandardCharsets.US_ASCII));
                socket.getInputStream().readAllBytes();
            }
        }
    }
}
