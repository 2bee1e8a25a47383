package dev.mainstay.controller.application;

import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.controller.kube.JobClient;
import dev.mainstay.controller.task.RunnerPods;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Whether a Job can be made of an application's template: told to its author at once, not at the next backup, at night. */
public final class JobTemplateCheck {

    private final RunnerPods pods;
    private final JobClient jobs;

    public JobTemplateCheck(RunnerPods pods, JobClient jobs) {
        this.pods = pods;
        this.jobs = jobs;
    }

    /** What the API server says against a Job of this template; empty when it takes it, or does not say. */
    public Optional<String> refusal(ManagedApplication application) {
        if (application.getSpec() == null || application.getSpec().jobTemplate() == null) {
            return Optional.empty();
        }
        Map<String, String> labels = Map.of("app.kubernetes.io/managed-by", "mainstay");
        Job job = new JobBuilder()
                .withNewMetadata()
                .withGenerateName("job-template-check-")
                .withNamespace(application.getMetadata().getNamespace())
                .withLabels(labels)
                .endMetadata()
                .withNewSpec()
                .withBackoffLimit(0)
                .withTemplate(pods.template(application, labels, Map.of(), "", List.of()))
                .endSpec()
                .build();
        return jobs.invalid(job);
    }
}
