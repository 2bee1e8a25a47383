package dev.mainstay.core.runbook;

import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.runbook.MaintenanceRun;
import dev.mainstay.api.runbook.MaintenanceRunStatus;
import dev.mainstay.api.runbook.MaintenanceSchedule;
import dev.mainstay.api.runbook.MaintenanceScheduleStatus;
import dev.mainstay.api.runbook.RunOutcome;
import dev.mainstay.api.runbook.Runbook;
import dev.mainstay.api.status.Condition;
import dev.mainstay.core.restore.Declined;
import dev.mainstay.core.runbook.ScheduleDecision.NewRun;
import dev.mainstay.core.status.Conditions;
import dev.mainstay.core.task.TaskJson;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** A cluster in memory with one schedule, its application and Runbook, and an operator that looks at the schedule. */
final class ScheduleWorld {

    ManagedApplication application = Serialization.unmarshal("""
            metadata: {name: shop, namespace: shop, uid: uid-shop}
            spec: {}
            """, ManagedApplication.class);
    Runbook runbook = RunWorld.runbook("parameters: [{name: a}, {name: day}]\nsteps: [{name: look, httpCheck: {}}]");
    MaintenanceSchedule schedule;
    Declined declined;
    Instant now;

    /** The Deployments whose rollouts are followed; null when nothing is known of them. */
    Function<MaintenanceSchedule, List<RolloutSeen>> rollouts = schedule -> null;

    /** The runs that are there, by name. */
    final Map<String, MaintenanceRun> runs = new TreeMap<>();

    /** What was ever made, in its order. */
    final List<NewRun> made = new ArrayList<>();

    /** What the last pass decided. */
    ScheduleDecision decision;

    /**
     * Starts with a schedule.
     *
     * @param created when it is made
     * @param spec more of its spec, as YAML in one line
     */
    ScheduleWorld(String created, String spec) {
        make(created, spec);
        pass();
    }

    /** Starts with a schedule that follows rollouts; the Deployments are the application's. */
    ScheduleWorld(
            String created,
            String spec,
            ManagedApplication application,
            Function<MaintenanceSchedule, List<RolloutSeen>> rollouts) {
        this.application = application;
        this.rollouts = rollouts;
        make(created, spec);
    }

    private void make(String created, String spec) {
        now = instant(created);
        schedule = Serialization.unmarshal("""
                apiVersion: mainstay.dev/v1alpha1
                kind: MaintenanceSchedule
                metadata:
                  {name: tidy, namespace: shop, uid: uid-tidy, generation: 1, annotations: {}, creationTimestamp: "%s"}
                spec: {applicationRef: {name: shop}, runbookRef: {name: release}, %s}
                """.formatted(now, spec), MaintenanceSchedule.class);
    }

    /** The spec is changed to that. */
    ScheduleWorld edit(String spec) {
        schedule.setSpec(Serialization.unmarshal(
                        "kind: MaintenanceSchedule\nspec: {applicationRef: {name: shop}, runbookRef: {name: release}, %s}"
                                .formatted(spec),
                        MaintenanceSchedule.class)
                .getSpec());
        return this;
    }

    /** Something is written on the schedule by a person. */
    ScheduleWorld annotate(String annotation, String value) {
        schedule.getMetadata().getAnnotations().put(annotation, value);
        return this;
    }

    /** One pass at a time. */
    ScheduleWorld at(String time) {
        now = instant(time);
        return pass();
    }

    private ScheduleWorld pass() {
        dyingPass();
        write();
        return this;
    }

    /** A pass of which nothing but its effects is left. */
    ScheduleWorld dyingPass() {
        decision = MaintenanceScheduleDecider.decide(observe(), now);
        if (declined != null && !decision.make().isEmpty()) {
            decision = MaintenanceScheduleDecider.decide(observe().with(declined), now);
        } else {
            for (NewRun wanted : decision.make()) {
                if (runs.putIfAbsent(wanted.name(), run(wanted)) == null) {
                    made.add(wanted);
                }
            }
        }
        decision.remove().forEach(run -> runs.remove(run.getMetadata().getName()));
        return this;
    }

    /** A cluster gives back what was written, not what was meant. */
    private void write() {
        schedule.setStatus(TaskJson.mapper()
                .convertValue(TaskJson.mapper().valueToTree(decision.status()), MaintenanceScheduleStatus.class));
    }

    private MaintenanceRun run(NewRun wanted) {
        MaintenanceRun run = ScheduleRuns.run(schedule, wanted, "system:serviceaccount:mainstay:mainstay");
        run.getMetadata().setUid("uid-" + wanted.name());
        run.getMetadata().setCreationTimestamp(now.toString());
        return run;
    }

    ScheduleObservation observe() {
        return new ScheduleObservation(
                schedule, application, runbook, List.copyOf(runs.values()), rollouts.apply(schedule), null);
    }

    /** The operator passes at each wake-up that was asked for, up to a time; the runs of it end at once. */
    ScheduleWorld until(String time, RunOutcome outcome) {
        Instant end = instant(time);
        while (decision.wakeUp() != null && !decision.wakeUp().isAfter(end)) {
            now = decision.wakeUp();
            pass();
            if (outcome != null) {
                ends(outcome);
            }
        }
        now = end;
        return pass();
    }

    /** The runs that are not finished end so. */
    ScheduleWorld ends(RunOutcome outcome) {
        runs.values().stream().filter(run -> !RunLines.ended(run)).forEach(run -> end(run, outcome));
        return this;
    }

    void end(MaintenanceRun run, RunOutcome outcome) {
        run.setStatus(Serialization.unmarshal(
                """
                phase: Finished
                outcome: %s
                completedAt: "%s"
                conditions:
                - {type: Finished, status: "True", reason: %s, message: It ended., lastTransitionTime: "%s"}
                """.formatted(outcome.text(), now, outcome.text(), now), MaintenanceRunStatus.class));
    }

    MaintenanceScheduleStatus status() {
        return schedule.getStatus();
    }

    List<String> names() {
        return made.stream().map(NewRun::name).toList();
    }

    Condition condition(String type) {
        return Conditions.find(status().conditions(), type).orElseThrow();
    }

    /** Skips by reason, such as {@code Frozen=2}. */
    List<String> skips() {
        return status().skippedRuns().stream()
                .map(runs -> runs.reason() + "=" + runs.count())
                .toList();
    }

    /** A time with its offset, such as {@code 2026-01-05T02:00Z}. */
    static Instant instant(String text) {
        return OffsetDateTime.parse(text).toInstant();
    }
}
