package dev.mainstay.runner.backup;

import dev.mainstay.runner.backup.Manifest.Segment;
import dev.mainstay.runner.backup.Manifest.SideFile;
import dev.mainstay.runner.postgres.DatabaseAccess;
import dev.mainstay.runner.postgres.DatabaseSettings;
import dev.mainstay.runner.postgres.DumpErrors;
import dev.mainstay.runner.postgres.Pipeline;
import dev.mainstay.runner.postgres.Pipeline.Program;
import dev.mainstay.runner.storage.ObjectStore;
import dev.mainstay.runner.task.TaskContext;
import dev.mainstay.runner.task.TaskFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a dump of one database doesn't hold: roles (without passwords, or a restore would lock applications out, zalando
 * postgres-operator issue 2337), and what was set on the database itself. A role that may not read it doesn't fail the
 * backup: the manifest says what is absent, and why.
 */
final class SideFiles {

    private static final int MOST_BYTES = 8 << 20;

    private final TaskContext context;
    private final DatabaseAccess access;
    private final Path programs;
    private final ObjectStore store;
    private final AgeEncryption encryption;

    SideFiles(TaskContext context, DatabaseAccess access, Path programs, ObjectStore store, AgeEncryption encryption) {
        this.context = context;
        this.access = access;
        this.programs = programs;
        this.store = store;
        this.encryption = encryption;
    }

    /** Writes {@code globals.sql}, or {@code globals.sql.age}. */
    SideFile globals() {
        // pg_dumpall passes over the database's name in --dbname, and takes one in --database for a connection string
        // too.
        return write(
                "globals.sql",
                "pg_dumpall",
                text -> text,
                List.of(
                        "--globals-only",
                        "--no-role-passwords",
                        "--no-password",
                        lockTimeout(),
                        "--database=" + access.connectionString()));
    }

    /** Writes {@code settings.sql}, or {@code settings.sql.age}. */
    SideFile settings() {
        return write(
                "settings.sql",
                "pg_dump",
                DatabaseSettings::of,
                List.of(
                        "--create",
                        "--schema-only",
                        "--exclude-schema=*",
                        "--no-password",
                        lockTimeout(),
                        "--dbname=" + access.connectionString()));
    }

    private interface Filter {
        String of(String text);
    }

    private SideFile write(String name, String program, Filter filter, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(programs.resolve(program).toString());
        command.addAll(arguments);
        byte[] content;
        try (Pipeline pipeline = Pipeline.start(
                List.of(new Program(program, command, access.environment(), line -> {})), context.stop())) {
            byte[] output = pipeline.output().readNBytes(MOST_BYTES + 1);
            if (output.length > MOST_BYTES) {
                return new SideFile(null, program + " wrote more than " + MOST_BYTES + " bytes");
            }
            Optional<TaskFailure> failure = DumpErrors.of(pipeline.await());
            context.stop().check();
            if (failure.isPresent()) {
                return new SideFile(null, failure.get().getMessage());
            }
            content = filter.of(new String(output, StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8);
        } catch (IOException e) {
            context.stop().check();
            return new SideFile(null, program + " was ended");
        }
        byte[] stored = encryption.encrypted(content, context.stop());
        String object = encryption.isOn() ? name + ".age" : name;
        store.put(context.task().path() + object, stored);
        return new SideFile(new Segment(object, stored.length, Sha256.of(stored)), null);
    }

    private String lockTimeout() {
        return "--lock-wait-timeout=" + context.task().dump().lockWaitTimeoutSeconds() + "s";
    }
}
