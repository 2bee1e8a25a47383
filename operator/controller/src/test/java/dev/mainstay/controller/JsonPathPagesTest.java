package dev.mainstay.controller;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Commands of the pages that print lists. */
class JsonPathPagesTest {

    private static final Path REPOSITORY = Path.of(System.getProperty("repositoryRoot"));
    private static final Pattern RANGE = Pattern.compile("\\{range ([^}]*)}");

    /** kubectl takes an empty inner list for the end of the outer one: it prints nothing, and exits with 0. */
    @Test
    void noRangeGoesThroughTwoListsAtOnce() throws IOException {
        List<Path> pages;
        try (Stream<Path> docs = Files.walk(REPOSITORY.resolve("docs"));
                Stream<Path> examples = Files.walk(REPOSITORY.resolve("examples"))) {
            pages = Stream.concat(docs, examples)
                    .filter(file -> file.toString().endsWith(".md"))
                    .toList();
        }

        assertThat(pages.stream().flatMap(JsonPathPagesTest::ranges))
                .hasSizeGreaterThan(5)
                .allSatisfy(list -> assertThat(list.split("\\[\\*]", -1))
                        .as("lists in {range %s}: nest one range in another", list)
                        .hasSizeLessThanOrEqualTo(2));
    }

    private static Stream<String> ranges(Path page) {
        try {
            return RANGE.matcher(Files.readString(page)).results().map(found -> found.group(1)).toList().stream();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
