package dev.mainstay.controller;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Pages that name tests name tests that exist. */
class DesignPagesTest {

    private static final Path REPOSITORY = Path.of(System.getProperty("repositoryRoot"));
    private static final Pattern NAMED = Pattern.compile("`(\\w+Test)(?:\\.(\\w+))?`");

    @Test
    void everyTestThatAPageNamesExists() throws IOException {
        Map<String, String> tests;
        try (Stream<Path> files = Files.walk(REPOSITORY.resolve("operator"))) {
            tests = files.filter(file -> file.toString().matches(".*/src/test/java/.*Test[.]java"))
                    .collect(Collectors.toMap(
                            file -> file.getFileName().toString().replace(".java", ""),
                            DesignPagesTest::read,
                            String::concat));
        }
        String page = read(REPOSITORY.resolve("docs/design/backup.md"));

        assertThat(NAMED.matcher(page).results())
                .hasSizeGreaterThan(40)
                .allSatisfy(named -> assertThat(tests).containsKey(named.group(1)))
                .filteredOn(named -> named.group(2) != null)
                .allSatisfy(named -> assertThat(tests.get(named.group(1))).contains("void " + named.group(2) + "("));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
