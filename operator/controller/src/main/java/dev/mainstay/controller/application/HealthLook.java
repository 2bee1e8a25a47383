package dev.mainstay.controller.application;

import dev.mainstay.api.application.HealthCheck;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.application.Workload;
import dev.mainstay.controller.kube.ApiErrors;
import dev.mainstay.core.restore.HealthSeen;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.Optional;

/** One look at the Pods of an application, for an operation that waits for what they answer. */
public final class HealthLook {

    private final HealthPass pass;
    private final ApplicationWorkloads workloads;

    public HealthLook(HealthPass pass, ApplicationWorkloads workloads) {
        this.pass = pass;
        this.workloads = workloads;
    }

    /**
     * What the Pods answer; empty when spec.health names none of the application's workloads. That they can't be asked is an
     * answer too: nobody waits for ever for a word of their health.
     */
    public Optional<HealthSeen> of(ManagedApplication application, HealthCheck check) {
        return application.getSpec().healthWorkload().map(workload -> of(application, workload, check));
    }

    private HealthSeen of(ManagedApplication application, Workload workload, HealthCheck check) {
        String name = workload.kind().text() + " " + workload.name();
        Optional<HasMetadata> found = workloads.find(application, workload);
        if (found.isEmpty()) {
            return HealthSeen.notAsked(name + ", which spec.health names, does not exist");
        }
        try {
            return HealthSeen.asked(pass.over(found.get(), check));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return HealthSeen.notAsked("the operator is ending");
        } catch (RuntimeException e) {
            return HealthSeen.notAsked("the Pods of " + name + " can't be asked: " + ApiErrors.message(e));
        }
    }
}
