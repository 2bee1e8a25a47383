package dev.mainstay.controller.kube;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mainstay.api.application.WorkloadKind;
import dev.mainstay.core.runbook.EvictedWorkload;
import dev.mainstay.core.runbook.EvictionRefusal;
import dev.mainstay.core.runbook.EvictionRefusal.Cause;
import dev.mainstay.core.runbook.RestartedWorkload;
import dev.mainstay.core.task.TaskJson;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.Client;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.RequestConfigBuilder;
import java.net.HttpURLConnection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The Pods of workloads, read from the API server itself, and their eviction, each of exactly the one that was seen. */
public final class PodEvictions {

    private static final int TOO_MANY_REQUESTS = 429;
    private static final int UNPROCESSABLE = 422;
    private static final String BUDGET = "DisruptionBudget";
    private static final String SEVERAL = "more than one PodDisruptionBudget";

    private final KubernetesClient client;

    /** Sends each request once: the client would repeat what a budget holds up, and wait as long as Retry-After says. */
    private final Client once;

    public PodEvictions(KubernetesClient client) {
        this.client = client;
        this.once = client.newClient(
                new RequestConfigBuilder().withRequestRetryBackoffLimit(0).build());
    }

    /** A workload with the Pods that are its own, and not those that merely carry the labels of its selector. */
    public EvictedWorkload read(String namespace, RestartedWorkload workload) {
        if (workload.json() == null) {
            return new EvictedWorkload(workload, List.of(), null);
        }
        LabelSelector selector =
                TaskJson.mapper().convertValue(workload.json().path("spec").path("selector"), LabelSelector.class);
        String uid = workload.json().path("metadata").path("uid").asText();
        Set<String> owners = workload.kind() == WorkloadKind.DEPLOYMENT
                ? client
                        .apps()
                        .replicaSets()
                        .inNamespace(namespace)
                        .withLabelSelector(selector)
                        .list()
                        .getItems()
                        .stream()
                        .filter(replicaSet -> isControlledBy(replicaSet, Set.of(uid)))
                        .map(replicaSet -> replicaSet.getMetadata().getUid())
                        .collect(Collectors.toSet())
                : Set.of(uid);
        List<Pod> pods = client.pods().inNamespace(namespace).withLabelSelector(selector).list().getItems().stream()
                .filter(pod -> isControlledBy(pod, owners))
                .toList();
        return new EvictedWorkload(workload, pods, null);
    }

    private static boolean isControlledBy(HasMetadata object, Set<String> uids) {
        return object.getMetadata().getOwnerReferences().stream()
                .filter(owner -> Boolean.TRUE.equals(owner.getController()))
                .map(OwnerReference::getUid)
                .anyMatch(uids::contains);
    }

    /** Why the API server would not evict a Pod; empty when it would, or the Pod is gone. Nothing is evicted for that. */
    public Optional<EvictionRefusal> attempt(Pod pod) {
        return send(pod, true).refusal();
    }

    /**
     * Evicts a Pod.
     *
     * @return whether it is evicted; else it is gone, or was refused, which the next look tells
     * @throws KubernetesClientException when it is not known whether it is
     */
    public boolean evict(Pod pod) {
        return send(pod, false).evicted();
    }

    private record Answer(boolean evicted, Optional<EvictionRefusal> refusal) {}

    private Answer send(Pod pod, boolean dryRun) {
        try {
            String answer = once.raw(path(pod), "POST", TaskJson.write(eviction(pod, dryRun)));
            return answer == null ? new Answer(false, Optional.empty()) : answered(pod, answer);
        } catch (KubernetesClientException e) {
            if (ApiErrors.goneOrChanged(e)) {
                return new Answer(false, Optional.empty());
            }
            return refusal(pod, e.getCode(), e.getStatus(), ApiErrors.message(e))
                    .map(why -> new Answer(false, Optional.of(why)))
                    .orElseThrow(() -> e);
        }
    }

    /** Of several budgets it is told in a failure with the code of a success. */
    private static Answer answered(Pod pod, String answer) {
        Status status;
        try {
            status = TaskJson.mapper().readValue(answer, Status.class);
        } catch (JsonProcessingException e) {
            throw new KubernetesClientException("the API server's answer to an eviction is no JSON", e);
        }
        if (!"Failure".equals(status.getStatus())) {
            return new Answer(true, Optional.empty());
        }
        int code = status.getCode() == null ? HttpURLConnection.HTTP_INTERNAL_ERROR : status.getCode();
        return new Answer(
                false,
                Optional.of(refusal(pod, code, status, status.getMessage())
                        .orElseThrow(() -> new KubernetesClientException(status))));
    }

    /** What an error means; empty when it says nothing about the Pod. */
    private static Optional<EvictionRefusal> refusal(Pod pod, int code, Status status, String message) {
        String name = pod.getMetadata().getName();
        Optional<String> budget = budget(status);
        if (code == TOO_MANY_REQUESTS) {
            return Optional.of(
                    new EvictionRefusal(budget.isPresent() ? Cause.BUDGET : Cause.BUSY, name, budget.orElse(message)));
        }
        if (code == HttpURLConnection.HTTP_FORBIDDEN) {
            return Optional.of(new EvictionRefusal(Cause.FORBIDDEN, name, message));
        }
        if (code == HttpURLConnection.HTTP_BAD_REQUEST || code == UNPROCESSABLE) {
            return Optional.of(new EvictionRefusal(Cause.RULE, name, message));
        }
        return code == HttpURLConnection.HTTP_INTERNAL_ERROR
                        && String.valueOf(message).contains(SEVERAL)
                ? Optional.of(new EvictionRefusal(Cause.SEVERAL_BUDGETS, name, message))
                : Optional.empty();
    }

    /** What the API server says of the budget that holds it up, which has its name and its numbers. */
    private static Optional<String> budget(Status status) {
        return status == null || status.getDetails() == null
                ? Optional.empty()
                : status.getDetails().getCauses().stream()
                        .filter(cause -> BUDGET.equals(cause.getReason()))
                        .map(cause -> cause.getMessage())
                        .findFirst();
    }

    private static String path(Pod pod) {
        return "/api/v1/namespaces/" + pod.getMetadata().getNamespace() + "/pods/"
                + pod.getMetadata().getName() + "/eviction";
    }

    /** A Pod of the same name that has come in its place has another uid, and is left alone. */
    private static JsonNode eviction(Pod pod, boolean dryRun) {
        ObjectNode eviction = JsonNodeFactory.instance.objectNode();
        eviction.put("apiVersion", "policy/v1").put("kind", "Eviction");
        eviction.putObject("metadata")
                .put("name", pod.getMetadata().getName())
                .put("namespace", pod.getMetadata().getNamespace());
        ObjectNode options = eviction.putObject("deleteOptions");
        options.putObject("preconditions").put("uid", pod.getMetadata().getUid());
        if (dryRun) {
            options.putArray("dryRun").add("All");
        }
        return eviction;
    }
}
