package dev.mainstay.e2e.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.mainstay.e2e.harness.ClusterClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A file of {@code src/test/resources/api/<kind>/}, named {@code <case>.valid.yaml} or {@code <case>.invalid.yaml}. Names
 * of objects are left out: an object is called as its file.
 *
 * <ul>
 *   <li>Lines {@code # expect: …} at the top: of an invalid file, parts of the refusal; of a valid one,
 *       {@code path = value} in the object that the API server answers.
 *   <li>Two documents: the first is created, and the second is what it is changed to.
 *   <li>A document with a status: the object is created without it, and then the status is written.
 *   <li>{@code $(254*x)} stands for 254 times x.
 * </ul>
 */
record CaseFile(String kind, String name, boolean valid, List<String> expectations, List<ObjectNode> documents) {

    private static final Path FOLDER = ClusterClient.REPOSITORY.resolve("operator/e2e/src/test/resources/api");
    private static final Pattern REPEAT = Pattern.compile("\\$\\(([0-9]+)\\*([^()]*)\\)");
    private static final String EXPECT = "# expect: ";

    /** All files, in the order of their names. */
    static List<CaseFile> all() {
        try (Stream<Path> files = Files.walk(FOLDER)) {
            return files.filter(file -> file.toString().endsWith(".yaml"))
                    .sorted()
                    .map(CaseFile::read)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static CaseFile read(Path file) {
        String[] parts = file.getFileName().toString().split("\\.");
        if (parts.length != 3 || !List.of("valid", "invalid").contains(parts[1])) {
            throw new IllegalStateException(file + " is called neither <case>.valid.yaml nor <case>.invalid.yaml");
        }
        String text = text(file);
        return new CaseFile(
                file.getParent().getFileName().toString(),
                parts[0],
                parts[1].equals("valid"),
                text.lines()
                        .filter(line -> line.startsWith(EXPECT))
                        .map(line -> line.substring(EXPECT.length()))
                        .toList(),
                documents(expand(text), file));
    }

    private static List<ObjectNode> documents(String text, Path file) {
        try (var documents = new YAMLMapper().readerFor(JsonNode.class).<JsonNode>readValues(text)) {
            List<ObjectNode> objects = new ArrayList<>();
            while (documents.hasNext()) {
                objects.add((ObjectNode) documents.next());
            }
            return objects;
        } catch (IOException e) {
            throw new UncheckedIOException(file + " is not YAML", e);
        }
    }

    private static String expand(String text) {
        return REPEAT.matcher(text)
                .replaceAll(match -> Matcher.quoteReplacement(match.group(2).repeat(Integer.parseInt(match.group(1)))));
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return kind + "/" + name + (valid ? " is accepted" : " is refused");
    }
}
