package dev.mainstay.e2e.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A small program of the tests, built from its folder in operator/e2e when its sources are newer than it. */
public final class GoProgram {

    private final Path sources;
    private final Path program;

    /** The program of that folder, built. */
    public GoProgram(String name) {
        this.sources = ClusterClient.REPOSITORY.resolve("operator/e2e").resolve(name);
        this.program = Optional.ofNullable(System.getenv("MAINSTAY_CACHE"))
                .map(Path::of)
                .orElse(Path.of(System.getProperty("user.home"), ".cache", "mainstay"))
                .resolve("bin")
                .resolve(name);
        if (!isNewerThanSources()) {
            run(List.of("go", "build", "-trimpath", "-o", program.toString(), "."), "");
        }
    }

    /** What it prints. */
    public String run(String input, String... arguments) {
        return run(
                Stream.concat(Stream.of(program.toString()), Stream.of(arguments))
                        .toList(),
                input);
    }

    private String run(List<String> command, String input) {
        return Programs.run(new ProcessBuilder(command).directory(sources.toFile()), input);
    }

    private boolean isNewerThanSources() {
        try (Stream<Path> files = Files.list(sources)) {
            return Files.exists(program)
                    && files.allMatch(source ->
                            source.toFile().lastModified() <= program.toFile().lastModified());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
