package dev.mainstay.e2e.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.e2e.harness.TestNamespace;
import dev.mainstay.e2e.node.SteadyClient.Answer;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Maintenance mode of a real program, seen through its Service's address by clients that don't stop asking. */
@Tag("node")
class MaintenanceNodeTest {

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
        ShopMode mode = new ShopMode(namespace);
        Instant active;
        Instant left;
        Instant gone;
        List<Answer> answers;
        try (SteadyClient fresh = mode.client("web", 80, false);
                SteadyClient reusing = mode.client("web", 80, true)) {
            fresh.awaitMore(MANY, 200);
            reusing.awaitMore(MANY, 200);

            mode.enter("");
            mode.awaitActive();
            active = Instant.now();
            fresh.awaitMore(MANY, 503);
            left = Instant.now();
            mode.leave();
            gone = Instant.now();
            fresh.awaitMore(MANY, 200);
            reusing.awaitMore(MANY, 200);
            answers = List.copyOf(fresh.answers());
            System.out.println("maintenance mode, a connection for each request: " + fresh.counted());
            System.out.println("maintenance mode, connections reused: " + reusing.counted());
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
}
