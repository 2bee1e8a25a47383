package dev.mainstay.controller.health;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The dashboards of the chart can be installed anywhere: what differs between installations is a variable. */
class DashboardsTest {

    private static final Pattern SELECTOR = Pattern.compile("(mainstay_[a-z_]+)(\\{[^}]*})?");

    /** What is told of the operator itself has no namespace of an object. */
    private static final Set<String> OF_THE_OPERATOR = Set.of(
            "mainstay_leader",
            "mainstay_definition_outdated",
            "mainstay_reconcile_seconds_count",
            "mainstay_reconcile_seconds_sum",
            "mainstay_reconcile_running",
            "mainstay_reconcile_retries_total",
            "mainstay_notifications_total");

    static Stream<String> files() {
        return Shipped.dashboards().keySet().stream();
    }

    /** Links of people and of other dashboards hold the uid. */
    @Test
    void theUidsStayAsTheyAre() {
        assertThat(Shipped.dashboards().values().stream()
                        .map(dashboard -> dashboard.path("uid").asText()))
                .containsExactly("mainstay-applications", "mainstay-operations");
    }

    @ParameterizedTest
    @MethodSource("files")
    void givenADashboard_whenItIsRead_thenGrafanaTakesItAsItIs(String file) {
        JsonNode dashboard = Shipped.dashboards().get(file);

        assertThat(dashboard.path("schemaVersion").asInt()).isEqualTo(39);
        assertThat(dashboard.has("id")).as("an id is the database's").isFalse();
        assertThat(dashboard.path("title").asText()).startsWith("Mainstay: ");
        assertThat(dashboard
                        .path("panels")
                        .valueStream()
                        .map(panel -> panel.path("id").asInt()))
                .doesNotHaveDuplicates()
                .doesNotContain(0);
        assertThat(dashboard
                        .path("panels")
                        .valueStream()
                        .map(panel -> panel.path("type").asText()))
                .isSubsetOf("row", "stat", "timeseries", "state-timeline", "table");
    }

    @ParameterizedTest
    @MethodSource("files")
    void givenADashboard_whenItIsRead_thenDataSourceAndNamespaceAreItsOnlyVariables(String file) {
        JsonNode dashboard = Shipped.dashboards().get(file);

        assertThat(dashboard
                        .at("/templating/list")
                        .valueStream()
                        .map(variable -> variable.path("name").asText() + " "
                                + variable.path("type").asText()))
                .containsExactly("datasource datasource", "namespace query");
        assertThat(dashboard.findValues("datasource"))
                .hasSizeGreaterThan(20)
                .allSatisfy(source -> assertThat(source.path("uid").asText()).isEqualTo("${datasource}"));
    }

    @ParameterizedTest
    @MethodSource("files")
    void givenADashboard_whenAPanelIsRead_thenItHasTitleDescriptionUnitAndAQuery(String file) {
        assertThat(Shipped.panels(Shipped.dashboards().get(file)))
                .hasSizeGreaterThan(15)
                .allSatisfy(panel -> {
                    assertThat(panel.path("title").asText()).isNotBlank();
                    assertThat(panel.path("description").asText())
                            .as(panel.path("title").asText())
                            .endsWith(".");
                    assertThat(panel.at("/fieldConfig/defaults/unit").asText())
                            .as(panel.path("title").asText())
                            .isIn("short", "s", "bytes", "bool_yes_no", "dateTimeAsIso", "reqps", "ops");
                    assertThat(panel.path("targets")).isNotEmpty();
                    assertThat(panel.path("targets")
                                    .valueStream()
                                    .map(target -> target.path("refId").asText()))
                            .doesNotHaveDuplicates();
                })
                .extracting(panel -> panel.path("gridPos").toString())
                .doesNotHaveDuplicates();
    }

    @Test
    void everyQueryReadsMetricsThatExistOfTheChosenNamespaces() {
        assertThat(Shipped.dashboards().values().stream()
                        .flatMap(dashboard -> Shipped.panels(dashboard).stream())
                        .flatMap(panel -> panel.path("targets").valueStream())
                        .map(target -> target.path("expr").asText()))
                .hasSizeGreaterThan(40)
                .allSatisfy(query -> {
                    assertThat(Shipped.metrics(query)).isSubsetOf(Shipped.documented());
                    assertThat(SELECTOR.matcher(query)
                                    .results()
                                    .filter(found -> !OF_THE_OPERATOR.contains(found.group(1))))
                            .allSatisfy(found ->
                                    assertThat(found.group(2)).as(query).isEqualTo("{namespace=~\"$namespace\"}"));
                });
    }

    /** What is measured and not shown would be found by nobody. */
    @Test
    void everyMetricIsShown() {
        Set<String> shown = Shipped.queries().stream()
                .filter(query -> query.where().contains(".json"))
                .flatMap(query -> Shipped.metrics(query.promql()).stream())
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(shown).containsAll(Shipped.documented());
    }
}
