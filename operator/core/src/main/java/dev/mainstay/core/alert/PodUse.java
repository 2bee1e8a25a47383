package dev.mainstay.core.alert;

import dev.mainstay.api.alert.AlertMetric;
import dev.mainstay.api.alert.AlertThreshold;
import dev.mainstay.core.alert.Evaluation.Measured;
import dev.mainstay.core.alert.Evaluation.NoData;
import dev.mainstay.core.status.Reason;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the Pods of a workload use.
 *
 * @param workload kind and name, such as {@code Deployment web}
 * @param pods those that run
 * @param used what each uses, by its name and the resource; a Pod that was not measured yet is not in it
 */
public record PodUse(String workload, List<Pod> pods, Map<String, Map<String, BigDecimal>> used) {

    /** Keeps copies. */
    public PodUse {
        pods = List.copyOf(pods);
        used = Map.copyOf(used);
    }

    /**
     * What it comes to; one of them is there.
     *
     * @param evaluation the measurement; null when there is an obstacle
     * @param obstacle what keeps it from being one; null when nothing does
     */
    public record Result(Evaluation evaluation, AlertObstacle obstacle) {}

    /**
     * What all Pods use of what they may: of their limits, and of their requests where they have no limit.
     *
     * @param uses the workloads of an application
     * @param metric Cpu or Memory
     */
    public static Result of(List<PodUse> uses, AlertMetric metric, AlertThreshold threshold, Instant now) {
        String resource = metric == AlertMetric.CPU ? "cpu" : "memory";
        BigDecimal used = BigDecimal.ZERO;
        BigDecimal allowed = BigDecimal.ZERO;
        int pods = 0;
        int measured = 0;
        for (PodUse use : uses) {
            for (Pod pod : use.pods()) {
                Optional<String> lacking = lacking(pod, resource);
                if (lacking.isPresent()) {
                    return new Result(null, use.obstacle(lacking.get(), resource));
                }
                pods++;
                Map<String, BigDecimal> found = use.used().get(pod.getMetadata().getName());
                if (found != null && found.containsKey(resource)) {
                    measured++;
                    used = used.add(found.get(resource));
                    allowed = allowed.add(allowed(pod, resource));
                }
            }
        }
        return new Result(result(used, allowed, pods, measured, threshold, now), null);
    }

    private static Evaluation result(
            BigDecimal used, BigDecimal allowed, int pods, int measured, AlertThreshold threshold, Instant now) {
        if (pods == 0) {
            return new NoData("no Pod of the application's workloads runs", now);
        }
        if (measured == 0) {
            return new NoData("metrics.k8s.io has no figures yet of any of " + pods + " Pods", now);
        }
        double ratio = used.divide(allowed, MathContext.DECIMAL64).doubleValue();
        String partial = measured == pods ? null : measured + " of " + pods + " Pods are measured";
        return new Measured(ratio, AlertText.value(threshold, ratio), partial, now);
    }

    private AlertObstacle obstacle(String container, String resource) {
        return new AlertObstacle(
                Reason.RESOURCES_NOT_SET,
                "container " + container + " of " + workload + " has neither a limit nor a request of " + resource
                        + ", so there is nothing to measure it by. Give it one of them.");
    }

    /** The first container that has nothing to be measured by. */
    private static Optional<String> lacking(Pod pod, String resource) {
        return whole(pod, resource).isPresent()
                ? Optional.empty()
                : containers(pod)
                        .filter(container ->
                                amount(container.getResources(), resource).isEmpty())
                        .map(Container::getName)
                        .findFirst();
    }

    private static BigDecimal allowed(Pod pod, String resource) {
        return whole(pod, resource)
                .orElseGet(() -> containers(pod)
                        .map(container ->
                                amount(container.getResources(), resource).orElse(BigDecimal.ZERO))
                        .reduce(BigDecimal.ZERO, BigDecimal::add));
    }

    /** What is set for the Pod as one, since Kubernetes 1.34. */
    private static Optional<BigDecimal> whole(Pod pod, String resource) {
        return amount(pod.getSpec().getResources(), resource);
    }

    private static Optional<BigDecimal> amount(ResourceRequirements resources, String resource) {
        return resources == null
                ? Optional.empty()
                : Stream.of(resources.getLimits(), resources.getRequests())
                        .filter(amounts -> amounts != null && amounts.containsKey(resource))
                        .map(amounts -> Quantity.getAmountInBytes(amounts.get(resource)))
                        .filter(amount -> amount.signum() > 0)
                        .findFirst();
    }

    /** Those that run as long as the Pod: a sidecar is an init container that goes on. */
    private static Stream<Container> containers(Pod pod) {
        return Stream.concat(
                pod.getSpec().getContainers().stream(),
                pod.getSpec().getInitContainers().stream()
                        .filter(container -> "Always".equals(container.getRestartPolicy())));
    }
}
