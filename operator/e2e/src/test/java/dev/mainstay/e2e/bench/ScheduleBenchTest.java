package dev.mainstay.e2e.bench;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.runbook.MaintenanceRun;
import dev.mainstay.api.runbook.MaintenanceSchedule;
import dev.mainstay.api.runbook.Runbook;
import dev.mainstay.e2e.harness.ClusterClient;
import dev.mainstay.e2e.harness.TestNamespace;
import dev.mainstay.e2e.operator.OperatorProcess;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * How long after their slot the runs of many MaintenanceSchedules are there that are due in one minute, beside the Jobs of as
 * many CronJobs that are due in the same one. It asserts nothing but that they are: what the figures mean depends on the machine.
 */
@Tag("bench-schedule")
class ScheduleBenchTest {

    private static final int SCHEDULES = Integer.getInteger("bench.schedules", 1_000);

    /** Nothing is made any more when the slot comes. */
    private static final Duration REST = Duration.ofSeconds(45);

    private static final Duration LONG = Duration.ofMinutes(10);
    private static final Path REPORT =
            Path.of(System.getProperty("bench.report", ClusterClient.REPOSITORY + "/docs/bench/schedule.json"));
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    private static final DateTimeFormatter CRON =
            DateTimeFormatter.ofPattern("m H d M '*'").withZone(ZoneOffset.UTC);

    @RegisterExtension
    final TestNamespace namespace = new TestNamespace();

    @Test
    void fromSlotToObject() throws Exception {
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("at", Instant.now().toString());
        report.put("machine", Machine.describe());
        report.put("kubernetes", namespace.client().getKubernetesVersion().getGitVersion());
        report.put("schedules", SCHEDULES);
        Seen<MaintenanceRun> runs = new Seen<>();
        Seen<Job> jobs = new Seen<>();
        try (OperatorProcess _ = OperatorProcess.started(namespace.name());
                Watch _ = namespace.all(MaintenanceRun.class).watch(runs);
                Watch _ = namespace.all(Job.class).watch(jobs)) {
            Instant slot = prepare();
            await().atMost(LONG).until(() -> runs.at.size() == SCHEDULES && jobs.at.size() == SCHEDULES);
            report.put("slotToMaintenanceRunMilliseconds", runs.after(slot));
            report.put("slotToJobOfCronJobMilliseconds", jobs.after(slot));
        }
        Files.createDirectories(REPORT.getParent());
        Files.writeString(REPORT, JSON.writeValueAsString(report) + "\n");
        System.out.println(JSON.writeValueAsString(report));
    }

    /** Makes all of them, for a minute that is far enough away. */
    private Instant prepare() throws Exception {
        namespace.create(Serialization.unmarshal("""
                apiVersion: mainstay.dev/v1alpha1
                kind: ManagedApplication
                metadata: {name: shop}
                spec: {}
                """, ManagedApplication.class));
        namespace.create(Serialization.unmarshal("""
                apiVersion: mainstay.dev/v1alpha1
                kind: Runbook
                metadata: {name: wait}
                spec: {steps: [{name: wait, manual: {text: It is measured when this is there.}}]}
                """, Runbook.class));
        Instant slot = Instant.now()
                .plus(REST)
                .plusMillis(60L * SCHEDULES)
                .truncatedTo(ChronoUnit.MINUTES)
                .plus(1, ChronoUnit.MINUTES);
        AtOnce.each(SCHEDULES, number -> {
            namespace.create(schedule(number, CRON.format(slot)));
            namespace.create(cronJob(number, CRON.format(slot)));
        });
        await().atMost(LONG)
                .until(() -> namespace.list(MaintenanceSchedule.class).stream()
                        .allMatch(schedule -> schedule.getStatus() != null
                                && !schedule.getStatus().conditions().isEmpty()));
        if (Instant.now().plus(REST.dividedBy(3)).isAfter(slot)) {
            throw new IllegalStateException("making them took too long: the slot at " + slot + " is too near");
        }
        return slot;
    }

    private static MaintenanceSchedule schedule(int number, String cron) {
        return Serialization.unmarshal("""
                apiVersion: mainstay.dev/v1alpha1
                kind: MaintenanceSchedule
                metadata: {name: schedule-%d}
                spec: {applicationRef: {name: shop}, runbookRef: {name: wait}, schedule: "%s"}
                """.formatted(number, cron), MaintenanceSchedule.class);
    }

    /** Its Job makes no Pod, so that nothing but the making is measured. */
    private static CronJob cronJob(int number, String cron) {
        return Serialization.unmarshal("""
                apiVersion: batch/v1
                kind: CronJob
                metadata: {name: cronjob-%d}
                spec:
                  schedule: "%s"
                  timeZone: Etc/UTC
                  jobTemplate:
                    spec:
                      suspend: true
                      template:
                        spec:
                          restartPolicy: Never
                          securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}
                          containers:
                          - name: nothing
                            image: registry.invalid/nothing:1
                            securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
                """.formatted(number, cron), CronJob.class);
    }

    /** When each object was seen first: by a watch, since creation timestamps have whole seconds. */
    private static final class Seen<T extends HasMetadata> implements Watcher<T> {

        private final Map<String, Instant> at = new ConcurrentHashMap<>();

        @Override
        public void eventReceived(Action action, T object) {
            at.putIfAbsent(object.getMetadata().getName(), Instant.now());
        }

        @Override
        public void onClose(WatcherException cause) {
            throw new IllegalStateException("the watch has ended", cause);
        }

        private Map<String, Object> after(Instant slot) {
            List<Long> raw = at.values().stream()
                    .map(seen -> Duration.between(slot, seen).toMillis())
                    .sorted()
                    .toList();
            Map<String, Object> summary = new LinkedHashMap<>();
            summary.put("p50", raw.get(raw.size() / 2));
            summary.put("p99", raw.get(Math.min(raw.size() - 1, raw.size() * 99 / 100)));
            summary.put("most", raw.getLast());
            return summary;
        }
    }
}
