package dev.mainstay.e2e.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.mode.MaintenanceMode;
import dev.mainstay.api.status.ConditionStatus;
import dev.mainstay.e2e.harness.TestNamespace;
import dev.mainstay.e2e.node.SteadyClient.Answer;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Maintenance mode of a real program, seen through its Service's address by clients that don't stop asking. */
@Tag("node")
class MaintenanceNodeTest {

    private static final Duration PATIENCE = Duration.ofMinutes(4);
    private static final int MANY = 100;

    @RegisterExtension
    final TestNamespace namespace = new TestNamespace();

    @Test
    void clientsAreAnsweredAllTheTimeAndByThePageWhileItIsActive() {
        HelmShop.deploy(namespace, "1.4.2");
        namespace.create(Serialization.unmarshal("""
                apiVersion: mainstay.dev/v1alpha1
                kind: ManagedApplication
                metadata: {name: shop}
                spec: {workloads: [{name: web}, {name: worker}], services: [{name: web}]}
                """, ManagedApplication.class));
        String host = namespace.find(Service.class, "web").getSpec().getClusterIP();
        Instant active;
        Instant left;
        Instant gone;
        List<Answer> answers;
        try (SteadyClient fresh = new SteadyClient(host, 80, false);
                SteadyClient reusing = new SteadyClient(host, 80, true)) {
            awaitMore(fresh, answer -> answer.status() == 200);
            awaitMore(reusing, answer -> answer.status() == 200);

            namespace.create(Serialization.unmarshal("""
                    apiVersion: mainstay.dev/v1alpha1
                    kind: MaintenanceMode
                    metadata: {name: shop}
                    spec: {applicationRef: {name: shop}, reason: measured}
                    """, MaintenanceMode.class));
            await("the mode is active").atMost(PATIENCE).until(this::isActive);
            active = Instant.now();
            awaitMore(fresh, answer -> answer.status() == 503);
            left = Instant.now();
            namespace.all(MaintenanceMode.class).withName("shop").delete();
            await("the mode is gone")
                    .atMost(PATIENCE)
                    .until(() -> namespace.find(MaintenanceMode.class, "shop") == null);
            gone = Instant.now();
            awaitMore(fresh, answer -> answer.status() == 200);
            awaitMore(reusing, answer -> answer.status() == 200);
            answers = List.copyOf(fresh.answers());
            System.out.println("maintenance mode, a connection for each request: " + counted(answers));
            System.out.println("maintenance mode, connections reused: " + counted(reusing.answers()));
            assertThat(reusing.answers()).allMatch(answer -> answer.problem() == null);
        }

        assertThat(answers).as("no request without an answer").allMatch(answer -> answer.problem() == null);
        assertThat(answers)
                .filteredOn(answer ->
                        answer.begun().isAfter(active) && answer.begun().isBefore(left))
                .as("while it is active")
                .isNotEmpty()
                .allMatch(answer -> answer.status() == 503);
        assertThat(answers)
                .filteredOn(answer -> answer.begun().isAfter(gone))
                .as("after its end")
                .isNotEmpty()
                .allMatch(answer -> answer.status() == 200);
    }

    private boolean isActive() {
        MaintenanceMode mode = namespace.find(MaintenanceMode.class, "shop");
        return mode.getStatus() != null
                && mode.getStatus().conditions().stream()
                        .anyMatch(condition ->
                                condition.type().equals("Active") && condition.status() == ConditionStatus.TRUE);
    }

    private static void awaitMore(SteadyClient client, Predicate<Answer> wanted) {
        int before = client.answers().size();
        await().atMost(PATIENCE)
                .until(() ->
                        client.answers().stream().skip(before).filter(wanted).count() >= MANY);
    }

    private static Map<Integer, Long> counted(List<Answer> answers) {
        return answers.stream().collect(Collectors.groupingBy(Answer::status, TreeMap::new, Collectors.counting()));
    }
}
