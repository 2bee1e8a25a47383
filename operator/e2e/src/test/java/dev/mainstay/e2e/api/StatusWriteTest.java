package dev.mainstay.e2e.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mainstay.api.backup.DatabaseBackup;
import dev.mainstay.e2e.harness.ClusterClient;
import dev.mainstay.e2e.harness.ClusterClient.Answer;
import dev.mainstay.e2e.harness.TestNamespace;
import dev.mainstay.e2e.operator.Shop;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The one way in which statuses are written: server-side apply of the whole status with the version that was observed. */
@Tag("api")
class StatusWriteTest {

    @RegisterExtension
    final TestNamespace namespace = new TestNamespace();

    @Test
    void givenAnOutdatedResourceVersion_whenAStatusIsAppliedWithForce_thenItIsAConflict() {
        String observed = create();
        Answer first = apply(observed, "{\"phase\": \"Running\", \"observedGeneration\": 1}");
        assertThat(first.accepted()).as(first.message()).isTrue();

        Answer stale = apply(observed, "{\"phase\": \"Pending\", \"observedGeneration\": 1}");

        assertThat(stale.status()).isEqualTo(409);
        assertThat(phase()).isEqualTo("Running");
    }

    @Test
    void givenAnAppliedStatus_whenAFieldIsLeftOutOfTheNext_thenItIsGone() {
        String created = create();
        Answer first =
                apply(created, "{\"phase\": \"Running\", \"observedGeneration\": 1, \"progress\": {\"bytes\": 1}}");
        String next = first.body().at("/metadata/resourceVersion").asText();

        Answer second = apply(next, "{\"phase\": \"Succeeded\", \"observedGeneration\": 1}");

        assertThat(second.body().path("status").has("progress")).isFalse();
        assertThat(phase()).isEqualTo("Succeeded");
    }

    @Test
    void givenAnAppliedStatus_whenTheSameIsAppliedAgain_thenNothingIsWritten() {
        String created = create();
        String status = "{\"phase\": \"Running\", \"observedGeneration\": 1}";
        String version =
                apply(created, status).body().at("/metadata/resourceVersion").asText();

        Answer again = apply(version, status);

        assertThat(again.body().at("/metadata/resourceVersion").asText()).isEqualTo(version);
    }

    /** A uid in an applied object is no guard: the API server passes over it. The version is one. */
    @Test
    void givenAnObjectMadeAgainUnderItsName_whenTheStatusOfTheFirstIsApplied_thenItIsAConflict() {
        String first = create();
        namespace.all(DatabaseBackup.class).withName("shop").delete();
        create();

        Answer answer = apply(first, "{\"phase\": \"Running\"}");

        assertThat(answer.status()).isEqualTo(409);
    }

    @Test
    void givenADeletedObject_whenItsStatusIsApplied_thenItDoesNotComeBack() {
        String version = create();
        namespace.all(DatabaseBackup.class).withName("shop").delete();

        Answer answer = apply(version, "{\"phase\": \"Running\"}");

        assertThat(answer.status()).isIn(404, 409);
        assertThat(namespace.list(DatabaseBackup.class)).isEmpty();
    }

    @Test
    void givenAStatusOfABackup_whenKubectlAsksForATable_thenItAnswersTheColumnsOfTheDesign() {
        String created = create();
        apply(created, """
                {"phase": "Succeeded", "observedGeneration": 1, "duration": "1m", "progress": {"percent": 100},
                 "size": {"stored": "1 GiB"}, "verified": {"level": "FullRead"}}""");

        JsonNode table = ClusterClient.get()
                .request("GET", path(), "application/json;as=Table;v=v1;g=meta.k8s.io", null)
                .body();

        assertThat(texts(table.at("/columnDefinitions"), "/name"))
                .containsExactly(
                        "Name", "Policy", "Phase", "Progress", "Size", "Duration", "Verified", "Reason", "Age");
        assertThat(texts(table.at("/rows/0/cells"), "").subList(0, 7))
                .containsExactly("shop", "shop", "Succeeded", "100", "1 GiB", "1m", "FullRead");
    }

    private String create() {
        return new Shop(namespace, "shop").backup().getMetadata().getResourceVersion();
    }

    private Answer apply(String resourceVersion, String status) {
        String body = """
                {"apiVersion": "mainstay.dev/v1alpha1", "kind": "DatabaseBackup",
                 "metadata": {"name": "shop", "resourceVersion": "%s"}, "status": %s}""".formatted(resourceVersion, status);
        return ClusterClient.get()
                .request(
                        "PATCH",
                        path() + "/status?fieldManager=mainstay&force=true",
                        "application/apply-patch+yaml",
                        body);
    }

    private String path() {
        return "/apis/mainstay.dev/v1alpha1/namespaces/" + namespace.name() + "/databasebackups/shop";
    }

    private String phase() {
        return ClusterClient.get()
                .request("GET", path(), "application/json", null)
                .body()
                .at("/status/phase")
                .asText();
    }

    private static List<String> texts(JsonNode array, String pointer) {
        return array.valueStream().map(item -> item.at(pointer).asText()).toList();
    }
}
