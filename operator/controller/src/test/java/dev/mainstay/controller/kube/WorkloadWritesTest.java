package dev.mainstay.controller.kube;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.IntNode;
import dev.mainstay.api.restore.RestoreRequest;
import dev.mainstay.api.workload.StoppableKind;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.workload.ScaleChange;
import dev.mainstay.core.workload.WorkloadSeen;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Workloads whose changes the API server does not take. */
class WorkloadWritesTest {

    private static final String CALLING = "failed calling webhook \"web.shop.svc\": no endpoints available";

    private final AnsweringApi api = new AnsweringApi();
    private final WorkloadScales scales = new WorkloadScales(api.client());
    private final WorkloadWrites writes =
            new WorkloadWrites(scales, new EventRecorder(api.client(), "operator-1", Clock.systemUTC()));
    private final RestoreRequest holder = new RestoreRequest();

    @BeforeEach
    void prepare() {
        holder.setMetadata(new ObjectMetaBuilder()
                .withName("a")
                .withNamespace("shop")
                .withUid("uid-a")
                .withResourceVersion("7")
                .build());
        for (String name : List.of("web", "worker")) {
            api.says("GET deployments/" + name, """
                    {"apiVersion": "apps/v1", "kind": "Deployment",
                     "metadata": {"name": "%1$s", "namespace": "shop", "uid": "uid-%1$s", "resourceVersion": "9",
                                  "managedFields": [{"manager": "mainstay-workloads", "operation": "Update"}]},
                     "spec": {"replicas": 0, "selector": {"matchLabels": {"app": "%1$s"}}}}
                    """.formatted(name));
        }
        api.says("GET shop/pods", "{\"items\":[]}").says("GET shop/replicasets", "{\"items\":[]}");
    }

    @AfterEach
    void close() {
        api.close();
    }

    /** A webhook that is served by a stopped workload fails for the others, until that one runs. */
    @Test
    void givenAWebhookThatFails_whenWorkloadsAreGivenBack_thenTheOthersAreAndItIsTold() {
        api.refuses("PATCH deployments/web", 500, CALLING);

        List<WorkloadWrites.Refusal> refused =
                writes.giveBack(holder, List.of(change("web"), change("worker")), Reason.STARTING_WORKLOADS);

        assertThat(refused).singleElement().satisfies(refusal -> {
            assertThat(refusal.change().seen().name()).isEqualTo("web");
            assertThat(refusal.why()).isEqualTo(new Written.Rejected(false, CALLING));
        });
        assertThat(api.sent())
                .anyMatch(sent -> sent.what().equals("PATCH deployments/worker")
                        && sent.body().contains("\"value\":3"));
    }

    @Test
    void givenAWebhookThatFails_whenAFieldIsLetGoOf_thenThatIsToldAndHoldsNothingUp() {
        api.refuses("PATCH deployments/web", 500, CALLING);

        writes.letGo(holder, StoppableKind.DEPLOYMENT, "web");

        assertThat(api.events("Forbidden"))
                .singleElement()
                .satisfies(event -> assertThat(event).contains("Deployment web").contains("no endpoints available"));
    }

    /** Nothing is known of it then, and of the others all the same. */
    @ParameterizedTest
    @CsvSource({"403, false", "500, true", "504, true"})
    void givenAWorkloadThatCanNotBeRead_thenItIsToldWhetherThatMayPass(int code, boolean passes) {
        api.refuses("GET deployments/web", code, CALLING);

        WorkloadSeen seen = scales.read("shop", StoppableKind.DEPLOYMENT, "web");

        assertThat(seen.exists()).isFalse();
        assertThat(seen.refusal()).isEqualTo(CALLING);
        assertThat(seen.passes()).isEqualTo(passes);
    }

    private ScaleChange change(String name) {
        return new ScaleChange(scales.read("shop", StoppableKind.DEPLOYMENT, name), IntNode.valueOf(3));
    }
}
