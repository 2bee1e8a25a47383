package dev.mainstay.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicySpec;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What readers copy from the documentation works: its links lead somewhere, its objects are objects of this API. */
class DocumentationTest {

    private static final Path ROOT = Path.of(System.getProperty("repositoryRoot"));
    private static final boolean UPDATE = Boolean.getBoolean("golden.update");
    private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ +(.+)$");
    private static final Pattern FENCE = Pattern.compile("(?ms)^```(\\w*)\\n(.*?)^```$");
    private static final String OUTPUT_BEGIN = "<!-- recorded output: begin -->\n";
    private static final String OUTPUT_END = "<!-- recorded output: end -->";
    private static final Set<String> SKIPPED_FOLDERS = Set.of(".git", "target", "node_modules");
    private static final Set<String> TOP_LEVEL = Set.of("apiVersion", "kind", "metadata", "spec");

    private static final Map<String, Class<? extends HasMetadata>> KINDS = CustomResourceDefinitionFiles.KINDS.stream()
            .collect(Collectors.toMap(Class::getSimpleName, Function.identity()));

    private static final ObjectMapper STRICT = new YAMLMapper()
            .registerModule(new JavaTimeModule())
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(DeserializationFeature.READ_UNKNOWN_ENUM_VALUES_USING_DEFAULT_VALUE);

    /** An object of this API, and where it stands. */
    record Example(String where, String yaml) {
        @Override
        public String toString() {
            return where;
        }
    }

    static Stream<Path> pages() throws IOException {
        return files(".md").stream();
    }

    static Stream<Example> examples() throws IOException {
        List<Example> examples = new ArrayList<>();
        for (Path page : files(".md")) {
            Matcher fence = FENCE.matcher(Files.readString(page));
            while (fence.find()) {
                if (fence.group(1).equals("yaml")) {
                    collect(examples, ROOT.relativize(page).toString(), fence.group(2));
                }
            }
        }
        for (Path file : files(".yaml")) {
            Path path = ROOT.relativize(file);
            if (path.startsWith("examples")) {
                collect(examples, path.toString(), Files.readString(file));
            }
        }
        Path notes = ROOT.resolve("helm/mainstay/templates/NOTES.txt");
        Matcher objects = Pattern.compile("(?ms)^apiVersion: .*?(?=^(?:---|[A-Z][a-z]+ ))")
                .matcher(Files.readString(notes));
        while (objects.find()) {
            collect(examples, ROOT.relativize(notes).toString(), objects.group());
        }
        return examples.stream();
    }

    @ParameterizedTest
    @MethodSource("pages")
    void linksLeadSomewhere(Path page) throws IOException {
        assumeThat(UPDATE).as("pages are being written").isFalse();
        List<String> broken = new ArrayList<>();
        Matcher link = LINK.matcher(withoutCode(Files.readString(page)));
        while (link.find()) {
            String target = link.group(1);
            if (!target.matches("[a-z]+:.*") && !exists(page, target)) {
                broken.add(target);
            }
        }
        assertThat(broken).as("broken links of %s", ROOT.relativize(page)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("pages")
    void nothingIsLeftToFillIn(Path page) throws IOException {
        assertThat(Files.readString(page)).doesNotContainPattern("@[A-Z_]{3,}@");
    }

    @ParameterizedTest
    @MethodSource("examples")
    void objectsAreObjectsOfThisApi(Example example) throws IOException {
        JsonNode tree = STRICT.readTree(example.yaml());
        if (tree.get("kind").asText().equals("NetworkPolicy")) {
            NetworkPolicySpec spec =
                    STRICT.treeToValue(tree, NetworkPolicy.class).getSpec();
            assertThat(spec.getPodSelector().getMatchLabels()).isNotEmpty();
            assertThat(spec.getAdditionalProperties()).as("unknown fields").isEmpty();
            return;
        }
        assertThat(tree.get("apiVersion").asText()).isEqualTo(MainstayResource.GROUP + "/" + MainstayResource.VERSION);
        Class<? extends HasMetadata> kind = KINDS.get(tree.get("kind").asText());
        assertThat(kind).as("a kind of this API").isNotNull();
        assertThat(tree.propertyStream().map(Map.Entry::getKey)).isSubsetOf(TOP_LEVEL);
        assertThat(tree.at("/metadata/name").asText()
                        + tree.at("/metadata/generateName").asText())
                .isNotBlank();
        assertThatCode(() -> STRICT.treeToValue(tree, kind)).as(example.where()).doesNotThrowAnyException();
        assertThat(missing(schema(kind).at("/properties/spec"), tree.get("spec"), "spec"))
                .as("required fields that are missing")
                .isEmpty();
    }

    @Test
    void everyKindHasAnExample() throws IOException {
        assertThat(examples().map(example -> kindOf(example.yaml()))).containsAll(KINDS.keySet());
    }

    /** An output in a page is the recorded one, of a real run. */
    @ParameterizedTest
    @CsvSource({"README.md, docs/demo-output.txt", "docs/maintenance-mode.md, docs/maintenance-mode-output.txt"})
    void pageShowsTheRecordedOutput(String file, String output) throws IOException {
        Path recorded = ROOT.resolve(output);
        Path page = ROOT.resolve(file);
        String text = Files.readString(page);
        int begin = text.indexOf(OUTPUT_BEGIN) + OUTPUT_BEGIN.length();
        int end = text.indexOf(OUTPUT_END);
        String wanted = Files.exists(recorded)
                ? "```console\n" + Files.readString(recorded).strip() + "\n```\n"
                : "";
        if (UPDATE) {
            Files.writeString(page, text.substring(0, begin) + wanted + text.substring(end));
            return;
        }
        assertThat(text.substring(begin, end))
                .as("the output in %s is not that of %s: run `make generate`", page, recorded)
                .isEqualTo(wanted);
    }

    private static String kindOf(String yaml) {
        try {
            return STRICT.readTree(yaml).get("kind").asText();
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static void collect(List<Example> examples, String where, String yaml) throws IOException {
        try (MappingIterator<JsonNode> documents =
                STRICT.readerFor(JsonNode.class).readValues(yaml)) {
            while (documents.hasNext()) {
                JsonNode document = documents.next();
                if (document.path("apiVersion").asText().startsWith(MainstayResource.GROUP)) {
                    examples.add(new Example(
                            where + ": " + document.path("kind").asText(), STRICT.writeValueAsString(document)));
                }
            }
        }
    }

    private static JsonNode schema(Class<?> kind) throws IOException {
        try (Stream<Path> files = Files.list(ROOT.resolve("crds"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                JsonNode definition = STRICT.readTree(file.toFile());
                if (definition.at("/spec/names/kind").asText().equals(kind.getSimpleName())) {
                    return definition.at("/spec/versions/0/schema/openAPIV3Schema");
                }
            }
        }
        throw new IllegalStateException("crds/ has no " + kind.getSimpleName());
    }

    private static List<String> missing(JsonNode schema, JsonNode value, String path) {
        List<String> missing = new ArrayList<>();
        schema.path("required")
                .valueStream()
                .map(JsonNode::asText)
                .filter(name -> !value.has(name))
                .forEach(name -> missing.add(path + "." + name));
        value.propertyStream().forEach(field -> {
            JsonNode inner = schema.path("properties").path(field.getKey());
            missing.addAll(missing(inner, field.getValue(), path + "." + field.getKey()));
            field.getValue()
                    .valueStream()
                    .filter(JsonNode::isObject)
                    .filter(entry -> inner.has("items"))
                    .forEach(entry -> missing.addAll(missing(inner.get("items"), entry, path + "." + field.getKey())));
        });
        return missing;
    }

    private static String withoutCode(String markdown) {
        return FENCE.matcher(markdown).replaceAll("").replaceAll("`[^`\\n]*`", "");
    }

    private static boolean exists(Path page, String target) throws IOException {
        int hash = target.indexOf('#');
        String file = hash < 0 ? target : target.substring(0, hash);
        Path path = file.isEmpty() ? page : page.resolveSibling(file).normalize();
        return Files.exists(path) && (hash < 0 || hasHeading(path, target.substring(hash + 1)));
    }

    private static boolean hasHeading(Path page, String anchor) throws IOException {
        return HEADING.matcher(Files.readString(page))
                .results()
                .map(heading -> heading.group(1)
                        .toLowerCase()
                        .replaceAll("[^a-z0-9 _-]", "")
                        .replace(' ', '-'))
                .anyMatch(anchor::equals);
    }

    private static List<Path> files(String ending) throws IOException {
        List<Path> found = new ArrayList<>();
        Files.walkFileTree(ROOT, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                return SKIPPED_FOLDERS.contains(folder.getFileName().toString())
                        ? FileVisitResult.SKIP_SUBTREE
                        : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (file.toString().endsWith(ending)) {
                    found.add(file);
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return found.stream().sorted().toList();
    }
}
