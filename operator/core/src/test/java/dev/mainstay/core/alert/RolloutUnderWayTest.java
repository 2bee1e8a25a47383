package dev.mainstay.core.alert;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.core.rollback.DeploymentState;
import dev.mainstay.core.task.TaskJson;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When a Deployment is being rolled out, so that nothing else is done to it. */
class RolloutUnderWayTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            at rest                         |              | 2, replicas: 2, updatedReplicas: 2, availableReplicas: 2 | NewReplicaSetAvailable   |
            paused                          | paused: true,| 2, replicas: 2, updatedReplicas: 2, availableReplicas: 2 | NewReplicaSetAvailable   | Deployment web is paused (spec.paused).
            not seen yet                    |              | 1, replicas: 2, updatedReplicas: 2, availableReplicas: 2 | NewReplicaSetAvailable   | Deployment web is being rolled out.
            under way                       |              | 2, replicas: 3, updatedReplicas: 1, availableReplicas: 2 | ReplicaSetUpdated        | Deployment web is being rolled out.
            its Pods crash after it         |              | 2, replicas: 2, updatedReplicas: 2, availableReplicas: 0 | NewReplicaSetAvailable   |
            stands still                    |              | 2, replicas: 3, updatedReplicas: 1, availableReplicas: 2 | ProgressDeadlineExceeded |
            without a deadline, under way   |              | 2, replicas: 3, updatedReplicas: 1, availableReplicas: 2 |                          | Deployment web is being rolled out.
            without a deadline, former ones |              | 2, replicas: 3, updatedReplicas: 2, availableReplicas: 2 |                          | Deployment web is being rolled out.
            without a deadline, at rest     |              | 2, replicas: 2, updatedReplicas: 2, availableReplicas: 1 |                          |
            """)
    void givenADeployment_whenItStandsSo_thenItIsRolledOutOrNot(
            String what, String spec, String status, String progressing, String told) {
        Deployment deployment = Serialization.unmarshal(
                """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: web, namespace: shop, uid: u, generation: 2}
                spec: {%s replicas: 2}
                status: {observedGeneration: %s, conditions: [%s]}
                """.formatted(
                                spec == null ? "" : spec,
                                status,
                                progressing == null
                                        ? ""
                                        : "{type: Progressing, status: \"True\", reason: " + progressing + "}"),
                Deployment.class);

        assertThat(RolloutUnderWay.of(
                                List.of(new DeploymentState(TaskJson.mapper().valueToTree(deployment))))
                        .orElse(null))
                .as(what)
                .isEqualTo(told);
    }

    @Test
    void givenNoDeployment_whenItIsLookedAt_thenNothingIsRolledOut() {
        assertThat(RolloutUnderWay.of(List.of())).isEmpty();
    }
}
