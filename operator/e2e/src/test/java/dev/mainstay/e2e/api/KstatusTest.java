package dev.mainstay.e2e.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mainstay.e2e.harness.ClusterClient;
import dev.mainstay.e2e.harness.TestNamespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What Flux and Helm, which judge by kstatus, think of an object: before the operator has seen it, and in each state. */
@Tag("api")
class KstatusTest {

    private static final Path STATES = ClusterClient.REPOSITORY.resolve("operator/e2e/src/test/resources/kstatus");

    @RegisterExtension
    final TestNamespace namespace = new TestNamespace();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ManagedApplication | managedapplications | {}",
                "BackupPolicy       | backuppolicies      | {\"applicationRef\": {\"name\": \"a\"}, \"storage\": {\"s3\": {\"bucket\": \"abc\"}}}",
                "DatabaseBackup     | databasebackups     | {\"policyRef\": {\"name\": \"a\"}}",
                "RollbackRequest    | rollbackrequests    | {\"applicationRef\": {\"name\": \"a\"}, \"reason\": \"b\"}",
                "RestoreRequest     | restorerequests     | {\"applicationRef\": {\"name\": \"a\"}, \"source\": {\"backupRef\": {\"name\": \"a\"}}, \"reason\": \"b\"}",
                "MaintenanceMode    | maintenancemodes    | {\"applicationRef\": {\"name\": \"a\"}, \"reason\": \"b\"}",
                "Runbook            | runbooks            | {\"steps\": [{\"name\": \"a\", \"httpCheck\": {}}]}",
                "MaintenanceSchedule | maintenanceschedules | {\"applicationRef\": {\"name\": \"a\"}, \"runbookRef\": {\"name\": \"a\"}}",
                "MaintenanceRun     | maintenanceruns     | {\"applicationRef\": {\"name\": \"a\"}, \"runbookRef\": {\"name\": \"a\"}, \"reason\": \"b\"}",
                "AlertRule          | alertrules          | {\"applicationRef\": {\"name\": \"a\"}, \"metric\": \"HealthCheck\"}",
                "NotificationChannel | notificationchannels | {\"webhook\": {\"url\": \"http://a\"}}"
            })
    void givenNoOperator_whenAnObjectIsCreated_thenItIsInProgress(String kind, String plural, String spec) {
        JsonNode created = ClusterClient.get()
                .request(
                        "POST",
                        "/apis/mainstay.dev/v1alpha1/namespaces/" + namespace.name() + "/" + plural,
                        "application/json",
                        "{\"apiVersion\": \"mainstay.dev/v1alpha1\", \"kind\": \"" + kind
                                + "\", \"metadata\": {\"name\": \"fresh\"}, \"spec\": " + spec + "}")
                .body();

        assertThat(created.at("/status/observedGeneration").asInt()).isEqualTo(-1);
        assertThat(Kstatus.verdict(created.toString())).isEqualTo("InProgress");
    }

    /** Files are called {@code <state>.<verdict>.yaml}. */
    static List<Path> states() throws IOException {
        try (Stream<Path> files = Files.list(STATES)) {
            return files.map(Path::getFileName).sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("states")
    void givenAState_whenItIsJudged_thenTheVerdictIsThatOfItsName(Path file) throws IOException {
        String verdict = file.toString().split("\\.")[1];

        assertThat(Kstatus.verdict(Files.readString(STATES.resolve(file)))).isEqualTo(verdict);
    }
}
