package dev.mainstay.e2e.node;

import dev.mainstay.e2e.harness.ClusterClient;
import dev.mainstay.e2e.harness.Programs;
import dev.mainstay.e2e.harness.TestNamespace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A page of docs/on-call, by somebody who copies its commands one after the other, for a namespace of another name. */
final class OnCallCard {

    private static final String PAGES = "docs/on-call/";
    private static final String EXAMPLES = "examples/on-call/";

    private final TestNamespace namespace;
    private final Path folder;
    private final List<String> lines;

    /**
     * Opens a page.
     *
     * @param folder an empty one, in which the commands run
     * @param examples the files that its commands name
     */
    OnCallCard(TestNamespace namespace, Path folder, String page, String... examples) {
        this.namespace = namespace;
        this.folder = folder;
        try {
            this.lines = Files.readAllLines(ClusterClient.REPOSITORY.resolve(PAGES + page));
            Files.createDirectories(folder.resolve(EXAMPLES));
            for (String example : examples) {
                String yaml = Files.readString(ClusterClient.REPOSITORY.resolve(EXAMPLES + example));
                Files.writeString(
                        folder.resolve(EXAMPLES + example),
                        yaml.replace("namespace: shop", "namespace: " + namespace.name()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What all of its commands print, in the order of the page; they end at the first that fails. */
    String run() {
        return shell(commands(lines.stream()));
    }

    /** The same of those below these headings, in this order. */
    String run(String... headings) {
        return shell(Arrays.stream(headings)
                .map(heading -> {
                    String found = commands(below(heading));
                    if (found.isEmpty()) {
                        throw new IllegalStateException("no command stands below " + heading);
                    }
                    return found;
                })
                .collect(Collectors.joining("\n")));
    }

    /** The statements below a heading, one of a line. */
    List<String> statements(String heading) {
        List<String> found = below(heading)
                .dropWhile(line -> !line.equals("```sql"))
                .skip(1)
                .takeWhile(line -> !line.equals("```"))
                .toList();
        if (found.isEmpty()) {
            throw new IllegalStateException("no statement stands below " + heading);
        }
        return found;
    }

    /** Runs commands as they are. */
    String shell(String commands) {
        return Programs.run(
                new ProcessBuilder("bash", "-euo", "pipefail", "-c", commands).directory(folder.toFile()), "");
    }

    private Stream<String> below(String heading) {
        return lines.stream()
                .dropWhile(line -> !line.equals(heading))
                .skip(1)
                .takeWhile(line -> !line.startsWith("## "));
    }

    /** A person ends what goes on watching; and psql has to be where the server can be reached. */
    private String commands(Stream<String> from) {
        return from.filter(line -> line.startsWith("    "))
                .map(String::strip)
                .filter(line -> !line.startsWith("psql "))
                .map(line ->
                        line.replace(" --watch", "").replace("--namespace shop", "--namespace " + namespace.name()))
                .collect(Collectors.joining("\n"));
    }
}
