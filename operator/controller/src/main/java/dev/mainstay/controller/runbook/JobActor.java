package dev.mainstay.controller.runbook;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mainstay.api.Annotations;
import dev.mainstay.controller.backup.JobCaches;
import dev.mainstay.controller.backup.JobPlaces;
import dev.mainstay.controller.kube.JobClient;
import dev.mainstay.controller.kube.JobClient.Made;
import dev.mainstay.controller.kube.Namespaces;
import dev.mainstay.controller.kube.ServiceAccounts;
import dev.mainstay.core.backup.BackupDecision;
import dev.mainstay.core.backup.JobRefusal;
import dev.mainstay.core.runbook.CustomJobSeen;
import dev.mainstay.core.runbook.JobStepType;
import dev.mainstay.core.runbook.StepSeen;
import dev.mainstay.core.runbook.StepTurn;
import dev.mainstay.core.status.Reason;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/** Makes a Job of a step's own template, by a name that is the same however often it is made, and reads its exit code. */
public final class JobActor implements StepActor {

    private final String operatorNamespace;
    private final Namespaces namespaces;
    private final ServiceAccounts accounts;
    private final JobClient client;
    private final JobCaches caches;
    private final JobPlaces places;
    private final Clock clock;

    public JobActor(
            String operatorNamespace,
            Namespaces namespaces,
            ServiceAccounts accounts,
            JobClient client,
            JobCaches caches,
            JobPlaces places,
            Clock clock) {
        this.operatorNamespace = operatorNamespace;
        this.namespaces = namespaces;
        this.accounts = accounts;
        this.client = client;
        this.caches = caches;
        this.places = places;
        this.clock = clock;
    }

    @Override
    public StepSeen look(StepTurn turn) {
        if (turn.attempt() == 0) {
            return new StepSeen.Nothing();
        }
        return new StepSeen.OfJob(job(turn).map(job -> made(turn, job)).orElseGet(() -> unmade(turn)));
    }

    @Override
    public StepSeen foresee(StepTurn turn) {
        return new StepSeen.OfJob(unmade(turn));
    }

    private CustomJobSeen made(StepTurn turn, Job job) {
        String namespace = job.getMetadata().getNamespace();
        String name = job.getMetadata().getName();
        String uid = turn.run().getMetadata().getUid();
        CustomJobSeen.Made cached = CustomJobs.seen(job, caches.podsOf(namespace, name), uid);
        boolean silent = cached.failed() != null
                && (cached.pod() == null || cached.pod().exits().isEmpty());
        List<Pod> fresh = silent ? client.freshPods(namespace, name) : List.of();
        return CustomJobSeen.of(silent ? CustomJobs.seen(job, fresh, uid) : cached);
    }

    private CustomJobSeen unmade(StepTurn turn) {
        String namespace = turn.run().getMetadata().getNamespace();
        boolean operators = namespace.equals(operatorNamespace);
        boolean allowed = namespaces.hasLabel(namespace, Annotations.ALLOW_CUSTOM_JOBS, "true");
        Optional<ObjectNode> template = allowed && !operators ? JobStepType.template(turn) : Optional.empty();
        return new CustomJobSeen(
                operators,
                allowed,
                JobStepType.account(turn)
                        .map(name -> accounts.allowed(namespace, name))
                        .orElse(true),
                places.idle(namespace),
                template.flatMap(found -> invalid(turn, found)).orElse(null),
                null);
    }

    private Optional<String> invalid(StepTurn turn, ObjectNode template) {
        try {
            return client.invalid(CustomJobs.job(turn, template));
        } catch (IllegalArgumentException e) {
            return Optional.of("it is no pod template: "
                    + e.getMessage().lines().findFirst().orElse(""));
        }
    }

    @Override
    public void act(StepTurn turn) {
        String namespace = turn.run().getMetadata().getNamespace();
        String name = JobStepType.jobName(turn);
        Optional<ObjectNode> template = JobStepType.template(turn);
        if (template.isEmpty() || !places.takeIdle(namespace, name)) {
            return;
        }
        switch (places.fill(client, CustomJobs.job(turn, template.get()))) {
            case Made.Exists ignored -> {}
            case Made.NamespaceEnds ignored -> {}
            case Made.Foreign ignored -> throw new StepRefused(Reason.FOREIGN_JOB, JobRefusal.foreign(name, namespace));
            case Made.Invalid(String said) -> throw new StepRefused(Reason.INVALID_SPEC, said);
            case Made.Refused(String said) -> {
                BackupDecision.Stuck stuck = JobRefusal.refused(name, said);
                throw new StepRefused(stuck.reason(), stuck.message());
            }
        }
    }

    /** The Job stays, and with it what it told; its Pod is asked to end. */
    @Override
    public void leave(StepTurn turn) {
        job(turn)
                .filter(job -> CustomJobs.ours(job, turn.run().getMetadata().getUid()))
                .ifPresent(job -> client.end(job, clock.instant()));
    }

    /** What the cache does not have is asked for: a Job that was deleted is not made again. */
    private Optional<Job> job(StepTurn turn) {
        String name = JobStepType.jobName(turn);
        return caches.jobsOf(turn.run().getMetadata().getUid()).stream()
                .filter(job -> name.equals(job.getMetadata().getName()))
                .findFirst()
                .or(() -> client.fresh(turn.run().getMetadata().getNamespace(), name));
    }
}
