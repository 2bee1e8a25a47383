package dev.mainstay.core.alert;

import static dev.mainstay.core.alert.Measuring.application;
import static dev.mainstay.core.alert.Measuring.grouped;
import static dev.mainstay.core.alert.Measuring.measured;
import static dev.mainstay.core.alert.Measuring.measuredBy;
import static dev.mainstay.core.alert.Measuring.on;
import static dev.mainstay.core.alert.Measuring.rule;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.alert.AlertMetric;
import dev.mainstay.api.alert.AlertRule;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.metrics.Prometheus;
import dev.mainstay.core.status.Reason;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class AlertQueriesTest {

    private static final String FREE = "'promql': 'up', 'comparison': 'LessThan', 'threshold': {'value': 1}";

    static Stream<Arguments> metrics() {
        return Stream.of(
                Arguments.of(
                        "RequestRate",
                        "sum by (job, namespace) (rate(http_requests_total{job=\"web\",namespace=\"shop\"}[5m]))",
                        "sum(rate(http_requests_total{job=\"web\",namespace=\"shop\"}[5m]))"),
                Arguments.of(
                        "ErrorRate",
                        "label_replace(sum by (job, namespace)"
                                + " (increase(http_requests_total{job=\"web\",namespace=\"shop\",code=~\"5..\"}[5m])),"
                                + " \"mainstay_part\", \"of_them\", \"\", \"\") or label_replace(sum by (job, namespace)"
                                + " (increase(http_requests_total{job=\"web\",namespace=\"shop\"}[5m])),"
                                + " \"mainstay_part\", \"all\", \"\", \"\")",
                        "(sum(rate(http_requests_total{job=\"web\",namespace=\"shop\",code=~\"5..\"}[5m])) or 0 *"
                                + " sum(rate(http_requests_total{job=\"web\",namespace=\"shop\"}[5m]))) /"
                                + " sum(rate(http_requests_total{job=\"web\",namespace=\"shop\"}[5m]))"),
                Arguments.of(
                        "ResponseTime",
                        "label_replace(histogram_quantile(0.95, sum by (job, namespace, le)"
                                + " (rate(http_request_duration_seconds_bucket{job=\"web\",namespace=\"shop\"}[5m]))),"
                                + " \"mainstay_part\", \"of_them\", \"\", \"\") or label_replace(sum by (job, namespace)"
                                + " (increase(http_request_duration_seconds_bucket{job=\"web\",namespace=\"shop\",le=\"+Inf\"}[5m])),"
                                + " \"mainstay_part\", \"all\", \"\", \"\")",
                        "histogram_quantile(0.95, sum by (le)"
                                + " (rate(http_request_duration_seconds_bucket{job=\"web\",namespace=\"shop\"}[5m])))"
                                + " and sum(increase(http_request_duration_seconds_bucket{job=\"web\",namespace=\"shop\",le=\"+Inf\"}[5m]))"
                                + " >= 20"),
                Arguments.of(
                        "DiskSpace",
                        "max by (job, namespace) (kubelet_volume_stats_used_bytes{job=\"web\",namespace=\"shop\"} /"
                                + " (kubelet_volume_stats_capacity_bytes{job=\"web\",namespace=\"shop\"} > 0))",
                        "max(kubelet_volume_stats_used_bytes{job=\"web\",namespace=\"shop\"} /"
                                + " (kubelet_volume_stats_capacity_bytes{job=\"web\",namespace=\"shop\"} > 0))"),
                Arguments.of(
                        "CacheHitRate",
                        "label_replace(sum by (job, namespace)"
                                + " (increase(redis_keyspace_hits_total{job=\"web\",namespace=\"shop\"}[5m])),"
                                + " \"mainstay_part\", \"of_them\", \"\", \"\") or label_replace(sum by (job, namespace)"
                                + " (increase(redis_keyspace_misses_total{job=\"web\",namespace=\"shop\"}[5m])),"
                                + " \"mainstay_part\", \"all\", \"\", \"\")",
                        "(sum(rate(H[5m])) or 0 * sum(rate(M[5m]))) / ((sum(rate(H[5m])) or 0 * sum(rate(M[5m]))) +"
                                        .replace("H", "redis_keyspace_hits_total{job=\"web\",namespace=\"shop\"}")
                                        .replace("M[", "redis_keyspace_misses_total{job=\"web\",namespace=\"shop\"}[")
                                + " (sum(rate(M[5m])) or 0 * sum(rate(H[5m]))))"
                                        .replace("H", "redis_keyspace_hits_total{job=\"web\",namespace=\"shop\"}")
                                        .replace("M[", "redis_keyspace_misses_total{job=\"web\",namespace=\"shop\"}[")),
                Arguments.of(
                        "DatabaseConnections",
                        "sum by (job, namespace) (pg_stat_activity_count{job=\"web\",namespace=\"shop\"}) /"
                                + " max by (job, namespace) (pg_settings_max_connections{job=\"web\",namespace=\"shop\"})",
                        "sum(pg_stat_activity_count{job=\"web\",namespace=\"shop\"}) /"
                                + " max(pg_settings_max_connections{job=\"web\",namespace=\"shop\"})"),
                Arguments.of(
                        "CertificateExpiry",
                        "min by (job, namespace) (probe_ssl_earliest_cert_expiry{job=\"web\",namespace=\"shop\"}) - time()",
                        "min(probe_ssl_earliest_cert_expiry{job=\"web\",namespace=\"shop\"}) - time()"));
    }

    @ParameterizedTest
    @MethodSource("metrics")
    void givenAMetric_whenItIsAsked_thenTheQueryIsItsOwn(String metric, String asked, String shown) {
        AlertQuery.Grouped query = grouped(on(metric), measured());

        assertThat(query.group().promql(List.of(query.values()))).isEqualTo(asked);
        assertThat(query.text()).isEqualTo(shown);
        assertThat(query.group().source()).isEqualTo(new Prometheus("http://prometheus:9090", null));
    }

    @Test
    void givenNamesOfSeriesAndLabelsOfTheirOwn_whenItIsAsked_thenTheyStandInTheQuery() {
        AlertQuery.Grouped query = grouped(
                rule(
                        "'metric': 'ErrorRate', 'window': '90s', 'comparison': 'GreaterThan', 'threshold': {'percent': 1}"),
                measuredBy("'requests': {'name': 'istio_requests_total', 'codeLabel': 'response_code',"
                        + " 'labels': {'app': 'shop'}}"));

        assertThat(query.text())
                .startsWith("(sum(rate(istio_requests_total{app=\"shop\",response_code=~\"5..\"}[1m30s])) or");
        assertThat(query.group().labels()).containsExactly("app");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {"a\"b   ; a=\"a\\\"b\"", "a\\b   ; a=\"a\\\\b\"", "a.b|c  ; a=\"a.b|c\"", "é{}    ; a=\"é{}\""})
    void givenAValueThatMeansSomethingInPromql_whenOneApplicationIsAsked_thenItIsAText(String value, String matcher) {
        assertThat(PromqlText.matchers(List.of("a"), List.of(List.of(value)), 50))
                .isEqualTo(matcher);
    }

    @Test
    void givenValuesThatMeanSomethingInPatterns_whenSeveralAreAsked_thenEachIsATextAsItStands() {
        assertThat(PromqlText.matchers(
                        List.of("a"),
                        Stream.of("x.y", "(a|b)*", "c\\d", "e\"f", "$^[]{}+?")
                                .map(List::of)
                                .toList(),
                        50))
                .isEqualTo(
                        "a=~\"\\\\$\\\\^\\\\[\\\\]\\\\{\\\\}\\\\+\\\\?|\\\\(a\\\\|b\\\\)\\\\*|c\\\\\\\\d|e\\\"f|x\\\\.y\"");
        assertThat(PromqlText.matchers(List.of("a"), List.of(List.of("x\ny")), 50))
                .isEqualTo("a=\"x\\ny\"");
    }

    @Test
    void givenMoreApplicationsThanAListIsWorth_whenTheyAreAsked_thenAllThatHaveTheLabelAre() {
        assertThat(PromqlText.matchers(List.of("job", "ns"), applications(50), 50))
                .startsWith("job=\"web\",ns=~\"a0|a1|a10|")
                .endsWith("|a9\"");
        assertThat(PromqlText.matchers(List.of("job", "ns"), applications(51), 50))
                .isEqualTo("job=\"web\",ns!=\"\"");
        List<List<String>> withNone = Stream.concat(applications(51).stream(), Stream.of(List.of("web", "")))
                .toList();
        assertThat(PromqlText.matchers(List.of("job", "ns"), withNone, 50)).isEqualTo("job=\"web\"");
        assertThat(PromqlText.matchers(List.of("ns", "job"), List.of(List.of("", "a"), List.of("b", "a")), 50))
                .isEqualTo("ns=~\"|b\",job=\"a\"");
    }

    @Test
    void givenManyApplications_whenTheyAreAskedForByName_thenNoOthersAre() {
        AlertGroup group = grouped(on("RequestRate"), measured()).group();

        assertThat(group.promql(applications(51))).contains("{job=\"web\",namespace!=\"\"}");
        assertThat(group.listing(applications(51))).contains("{job=\"web\",namespace=~\"a0|a1|a10|");
        assertThat(group.listing(applications(50))).isEqualTo(group.promql(applications(50)));
    }

    @Test
    void givenTwoApplications_whenTheyDifferInValuesAlone_thenTheyShareAQuestion() {
        AlertGroup one = grouped(on("ErrorRate"), measured()).group();

        assertThat(grouped(on("ErrorRate"), labelled("'namespace': 'other', 'job': 'x'"))
                        .group())
                .isEqualTo(one);
        assertThat(grouped(on("RequestRate"), measured()).group()).isNotEqualTo(one);
        assertThat(grouped(on("ErrorRate"), labelled("'namespace': 'shop', 'app': 'web'"))
                        .group())
                .isNotEqualTo(one);
        assertThat(grouped(on("ErrorRate"), measuredBy("'requests': {'codeLabel': 'status'}"))
                        .group())
                .isNotEqualTo(one);
        assertThat(grouped(
                                rule("'metric': 'ErrorRate', 'window': '1m', 'comparison': 'GreaterThan',"
                                        + " 'threshold': {'percent': 1}"),
                                measured())
                        .group())
                .isNotEqualTo(one);
    }

    @Test
    void givenAMetricOfNow_whenTheWindowsDiffer_thenTheQuestionIsTheSame() {
        assertThat(grouped(
                                rule("'metric': 'DiskSpace', 'window': '1m', 'comparison': 'GreaterThan',"
                                        + " 'threshold': {'percent': 1}"),
                                measured())
                        .group())
                .isEqualTo(grouped(on("DiskSpace"), measured()).group());
    }

    @Test
    void givenWhatNeedsNoPrometheus_whenItIsAsked_thenItIsTheObjects() {
        ManagedApplication bare = application("'workloads': [{'kind': 'Deployment', 'name': 'web'}],"
                + " 'health': {'workload': 'web', 'port': 'http'}");

        assertThat(AlertQueries.of(on("Cpu"), bare, false).query())
                .contains(new AlertQuery.PodUsage("shop", AlertMetric.CPU));
        assertThat(AlertQueries.of(on("Memory"), bare, false).query())
                .contains(new AlertQuery.PodUsage("shop", AlertMetric.MEMORY));
        assertThat(AlertQueries.of(rule("'metric': 'HealthCheck'"), bare, false).query())
                .contains(new AlertQuery.Health("shop"));
        assertThat(AlertQueries.of(on("BackupAge"), application(""), false).query())
                .contains(new AlertQuery.BackupAge("shop"));
    }

    static Stream<Arguments> obstacles() {
        return Stream.of(
                Arguments.of(on("ErrorRate"), application(""), Reason.METRICS_NOT_CONFIGURED, "has no spec.metrics. "),
                Arguments.of(
                        rule(FREE), application(""), Reason.METRICS_NOT_CONFIGURED, "spec.promql can't be measured"),
                Arguments.of(
                        on("DiskSpace"), labelled(""), Reason.METRICS_NOT_CONFIGURED, "has no spec.metrics.labels."),
                Arguments.of(
                        on("ErrorRate"),
                        measuredBy("'requests': {'name': 'a) or vector(1'}"),
                        Reason.INVALID_SPEC,
                        "'a) or vector(1' in spec.metrics, which is no name"),
                Arguments.of(
                        on("ErrorRate"),
                        measuredBy("'requests': {'codeLabel': 'a:b'}"),
                        Reason.INVALID_SPEC,
                        "'a:b' in spec.metrics"),
                Arguments.of(
                        on("CacheHitRate"),
                        labelled("'a=b': 'c'"),
                        Reason.INVALID_SPEC,
                        "'a=b' in spec.metrics, which is no name"),
                Arguments.of(
                        rule("'metric': 'HealthCheck'"),
                        application(""),
                        Reason.HEALTH_NOT_CONFIGURED,
                        "spec.metric HealthCheck can't be measured: ManagedApplication shop has no spec.health."),
                Arguments.of(on("Cpu"), application(""), Reason.METRICS_NOT_CONFIGURED, "has no spec.workloads"));
    }

    @ParameterizedTest
    @MethodSource("obstacles")
    void givenAnApplicationThatLacksWhatIsNeeded_whenItIsAsked_thenThatIsSaid(
            AlertRule rule, ManagedApplication application, Reason reason, String message) {
        AlertQueries asked = AlertQueries.of(rule, application, true);

        assertThat(asked.query()).isEmpty();
        assertThat(asked.obstacle()).hasValueSatisfying(obstacle -> {
            assertThat(obstacle.reason()).isEqualTo(reason);
            assertThat(obstacle.message())
                    .startsWith("AlertRule errors: ")
                    .contains(message)
                    .endsWith(".");
        });
    }

    @Test
    void givenAFreeQuery_whenTheReleaseTakesNone_thenTheChartsValueIsNamed() {
        assertThat(AlertQueries.of(rule(FREE), measured(), false).obstacle()).hasValueSatisfying(obstacle -> {
            assertThat(obstacle.reason()).isEqualTo(Reason.FREE_QUERIES_NOT_ALLOWED);
            assertThat(obstacle.message()).contains("the chart's value alerts.allowFreeQueries");
        });
        assertThat(AlertQueries.of(rule(FREE), measured(), true).query())
                .contains(new AlertQuery.Single(new Prometheus("http://prometheus:9090", null), "up"));
    }

    @Test
    void givenALongQuery_whenItIsShown_thenItFitsIntoAStatusAndStaysItsOwn() {
        AlertQuery one = new AlertQuery.Single(null, "x".repeat(4096));
        AlertQuery other = new AlertQuery.Single(null, "x".repeat(4095) + "y");

        assertThat(one.text()).hasSize(1024).contains(" … (cut, ").isNotEqualTo(other.text());
    }

    private static ManagedApplication labelled(String labels) {
        return application("'metrics': {'prometheus': {'url': 'http://prometheus:9090'}, 'labels': {" + labels + "}}");
    }

    private static List<List<String>> applications(int count) {
        return IntStream.range(0, count)
                .mapToObj(number -> List.of("web", "a" + number))
                .toList();
    }

    @ParameterizedTest
    @CsvSource({
        "BackupAge,         GreaterThan, 26h, 1d,  true",
        "BackupAge,         GreaterThan, 1d,  24h, true",
        "BackupAge,         GreaterThan, 1d,  26h, false",
        "CertificateExpiry, LessThan,    14d, 20d, true",
        "CertificateExpiry, LessThan,    14d, 9d,  false"
    })
    void givenTwoDurations_whenTheAlertWouldEndWhileItFires_thenThatIsSaid(
            String metric, String comparison, String threshold, String recover, boolean right) {
        AlertRule rule = rule(
                "'metric': '%s', 'comparison': '%s', 'threshold': {'duration': '%s'}, 'recoverThreshold': {'duration': '%s'}"
                        .formatted(metric, comparison, threshold, recover));

        AlertQueries queries = AlertQueries.of(rule, measured(), false);

        if (right) {
            assertThat(queries.query()).isPresent();
        } else {
            assertThat(queries.obstacle()).hasValueSatisfying(obstacle -> {
                assertThat(obstacle.reason()).isEqualTo(Reason.INVALID_SPEC);
                assertThat(obstacle.message())
                        .contains(
                                "spec.recoverThreshold.duration is " + recover,
                                "spec.threshold.duration, " + threshold);
            });
        }
    }
}
