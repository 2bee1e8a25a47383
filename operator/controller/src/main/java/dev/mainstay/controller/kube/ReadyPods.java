package dev.mainstay.controller.kube;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.ListOptions;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The ready Pods of a workload: its own, and not those that merely carry the labels of its selector. */
public final class ReadyPods {

    private final KubernetesClient client;

    public ReadyPods(KubernetesClient client) {
        this.client = client;
    }

    /**
     * A Pod that can be asked something.
     *
     * @param name its name
     * @param ip its address; null before it has one
     * @param port number of the port; empty when none of its containers has one of that name
     */
    public record ReadyPod(String name, String ip, OptionalInt port) {}

    /**
     * The ready Pods, in the order of their names.
     *
     * @param workload a Deployment or a StatefulSet
     * @param port number of a port, or the name that a container gives one
     */
    public List<ReadyPod> of(HasMetadata workload, String port) {
        return switch (workload) {
            case Deployment deployment -> {
                List<Pod> ready = ready(workload, deployment.getSpec().getSelector());
                Set<String> replicaSets = ready.isEmpty() ? Set.of() : replicaSets(deployment);
                yield controlledBy(replicaSets, ready, port);
            }
            case StatefulSet statefulSet ->
                controlledBy(
                        Set.of(workload.getMetadata().getUid()),
                        ready(workload, statefulSet.getSpec().getSelector()),
                        port);
            default -> throw new IllegalArgumentException(workload.getKind() + " has no Pods");
        };
    }

    /**
     * The ready Pods with these labels, as a Service with them leads to, in the order of their names.
     *
     * @param port number of a port, or the name that a container gives one
     */
    public List<ReadyPod> of(String namespace, Map<String, String> labels, String port) {
        return client.pods().inNamespace(namespace).withLabels(labels).list(fromCache()).getItems().stream()
                .filter(ReadyPods::isReady)
                .map(pod -> ready(pod, port))
                .sorted(Comparator.comparing(ReadyPod::name))
                .toList();
    }

    /** Whether a Pod with these labels is ready. */
    public boolean any(String namespace, Map<String, String> labels) {
        return client.pods().inNamespace(namespace).withLabels(labels).list().getItems().stream()
                .anyMatch(ReadyPods::isReady);
    }

    private List<Pod> ready(HasMetadata workload, LabelSelector selector) {
        return client
                .pods()
                .inNamespace(workload.getMetadata().getNamespace())
                .withLabelSelector(selector)
                .list(fromCache())
                .getItems()
                .stream()
                .filter(ReadyPods::isReady)
                .toList();
    }

    private Set<String> replicaSets(Deployment deployment) {
        return client
                .apps()
                .replicaSets()
                .inNamespace(deployment.getMetadata().getNamespace())
                .withLabelSelector(deployment.getSpec().getSelector())
                .list(fromCache())
                .getItems()
                .stream()
                .filter(replicaSet -> isControlledBy(
                        replicaSet, Set.of(deployment.getMetadata().getUid())))
                .map(replicaSet -> replicaSet.getMetadata().getUid())
                .collect(Collectors.toSet());
    }

    /** What the API server has in memory: as new as its watches, and no read of etcd. The client writes into what it is given. */
    private static ListOptions fromCache() {
        return new ListOptionsBuilder().withResourceVersion("0").build();
    }

    private static List<ReadyPod> controlledBy(Set<String> uids, List<Pod> pods, String port) {
        return pods.stream()
                .filter(pod -> isControlledBy(pod, uids))
                .map(pod -> ready(pod, port))
                .sorted(Comparator.comparing(ReadyPod::name))
                .toList();
    }

    private static ReadyPod ready(Pod pod, String port) {
        return new ReadyPod(pod.getMetadata().getName(), pod.getStatus().getPodIP(), number(pod, port));
    }

    private static boolean isControlledBy(HasMetadata object, Set<String> uids) {
        return object.getMetadata().getOwnerReferences().stream()
                .filter(owner -> Boolean.TRUE.equals(owner.getController()))
                .map(OwnerReference::getUid)
                .anyMatch(uids::contains);
    }

    private static boolean isReady(Pod pod) {
        return pod.getMetadata().getDeletionTimestamp() == null
                && pod.getStatus() != null
                && pod.getStatus().getConditions().stream()
                        .anyMatch(condition ->
                                "Ready".equals(condition.getType()) && "True".equals(condition.getStatus()));
    }

    private static OptionalInt number(Pod pod, String port) {
        if (port.chars().allMatch(Character::isDigit)) {
            return OptionalInt.of(Integer.parseInt(port));
        }
        return Stream.concat(
                        pod.getSpec().getContainers().stream(),
                        // A sidecar is an init container that goes on.
                        pod.getSpec().getInitContainers().stream()
                                .filter(container -> "Always".equals(container.getRestartPolicy())))
                .map(Container::getPorts)
                .flatMap(List::stream)
                .filter(declared -> port.equals(declared.getName()))
                .mapToInt(ContainerPort::getContainerPort)
                .findFirst();
    }
}
