package dev.mainstay.runner.postgres;

import dev.mainstay.core.status.Reason;
import dev.mainstay.runner.task.TaskFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The PostgreSQL programs of the image, one set a major version. A dump is made by the server's own major: an older
 * pg_dump refuses (databasement issue 588), and what a newer one writes is refused by an older server.
 */
public final class ClientPrograms {

    private final Path root;

    /** The programs are in {@code root/<major>/bin}. */
    public ClientPrograms(Path root) {
        this.root = root;
    }

    /** Folder with the programs of exactly that major. */
    public Path ofMajor(int major, String server) {
        Path folder = folder(major);
        if (Files.isExecutable(folder.resolve("pg_dump"))) {
            return folder;
        }
        String wanted = Stream.concat(majors().stream(), Stream.of(major))
                .sorted()
                .map(String::valueOf)
                .collect(Collectors.joining(" "));
        throw new TaskFailure(
                Reason.VERSION_UNSUPPORTED,
                server + " is of major version " + major + ", and this runner image has pg_dump of " + found()
                        + ". Build the runner image with --build-arg PG_MAJORS=\"" + wanted + "\".");
    }

    /** Folder with programs that read archives of that major: its own, else the next newer one. */
    public Path thatRead(int major) {
        return majors().stream()
                .filter(m -> m >= major)
                .findFirst()
                .map(this::folder)
                .orElseThrow(() -> new TaskFailure(
                        Reason.VERSION_UNSUPPORTED,
                        "the archive was written by pg_dump " + major + ", and this runner image has pg_restore of "
                                + found() + ". Build the runner image with " + major + " in PG_MAJORS."));
    }

    /**
     * Folder with programs that read archives of one major and speak to a server of another: those in between. A newer
     * pg_restore sets what an older server does not know (databasement issue 588).
     */
    public Path thatRestore(int archive, int serverMajor, String server) {
        return majors().stream()
                .filter(m -> m >= archive && m <= serverMajor)
                .findFirst()
                .map(this::folder)
                .orElseThrow(() -> new TaskFailure(
                        Reason.VERSION_UNSUPPORTED,
                        "the archive was written by pg_dump " + archive + " and " + server + " is of major version "
                                + serverMajor + "; this runner image has pg_restore of " + found()
                                + ". Build the runner image with " + archive + " in PG_MAJORS."));
    }

    /** Throws unless the server of exactly that major is there, in which backups of it are tested. */
    public void requireServer(int major) {
        List<Integer> majors = majors("postgres");
        if (majors.contains(major) && Files.isExecutable(folder(major).resolve("initdb"))) {
            return;
        }
        String wanted = Stream.concat(majors.stream(), Stream.of(major))
                .sorted()
                .map(String::valueOf)
                .collect(Collectors.joining(" "));
        throw new TaskFailure(
                Reason.VERSION_UNSUPPORTED,
                "the backup is of PostgreSQL " + major + ", and this runner image has the server of " + words(majors)
                        + ". Build the image runner-postgres with --build-arg PG_MAJORS=\"" + wanted
                        + "\" and name it in runner.postgresImage of the chart's values, or give target.server in place of"
                        + " target.pod.");
    }

    /** Majors that are there, in order. */
    private List<Integer> majors() {
        return majors("pg_dump");
    }

    private List<Integer> majors(String program) {
        if (!Files.isDirectory(root)) {
            return List.of();
        }
        try (Stream<Path> folders = Files.list(root)) {
            return folders.map(folder -> folder.getFileName().toString())
                    .filter(name -> name.matches("\\d{1,3}"))
                    .flatMapToInt(name -> IntStream.of(Integer.parseInt(name)))
                    .filter(major -> Files.isExecutable(folder(major).resolve(program)))
                    .sorted()
                    .boxed()
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    private Path folder(int major) {
        return root.resolve(Integer.toString(major)).resolve("bin");
    }

    private String found() {
        return words(majors());
    }

    private static String words(List<Integer> majors) {
        return majors.isEmpty()
                ? "no major version"
                : "major version " + majors.stream().map(String::valueOf).collect(Collectors.joining(", "));
    }
}
