package dev.mainstay.e2e.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Where the operators of the tests have their files, by the namespace that they work. */
public final class OperatorLogs {

    /** Maven cleans it. */
    public static final Path FOLDER = ClusterClient.REPOSITORY.resolve("operator/e2e/target");

    /** Name of the file to which an operator logs. */
    public static final String NAME = "log";

    private static final int LINES = 25;

    private OperatorLogs() {}

    /** A folder for one operator of a namespace. */
    public static Path newFolder(String namespace) throws IOException {
        return Files.createTempDirectory(FOLDER, prefix(namespace));
    }

    /** The last lines of each log of a namespace's operators, under the name of its file. */
    public static String lastLines(String namespace) {
        try (Stream<Path> folders = Files.list(FOLDER)) {
            return folders.filter(folder -> folder.getFileName().toString().startsWith(prefix(namespace)))
                    .map(folder -> folder.resolve(NAME))
                    .filter(Files::exists)
                    .sorted()
                    .map(OperatorLogs::told)
                    .collect(Collectors.joining("\n"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String told(Path log) {
        try {
            List<String> lines = Files.readAllLines(log);
            return log + ":\n" + String.join("\n", lines.subList(Math.max(0, lines.size() - LINES), lines.size()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String prefix(String namespace) {
        return "operator-" + namespace + "-";
    }
}
