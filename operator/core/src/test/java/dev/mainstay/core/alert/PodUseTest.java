package dev.mainstay.core.alert;

import static dev.mainstay.core.alert.Measuring.NOW;
import static dev.mainstay.core.alert.Measuring.percent;
import static dev.mainstay.core.alert.Measuring.read;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.alert.AlertMetric;
import dev.mainstay.core.alert.Evaluation.Measured;
import dev.mainstay.core.alert.Evaluation.NoData;
import dev.mainstay.core.status.Reason;
import io.fabric8.kubernetes.api.model.Pod;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PodUseTest {

    private static final String LIMITED =
            "{'name': 'web', 'resources': {'limits': {'cpu': '500m', 'memory': '1Gi'}, 'requests': {'cpu': '100m'}}}";
    private static final String REQUESTED = "{'name': 'proxy', 'resources': {'requests': {'cpu': '100m'}}}";

    @Test
    void givenLimits_whenItIsMeasured_thenAllPodsTogetherAreWhatCounts() {
        assertThat(cpu(0.1, LIMITED, 0.4, LIMITED).evaluation()).isEqualTo(new Measured(0.5, "50 %", null, NOW));
    }

    @Test
    void givenAContainerWithoutALimit_whenItIsMeasured_thenItsRequestCounts() {
        assertThat(cpu(0.3, LIMITED + "," + REQUESTED).evaluation()).isEqualTo(new Measured(0.5, "50 %", null, NOW));
    }

    @Test
    void givenAContainerWithNeither_whenItIsMeasured_thenItIsNamed() {
        PodUse.Result result =
                of(AlertMetric.MEMORY, Map.of("pod-0", Map.of("memory", BigDecimal.ONE)), LIMITED + "," + REQUESTED);

        assertThat(result.evaluation()).isNull();
        assertThat(result.obstacle().reason()).isEqualTo(Reason.RESOURCES_NOT_SET);
        assertThat(result.obstacle().message())
                .isEqualTo("container proxy of Deployment web has neither a limit nor a request of memory, so there is"
                        + " nothing to measure it by. Give it one of them.");
    }

    @Test
    void givenASidecar_whenItIsMeasured_thenItCountsAndOtherInitContainersDoNot() {
        Pod pod = pod(
                "pod-0",
                "'containers': [" + LIMITED
                        + "], 'initContainers': [{'name': 'once'}, {'name': 'proxy', 'restartPolicy':"
                        + " 'Always', 'resources': {'limits': {'cpu': '500m'}}}]");

        assertThat(PodUse.of(
                                List.of(new PodUse(
                                        "Deployment web",
                                        List.of(pod),
                                        Map.of("pod-0", Map.of("cpu", new BigDecimal("0.2"))))),
                                AlertMetric.CPU,
                                percent(90),
                                NOW)
                        .evaluation())
                .isEqualTo(new Measured(0.2, "20 %", null, NOW));
    }

    @Test
    void givenALimitOfThePodAsOne_whenItIsMeasured_thenItCounts() {
        Pod pod = pod("pod-0", "'containers': [{'name': 'web'}], 'resources': {'limits': {'cpu': '2'}}");

        assertThat(PodUse.of(
                                List.of(new PodUse(
                                        "Deployment web",
                                        List.of(pod),
                                        Map.of("pod-0", Map.of("cpu", BigDecimal.ONE)))),
                                AlertMetric.CPU,
                                percent(90),
                                NOW)
                        .evaluation())
                .isEqualTo(new Measured(0.5, "50 %", null, NOW));
    }

    /** What is not measured is left out of both sides, and said. */
    @Test
    void givenPodsWithoutFigures_whenItIsMeasured_thenTheValueIsPartial() {
        PodUse.Result result = of(
                AlertMetric.CPU,
                Map.of("pod-0", Map.of("cpu", new BigDecimal("0.25")), "pod-1", Map.of("cpu", new BigDecimal("0.25"))),
                LIMITED,
                LIMITED,
                LIMITED);

        assertThat(result.evaluation()).isEqualTo(new Measured(0.5, "50 %", "2 of 3 Pods are measured", NOW));
    }

    @Test
    void givenNothingToMeasure_whenItIsMeasured_thenThereIsNoData() {
        assertThat(of(AlertMetric.CPU, Map.of()).evaluation())
                .isEqualTo(new NoData("no Pod of the application's workloads runs", NOW));
        assertThat(of(AlertMetric.CPU, Map.of(), LIMITED, LIMITED).evaluation())
                .isEqualTo(new NoData("metrics.k8s.io has no figures yet of any of 2 Pods", NOW));
    }

    /** Uses and containers in turn. */
    private static PodUse.Result cpu(Object... usesAndContainers) {
        Map<String, Map<String, BigDecimal>> used = new HashMap<>();
        for (int index = 0; index < usesAndContainers.length; index += 2) {
            used.put("pod-" + index / 2, Map.of("cpu", BigDecimal.valueOf((double) usesAndContainers[index])));
        }
        return of(
                AlertMetric.CPU,
                used,
                Arrays.stream(usesAndContainers)
                        .filter(String.class::isInstance)
                        .toArray(String[]::new));
    }

    private static PodUse.Result of(
            AlertMetric metric, Map<String, Map<String, BigDecimal>> used, String... containers) {
        List<Pod> pods = IntStream.range(0, containers.length)
                .mapToObj(index -> pod("pod-" + index, "'containers': [" + containers[index] + "]"))
                .toList();
        return PodUse.of(List.of(new PodUse("Deployment web", pods, used)), metric, percent(90), NOW);
    }

    private static Pod pod(String name, String spec) {
        return read("{'metadata': {'name': '" + name + "'}, 'spec': {" + spec + "}}", Pod.class);
    }
}
