package dev.mainstay.controller.watch;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.mode.MaintenanceMode;
import dev.mainstay.api.runbook.MaintenanceRun;
import dev.mainstay.api.runbook.Runbook;
import dev.mainstay.core.alert.RemediationRuns;
import dev.mainstay.core.runbook.RunClaims;
import dev.mainstay.core.runbook.RunLines;
import dev.mainstay.core.runbook.RunMutes;
import dev.mainstay.core.runbook.ScheduleRuns;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Runbooks and their runs, as {@link Wakeups} has the other kinds. */
public final class RunWakeups {

    private static final String BY_SCHEDULE = "by-schedule";
    private static final String BY_APPLICATION = "by-application";
    private static final String BY_RULE = "by-alert-rule";
    private static final String BY_RUNBOOK = "by-runbook-and-application";

    private final SimpleInboundEventSource<Runbook> runbookEvents =
            new SimpleInboundEventSource<>("woken-by-related-objects");
    private final SimpleInboundEventSource<MaintenanceRun> runEvents =
            new SimpleInboundEventSource<>("woken-by-related-objects");

    private final ScheduleWakeups schedules = new ScheduleWakeups();
    private final Map<String, Object> phases = new ConcurrentHashMap<>();

    private volatile IndexerResourceCache<Runbook> runbooks;
    private volatile IndexerResourceCache<MaintenanceRun> runs;

    private final Consumer<ResourceID> applications;
    private final Map<String, Object> claims = new ConcurrentHashMap<>();
    private final Map<String, Object> attempts = new ConcurrentHashMap<>();
    private final Map<String, Object> mutes = new ConcurrentHashMap<>();

    private volatile Consumer<String> rules = uid -> {};
    private volatile BiConsumer<String, String> muted = (namespace, application) -> {};

    RunWakeups(Consumer<ResourceID> applications) {
        this.applications = applications;
    }

    /** Takes over the cache of the Runbooks' controller; its events are to be added to that controller. */
    public SimpleInboundEventSource<Runbook> runbooks(IndexerResourceCache<Runbook> cache) {
        this.runbooks = cache;
        return runbookEvents;
    }

    /** Takes over the cache of the runs' controller; its events are to be added to that controller. */
    public SimpleInboundEventSource<MaintenanceRun> runs(IndexerResourceCache<MaintenanceRun> cache) {
        cache.addIndexer(
                BY_SCHEDULE,
                run -> ScheduleRuns.label(run).map(label -> run.getMetadata().getNamespace() + "/" + label).stream()
                        .toList());
        cache.addIndexer(
                BY_APPLICATION,
                run -> run.getSpec() == null
                        ? List.of()
                        : List.of(run.getMetadata().getNamespace() + "/"
                                + run.getSpec().applicationRef().name()));
        cache.addIndexer(
                BY_RULE,
                run -> RemediationRuns.label(run).map(label -> run.getMetadata().getNamespace() + "/" + label).stream()
                        .toList());
        cache.addIndexer(BY_RUNBOOK, run -> runbook(run).stream().toList());
        this.runs = cache;
        return runEvents;
    }

    /** MaintenanceSchedules. */
    public ScheduleWakeups schedules() {
        return schedules;
    }

    /** All runs; none before this process watches. */
    public List<MaintenanceRun> runs() {
        return runs == null ? List.of() : runs.list().toList();
    }

    /** The runs of the schedule that has this label. */
    public List<MaintenanceRun> runsOf(String namespace, String label) {
        return runs.byIndex(BY_SCHEDULE, namespace + "/" + label);
    }

    /** The runs for an application; none before this process watches. */
    public List<MaintenanceRun> ofApplication(String namespace, String application) {
        return runs == null ? List.of() : runs.byIndex(BY_APPLICATION, namespace + "/" + application);
    }

    /** The runs that were made for the alert rule that has this label. */
    public List<MaintenanceRun> ofRule(String namespace, String label) {
        return runs.byIndex(BY_RULE, namespace + "/" + label);
    }

    /**
     * Has alert rules woken by what they look at in runs.
     *
     * @param rules wakes the rule of that uid, of whose run something was learnt
     * @param applications wakes the rules of an application, by namespace and name, that a run mutes or mutes no more
     */
    public void alerts(Consumer<String> rules, BiConsumer<String, String> applications) {
        this.rules = rules;
        this.muted = applications;
    }

    /** The runs of a run's Runbook for its application. */
    public List<MaintenanceRun> ofTheSame(MaintenanceRun run) {
        return runbook(run).map(key -> runs.byIndex(BY_RUNBOOK, key)).orElse(List.of());
    }

    private static Optional<String> runbook(MaintenanceRun run) {
        return Optional.ofNullable(run.getSpec())
                .map(spec -> run.getMetadata().getNamespace() + "/"
                        + spec.runbookRef().name() + "/" + spec.applicationRef().name());
    }

    /** Wakes the schedule of a run, and its application, when what they look at in it has changed. */
    public void runSeen(MaintenanceRun run, boolean deleted) {
        String uid = run.getMetadata().getUid();
        Optional<String> label = ScheduleRuns.label(run);
        if (label.isPresent()) {
            if (changed(phases, uid, Told.phase(run), deleted)) {
                schedules.runChanged(run.getMetadata().getNamespace(), label.get());
            }
        }
        RemediationRuns.ruleUid(run)
                .filter(rule -> changed(attempts, uid, RemediationRuns.progress(run), deleted))
                .ifPresent(rules);
        if (changed(mutes, uid, RunMutes.told(run), deleted) && run.getSpec() != null) {
            muted.accept(
                    run.getMetadata().getNamespace(),
                    run.getSpec().applicationRef().name());
        }
        // Others may wait for what it has of the application.
        if (changed(claims, uid, Told.claim(run), deleted) && run.getSpec() != null) {
            applications.accept(new ResourceID(
                    run.getSpec().applicationRef().name(), run.getMetadata().getNamespace()));
        }
    }

    private static boolean changed(Map<String, Object> known, String uid, Object now, boolean deleted) {
        return deleted ? known.remove(uid) != null : !now.equals(known.put(uid, now));
    }

    /** The Runbook of that name; empty when there is none. */
    public Optional<Runbook> runbook(String namespace, String name) {
        return runbooks.get(new ResourceID(name, namespace));
    }

    /** Wakes the runs that wait for a Runbook. */
    public void runbookSeen(Runbook runbook) {
        wakeRuns(
                runbook.getMetadata().getNamespace(),
                run -> !RunLines.begun(run)
                        && run.getSpec() != null
                        && run.getSpec()
                                .runbookRef()
                                .name()
                                .equals(runbook.getMetadata().getName()));
        schedules.runbookChanged(
                runbook.getMetadata().getNamespace(), runbook.getMetadata().getName());
    }

    void applicationChanged(String namespace, String name) {
        wakeRuns(
                namespace,
                run -> run.getSpec() != null
                        && run.getSpec().applicationRef().name().equals(name));
        schedules.applicationChanged(namespace, name);
    }

    /** One has appeared, was changed or is gone. */
    void policyChanged(String namespace) {
        runbooks.list(runbook -> namespace.equals(runbook.getMetadata().getNamespace()))
                .forEach(runbook -> runbookEvents.propagateEvent(ResourceID.fromResource(runbook)));
    }

    /** Wakes the run that has made an object. */
    void madeChanged(HasMetadata made) {
        Optional.ofNullable(made.getMetadata().getAnnotations())
                .map(annotations -> annotations.get(Annotations.MADE_BY_RUN))
                .ifPresent(run -> runEvents.propagateEvent(
                        new ResourceID(run, made.getMetadata().getNamespace())));
    }

    /** Wakes a run of whose Job something was learnt. */
    public void wakeRun(ResourceID run) {
        runEvents.propagateEvent(run);
    }

    /** Wakes the run that has made a maintenance mode. */
    void modeChanged(MaintenanceMode mode) {
        mode.getMetadata().getOwnerReferences().stream()
                .filter(owner -> owner.getKind().equals(RunClaims.KIND))
                .forEach(owner -> runEvents.propagateEvent(
                        new ResourceID(owner.getName(), mode.getMetadata().getNamespace())));
    }

    private void wakeRuns(String namespace, Predicate<MaintenanceRun> which) {
        runs.list(run -> namespace.equals(run.getMetadata().getNamespace()) && !RunLines.ended(run))
                .filter(which)
                .forEach(run -> runEvents.propagateEvent(ResourceID.fromResource(run)));
    }
}
