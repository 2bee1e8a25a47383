package dev.mainstay.core.runbook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.core.Durations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The table in docs/maintenance-runs.md is that of the types; {@code -Dgolden.update=true} writes it. */
class StepTypePageTest {

    private static final Path PAGE =
            Path.of(System.getProperty("repositoryRoot")).resolve("docs/maintenance-runs.md");
    private static final String BEGIN = "<!-- step types: begin -->\n";
    private static final String END = "<!-- step types: end -->";

    @Test
    void givenTheTypesOfSteps_whenThePageIsRead_thenItsTableHasThem() throws IOException {
        String page = Files.readString(PAGE);
        int begin = page.indexOf(BEGIN) + BEGIN.length();
        int end = page.indexOf(END);
        String wanted = "| step | does | judged by | time |\n| --- | --- | --- | --- |\n"
                + StepType.ALL.stream().map(StepTypePageTest::row).collect(Collectors.joining());
        if (Boolean.getBoolean("golden.update")) {
            Files.writeString(PAGE, page.substring(0, begin) + wanted + page.substring(end));
            return;
        }
        assertThat(page.substring(begin, end))
                .as("%s does not show the types of steps: run `make generate`", PAGE)
                .isEqualTo(wanted);
    }

    private static String row(StepType type) {
        return "| `%s` | %s | %s | %s |\n"
                .formatted(
                        type.name(),
                        type.does(),
                        type.judgedBy(),
                        type.timeout().map(Durations::format).orElse("`approval.expiresAfter`"));
    }
}
