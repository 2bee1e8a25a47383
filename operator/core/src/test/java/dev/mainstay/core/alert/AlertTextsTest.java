package dev.mainstay.core.alert;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.alert.NotificationKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AlertTextsTest {

    @Test
    void givenAnAlert_whenItFiresAndEnds_thenThisIsWhatPeopleRead() {
        Scene scene = Scene.firingAtOnce(
                "summary: Customers get errors., severity: critical, runbookUrl: 'https://wiki/errors', keepFiringFor: 1m");
        scene.percent(2.4).decide();

        AlertMessage fires = scene.message(NotificationKind.TRIGGER);
        assertThat(fires.title()).isEqualTo("shop: error-rate fires");
        assertThat(fires.text()).isEqualTo("""
                Customers get errors.
                The rate of errors is 2.4 % and has been above 1 % since 2026-03-29T01:00:00Z.
                Whoever looks after it says so: kubectl annotate --overwrite alertrule error-rate --namespace shop\
                 mainstay.dev/acknowledge=1@<you>
                What to do: https://wiki/errors""");
        assertThat(fires.runbookUrl()).isEqualTo("https://wiki/errors");
        assertThat(fires.labels())
                .containsOnlyKeys("alertname", "namespace", "application", "severity", "metric")
                .containsEntry("alertname", "error-rate")
                .containsEntry("application", "shop")
                .containsEntry("severity", "critical")
                .containsEntry("metric", "ErrorRate");
        assertThat(fires.startsAt()).isEqualTo(Scene.START);
        assertThat(fires.endsAt()).isNull();

        scene.take().later("11m").percent(0.2).decide().later("1m").percent(0.3).decide();
        AlertMessage over = scene.message(NotificationKind.RESOLVE);
        assertThat(over.title()).isEqualTo("shop: error-rate is over");
        assertThat(over.text()).isEqualTo("""
                Customers get errors.
                The rate of errors is good again: 0.3 %. It fired for 12m, until 2026-03-29T01:12:00Z.""");
        assertThat(over.endsAt()).isEqualTo(scene.now);
        assertThat(over.labels()).isEqualTo(fires.labels());
    }

    /** Labels identify an alert at an Alertmanager: prometheus/prometheus issue 4836. */
    @Test
    void givenAnAlert_whenTheValueChanges_thenItsLabelsStay() {
        Scene scene = Scene.firingAtOnce("repeatInterval: 1h").percent(2).decide();
        AlertMessage fires = scene.message(NotificationKind.TRIGGER);

        scene.take().later("1h").percent(9).decide();

        AlertMessage repeat = scene.message(NotificationKind.REPEAT);
        assertThat(repeat.labels()).isEqualTo(fires.labels());
        assertThat(repeat.title()).isEqualTo("shop: error-rate still fires");
        assertThat(repeat.text()).contains("It fires since 2026-03-29T01:00:00Z.", "2.0 %");
        assertThat(repeat.startsAt()).isEqualTo(fires.startsAt());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "metric: HealthCheck | The application is not healthy",
                "metric: ResponseTime, comparison: LessThan, threshold: {milliseconds: 500} | The response time is 0 and has been below 500 ms",
                "promql: up, metric: null, comparison: LessThan, threshold: {value: 2.50} | The value of the query is 0 and has been below 2.5",
                "metric: CertificateExpiry, comparison: LessThan, threshold: {duration: 21d} | has been below 21d",
                "metric: DiskSpace, comparison: LessThan, threshold: {percent: 10} | The use of the fullest volume is 0 and has been below 10 %"
            })
    void givenAMetric_whenItFires_thenItIsSaidInItsUnit(String spec, String text) {
        Scene scene = new Scene(spec + ", pendingFor: 0s, notify: [{channel: ops}]");
        double value = spec.contains("HealthCheck") ? 1 : 0;
        scene.evaluation = new Evaluation.Measured(value, "0", null, scene.now);

        assertThat(scene.decide().message(NotificationKind.TRIGGER).text()).contains(text);
    }

    /** grafana/grafana pull request 89807: nothing stands in for a value that was not measured. */
    @Test
    void givenNoValue_whenItFiresAndEnds_thenThatIsSaid() {
        Scene scene = Scene.firingAtOnce("noData: Alert").noData().decide();
        assertThat(scene.message(NotificationKind.TRIGGER).text())
                .contains("has no value, which spec.noData makes an alert");

        scene.take().spec("noData: OK, pendingFor: 0s, notify: [{channel: ops}]");
        scene.later("1m").noData().decide();
        assertThat(scene.message(NotificationKind.RESOLVE).text())
                .contains("has no value any more, which spec.noData takes for good");
    }

    /** An alert was lost where a summary of more than 1,024 characters was refused: prometheus/alertmanager issue 1700. */
    @Test
    void givenATextThatIsTooLong_whenItIsCut_thenNoCharacterIsCutInTwo() {
        String emoji = "😀".repeat(3000);

        String cut = AlertTexts.cut(emoji, 1024);

        assertThat(cut.codePointCount(0, cut.length())).isEqualTo(1024);
        assertThat(cut).endsWith("😀…");
        assertThat(AlertTexts.cut("😀".repeat(1024), 1024)).isEqualTo("😀".repeat(1024));
    }

    /** A line break in a title becomes one in a header: prometheus/alertmanager issue 1676. */
    @Test
    void givenASummaryWithLineBreaks_whenItIsTold_thenItIsOneLine() {
        Scene scene = Scene.firingAtOnce("summary: \"Errors.\\r\\nBcc: all@example.org\\n\"")
                .percent(2)
                .decide();

        assertThat(scene.message(NotificationKind.TRIGGER).text()).startsWith("Errors. Bcc: all@example.org\nThe rate");
    }

    @Test
    void givenARuleThatSaysNothingOfItself_whenItIsTold_thenNothingIsEmpty() {
        Scene scene = Scene.firingAtOnce("summary: '  '").percent(2).decide();

        assertThat(scene.message(NotificationKind.TRIGGER).text()).startsWith("The rate of errors is");
        assertThat(scene.message(NotificationKind.TRIGGER).title()).isNotBlank();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "taken out   | spec.notify of AlertRule error-rate does not name NotificationChannel ops.",
                "application | spec.notify of ManagedApplication shop does not name NotificationChannel ops for an alert of this severity.",
                "elsewhere   | NotificationChannel ops leads to another receiver now.",
                "stands in   | it stood in for channel first, which is not told any more either."
            })
    void givenAChannelThatIsNotToldAnyMore_whenTheAlertStillFires_thenNothingSaysThatItIsOver(String how, String why) {
        Scene scene = Scene.firingAtOnce("").webhook("ops").webhook("new");
        if (how.equals("stands in")) {
            scene.channel("first", "webhook: {url: 'https://first/'}, fallback: {channel: ops, after: 5m}")
                    .spec("pendingFor: 0s, notify: [{channel: first}]")
                    .percent(2)
                    .decide()
                    .failing("first")
                    .later("5m")
                    .percent(2)
                    .decide()
                    .deliver("ops", new Delivery.Taken(scene.now));
        } else {
            scene.percent(2).decide().take();
        }

        switch (how) {
            case "elsewhere" -> scene.channel("ops", "webhook: {url: 'https://elsewhere/'}");
            case "application" -> scene.spec("pendingFor: 0s");
            default -> scene.spec("pendingFor: 0s, notify: [{channel: new}]");
        }
        scene.later("1m").percent(2).decide();

        AlertMessage message = scene.message(NotificationKind.RESOLVE);
        assertThat(message.title()).isEqualTo("shop: error-rate still fires, and is not told to this channel any more");
        assertThat(message.text()).endsWith("It still fires, and is not told to this channel any more: " + why);
        scene.failing("ops").later("1m").percent(0.1).decide();
        assertThat(scene.message(NotificationKind.RESOLVE))
                .as("once the alert is over")
                .isEqualTo(message);
    }

    @Test
    void givenARuleThatCanNotBeReadAnyMore_whenItsAlertWasTold_thenItIsStillOpen() {
        Scene scene = Scene.firingAtOnce("").percent(2).decide().take();

        scene.rule.setSpec(null);
        scene.rule.markUnreadableSpec("spec.metric is a list");
        scene.later("1m").decide();

        assertThat(scene.decision.open()).hasSize(1);
        assertThat(scene.lines()).hasSize(1);
        assertThat(scene.condition("Stalled").message()).contains("AlertRule error-rate", "spec.metric is a list");
    }
}
