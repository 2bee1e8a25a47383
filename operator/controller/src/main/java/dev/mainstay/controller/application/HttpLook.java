package dev.mainstay.controller.application;

import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.application.Workload;
import dev.mainstay.controller.kube.ApiErrors;
import dev.mainstay.controller.kube.ReadyPods;
import dev.mainstay.controller.kube.ReadyPods.ReadyPod;
import dev.mainstay.controller.kube.Services;
import dev.mainstay.core.http.HttpReply.Silent;
import dev.mainstay.core.runbook.HttpQuestion;
import dev.mainstay.core.runbook.HttpSeen;
import dev.mainstay.core.runbook.HttpSeen.Asked;
import dev.mainstay.core.runbook.HttpSeen.NotAsked;
import dev.mainstay.core.runbook.HttpSeen.PodReply;
import dev.mainstay.core.runbook.ServiceTarget;
import dev.mainstay.core.status.Reason;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Asks the ready Pods of a workload or of a Service over HTTP, for a step of a run. */
public final class HttpLook implements AutoCloseable {

    private final HealthPass pass;
    private final HttpProbe probe;
    private final ReadyPods pods;
    private final Services services;
    private final ApplicationWorkloads workloads;

    public HttpLook(
            HealthPass pass, HttpProbe probe, ReadyPods pods, Services services, ApplicationWorkloads workloads) {
        this.pass = pass;
        this.probe = probe;
        this.pods = pods;
        this.services = services;
        this.workloads = workloads;
    }

    /** What they answer. That they can't be asked is an answer too: nobody waits for ever for a word of theirs. */
    public HttpSeen of(ManagedApplication application, HttpQuestion question) {
        try {
            return question.service() == null
                    ? ofWorkload(application, question)
                    : ofService(application.getMetadata().getNamespace(), question);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return notAsked("the operator is ending");
        } catch (RuntimeException e) {
            return notAsked("those of " + question.whose() + " can't be asked: " + ApiErrors.message(e));
        }
    }

    private HttpSeen ofWorkload(ManagedApplication application, HttpQuestion question) throws InterruptedException {
        Optional<Workload> workload = application.getSpec().healthWorkload();
        if (workload.isEmpty()) {
            return notAsked("spec.health.workload names none of the application's workloads");
        }
        Optional<HasMetadata> found = workloads.find(application, workload.get());
        return found.isEmpty()
                ? notAsked(workload.get().kind().text() + " " + workload.get().name()
                        + ", which spec.health names, does not exist")
                : asked(() -> pods.of(found.get(), question.port()), question);
    }

    private HttpSeen ofService(String namespace, HttpQuestion question) throws InterruptedException {
        return switch (ServiceTarget.of(
                question.service(), services.read(namespace, question.service().name()))) {
            case ServiceTarget.Unsuitable(Reason reason, String message) -> new NotAsked(reason, message);
            case ServiceTarget.Found(var selector, String port) ->
                asked(() -> pods.of(namespace, selector, port), question);
        };
    }

    private Asked asked(Supplier<List<ReadyPod>> ready, HttpQuestion question) throws InterruptedException {
        return new Asked(pass.each(ready, pod -> reply(pod, question)));
    }

    private PodReply reply(ReadyPod pod, HttpQuestion question) throws InterruptedException {
        if (pod.ip() == null) {
            return new PodReply(pod.name(), new Silent("the Pod has no address"));
        }
        return new PodReply(
                pod.name(),
                pod.port().isEmpty()
                        ? new Silent("no container has a port of the name that is meant. Correct "
                                + (question.service() == null
                                        ? "spec.health.port"
                                        : "targetPort of Service "
                                                + question.service().name()))
                        : probe.ask(pod.ip(), pod.port().getAsInt(), question));
    }

    private static NotAsked notAsked(String why) {
        return new NotAsked(Reason.COULD_NOT_CHECK, "The Pods could not be asked: " + why + ".");
    }

    @Override
    public void close() {
        probe.close();
    }
}
