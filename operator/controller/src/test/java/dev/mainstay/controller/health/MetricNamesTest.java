package dev.mainstay.controller.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What is answered at /metrics follows Prometheus' rules of naming (prometheus.io/docs/practices/naming) and of writing
 * exporters. promtool, which checks a part of them, has its say in ShippedQueriesProcessTest.
 */
class MetricNamesTest {

    private static final Pattern HELP = Pattern.compile("(?m)^# HELP (\\S+) (.*)$");
    private static final Pattern TYPE = Pattern.compile("(?m)^# TYPE (\\S+) (\\w+)$");
    private static final Pattern LABEL = Pattern.compile("[{,](\\w+)=\"");
    private static final Pattern SERIES = Pattern.compile("(?m)^(mainstay_\\w+)[{ ]");

    /** Units that are no base unit, and words that name a type. */
    private static final Pattern NO_BASE_UNIT = Pattern.compile(
            ".*_(milliseconds|minutes|hours|days|ms|kilobytes|megabytes|kib|mib|percent|percentage|count|gauge|counter)(_.*)?");

    /** Names of things and words of a closed list; none holds a number or what a person wrote. */
    private static final Set<String> LABELS = Set.of(
            "namespace",
            "application",
            "policy",
            "mode",
            "schedule",
            "request",
            "run",
            "definition",
            "controller",
            "kind",
            "reason",
            "outcome");

    private SampleMetrics sample;
    private String page;

    @BeforeEach
    void scrape() throws Exception {
        sample = new SampleMetrics();
        page = sample.registry().scrape();
    }

    @Test
    void everyMetricOfTheReferenceHasASample() {
        assertThat(series())
                .containsAll(Shipped.documented().stream()
                        .filter(name -> !name.startsWith("mainstay_notification"))
                        .toList());
    }

    @Test
    void everySampleIsInTheReference() {
        // Micrometer adds the longest pass of the last minutes to the summary of all.
        assertThat(series().stream().filter(name -> !name.equals("mainstay_reconcile_seconds_max")))
                .isSubsetOf(Shipped.documented());
    }

    @Test
    void everyNameHasThePrefixAndABaseUnit() {
        assertThat(TYPE.matcher(page).results()).hasSizeGreaterThan(30).allSatisfy(type -> {
            assertThat(type.group(1)).matches("mainstay(_[a-z]+)+").doesNotMatch(NO_BASE_UNIT);
            assertThat(type.group(1).endsWith("_total"))
                    .as("%s is a %s", type.group(1), type.group(2))
                    .isEqualTo(type.group(2).equals("counter"));
        });
        assertThat(names().stream().filter(name -> name.contains("timestamp")))
                .hasSizeGreaterThan(10)
                .allSatisfy(name -> assertThat(name).endsWith("_timestamp_seconds"));
        assertThat(names().stream().filter(name -> name.contains("seconds") || name.contains("bytes")))
                .allSatisfy(name -> assertThat(name).matches(".*_(seconds|bytes)(_total|_max)?"));
    }

    @Test
    void everyMetricIsExplainedByASentence() {
        List<MatchResult> helps = HELP.matcher(page).results().toList();

        assertThat(helps.stream().map(help -> help.group(1)).toList()).containsExactlyInAnyOrderElementsOf(names());
        assertThat(helps)
                .allSatisfy(help -> assertThat(help.group(2))
                        .as(help.group(1))
                        .matches("[A-Z0-9].*[^.]\\.")
                        .doesNotContain("|"));
    }

    @Test
    void noLabelHoldsAUnitOrWhatAPersonWrote() {
        assertThat(LABEL.matcher(page).results().map(label -> label.group(1)).distinct())
                .isSubsetOf(LABELS);
        assertThat(page).contains("webshop").doesNotContain(SampleMetrics.MESSAGE);
    }

    @Test
    void theSeriesOfDeletedObjectsAreGone() {
        sample.deleteAll();

        assertThat(sample.registry().scrape()).contains("mainstay_leader").doesNotContain("webshop");
    }

    private List<String> names() {
        return TYPE.matcher(page).results().map(type -> type.group(1)).toList();
    }

    private Set<String> series() {
        return SERIES.matcher(page)
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
