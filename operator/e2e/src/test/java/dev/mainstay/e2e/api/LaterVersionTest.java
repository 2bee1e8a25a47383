package dev.mainstay.e2e.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mainstay.api.MainstayResource;
import dev.mainstay.api.backup.BackupPhase;
import dev.mainstay.api.backup.DatabaseBackupSpec;
import dev.mainstay.api.backup.DatabaseBackupStatus;
import dev.mainstay.e2e.harness.ClusterClient;
import dev.mainstay.e2e.harness.ClusterClient.Answer;
import dev.mainstay.e2e.harness.TestNamespace;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.Version;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Objects that a later version's definition let in, read by this one. Since the installed definition refuses them, they are
 * kept under a definition without rules, in a group of its own.
 */
@Tag("api")
class LaterVersionTest {

    private static final String DEFINITION = """
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: laterbackups.e2e.mainstay.dev}
            spec:
              group: e2e.mainstay.dev
              scope: Namespaced
              names: {kind: LaterBackup, plural: laterbackups}
              versions:
              - name: v1alpha1
                served: true
                storage: true
                schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
            """;

    @RegisterExtension
    final TestNamespace namespace = new TestNamespace();

    /** A DatabaseBackup under a definition without rules. */
    @Group("e2e.mainstay.dev")
    @Version("v1alpha1")
    @Kind("LaterBackup")
    @Plural("laterbackups")
    static final class LaterBackup extends MainstayResource<DatabaseBackupSpec, DatabaseBackupStatus> {}

    @BeforeAll
    static void install() {
        ClusterClient.get().install(Serialization.unmarshal(DEFINITION, CustomResourceDefinition.class));
    }

    @Test
    void givenObjectsOfALaterVersion_whenTheyAreListedAndWatched_thenEachComesAndTheOthersAreWhole() {
        create("plain", "{\"policyRef\": {\"name\": \"shop\"}}", "{\"phase\": \"Running\"}");
        create("unknown", "{\"policyRef\": {\"name\": \"shop\"}, \"later\": [1]}", "{\"phase\": \"Archived\"}");
        create("broken", "{\"policyRef\": [\"shop\"]}", "{\"phase\": \"Running\"}");

        try (SharedIndexInformer<LaterBackup> informer =
                namespace.all(LaterBackup.class).inform()) {
            create("broken-later", "\"nothing\"", "{}");
            create("plain-later", "{\"policyRef\": {\"name\": \"shop\"}}", "{}");
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> informer.getStore().list().size() == 5);
            Map<String, LaterBackup> seen = informer.getStore().list().stream()
                    .collect(Collectors.toMap(backup -> backup.getMetadata().getName(), backup -> backup));

            assertThat(unreadable(namespace.list(LaterBackup.class)))
                    .containsExactlyInAnyOrder("broken", "broken-later");
            assertThat(unreadable(List.copyOf(seen.values()))).containsExactlyInAnyOrder("broken", "broken-later");
            assertThat(seen.get("unknown").getStatus().phase()).isEqualTo(BackupPhase.UNRECOGNIZED);
            assertThat(seen.get("plain").getStatus().phase()).isEqualTo(BackupPhase.RUNNING);
            assertThat(seen.get("plain-later").getSpec().policyRef().name()).isEqualTo("shop");
        }
    }

    private static List<String> unreadable(List<LaterBackup> backups) {
        return backups.stream()
                .filter(backup -> backup.unreadableSpec().isPresent())
                .map(backup -> backup.getMetadata().getName())
                .toList();
    }

    private void create(String name, String spec, String status) {
        Answer answer = ClusterClient.get()
                .request(
                        "POST",
                        "/apis/e2e.mainstay.dev/v1alpha1/namespaces/" + namespace.name() + "/laterbackups",
                        "application/json",
                        """
                        {"apiVersion": "e2e.mainstay.dev/v1alpha1", "kind": "LaterBackup", "metadata": {"name": "%s"},
                         "spec": %s, "status": %s}""".formatted(name, spec, status));
        assertThat(answer.accepted()).as(answer.message()).isTrue();
    }
}
