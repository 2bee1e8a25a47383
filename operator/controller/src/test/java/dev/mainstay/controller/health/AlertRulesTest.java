package dev.mainstay.controller.health;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The alerts of the chart, and the pages that say what to do about them. Whether they fire is helm/test's. */
class AlertRulesTest {

    private static final String INDEX = "README.md";
    private static final List<String> SECTIONS = List.of("Meaning", "Impact", "Diagnosis", "Mitigation");
    private static final Pattern SECTION = Pattern.compile("(?m)^## (.*)$");
    private static final Pattern LABEL_USED = Pattern.compile("\\$labels\\.(\\w+)");

    static Stream<String> alerts() {
        return Shipped.alerts().stream().map(alert -> alert.path("alert").asText());
    }

    @Test
    void everyAlertHasAPageAndEveryPageAnAlert() throws IOException {
        try (Stream<Path> pages = Files.list(Shipped.RUNBOOKS)) {
            assertThat(pages.map(page -> page.getFileName().toString())
                            .filter(name -> name.endsWith(".md") && !name.equals(INDEX)))
                    .containsExactlyInAnyOrderElementsOf(
                            alerts().map(alert -> alert + ".md").toList());
        }
    }

    @Test
    void theIndexHasEveryAlertWithItsSeverity() {
        String index = Shipped.read(Shipped.RUNBOOKS.resolve(INDEX));

        assertThat(Shipped.alerts())
                .hasSizeGreaterThan(20)
                .allSatisfy(alert -> assertThat(index)
                        .contains("| [%1$s](%1$s.md) | %2$s | "
                                .formatted(
                                        alert.path("alert").asText(),
                                        alert.at("/labels/severity").asText())));
        assertThat(alerts()).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @MethodSource("alerts")
    void givenAnAlert_whenItIsRead_thenItSaysHowBadItIsWhatItIsAndWhereToLook(String name) {
        JsonNode alert = alert(name);

        assertThat(name).matches("Mainstay([A-Z][a-z]+)+");
        assertThat(alert.path("for").asText()).matches("[1-9][0-9]*[mhd]");
        assertThat(alert.path("labels").properties()).hasSize(1);
        assertThat(alert.at("/labels/severity").asText()).isIn("critical", "warning", "info");
        assertThat(alert.at("/annotations/summary").asText()).endsWith(".");
        assertThat(alert.at("/annotations/description").asText()).endsWith(".");
        assertThat(alert.at("/annotations/runbook_url").asText()).isEqualTo("RUNBOOKS/" + name + ".md");
        assertThat(alert.path("annotations").properties()).hasSize(3);
    }

    /** A value in a label makes another alert of each change (prometheus issue 4836). */
    @ParameterizedTest
    @MethodSource("alerts")
    void givenAnAlert_whenItIsRead_thenItReadsMetricsThatExistAndNamesTheObject(String name) {
        JsonNode alert = alert(name);
        String query = alert.path("expr").asText();

        assertThat(Shipped.metrics(query)).isNotEmpty().isSubsetOf(Shipped.documented());
        assertThat(alert.path("labels").toString()).doesNotContain("{{");
        assertThat(LABEL_USED
                        .matcher(alert.at("/annotations/summary").asText())
                        .results()
                        .map(used -> used.group(1)))
                .isSubsetOf(
                        "namespace",
                        "application",
                        "policy",
                        "mode",
                        "schedule",
                        "request",
                        "run",
                        "channel",
                        "definition",
                        "outcome");
    }

    @ParameterizedTest
    @MethodSource("alerts")
    void givenAnAlert_whenItsPageIsRead_thenItHasTheFourSectionsAndCommands(String name) {
        String page = Shipped.read(Shipped.RUNBOOKS.resolve(name + ".md"));

        assertThat(page).startsWith("# " + name + "\n");
        assertThat(SECTION.matcher(page).results().map(found -> found.group(1))).containsExactlyElementsOf(SECTIONS);
        assertThat(page.split("(?m)^## .*$"))
                .as("sections of %s", name)
                .allSatisfy(section -> assertThat(section).isNotBlank());
        assertThat(page).containsPattern("(?m)^    kubectl ");
    }

    private static JsonNode alert(String name) {
        return Shipped.alerts().stream()
                .filter(alert -> alert.path("alert").asText().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
