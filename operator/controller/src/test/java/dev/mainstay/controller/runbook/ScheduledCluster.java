package dev.mainstay.controller.runbook;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.runbook.MaintenanceRun;
import dev.mainstay.api.runbook.MaintenanceRunStatus;
import dev.mainstay.api.runbook.MaintenanceSchedule;
import dev.mainstay.api.runbook.MaintenanceScheduleStatus;
import dev.mainstay.api.runbook.Runbook;
import dev.mainstay.controller.kube.AnsweringApi;
import dev.mainstay.controller.kube.EventRecorder;
import dev.mainstay.controller.kube.MaintenanceRuns;
import dev.mainstay.controller.kube.OwnUser;
import dev.mainstay.controller.kube.StatusWriter;
import dev.mainstay.controller.watch.Wakeups;
import dev.mainstay.core.task.TaskJson;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The controller of schedules before an API server that keeps what it is sent, under a clock that a test moves. It passes when
 * the time has come that the last pass asked for, and at the latest after ten minutes, as the framework has it.
 */
final class ScheduledCluster implements AutoCloseable {

    private static final Duration LONGEST_SILENCE = Duration.ofMinutes(10);

    private final AnsweringApi api = new AnsweringApi()
            .says("GET mainstay.dev/v1alpha1", """
                    {"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": "mainstay.dev/v1alpha1", "resources":
                     [{"name": "maintenanceschedules", "singularName": "maintenanceschedule", "namespaced": true,
                       "kind": "MaintenanceSchedule", "verbs": ["get", "patch"]}]}
                    """)
            .says(
                    "POST v1/selfsubjectreviews",
                    "{\"status\": {\"userInfo\": {\"username\": \"system:serviceaccount:mainstay:mainstay\"}}}");
    private final MovedClock clock = new MovedClock();
    private final Map<String, MaintenanceRun> runs = new TreeMap<>();
    private final List<String> made = new ArrayList<>();
    private final MaintenanceScheduleReconciler reconciler;
    private MaintenanceSchedule schedule;
    private Instant next;
    private int seen;
    private boolean hang;

    ScheduledCluster(String created, String spec) {
        clock.now = instant(created);
        schedule = Serialization.unmarshal("""
                apiVersion: mainstay.dev/v1alpha1
                kind: MaintenanceSchedule
                metadata:
                  {name: tidy, namespace: shop, uid: uid-tidy, generation: 1, resourceVersion: "1", creationTimestamp: "%s"}
                spec: {applicationRef: {name: shop}, runbookRef: {name: release}, %s}
                """.formatted(clock.now, spec), MaintenanceSchedule.class);
        Wakeups wakeups = new Wakeups();
        wakeups.applications(cache(Map.of(
                "shop",
                Serialization.unmarshal(
                        "metadata: {name: shop, namespace: shop}\nspec: {}", ManagedApplication.class))));
        wakeups.runs()
                .runbooks(cache(Map.of(
                        "release",
                        Serialization.unmarshal(
                                "metadata: {name: release, namespace: shop}\nspec: {steps: [{name: look, httpCheck: {}}]}",
                                Runbook.class))));
        wakeups.runs().runs(cache(runs));
        wakeups.cachesAreFilled();
        reconciler = new MaintenanceScheduleReconciler(
                new MaintenanceRuns(api.client()),
                new OwnUser(api.client()),
                (schedule, application) -> List.of(),
                (namespace, application) -> Optional.empty(),
                new StatusWriter(api.client()),
                new EventRecorder(api.client(), "operator-1", clock),
                wakeups,
                clock);
        pass();
    }

    /**
     * Does what a script says: {@code until <time>}, {@code away <time>}, {@code edit <spec>}, {@code hang} and {@code finish} the
     * runs, {@code refuse} and {@code take} them.
     */
    ScheduledCluster play(String script) {
        for (String line : script.split(";")) {
            String[] words = line.trim().split(" ", 2);
            switch (words[0]) {
                case "until" -> until(instant(words[1]));
                case "away" -> {
                    clock.now = instant(words[1]);
                    pass();
                }
                case "edit" -> edit(words[1]);
                case "hang" -> hang = true;
                case "finish" -> {
                    hang = false;
                    finish();
                    pass();
                }
                case "refuse" -> api.refuses("POST shop/maintenanceruns", 403, "exceeded quota: objects");
                case "take" -> api.says("POST shop/maintenanceruns", "{}");
                default -> throw new IllegalArgumentException(line);
            }
        }
        return this;
    }

    private void until(Instant end) {
        while (!next.isAfter(end)) {
            clock.now = next;
            pass();
        }
        clock.now = end;
        pass();
    }

    private void edit(String spec) {
        schedule.setSpec(Serialization.unmarshal(
                        "kind: MaintenanceSchedule\nspec: {applicationRef: {name: shop}, runbookRef: {name: release}, %s}"
                                .formatted(spec),
                        MaintenanceSchedule.class)
                .getSpec());
        pass();
    }

    @SuppressWarnings("unchecked")
    private void pass() {
        Context<MaintenanceSchedule> context = (Context<MaintenanceSchedule>) Proxy.newProxyInstance(
                Context.class.getClassLoader(), new Class<?>[] {Context.class}, (self, method, arguments) -> false);
        Duration delay = reconciler
                .reconcile(schedule, context)
                .getScheduleDelay()
                .map(Duration::ofMillis)
                .orElse(LONGEST_SILENCE);
        next = clock.now.plus(delay.compareTo(LONGEST_SILENCE) > 0 ? LONGEST_SILENCE : delay);
        keep();
    }

    /** What was sent is what there is. */
    private void keep() {
        List<AnsweringApi.Sent> sent = api.sent();
        for (AnsweringApi.Sent one : sent.subList(seen, sent.size())) {
            if (one.what().equals("POST shop/maintenanceruns")) {
                create(Serialization.unmarshal(one.body(), MaintenanceRun.class));
            } else if (one.what().startsWith("DELETE maintenanceruns/")) {
                runs.remove(one.what().substring("DELETE maintenanceruns/".length()));
            } else if (one.what().equals("PATCH tidy/status")) {
                schedule = Serialization.clone(schedule);
                schedule.setStatus(status(one.body()));
            }
        }
        seen = sent.size();
        if (!hang) {
            finish();
        }
    }

    private void create(MaintenanceRun run) {
        boolean taken = !api.refuses("POST shop/maintenanceruns");
        if (taken && !runs.containsKey(run.getMetadata().getName())) {
            run.getMetadata().setCreationTimestamp(clock.now.toString());
            run.getMetadata().setUid("uid-" + run.getMetadata().getName());
            run.getMetadata().setResourceVersion("1");
            runs.put(run.getMetadata().getName(), run);
            made.add(run.getMetadata().getName().substring("tidy-".length()) + "@" + clock.now);
        }
    }

    private static MaintenanceScheduleStatus status(String body) {
        try {
            JsonNode applied = TaskJson.mapper().readTree(body);
            return TaskJson.mapper().treeToValue(applied.path("status"), MaintenanceScheduleStatus.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void finish() {
        runs.values().stream()
                .filter(run -> run.getStatus() == null)
                .forEach(run -> run.setStatus(Serialization.unmarshal(
                        "phase: Finished\noutcome: Passed\ncompletedAt: \"%s\"".formatted(clock.now),
                        MaintenanceRunStatus.class)));
    }

    /** The runs that were made, such as {@code 20260105t0200z@2026-01-05T02:00:00Z}. */
    List<String> made() {
        return made;
    }

    MaintenanceRun run(String slot) {
        return runs.get("tidy-" + slot);
    }

    MaintenanceScheduleStatus status() {
        return schedule.getStatus();
    }

    /** Skips by reason, such as {@code Frozen=2}. */
    String skips() {
        return String.join(
                ",",
                status().skippedRuns().stream()
                        .map(runs -> runs.reason() + "=" + runs.count())
                        .toList());
    }

    List<String> events(String reason) {
        return api.events(reason);
    }

    /** A cache of that; an index of it has all. */
    @SuppressWarnings("unchecked")
    private static <T extends HasMetadata> IndexerResourceCache<T> cache(Map<String, T> objects) {
        return (IndexerResourceCache<T>) Proxy.newProxyInstance(
                ScheduledCluster.class.getClassLoader(),
                new Class<?>[] {IndexerResourceCache.class},
                (self, method, arguments) -> switch (method.getName()) {
                    case "get" ->
                        Optional.ofNullable(objects.get(
                                ((io.javaoperatorsdk.operator.processing.event.ResourceID) arguments[0]).getName()));
                    case "byIndex" -> List.copyOf(objects.values());
                    default -> null;
                });
    }

    private static Instant instant(String text) {
        return OffsetDateTime.parse(text.trim()).toInstant();
    }

    @Override
    public void close() {
        api.close();
    }

    private static final class MovedClock extends Clock {

        private Instant now;

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
