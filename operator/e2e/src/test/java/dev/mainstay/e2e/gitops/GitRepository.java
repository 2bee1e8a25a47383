package dev.mainstay.e2e.gitops;

import dev.mainstay.e2e.harness.Programs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A repository that Argo CD and Flux read over HTTP, and that a test commits to. */
final class GitRepository {

    /** The folder in it that is applied. */
    static final String FOLDER = "shop";

    private final Path clone;
    private final String url;

    /**
     * An empty repository.
     *
     * @param name of the repository
     * @param clone an empty folder for the test's own clone
     */
    GitRepository(String name, Path clone) {
        this.clone = clone;
        this.url = environment("MAINSTAY_REPOSITORIES_URL") + "/" + name + ".git";
        Path bare = Path.of(environment("MAINSTAY_REPOSITORIES"), name + ".git");
        run("git", "init", "--quiet", "--bare", "--initial-branch=main", bare.toString());
        run("git", "init", "--quiet", "--initial-branch=main", ".");
        run("git", "remote", "add", "origin", bare.toString());
    }

    String url() {
        return url;
    }

    /** Makes these files the whole content, and pushes it; returns the commit. */
    String push(Map<String, String> files) {
        try {
            Path folder = Files.createDirectories(clone.resolve(FOLDER));
            try (Stream<Path> before = Files.list(folder)) {
                for (Path file : before.toList()) {
                    Files.delete(file);
                }
            }
            for (Map.Entry<String, String> file : files.entrySet()) {
                Files.writeString(folder.resolve(file.getKey()), file.getValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        run("git", "add", "--all");
        run("git", "-c", "user.name=test", "-c", "user.email=test@example.org", "commit", "--quiet", "--message=test");
        run("git", "push", "--quiet", "origin", "main");
        return run("git", "rev-parse", "HEAD").strip();
    }

    /** What deploy/gitops/engines tells. */
    static String environment(String name) {
        String value = System.getenv(name);
        if (value == null) {
            throw new IllegalStateException(
                    name + " is not set: run deploy/test-gitops, or eval \"$(deploy/gitops/engines env)\"");
        }
        return value;
    }

    private String run(String... command) {
        return Programs.run(new ProcessBuilder(List.of(command)).directory(clone.toFile()), "");
    }
}
