package dev.mainstay.api.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mainstay.api.backup.AttemptState;
import dev.mainstay.api.backup.BackupPhase;
import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.api.backup.ChecksumMode;
import dev.mainstay.api.backup.DatabaseBackup;
import io.fabric8.kubernetes.api.model.DefaultKubernetesResourceList;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Objects of a newer version, and broken ones, read with the client's own serialization. */
class TolerantReadingTest {

    private final ObjectMapper mapper = TolerantReading.configure(new ObjectMapper());
    private final KubernetesSerialization serialization = new KubernetesSerialization(mapper, true);

    @Test
    void givenUnknownFields_whenRead_thenTheRestIsThere() {
        DatabaseBackup backup = read("""
                {"kind": "DatabaseBackup", "apiVersion": "mainstay.dev/v1alpha1", "metadata": {"name": "a"}, "later": 1,
                 "spec": {"policyRef": {"name": "shop", "namespace": "other"}, "later": {"deep": [1]}},
                 "status": {"phase": "Running", "later": "x"}}""");

        assertThat(backup.getSpec().policyRef().name()).isEqualTo("shop");
        assertThat(backup.getStatus().phase()).isEqualTo(BackupPhase.RUNNING);
        assertThat(backup.unreadableSpec()).isEmpty();
        assertThat(backup.unreadableStatus()).isEmpty();
    }

    @Test
    void givenUnknownEnumValues_whenRead_thenTheyAreTheEnumsDefault() {
        DatabaseBackup backup = read("""
                {"kind": "DatabaseBackup", "apiVersion": "mainstay.dev/v1alpha1", "metadata": {"name": "a"},
                 "spec": {"policyRef": {"name": "shop"}},
                 "status": {"phase": "Archived", "attempts": [{"number": 1, "state": "Teleported"}]}}""");

        assertThat(backup.getStatus().phase()).isEqualTo(BackupPhase.UNRECOGNIZED);
        assertThat(backup.getStatus().attempts().getFirst().state()).isEqualTo(AttemptState.UNRECOGNIZED);
        assertThat(backup.getStatus().phase().terminal()).isFalse();
    }

    @Test
    void givenAnUnknownEnumValueInASpec_whenRead_thenItIsNotTakenForAKnownOne() {
        BackupPolicy policy = serialization.unmarshal("""
                {"kind": "BackupPolicy", "apiVersion": "mainstay.dev/v1alpha1", "metadata": {"name": "a"},
                 "spec": {"applicationRef": {"name": "shop"}, "storage": {"s3": {"bucket": "b", "checksums": "Later"}}}}
                """, BackupPolicy.class);

        assertThat(policy.getSpec().storage().s3().checksums()).isEqualTo(ChecksumMode.UNRECOGNIZED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"text\"", "[]", "{\"policyRef\": \"shop\"}", "{\"keepUntil\": \"for ever\"}"})
    void givenASpecOfTheWrongType_whenRead_thenTheObjectTellsWhyAndKeepsItsStatus(String spec) {
        DatabaseBackup backup = read("""
                {"kind": "DatabaseBackup", "apiVersion": "mainstay.dev/v1alpha1", "metadata": {"name": "a"},
                 "spec": %s, "status": {"phase": "Running"}}""".formatted(spec));

        assertThat(backup.getMetadata().getName()).isEqualTo("a");
        assertThat(backup.unreadableSpec()).get().asString().isNotBlank();
        assertThat(backup.getSpec()).isNull();
        assertThat(backup.unreadableStatus()).isEmpty();
        assertThat(backup.getStatus().phase()).isEqualTo(BackupPhase.RUNNING);
    }

    @ParameterizedTest
    @ValueSource(strings = {"7", "{\"attempts\": \"none\"}", "{\"startedAt\": \"noon\"}", "{\"attempts\": [3]}"})
    void givenAStatusOfTheWrongType_whenRead_thenTheObjectTellsWhyAndKeepsItsSpec(String status) {
        DatabaseBackup backup = read("""
                {"kind": "DatabaseBackup", "apiVersion": "mainstay.dev/v1alpha1", "metadata": {"name": "a"},
                 "spec": {"policyRef": {"name": "shop"}}, "status": %s}""".formatted(status));

        assertThat(backup.unreadableStatus()).get().asString().isNotBlank();
        assertThat(backup.getStatus()).isNull();
        assertThat(backup.unreadableSpec()).isEmpty();
        assertThat(backup.getSpec().policyRef().name()).isEqualTo("shop");
    }

    @Test
    void givenAListOfThreeWithABrokenOne_whenRead_thenAllThreeAreThere() {
        String item = """
                {"kind": "DatabaseBackup", "apiVersion": "mainstay.dev/v1alpha1", "metadata": {"name": "%s"}, "spec": %s}""";
        String list = "{\"kind\": \"DatabaseBackupList\", \"apiVersion\": \"mainstay.dev/v1alpha1\", \"items\": ["
                + item.formatted("a", "{\"policyRef\": {\"name\": \"shop\"}}") + ","
                + item.formatted("b", "\"broken\"") + ","
                + item.formatted("c", "{\"policyRef\": {\"name\": \"shop\"}}") + "]}";

        List<DatabaseBackup> backups = serialization
                .unmarshal(
                        new ByteArrayInputStream(list.getBytes(StandardCharsets.UTF_8)),
                        new TypeReference<DefaultKubernetesResourceList<DatabaseBackup>>() {})
                .getItems();

        assertThat(backups).extracting(backup -> backup.getMetadata().getName()).containsExactly("a", "b", "c");
        assertThat(backups)
                .extracting(backup -> backup.unreadableSpec().isPresent())
                .containsExactly(false, true, false);
    }

    @Test
    void givenAnUnreadableSpec_whenTheObjectIsWrittenAsJson_thenTheMarkIsNotInIt() throws JsonProcessingException {
        DatabaseBackup backup = read("""
                {"kind": "DatabaseBackup", "apiVersion": "mainstay.dev/v1alpha1", "metadata": {"name": "a"}, "spec": 1}""");

        assertThat(mapper.writeValueAsString(backup)).doesNotContain("unreadable");
    }

    @Test
    void givenMetadataOfTheWrongType_whenRead_thenItFailsSinceThereIsNoObjectToTellOf() {
        assertThatThrownBy(() -> mapper.readValue("""
                {"kind": "DatabaseBackup", "apiVersion": "mainstay.dev/v1alpha1", "metadata": "none", "spec": {}}""", DatabaseBackup.class))
                .isInstanceOf(JsonProcessingException.class);
    }

    private DatabaseBackup read(String json) {
        return serialization.unmarshal(json, DatabaseBackup.class);
    }
}
