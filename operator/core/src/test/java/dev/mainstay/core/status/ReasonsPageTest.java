package dev.mainstay.core.status;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import org.junit.jupiter.api.Test;

/** docs/reference/reasons.md is what the enum says. */
class ReasonsPageTest {

    private static final Path PAGE =
            Path.of(System.getProperty("repositoryRoot")).resolve("docs/reference/reasons.md");

    @Test
    void pageListsEveryReason() throws IOException {
        String wanted = render();
        if (Boolean.getBoolean("golden.update")) {
            Files.createDirectories(PAGE.getParent());
            Files.writeString(PAGE, wanted);
        }
        assertThat(PAGE)
                .as("%s is not what Reason says: run `make generate`", PAGE)
                .hasContent(wanted);
    }

    @Test
    void everyReasonIsAWordThatConditionsTakeAndIsFoundByIt() {
        assertThat(Reason.values()).allSatisfy(reason -> {
            assertThat(reason.text()).matches("[A-Z][A-Za-z0-9]{1,63}");
            assertThat(Reason.of(reason.text())).contains(reason);
        });
    }

    @Test
    void everyReasonIsExplainedInSentencesThatATableTakes() {
        assertThat(Reason.values()).allSatisfy(reason -> {
            assertThat(reason.meaning()).endsWith(".").doesNotContain("|", "\n");
            assertThat(reason.nextStep()).endsWith(".").doesNotContain("|", "\n");
        });
    }

    private static String render() {
        StringBuilder page = new StringBuilder("""
                <!-- Generated from operator/core by `make generate`; do not edit. -->
                # Reasons

                The word that stands as `reason` in conditions, events, attempts and failures, what it means, and what to do.
                The message beside it names what was found.
                """);
        section(page, Severity.ERROR, "Errors", "Something must be done, or the work does not get done.");
        section(page, Severity.WARNING, "Warnings", "Something went wrong that may mend itself.");
        section(page, Severity.NORMAL, "Normal", "Nothing is wrong.");
        return page.toString();
    }

    private static void section(StringBuilder page, Severity severity, String title, String introduction) {
        page.append("\n## %s%n%n%s%n%n| reason | meaning | what to do |%n| --- | --- | --- |%n"
                .formatted(title, introduction));
        Arrays.stream(Reason.values())
                .filter(reason -> reason.severity() == severity)
                .sorted(Comparator.comparing(Reason::text))
                .forEach(reason -> page.append(
                        "| `%s` | %s | %s |%n".formatted(reason.text(), reason.meaning(), reason.nextStep())));
    }
}
