package dev.mainstay.core.alert;

import dev.mainstay.api.alert.AlertMetric;
import dev.mainstay.api.alert.AlertThreshold;
import dev.mainstay.core.alert.Evaluation.Measured;
import dev.mainstay.core.alert.Evaluation.NoData;
import dev.mainstay.core.status.Reason;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the Pods of a workload use.
 *
 * @param workload kind and name, such as {@code Deployment web}
 * @param pods those that run: not one that has ended, is being ended or has not begun
 * @param used what each uses, by its name and the resource; a Pod that was not measured yet is not in it
 */
public record PodUse(String workload, List<Pod> pods, Map<String, Map<String, BigDecimal>> used) {

    /** A Pod of whose containers one started less than this ago has no metrics yet, and does not count. */
    static final Duration STARTING = Duration.ofMinutes(2);

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
     * What all Pods use of what they may: of their limits, and of their requests where they have no limit. Those that have
     * metrics are judged, as long as they are half of them: one that never has any, as behind a kubelet which can't be read,
     * must neither keep an alert from ending nor be all that is looked at (kubernetes/kubernetes issues 30471 and 96938).
     *
     * @param uses the workloads of an application
     * @param metric Cpu or Memory
     */
    public static Result of(List<PodUse> uses, AlertMetric metric, AlertThreshold threshold, Instant now) {
        String resource = metric == AlertMetric.CPU ? "cpu" : "memory";
        BigDecimal used = BigDecimal.ZERO;
        BigDecimal allowed = BigDecimal.ZERO;
        int measured = 0;
        int starting = 0;
        List<String> without = new ArrayList<>();
        for (PodUse use : uses) {
            for (Pod pod : use.pods()) {
                Optional<String> lacking = lacking(pod, resource);
                if (lacking.isPresent()) {
                    return new Result(null, use.obstacle(lacking.get(), resource));
                }
                BigDecimal found = use.used()
                        .getOrDefault(pod.getMetadata().getName(), Map.of())
                        .get(resource);
                if (found != null) {
                    measured++;
                    used = used.add(found);
                    allowed = allowed.add(allowed(pod, resource));
                } else if (isStarting(pod, now)) {
                    starting++;
                } else {
                    without.add(pod.getMetadata().getName());
                }
            }
        }
        if (measured == 0 || measured < without.size()) {
            return new Result(new NoData(tooFew(measured, starting, without), now), null);
        }
        double ratio = used.divide(allowed, MathContext.DECIMAL64).doubleValue();
        String text = AlertText.value(threshold, ratio);
        // Where most have just started, as after a kill of all, the others are no sign that it is over.
        String partial = starting > measured
                ? starting + " of " + (measured + starting + without.size()) + " Pods have no metrics yet"
                : null;
        return new Result(
                without.isEmpty()
                        ? new Measured(ratio, text, partial, now)
                        : covered(ratio, text, partial, measured, without, now),
                null);
    }

    private static Measured covered(
            double ratio, String text, String partial, int measured, List<String> without, Instant now) {
        String found = coverage(measured, without);
        return new Measured(ratio, text + " (" + found + ")", partial, found + without(without), now);
    }

    private static String tooFew(int measured, int starting, List<String> without) {
        int pods = measured + starting + without.size();
        if (pods == 0) {
            return "no Pod of the application's workloads runs";
        }
        return measured == 0
                ? "metrics.k8s.io has no figures yet of any of " + pods + " Pods"
                : "only " + coverage(measured, without) + without(without) + " Fewer than half of them say nothing";
    }

    private static String coverage(int measured, List<String> without) {
        return measured + " of " + (measured + without.size()) + " Pods have metrics";
    }

    /** Which have none: an example, since a status must not change with each Pod that comes and goes. */
    private static String without(List<String> without) {
        return ": metrics.k8s.io has none of "
                + without.stream().sorted().findFirst().orElseThrow()
                + (without.size() == 1 ? "" : ", for example")
                + ". Look whether all its containers run, at metrics-server and at its node's kubelet.";
    }

    /** metrics-server knows a container's use once it has asked its kubelet twice, and leaves out a Pod without one of them. */
    private static boolean isStarting(Pod pod, Instant now) {
        return Optional.ofNullable(pod.getStatus()).map(PodStatus::getContainerStatuses).stream()
                .flatMap(List::stream)
                .map(container ->
                        container.getState() == null || container.getState().getRunning() == null
                                ? null
                                : container.getState().getRunning().getStartedAt())
                .filter(Objects::nonNull)
                .anyMatch(started -> Instant.parse(started).plus(STARTING).isAfter(now));
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
