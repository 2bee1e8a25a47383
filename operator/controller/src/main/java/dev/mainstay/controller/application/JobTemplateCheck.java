package dev.mainstay.controller.application;

import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.controller.task.RunnerPods;
import dev.mainstay.core.task.TaskKind;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** Whether a Job can be made of an application's template: told to its author at once, not at the next backup, at night. */
public final class JobTemplateCheck {

    /** A policy of the cluster that begins to refuse what was taken is found within this time. */
    private static final Duration TAKEN_FOR = Duration.ofHours(1);

    private final RunnerPods pods;
    private final Function<Job, Optional<String>> refusing;
    private final Clock clock;
    private final Map<String, Taken> taken = new ConcurrentHashMap<>();

    private record Taken(Long generation, Instant until) {}

    /**
     * Creates it.
     *
     * @param refusing what the API server says against a Job; empty when it takes it, or does not say
     */
    public JobTemplateCheck(RunnerPods pods, Function<Job, Optional<String>> refusing, Clock clock) {
        this.pods = pods;
        this.refusing = refusing;
        this.clock = clock;
    }

    /**
     * What the API server says against a Job of this template; empty when it takes it, or does not say. It is asked once for a
     * template, and not in each pass: health alone brings many. One that is refused is asked about until it is taken.
     */
    public Optional<String> refusal(ManagedApplication application) {
        if (application.getSpec() == null || application.getSpec().jobTemplate() == null) {
            return Optional.empty();
        }
        String uid = application.getMetadata().getUid();
        Long generation = application.getMetadata().getGeneration();
        Instant now = clock.instant();
        Taken before = taken.get(uid);
        if (before != null && before.generation().equals(generation) && now.isBefore(before.until())) {
            return Optional.empty();
        }
        Optional<String> refusal = ask(application);
        if (refusal.isEmpty()) {
            taken.put(uid, new Taken(generation, now.plus(TAKEN_FOR)));
        }
        return refusal;
    }

    /** Forgets an application that is gone. */
    void forget(ManagedApplication application) {
        taken.remove(application.getMetadata().getUid());
    }

    private Optional<String> ask(ManagedApplication application) {
        Map<String, String> labels = Map.of("app.kubernetes.io/managed-by", "mainstay");
        Job job = new JobBuilder()
                .withNewMetadata()
                .withGenerateName("job-template-check-")
                .withNamespace(application.getMetadata().getNamespace())
                .withLabels(labels)
                .endMetadata()
                .withNewSpec()
                .withBackoffLimit(0)
                .withTemplate(pods.template(
                        application, labels, Map.of(), "", List.of(), TaskKind.BACKUP.graceSeconds(), null))
                .endSpec()
                .build();
        return refusing.apply(job);
    }
}
