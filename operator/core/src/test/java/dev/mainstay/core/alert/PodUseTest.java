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
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

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

    /** So many Pods of which the metrics are there, are not, and are not there yet; all of them use half of what they may. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "9 | 0 | 0 | 50 %                         | -",
                "7 | 2 | 0 | 50 % (7 of 9 Pods have metrics) | 7 of 9 Pods have metrics: metrics.k8s.io has none of lost-0, for",
                "8 | 1 | 0 | 50 % (8 of 9 Pods have metrics) | 8 of 9 Pods have metrics: metrics.k8s.io has none of lost-0. Look",
                "1 | 1 | 0 | 50 % (1 of 2 Pods have metrics) | 1 of 2 Pods have metrics: metrics.k8s.io has none of lost-0. Look",
                "1 | 0 | 8 | 50 %                         | -",
                "2 | 1 | 6 | 50 % (2 of 3 Pods have metrics) | 2 of 3 Pods have metrics: metrics.k8s.io has none of lost-0. Look",
                "1 | 2 | 0 | -  | only 1 of 3 Pods have metrics: metrics.k8s.io has none of lost-0, for example. Look whether",
                "4 | 5 | 9 | -  | only 4 of 9 Pods have metrics: metrics.k8s.io has none of lost-0, for example. Look whether",
                "0 | 3 | 0 | -  | metrics.k8s.io has no figures yet of any of 3 Pods",
                "0 | 0 | 3 | -  | metrics.k8s.io has no figures yet of any of 3 Pods",
                "0 | 1 | 2 | -  | metrics.k8s.io has no figures yet of any of 3 Pods",
                "0 | 0 | 0 | -  | no Pod of the application's workloads runs"
            })
    void givenPodsWithoutMetrics_whenItIsMeasured_thenHalfOfThemAreEnoughAndItIsSaid(
            int measured, int lost, int starting, String text, String said) {
        List<Pod> pods = new ArrayList<>();
        Map<String, Map<String, BigDecimal>> used = new HashMap<>();
        for (int number = 0; number < measured; number++) {
            pods.add(running("pod-" + number, NOW.minusSeconds(3600)));
            used.put("pod-" + number, Map.of("cpu", new BigDecimal("0.25")));
        }
        for (int number = 0; number < lost; number++) {
            pods.add(running("lost-" + number, NOW.minus(PodUse.STARTING)));
        }
        for (int number = 0; number < starting; number++) {
            pods.add(running("starts-" + number, NOW.minus(PodUse.STARTING).plusSeconds(1)));
        }

        Evaluation evaluation = PodUse.of(
                        List.of(new PodUse("Deployment web", pods, used)), AlertMetric.CPU, percent(90), NOW)
                .evaluation();

        if (text == null) {
            assertThat(evaluation)
                    .isInstanceOfSatisfying(
                            NoData.class, none -> assertThat(none.why()).startsWith(said));
            return;
        }
        assertThat(evaluation).isInstanceOfSatisfying(Measured.class, value -> {
            assertThat(value.value()).isEqualTo(0.5);
            assertThat(value.text()).isEqualTo(text);
            assertThat(value.partial() != null).isEqualTo(starting > measured);
            if (said == null) {
                assertThat(value.coverage()).isNull();
            } else {
                assertThat(value.coverage()).startsWith(said);
            }
        });
    }

    static Stream<Arguments> states() {
        String since = "'running': {'startedAt': '%s'}";
        String now = since.formatted(NOW);
        String before = since.formatted(NOW.minusSeconds(3600));
        return Stream.of(
                Arguments.of("one container started again a moment ago", true, List.of(before, now)),
                Arguments.of("all have run for long", false, List.of(before, before)),
                Arguments.of("one waits to be started again", false, List.of("'waiting': {}", before)),
                Arguments.of("nothing is known of them", false, List.of()));
    }

    /** metrics-server leaves out a Pod of whose containers one has no metrics. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("states")
    void givenAPodWithoutMetrics_whenAContainerStartedAMomentAgo_thenThatIsNormal(
            String what, boolean normal, List<String> states) {
        Pod one = running("pod-0", NOW.minusSeconds(3600));
        Pod other = read(
                "{'metadata': {'name': 'other'}, 'spec': {'containers': [" + LIMITED
                        + "]}, 'status': {'containerStatuses': ["
                        + states.stream()
                                .map(state -> "{'name': 'web', 'state': {" + state + "}}")
                                .collect(Collectors.joining(", "))
                        + "]}}",
                Pod.class);

        Evaluation evaluation = PodUse.of(
                        List.of(new PodUse(
                                "Deployment web",
                                List.of(one, other),
                                Map.of("pod-0", Map.of("cpu", new BigDecimal("0.25"))))),
                        AlertMetric.CPU,
                        percent(90),
                        NOW)
                .evaluation();

        assertThat(((Measured) evaluation).coverage() == null).isEqualTo(normal);
    }

    private static Pod running(String name, Instant since) {
        return read(
                "{'metadata': {'name': '" + name + "'}, 'spec': {'containers': [" + LIMITED + "]}, 'status':"
                        + " {'containerStatuses': [{'name': 'web', 'state': {'running': {'startedAt': '" + since
                        + "'}}}]}}",
                Pod.class);
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
