package dev.mainstay.controller;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Rules for the sources of all modules, those too that this one can't see. */
class SourceRulesTest {

    private static final int LONGEST_CLASS = 400;
    private static final int LONGEST_RECONCILER = 250;
    private static final Pattern TIME =
            Pattern.compile("\\b(Instant|LocalDate|LocalDateTime|OffsetDateTime|ZonedDateTime|Year)\\.now\\("
                    + "|\\bClock\\.(system|tick)\\w*\\(|\\bcurrentTimeMillis\\(");
    private static final Set<String> COMPOSITION_ROOTS =
            Set.of("OperatorMain.java", "Training.java", "RunnerMain.java", "CliMain.java");

    /** Is a list that one looks a word up in, and nobody reads from top to bottom. */
    private static final Set<String> LISTS = Set.of("Reason.java");

    private static List<Path> sources;

    @BeforeAll
    static void find() throws IOException {
        Path operator = Path.of(System.getProperty("repositoryRoot"), "operator");
        try (Stream<Path> files = Files.walk(operator)) {
            sources = files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> file.toString().contains("/src/main/java/"))
                    .toList();
        }
        assertThat(sources)
                .as("sources of each module")
                .anyMatch(file -> file.startsWith(operator.resolve("api")))
                .anyMatch(file -> file.startsWith(operator.resolve("core")))
                .anyMatch(file -> file.startsWith(operator.resolve("controller")))
                .anyMatch(file -> file.startsWith(operator.resolve("runner")));
    }

    @Test
    void noClassIsLongerThanAPersonReads() {
        assertThat(sources)
                .filteredOn(file -> !LISTS.contains(name(file)))
                .allSatisfy(file -> assertThat(text(file).lines().count())
                        .as("lines of %s", file)
                        .isLessThanOrEqualTo(
                                name(file).endsWith("Reconciler.java") ? LONGEST_RECONCILER : LONGEST_CLASS));
    }

    @Test
    void onlyCompositionRootsAskForTheTime() {
        assertThat(sources.stream()
                        .filter(file -> TIME.matcher(text(file)).find())
                        .map(SourceRulesTest::name))
                .isSubsetOf(COMPOSITION_ROOTS);
    }

    @Test
    void nothingIsLeftToDo() {
        assertThat(sources)
                .allSatisfy(file -> assertThat(text(file))
                        .as("%s", file)
                        .doesNotContain("TODO", "FIXME", "XXX", "System.out.", "printStackTrace"));
    }

    private static String name(Path file) {
        return file.getFileName().toString();
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
