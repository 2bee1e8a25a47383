package dev.mainstay.e2e.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mainstay.api.restore.RestoreOutcome;
import dev.mainstay.api.restore.RestoreRequestStatus;
import dev.mainstay.core.status.Conditions;
import dev.mainstay.e2e.harness.TestNamespace;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A restore under an autoscaler that reads what the Pods' containers really use, by metrics-server. */
@Tag("node")
class RestoreAutoscalerNodeTest {

    /** The most that the autoscaler may make; a web server that is asked all the time uses more than it is to use by far. */
    private static final int MOST = 3;

    private static final String SOMEBODY = "somebody";

    private static final ObjectMapper JSON = new ObjectMapper();

    @RegisterExtension
    final TestNamespace namespace = new TestNamespace();

    private KeptShop shop;

    @BeforeAll
    static void startMetrics() {
        LocalMetrics.up();
    }

    @BeforeEach
    void open() {
        shop = new KeptShop(namespace).open();
    }

    @AfterEach
    void close() {
        shop.close();
    }

    /** A loop that knows nothing of the restore may scale up meanwhile: an autoscaler is none, since it leaves 0 alone. */
    @Test
    void givenAnAutoscalerAndSomebodyWhoScalesUp_whenItIsRestored_thenOnlySomebodyIsOverruledAndAllIsAsBefore() {
        shop.backUp("before-the-mistake");
        namespace.create(Serialization.unmarshal("""
                apiVersion: autoscaling/v2
                kind: HorizontalPodAutoscaler
                metadata: {name: web}
                spec:
                  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
                  minReplicas: 1
                  maxReplicas: %d
                  metrics: [{type: Resource, resource: {name: cpu, target: {type: AverageValue, averageValue: 1m}}}]
                """.formatted(MOST), HorizontalPodAutoscaler.class));
        try (SteadyClient _ = new ShopMode(namespace).client("web", 80, false)) {
            await("the autoscaler has scaled")
                    .atMost(KeptShop.PATIENCE)
                    .until(() -> Objects.equals(web().getStatus().getReadyReplicas(), MOST));
            awaitLook("ValidMetricFound");
            JsonNode web = spec(web());
            Map<String, JsonNode> owners = owners(web());
            JsonNode scaling = spec(autoscaler());
            Map<String, JsonNode> scalingOwners = owners(autoscaler());

            shop.request(KeptShop.SLOW.formatted(60) + "  stopWorkloads: BeforeRestore\n", "restore");
            awaitStopped();
            long stopped = web().getMetadata().getGeneration();
            awaitLook("ScalingDisabled");
            assertThat(web().getMetadata().getGeneration())
                    .as("the autoscaler has looked, and left it alone")
                    .isEqualTo(stopped);
            // Its next look is a quarter of a minute away, so that it can't have a part in this.
            scaleUp();
            awaitStopped();

            RestoreRequestStatus status = shop.finished("restore");
            assertThat(status.outcome()).as("%s", status).isEqualTo(RestoreOutcome.SUCCEEDED);
            assertThat(Conditions.find(status.conditions(), "Succeeded")
                            .orElseThrow()
                            .message())
                    .contains("Deployment web", SOMEBODY);
            shop.everythingIsBack();
            assertThat(spec(web())).isEqualTo(web);
            assertThat(owners(web())).isEqualTo(owners);
            assertThat(spec(autoscaler())).isEqualTo(scaling);
            assertThat(owners(autoscaler())).isEqualTo(scalingOwners);
            awaitLook("ValidMetricFound");
            assertThat(spec(web())).isEqualTo(web);
        }
    }
    /** The autoscaler's reason after its first look at what there is now. */
    private void awaitLook(String reason) {
        await("the autoscaler says " + reason)
                .atMost(KeptShop.PATIENCE)
                .pollInterval(Duration.ofMillis(100))
                .until(() -> autoscaler().getStatus().getConditions().stream()
                        .anyMatch(condition -> condition.getType().equals("ScalingActive")
                                && condition.getReason().equals(reason)));
    }

    private void awaitStopped() {
        await("web is stopped")
                .atMost(KeptShop.PATIENCE)
                .pollInterval(Duration.ofMillis(100))
                .until(() -> web().getSpec().getReplicas() == 0);
    }

    private void scaleUp() {
        namespace
                .all(Deployment.class)
                .withName("web")
                .patch(
                        new PatchContext.Builder()
                                .withPatchType(PatchType.JSON_MERGE)
                                .withFieldManager(SOMEBODY)
                                .build(),
                        "{\"spec\":{\"replicas\":1}}");
    }

    private Deployment web() {
        return namespace.find(Deployment.class, "web");
    }

    private HorizontalPodAutoscaler autoscaler() {
        return namespace.find(HorizontalPodAutoscaler.class, "web");
    }

    /** All that people and pipelines say of an object. */
    private static JsonNode spec(HasMetadata object) {
        return JSON.valueToTree(object).path("spec");
    }

    /**
     * Who owns which of its fields, without what controllers say of it. The field that was stopped and given back is nobody's
     * afterwards, so that no one meets a conflict; who had it takes it again with the next write.
     */
    private static Map<String, JsonNode> owners(HasMetadata object) {
        Map<String, JsonNode> owners = new TreeMap<>();
        for (ManagedFieldsEntry entry : object.getMetadata().getManagedFields()) {
            JsonNode fields = JSON.valueToTree(entry.getFieldsV1());
            if (fields.path("f:spec") instanceof ObjectNode spec) {
                spec.remove("f:replicas");
            }
            if (!"status".equals(entry.getSubresource())
                    && !fields.path("f:spec").isEmpty()) {
                owners.put(entry.getManager() + " " + entry.getOperation() + " " + entry.getSubresource(), fields);
            }
        }
        return owners;
    }
}
