package dev.mainstay.core.alert;

import static dev.mainstay.core.alert.Measuring.NOW;
import static dev.mainstay.core.alert.Measuring.duration;
import static dev.mainstay.core.alert.Measuring.found;
import static dev.mainstay.core.alert.Measuring.grouped;
import static dev.mainstay.core.alert.Measuring.measured;
import static dev.mainstay.core.alert.Measuring.milliseconds;
import static dev.mainstay.core.alert.Measuring.number;
import static dev.mainstay.core.alert.Measuring.on;
import static dev.mainstay.core.alert.Measuring.percent;
import static dev.mainstay.core.alert.Measuring.series;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.mainstay.api.alert.AlertThreshold;
import dev.mainstay.core.alert.Evaluation.Failed;
import dev.mainstay.core.alert.Evaluation.Measured;
import dev.mainstay.core.alert.Evaluation.NoData;
import dev.mainstay.core.metrics.MetricVector;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class GroupAnswerTest {

    /** In the order of the group's labels: job, namespace. */
    private static final List<String> SHOP = List.of("web", "shop");

    static Stream<Arguments> ratios() {
        return Stream.of(
                ratio("ErrorRate", 12d, 500d, "2.4 %"),
                ratio("ErrorRate", 0d, 500d, "0 %"),
                ratio("ErrorRate", null, 500d, "0 %"),
                ratio("ErrorRate", 20d, 20d, "100 %"),
                ratio("CacheHitRate", 90d, 10d, "90 %"),
                ratio("CacheHitRate", null, 30d, "0 %"),
                ratio("CacheHitRate", 30d, null, "100 %"),
                ratio("CacheHitRate", 15d, 5d, "75 %"));
    }

    @ParameterizedTest
    @MethodSource("ratios")
    void givenTwoParts_whenThereAreEnough_thenTheRatioIsTheValue(
            String metric, Double ofThem, Double all, String text) {
        assertThat(evaluation(metric, percent(1), parts(ofThem, all)))
                .isInstanceOfSatisfying(Measured.class, measured -> {
                    assertThat(measured.text()).isEqualTo(text);
                    assertThat(measured.value() * 100).isEqualTo(Double.parseDouble(text.replace(" %", "")));
                    assertThat(measured.partial()).isNull();
                    assertThat(measured.at()).isEqualTo(NOW);
                });
    }

    static Stream<Arguments> tooFew() {
        return Stream.of(
                Arguments.of("ErrorRate", 1d, 4d, "only 4 requests in 5m, and fewer than 20 say nothing"),
                Arguments.of("ErrorRate", 1d, 4.7, "only 4 requests in 5m, and fewer than 20 say nothing"),
                Arguments.of("ErrorRate", 19.9, 19.9, "only 19 requests in 5m, and fewer than 20 say nothing"),
                Arguments.of("ErrorRate", null, 0d, "only 0 requests in 5m, and fewer than 20 say nothing"),
                Arguments.of("ErrorRate", 0d, Double.NaN, "only 0 requests in 5m, and fewer than 20 say nothing"),
                Arguments.of("CacheHitRate", 9d, 10d, "only 19 look-ups in 5m, and fewer than 20 say nothing"));
    }

    @ParameterizedTest
    @MethodSource("tooFew")
    void givenTwoParts_whenThereAreTooFew_thenTheySayNothing(String metric, Double ofThem, Double all, String why) {
        assertThat(evaluation(metric, percent(1), parts(ofThem, all))).isEqualTo(new NoData(why, NOW));
    }

    static Stream<Arguments> values() {
        return Stream.of(
                Arguments.of("RequestRate", number(3), 0d, "0"),
                Arguments.of("RequestRate", number(3), 12.3456, "12.3"),
                Arguments.of("DiskSpace", percent(90), 0.9, "90 %"),
                Arguments.of("DatabaseConnections", percent(80), 1.2, "120 %"),
                Arguments.of("CertificateExpiry", duration("21d"), 86_400d * 20 + 3_600 * 5, "20d5h"),
                Arguments.of("CertificateExpiry", duration("21d"), -7_200d, "-2h"));
    }

    @ParameterizedTest
    @MethodSource("values")
    void givenASeries_whenItHasANumber_thenThatIsTheValue(
            String metric, AlertThreshold threshold, double value, String text) {
        assertThat(evaluation(metric, threshold, found(series(value, "job", "web", "namespace", "shop"))))
                .isEqualTo(new Measured(value, text, null, NOW));
    }

    static Stream<Arguments> responseTimes() {
        String few = ", and fewer than 20 say nothing";
        return Stream.of(
                Arguments.of(0.4321987, 20d, new Measured(0.4321987, "432 ms", null, NOW)),
                Arguments.of(0.004, 19.9, new NoData("only 19 answers in 5m" + few, NOW)),
                Arguments.of(Double.NaN, 0d, new NoData("only 0 answers in 5m" + few, NOW)),
                Arguments.of(null, Double.NaN, new NoData("only 0 answers in 5m" + few, NOW)));
    }

    @ParameterizedTest
    @MethodSource("responseTimes")
    void givenAResponseTime_whenThereAreEnoughAnswers_thenItIsTheValue(
            Double quantile, Double answers, Evaluation expected) {
        assertThat(evaluation("ResponseTime", milliseconds(500), parts(quantile, answers)))
                .isEqualTo(expected);
    }

    static Stream<Arguments> noNumbers() {
        String nan = "the value is NaN, as 0/0 is";
        String most = "the value is +Inf, as 1/0 is, and no number";
        String least = "the value is -Inf, as -1/0 is, and no number";
        double infinity = Double.POSITIVE_INFINITY;
        return Stream.of(
                Arguments.of("DiskSpace", only(Double.NaN), nan),
                Arguments.of("DiskSpace", only(infinity), most),
                Arguments.of("DiskSpace", only(-infinity), least),
                Arguments.of("RequestRate", only(infinity), most),
                Arguments.of("DatabaseConnections", only(infinity), most),
                Arguments.of("CertificateExpiry", only(infinity), most),
                Arguments.of("ResponseTime", parts(infinity, 500d), most),
                Arguments.of("ResponseTime", parts(infinity, infinity), most),
                Arguments.of("ResponseTime", parts(0.5, infinity), most),
                Arguments.of("ResponseTime", parts(0.5, -infinity), least),
                Arguments.of("ErrorRate", parts(5d, infinity), most),
                Arguments.of("ErrorRate", parts(infinity, 500d), most),
                Arguments.of("ErrorRate", parts(5d, -infinity), least),
                Arguments.of("ErrorRate", parts(Double.NaN, 500d), nan),
                Arguments.of("CacheHitRate", parts(infinity, 5d), most),
                Arguments.of("CacheHitRate", parts(5d, infinity), most));
    }

    /** Infinity is above every threshold, and the mark of a division by 0: it would fire, or end, whatever is watched. */
    @ParameterizedTest
    @MethodSource("noNumbers")
    void givenNoNumber_whenItIsRead_thenThereIsNoData(String metric, MetricVector.Found found, String why) {
        AlertThreshold threshold = metric.equals("CertificateExpiry")
                ? duration("21d")
                : metric.equals("RequestRate") ? number(1) : percent(1);

        assertThat(evaluation(metric, threshold, found)).isEqualTo(new NoData(why, NOW));
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void givenNoNumber_whenItIsTakenForAValue_thenThatIsRefused(double value) {
        assertThatIllegalArgumentException().isThrownBy(() -> new Measured(value, "x", null, NOW));
    }

    private static MetricVector.Found only(double value) {
        return found(series(value, "job", "web", "namespace", "shop"));
    }

    @Test
    void givenNoSeriesOfTheApplication_whenOthersHaveSome_thenThereIsNoData() {
        MetricVector.Found others = found(
                series(5, "job", "web", "namespace", "other"),
                series(6, "job", "other", "namespace", "shop"),
                series(7, "job", "web"),
                series(8));

        assertThat(evaluation("RequestRate", number(1), others))
                .isEqualTo(new NoData(
                        "Prometheus has no values of http_requests_total with job=\"web\",namespace=\"shop\" that cover some"
                                + " of the last 5m. Check series and labels in spec.metrics of the ManagedApplication",
                        NOW));
        assertThat(evaluation("DiskSpace", percent(1), others))
                .isInstanceOfSatisfying(
                        NoData.class,
                        none -> assertThat(none.why())
                                .contains(
                                        "kubelet_volume_stats_used_bytes and kubelet_volume_stats_capacity_bytes with"));
    }

    @Test
    void givenSeveralApplications_whenEachIsRead_thenItHasItsOwnValue() {
        AlertGroup group = grouped(on("ErrorRate"), measured()).group();
        GroupAnswer answer = new GroupAnswer(
                group,
                found(
                        part(30, "all", "web", "one"),
                        part(3, "of_them", "web", "one"),
                        part(100, "all", "web", "two"),
                        part(50, "of_them", "web", "three"),
                        part(40, "all", "", "four"),
                        part(4, "of_them", "", "four")),
                NOW);

        assertThat(answer.of(List.of("web", "one"), percent(1))).isEqualTo(new Measured(0.1, "10 %", null, NOW));
        assertThat(answer.of(List.of("web", "two"), percent(1))).isEqualTo(new Measured(0, "0 %", null, NOW));
        assertThat(answer.of(List.of("web", "three"), percent(1))).isInstanceOf(NoData.class);
        assertThat(answer.of(List.of("", "four"), percent(1))).isEqualTo(new Measured(0.1, "10 %", null, NOW));
    }

    @Test
    void givenAPartOfAnAnswer_whenThereIsAValue_thenItIsMarked() {
        MetricVector.Found partial =
                new MetricVector.Found(List.of(series(5, "job", "web", "namespace", "shop")), "one store is away");

        assertThat(evaluation("RequestRate", number(1), partial))
                .isEqualTo(new Measured(5, "5", "one store is away", NOW));
    }

    /** The value may be in the part that is missing, and what has no data may be taken for well. */
    @Test
    void givenAPartOfAnAnswer_whenTheValueIsNotInIt_thenThatIsAFailureAndNotNoData() {
        MetricVector.Found partial = new MetricVector.Found(List.of(), "one store is away");

        assertThat(evaluation("RequestRate", number(1), partial)).isInstanceOfSatisfying(Failed.class, failed -> {
            assertThat(failed.source()).isEqualTo("http://prometheus:9090");
            assertThat(failed.why())
                    .startsWith(
                            "Prometheus at http://prometheus:9090: its answer is only a part (one store is away), and ");
        });
    }

    private static Evaluation evaluation(String metric, AlertThreshold threshold, MetricVector.Found found) {
        return new GroupAnswer(grouped(on(metric), measured()).group(), found, NOW).of(SHOP, threshold);
    }

    private static MetricVector.Found parts(Double ofThem, Double all) {
        return found(Stream.of(
                        ofThem == null ? null : part(ofThem, "of_them", "web", "shop"),
                        all == null ? null : part(all, "all", "web", "shop"))
                .filter(Objects::nonNull)
                .toArray(MetricVector.Series[]::new));
    }

    private static MetricVector.Series part(double value, String part, String job, String namespace) {
        return job.isEmpty()
                ? series(value, "namespace", namespace, "mainstay_part", part)
                : series(value, "job", job, "namespace", namespace, "mainstay_part", part);
    }

    private static Arguments ratio(String metric, Double ofThem, Double all, String text) {
        return Arguments.of(metric, ofThem, all, text);
    }
}
