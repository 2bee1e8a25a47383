package dev.mainstay.controller.runbook;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.application.Database;
import dev.mainstay.api.application.PostgresDatabase;
import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.api.restore.RestoreRequest;
import dev.mainstay.controller.backup.BackupJobs;
import dev.mainstay.controller.backup.JobCaches;
import dev.mainstay.controller.backup.JobObservations;
import dev.mainstay.controller.backup.JobPlaces;
import dev.mainstay.controller.kube.HolderList;
import dev.mainstay.controller.kube.JobClient;
import dev.mainstay.controller.kube.ServiceAccounts;
import dev.mainstay.controller.kube.WorkloadTemplates;
import dev.mainstay.controller.watch.Wakeups;
import dev.mainstay.core.application.JobTemplateRefusal;
import dev.mainstay.core.backup.BackupDecision;
import dev.mainstay.core.backup.BackupObservation.ServiceAccountObservation;
import dev.mainstay.core.backup.JobRefusal;
import dev.mainstay.core.rollback.PodTemplate;
import dev.mainstay.core.runbook.RunnerObjects;
import dev.mainstay.core.runbook.RunnerStepType;
import dev.mainstay.core.runbook.RunnerSteps;
import dev.mainstay.core.runbook.StepSeen;
import dev.mainstay.core.runbook.StepTurn;
import dev.mainstay.core.runbook.StepType;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.Task;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Makes a Job in which the runner does the step, by a name that is the same however often it is made, and reads its end. */
public final class RunnerActor implements StepActor {

    private final ServiceAccounts accounts;
    private final WorkloadTemplates templates;
    private final JobClient client;
    private final JobCaches caches;
    private final JobPlaces places;
    private final BackupJobs jobs;
    private final HolderList objects;
    private final Wakeups wakeups;
    private final String clusterId;
    private final Clock clock;

    public RunnerActor(
            ServiceAccounts accounts,
            WorkloadTemplates templates,
            JobClient client,
            JobCaches caches,
            JobPlaces places,
            BackupJobs jobs,
            HolderList objects,
            Wakeups wakeups,
            String clusterId,
            Clock clock) {
        this.accounts = accounts;
        this.templates = templates;
        this.client = client;
        this.caches = caches;
        this.places = places;
        this.jobs = jobs;
        this.objects = objects;
        this.wakeups = wakeups;
        this.clusterId = clusterId;
        this.clock = clock;
    }

    @Override
    public StepSeen look(StepTurn turn) {
        Instant now = clock.instant();
        if (turn.attempt() == 0) {
            // Who is asked to approve it is told what it would drop.
            return wantsRestores(turn)
                    ? new StepSeen.OfRunner(
                            null,
                            ServiceAccountObservation.NOT_NAMED,
                            true,
                            List.of(),
                            null,
                            known(turn),
                            databases(turn),
                            now)
                    : new StepSeen.Nothing();
        }
        String namespace = turn.run().getMetadata().getNamespace();
        Optional<Job> job = job(turn);
        return job.map(found -> new StepSeen.OfRunner(
                        JobObservations.certain(
                                client,
                                found,
                                caches.podsOf(namespace, found.getMetadata().getName()),
                                turn.run().getMetadata().getUid(),
                                now),
                        ServiceAccountObservation.NOT_NAMED,
                        true,
                        List.of(),
                        now))
                .orElseGet(() -> unmade(turn, now));
    }

    @Override
    public StepSeen foresee(StepTurn turn) {
        return unmade(turn, clock.instant());
    }

    private StepSeen.OfRunner unmade(StepTurn turn, Instant now) {
        String namespace = turn.run().getMetadata().getNamespace();
        return new StepSeen.OfRunner(
                null,
                accounts.of(namespace, turn.application()),
                places.idle(namespace),
                policies(turn),
                type(turn).flatMap(type -> template(turn, type)).orElse(null),
                known(turn),
                databases(turn),
                now);
    }

    private static boolean wantsRestores(StepTurn turn) {
        return type(turn).filter(type -> type.wantsRestores(turn)).isPresent();
    }

    /** The restores as they were seen last. */
    private List<RestoreRequest> known(StepTurn turn) {
        return wantsRestores(turn) ? wakeups.restoresOf(turn.run().getMetadata().getNamespace()) : List.of();
    }

    /** The restores as they are: what one that is just being made needs must not be dropped. */
    private List<RestoreRequest> restores(StepTurn turn) {
        return wantsRestores(turn) ? objects.restores(turn.run().getMetadata().getNamespace()) : List.of();
    }

    /** Somebody may have taken a kept database into use. */
    private Set<String> databases(StepTurn turn) {
        return wantsRestores(turn)
                ? wakeups.applications().stream()
                        .filter(application -> application.getSpec() != null)
                        .flatMap(application -> application.getSpec().databases().stream())
                        .map(Database::postgres)
                        .filter(Objects::nonNull)
                        .map(PostgresDatabase::database)
                        .filter(Objects::nonNull)
                        .collect(Collectors.toUnmodifiableSet())
                : Set.of();
    }

    @Override
    public void act(StepTurn turn) {
        String namespace = turn.run().getMetadata().getNamespace();
        String name = RunnerSteps.jobName(turn);
        Optional<Task> task = type(turn)
                .flatMap(type -> RunnerSteps.task(
                        type,
                        turn,
                        new RunnerObjects(
                                policies(turn),
                                template(turn, type).orElse(null),
                                restores(turn),
                                databases(turn),
                                clock.instant()),
                        clusterId));
        if (task.isEmpty() || !places.takeIdle(namespace, name)) {
            return;
        }
        Job job = jobs.step(turn.run(), turn.application(), name, task.get(), RunnerSteps.STARTS_WITHIN);
        switch (places.fill(client, job)) {
            case JobClient.Made.Exists ignored -> {}
            case JobClient.Made.NamespaceEnds ignored -> {}
            case JobClient.Made.Foreign ignored ->
                throw new StepRefused(Reason.FOREIGN_JOB, JobRefusal.foreign(name, namespace));
            case JobClient.Made.Invalid(String said) ->
                throw new StepRefused(Reason.INVALID_SPEC, JobTemplateRefusal.message(turn.application(), said));
            case JobClient.Made.Refused(String said) -> {
                BackupDecision.Stuck stuck = JobRefusal.refused(name, said);
                throw new StepRefused(stuck.reason(), stuck.message());
            }
        }
    }

    /** The Job stays, and with it what it told; its Pod is asked to end. The cache may not have it yet. */
    @Override
    public void leave(StepTurn turn) {
        String uid = turn.run().getMetadata().getUid();
        job(turn)
                .or(() -> client.fresh(turn.run().getMetadata().getNamespace(), RunnerSteps.jobName(turn))
                        .filter(job -> job.getMetadata().getLabels() != null
                                && uid.equals(job.getMetadata().getLabels().get(Annotations.OWNER_UID))))
                .ifPresent(job -> client.end(job, clock.instant()));
    }

    private Optional<Job> job(StepTurn turn) {
        String name = RunnerSteps.jobName(turn);
        return caches.jobsOf(turn.run().getMetadata().getUid()).stream()
                .filter(job -> name.equals(job.getMetadata().getName()))
                .findFirst();
    }

    private static Optional<RunnerStepType> type(StepTurn turn) {
        return StepType.of(turn.step()).filter(RunnerStepType.class::isInstance).map(RunnerStepType.class::cast);
    }

    private Optional<PodTemplate> template(StepTurn turn, RunnerStepType type) {
        return type.workload(turn)
                .flatMap(workload -> templates.read(turn.run().getMetadata().getNamespace(), workload));
    }

    private List<BackupPolicy> policies(StepTurn turn) {
        return wakeups.policiesOf(
                turn.run().getMetadata().getNamespace(),
                turn.run().getSpec().applicationRef().name());
    }
}
