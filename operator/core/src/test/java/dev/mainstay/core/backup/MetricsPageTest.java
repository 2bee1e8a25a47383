package dev.mainstay.core.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.core.alert.NotificationMetric;
import dev.mainstay.core.application.ApplicationMetric;
import dev.mainstay.core.mode.ModeMetric;
import dev.mainstay.core.restore.RestoreMetric;
import dev.mainstay.core.rollback.RollbackMetric;
import dev.mainstay.core.runbook.RunMetric;
import dev.mainstay.core.runbook.ScheduleMetric;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** docs/reference/metrics.md is what the enums say. */
class MetricsPageTest {

    private static final Path PAGE =
            Path.of(System.getProperty("repositoryRoot")).resolve("docs/reference/metrics.md");

    @Test
    void pageListsEveryMetric() throws IOException {
        String wanted = render();
        if (Boolean.getBoolean("golden.update")) {
            Files.writeString(PAGE, wanted);
        }
        assertThat(PAGE)
                .as("%s is not what the enums of metrics say: run `make generate`", PAGE)
                .hasContent(wanted);
    }

    private static String render() {
        StringBuilder page = new StringBuilder("""
                <!-- Generated from operator/core by `make generate`; do not edit. -->
                # Metrics

                The operator answers `/metrics` on port 8080 in Prometheus' text form. Of each BackupPolicy, with the labels
                `namespace` and `policy`:

                | name | type | what it is |
                | --- | --- | --- |
                """);
        for (PolicyMetric metric : PolicyMetric.values()) {
            page.append("| `%s` | %s | %s |%n"
                    .formatted(metric.text(), metric.type().name().toLowerCase(Locale.ROOT), metric.help()));
        }
        page.append("""

                Of each ManagedApplication, with the labels `namespace` and `application`:

                | name | type | what it is |
                | --- | --- | --- |
                """);
        for (ApplicationMetric metric : ApplicationMetric.values()) {
            page.append("| `%s` | gauge | %s |%n".formatted(metric.text(), metric.help()));
        }
        page.append("""

                Of each RestoreRequest, with the labels `namespace`, `application` and `request`:

                | name | type | what it is |
                | --- | --- | --- |
                """);
        for (RestoreMetric metric : RestoreMetric.values()) {
            page.append("| `%s` | gauge | %s |%n".formatted(metric.text(), metric.help()));
        }
        page.append("""

                Of each RollbackRequest, with the labels `namespace`, `application` and `request`:

                | name | type | what it is |
                | --- | --- | --- |
                """);
        for (RollbackMetric metric : RollbackMetric.values()) {
            page.append("| `%s` | gauge | %s |%n".formatted(metric.text(), metric.help()));
        }
        page.append("""

                Of each MaintenanceMode, with the labels `namespace` and `mode`:

                | name | type | what it is |
                | --- | --- | --- |
                """);
        for (ModeMetric metric : ModeMetric.values()) {
            page.append("| `%s` | gauge | %s |%n".formatted(metric.text(), metric.help()));
        }
        page.append("""

                Of each MaintenanceSchedule, with the labels `namespace` and `schedule`:

                | name | type | what it is |
                | --- | --- | --- |
                """);
        for (ScheduleMetric metric : ScheduleMetric.values()) {
            page.append("| `%s` | %s | %s |%n"
                    .formatted(metric.text(), metric.type().name().toLowerCase(Locale.ROOT), metric.help()));
        }
        page.append("""

                Of each MaintenanceRun, with the labels `namespace`, `application` and `run`:

                | name | type | what it is |
                | --- | --- | --- |
                """);
        for (RunMetric metric : RunMetric.values()) {
            page.append("| `%s` | gauge | %s |%n".formatted(metric.text(), metric.help()));
        }
        page.append("""

                Of messages on alerts:

                | name | type | what it is |
                | --- | --- | --- |
                """);
        for (NotificationMetric metric : NotificationMetric.values()) {
            page.append("| `%s` | %s | %s |%n"
                    .formatted(metric.text(), metric.type().name().toLowerCase(Locale.ROOT), metric.help()));
        }
        page.append("""

                All but the count of requests is read from the object's status: it is the same after a restart, and ends with
                the object. Only the operator that leads tells it.

                Of the operator itself:

                | name | type | what it is |
                | --- | --- | --- |
                | `mainstay_leader` | gauge | 1 while this process is the one that works, 0 while it stands by. |
                | `mainstay_definition_outdated` | gauge | 1 while the served CustomResourceDefinition lacks a field that this operator knows, else 0; label definition. |
                | `mainstay_reconcile_seconds` | summary | How long a pass over an object took; labels controller, outcome. |
                | `mainstay_reconcile_running` | gauge | Passes over an object that run now. |
                | `mainstay_reconcile_retries_total` | counter | Passes that were made again after an error; label kind. |

                What scrapes it, and the alerts and dashboards that read it, are in [Monitoring](../monitoring.md).
                """);
        return page.toString();
    }
}
