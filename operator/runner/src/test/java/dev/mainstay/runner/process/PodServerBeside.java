package dev.mainstay.runner.process;

import dev.mainstay.runner.server.ServerFolder;
import dev.mainstay.runner.server.ServerProgram;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;

/** What the container beside a restore test is to it: the program that starts a server, with the real one's programs. */
final class PodServerBeside implements AutoCloseable {

    private static final String AS_SERVER =
            "chown -R postgres: %s && exec setpriv --reuid=postgres --regid=postgres --clear-groups ";

    final Path folder;
    final Path programs;
    private ServerProgram program;

    PodServerBeside() {
        try {
            Path root = Files.createTempDirectory("mainstay-pod-");
            Programs.deleteAtExit(root);
            Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxr-xr-x"));
            folder = Files.createDirectory(root.resolve("server"));
            // As an emptyDir.
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
            programs = root.resolve("programs");
            Path bin = Files.createDirectories(programs.resolve(Programs.major() + "/bin"));
            for (String client : new String[] {"pg_dump", "pg_restore"}) {
                Files.createSymbolicLink(
                        bin.resolve(client), Programs.postgres().resolve(client));
            }
            program("initdb", "exec " + Programs.postgres().resolve("initdb") + " \"$@\"");
            program("postgres", "exec " + Programs.postgres().resolve("postgres") + " \"$@\"");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A program of the server, as a script that runs as no root: PostgreSQL refuses that. */
    PodServerBeside program(String name, String script) {
        try {
            Path file = programs.resolve(Programs.major() + "/bin/" + name);
            String run = PostgresServer.isRoot() ? script.replaceFirst("exec ", AS_SERVER.formatted(folder)) : script;
            Files.writeString(file, "#!/bin/sh\n" + run + "\n");
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    PodServerBeside without(String name) {
        try {
            Files.delete(programs.resolve(Programs.major() + "/bin/" + name));
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As the container begins. */
    PodServerBeside begin() {
        program = new ServerProgram(new ServerFolder(folder), programs, 64 << 20);
        Thread.ofPlatform().daemon().name("server").start(() -> {
            try {
                program.run();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        return this;
    }

    /** Ends the server as the kernel does at a memory limit: nothing is said. */
    void kill() {
        try (Stream<String> lines = Files.lines(folder.resolve("data/postmaster.pid"))) {
            PostgresServer.signal("KILL", Long.parseLong(lines.findFirst().orElseThrow()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        program.close();
    }
}
