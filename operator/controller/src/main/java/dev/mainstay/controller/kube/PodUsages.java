package dev.mainstay.controller.kube;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.application.Workload;
import dev.mainstay.core.alert.PodUse;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorRequirement;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.math.BigDecimal;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.function.BiFunction;

/** What the Pods of applications use, as metrics.k8s.io tells, which metrics-server serves. */
public final class PodUsages {

    /** What is asked, as one source: without it, no rule on Cpu or Memory is measured. */
    public static final String SOURCE = "metrics.k8s.io";

    private final KubernetesClient client;
    private final BiFunction<ManagedApplication, Workload, Optional<HasMetadata>> workloads;

    /**
     * Makes one.
     *
     * @param workloads finds a workload of an application in a cache
     */
    public PodUsages(
            KubernetesClient client, BiFunction<ManagedApplication, Workload, Optional<HasMetadata>> workloads) {
        this.client = client;
        this.workloads = workloads;
    }

    /**
     * What was read.
     *
     * @param uses of each workload that exists; null when it could not be read
     * @param failure why not, and what to do; null when it could
     */
    public record Read(List<PodUse> uses, String failure) {}

    /** What the Pods of all workloads of an application use now. */
    public Read of(ManagedApplication application) {
        List<PodUse> uses = new ArrayList<>();
        try {
            for (Workload named : application.getSpec().workloads()) {
                Optional<HasMetadata> workload = workloads.apply(application, named);
                if (workload.isPresent()) {
                    uses.add(of(workload.get()));
                }
            }
            return new Read(uses, null);
        } catch (NotServed e) {
            return new Read(
                    null,
                    "metrics.k8s.io is not served: install metrics-server, or watch the Pods through Prometheus.");
        } catch (KubernetesClientException e) {
            return new Read(
                    null,
                    "metrics.k8s.io can't be read: " + ApiErrors.message(e)
                            + (ApiErrors.refusal(e).isPresent()
                                    ? ". Let the operator list pods of metrics.k8s.io, as the chart does."
                                    : ". Look at metrics-server."));
        }
    }

    private PodUse of(HasMetadata workload) {
        LabelSelector selector = selector(workload);
        String namespace = workload.getMetadata().getNamespace();
        List<Pod> pods = client
                .pods()
                .inNamespace(namespace)
                .withLabelSelector(selector)
                // What the API server has in memory: as new as its watches, and no read of etcd.
                .list(new ListOptionsBuilder().withResourceVersion("0").build())
                .getItems()
                .stream()
                .filter(pod -> runs(pod) && isOf(workload, pod))
                .toList();
        return new PodUse(
                workload.getKind() + " " + workload.getMetadata().getName(),
                pods,
                pods.isEmpty() ? Map.of() : used(namespace, selector));
    }

    private Map<String, Map<String, BigDecimal>> used(String namespace, LabelSelector selector) {
        String path = "/apis/metrics.k8s.io/v1beta1/namespaces/" + namespace + "/pods?labelSelector="
                + URLEncoder.encode(text(selector), StandardCharsets.UTF_8);
        JsonNode answer = RawReads.json(client, path).orElseThrow(NotServed::new);
        Map<String, Map<String, BigDecimal>> used = new HashMap<>();
        for (JsonNode pod : answer.path("items")) {
            Map<String, BigDecimal> sums = new HashMap<>();
            for (JsonNode container : pod.path("containers")) {
                container
                        .path("usage")
                        .properties()
                        .forEach(usage -> sums.merge(
                                usage.getKey(), amount(usage.getValue().asText()), BigDecimal::add));
            }
            used.put(pod.path("metadata").path("name").asText(), sums);
        }
        return used;
    }

    private static BigDecimal amount(String quantity) {
        return Quantity.getAmountInBytes(Quantity.parse(quantity));
    }

    /** One that has ended, or is being ended, has figures for a while. */
    private static boolean runs(Pod pod) {
        return pod.getMetadata().getDeletionTimestamp() == null
                && pod.getStatus() != null
                && "Running".equals(pod.getStatus().getPhase());
    }

    /** Others may carry the labels of the selector. The ReplicaSets of a Deployment have its name and a hash. */
    private static boolean isOf(HasMetadata workload, Pod pod) {
        return pod.getMetadata().getOwnerReferences().stream()
                .filter(owner -> Boolean.TRUE.equals(owner.getController()))
                .anyMatch(owner -> workload instanceof Deployment
                        ? isReplicaSetOf(workload, owner)
                        : owner.getUid().equals(workload.getMetadata().getUid()));
    }

    private static boolean isReplicaSetOf(HasMetadata deployment, OwnerReference owner) {
        return owner.getKind().equals("ReplicaSet")
                && owner.getName().startsWith(deployment.getMetadata().getName() + "-")
                && owner.getName().lastIndexOf('-')
                        == deployment.getMetadata().getName().length();
    }

    private static LabelSelector selector(HasMetadata workload) {
        return switch (workload) {
            case Deployment deployment -> deployment.getSpec().getSelector();
            case StatefulSet statefulSet -> statefulSet.getSpec().getSelector();
            default -> throw new IllegalArgumentException(workload.getKind() + " has no Pods");
        };
    }

    private static String text(LabelSelector selector) {
        StringJoiner text = new StringJoiner(",");
        if (selector.getMatchLabels() != null) {
            selector.getMatchLabels().forEach((name, value) -> text.add(name + "=" + value));
        }
        for (LabelSelectorRequirement wanted : selector.getMatchExpressions()) {
            String values = "(" + String.join(",", wanted.getValues()) + ")";
            text.add(
                    switch (wanted.getOperator()) {
                        case "In" -> wanted.getKey() + " in " + values;
                        case "NotIn" -> wanted.getKey() + " notin " + values;
                        case "Exists" -> wanted.getKey();
                        case "DoesNotExist" -> "!" + wanted.getKey();
                        default -> throw new IllegalArgumentException("no operator: " + wanted.getOperator());
                    });
        }
        return text.toString();
    }

    /** There is no such API. */
    private static final class NotServed extends RuntimeException {

        private static final long serialVersionUID = 1;
    }
}
