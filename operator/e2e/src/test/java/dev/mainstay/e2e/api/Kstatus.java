package dev.mainstay.e2e.api;

import dev.mainstay.e2e.harness.ClusterClient;
import dev.mainstay.e2e.harness.Programs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The real kstatus, built from operator/e2e/kstatus when its sources are newer than the program. */
final class Kstatus {

    private static final Path SOURCES = ClusterClient.REPOSITORY.resolve("operator/e2e/kstatus");

    private Kstatus() {}

    /** The verdict on an object, given as YAML or JSON: {@code InProgress}, {@code Current} or {@code Failed}. */
    static String verdict(String object) {
        return run(List.of(Holder.PROGRAM.toString()), SOURCES, object).split("\t", 2)[0];
    }

    private static Path build() {
        Path cache = Optional.ofNullable(System.getenv("MAINSTAY_CACHE"))
                .map(Path::of)
                .orElse(Path.of(System.getProperty("user.home"), ".cache", "mainstay"));
        Path program = cache.resolve("bin").resolve("kstatus");
        if (!isNewerThanSources(program)) {
            run(List.of("go", "build", "-trimpath", "-o", program.toString(), "."), SOURCES, "");
        }
        return program;
    }

    private static boolean isNewerThanSources(Path program) {
        try (Stream<Path> sources = Files.list(SOURCES)) {
            return Files.exists(program)
                    && sources.allMatch(source ->
                            source.toFile().lastModified() <= program.toFile().lastModified());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String run(List<String> command, Path folder, String input) {
        return Programs.run(new ProcessBuilder(command).directory(folder.toFile()), input);
    }

    private static final class Holder {
        static final Path PROGRAM = build();
    }
}
