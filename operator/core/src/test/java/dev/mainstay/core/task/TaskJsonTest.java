package dev.mainstay.core.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mainstay.api.backup.VerificationLevel;
import dev.mainstay.core.retention.RetentionRules;
import dev.mainstay.core.task.Task.DatabaseTarget;
import dev.mainstay.core.task.Task.MadeBy;
import dev.mainstay.core.task.Task.MountedSecret;
import dev.mainstay.core.task.Task.Origin;
import dev.mainstay.core.task.Task.Retention;
import dev.mainstay.core.task.Task.StorageTarget;
import dev.mainstay.core.task.TaskProgress.Stage;
import dev.mainstay.core.task.TaskResult.CommittedBackup;
import dev.mainstay.core.task.TaskResult.Outcome;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class TaskJsonTest {

    private static final Instant TIME = Instant.parse("2026-03-29T01:00:00.5Z");

    private static final Task TASK = new Task(
            Task.CONTRACT_VERSION,
            TaskKind.BACKUP,
            new Origin("cluster", "webshop", "shop", "nightly", "ecommerce", "first", "uid", MadeBy.PERSON, TIME, null),
            2,
            "prod/webshop/nightly/20260329T010000Z-b1c2d3e4-2/",
            "prod/webshop/nightly/",
            new DatabaseTarget(
                    "db.shop.svc",
                    5432,
                    "Größe \"odd\"",
                    "postgres",
                    "require",
                    new MountedSecret("database", "db-reader", Map.of("username", "user", "password", "pass")),
                    null,
                    new MountedSecret(
                            "database-client", "db-client", Map.of("certificate", "tls.crt", "key", "tls.key"))),
            new StorageTarget(
                    "backups", "us-east-1", null, false, false, null, null, null, null, null, Map.of("team", "shop")),
            new Task.Dump(1, 120, List.of("age1…"), List.of("public.audit_*")),
            VerificationLevel.FULL_READ,
            TIME,
            14_400,
            new Retention(
                    "Europe/Berlin",
                    new RetentionRules(null, null, 30, null, 12, null, 86_400L, 1),
                    true,
                    false,
                    List.of("20260328T010000Z-a1c2d3e4-1")));

    private static final TaskResult RESULT = new TaskResult(
            Task.CONTRACT_VERSION,
            TaskKind.BACKUP,
            Outcome.COMMITTED,
            null,
            null,
            List.of(),
            new CommittedBackup(
                    551, 183, "17.6", TIME, null, "ab".repeat(32), TIME, VerificationLevel.FULL_READ, TIME, 12L),
            new RetentionReport(
                    new RetentionReport.Stored(30, 5_000, TIME, TIME),
                    2,
                    null,
                    RetentionReport.encode(List.of(0, 499)),
                    "Retained",
                    "One is locked."),
            new PreflightReport(
                    1,
                    0,
                    "cd".repeat(32),
                    List.of(new Finding(Finding.Severity.ERROR, "rights", "PermissionDenied", "GRANT it.")),
                    new PreflightReport.Stored(
                            1,
                            2,
                            "ef".repeat(32),
                            List.of(new StoredManifest(
                                    "20260328T010000Z-a1c2d3e4-1",
                                    "first",
                                    "a1c2d3e4-uid",
                                    1,
                                    MadeBy.PERSON,
                                    TIME,
                                    TIME,
                                    new CommittedBackup(
                                            551,
                                            183,
                                            "17.6",
                                            TIME,
                                            null,
                                            "ab".repeat(32),
                                            TIME,
                                            VerificationLevel.NONE,
                                            null,
                                            null))))),
            null);

    @Test
    void givenATask_whenItIsWrittenAndRead_thenItIsTheSame() {
        assertThat(TaskJson.readTask(TaskJson.write(TASK))).isEqualTo(TASK);
    }

    @Test
    void givenATaskThatListsWhatIsStored_whenItIsWrittenAndRead_thenItIsTheSame() {
        assertThat(TaskJson.readTask(TaskJson.write(TASK.listingStored())))
                .isEqualTo(TASK.listingStored())
                .isNotEqualTo(TASK);
    }

    @Test
    void givenATask_whenItIsWritten_thenItIsOneLineWithoutNulls() {
        assertThat(TaskJson.write(TASK)).doesNotContain("\n", "null").contains("\"startBy\":\"2026-03-29T01:00:00.5");
    }

    @Test
    void givenRecordsThatKnowNoRetention_whenTheyAreRead_thenThereIsNone() throws JsonProcessingException {
        assertThat(TaskJson.readTask(without(TaskJson.write(TASK), "retention")).retention())
                .isNull();
        assertThat(TaskJson.readResult(without(TaskJson.write(RESULT), "retention")))
                .hasValueSatisfying(result -> {
                    assertThat(result.retention()).isNull();
                    assertThat(result.backup()).isEqualTo(RESULT.backup());
                });
    }

    @Test
    void givenRetentionWithoutRulesAndPaths_whenItIsRead_thenEverythingIsKept() throws JsonProcessingException {
        Retention read = TaskJson.mapper().readValue("{\"zone\":\"UTC\"}", Retention.class);

        assertThat(read.finished()).isEmpty();
        assertThat(read.rules().none()).isTrue();
    }

    @Test
    void givenNumbers_whenTheyAreEncoded_thenTheyAreReadTheSame() {
        for (List<Integer> numbers : List.of(List.<Integer>of(), List.of(0), List.of(7, 8, 499))) {
            RetentionReport report = new RetentionReport(null, 0, null, RetentionReport.encode(numbers), null, null);
            assertThat(report.expiredNumbers()).isEqualTo(numbers);
        }
        assertThat(RetentionReport.encode(IntStream.range(0, 500).boxed().toList()))
                .hasSize(84);
        assertThat(new RetentionReport(null, 0, null, "?", null, null).expiredNumbers())
                .isEmpty();
    }

    private static String without(String json, String field) throws JsonProcessingException {
        ObjectNode tree = (ObjectNode) TaskJson.mapper().readTree(json);
        assertThat(tree.remove(field)).isNotNull();
        return tree.toString();
    }

    @Test
    void givenAFieldOfANewerVersion_whenATaskIsRead_thenItIsPassedOver() {
        String json = TaskJson.write(TASK).replaceFirst("\\{", "{\"later\":{\"a\":[1]},");

        assertThat(TaskJson.readTask(json)).isEqualTo(TASK);
    }

    @Test
    void givenATaskOfTheVersionBefore_whenItIsRead_thenItIsTaken() {
        String json = TaskJson.write(TASK).replace("\"contractVersion\":1", "\"contractVersion\":0");

        assertThat(TaskJson.readTask(json).contractVersion()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 99, -1})
    void givenATaskOfAVersionThatIsTooFar_whenItIsRead_thenTheMessageSaysWhatToDo(int version) {
        String json = TaskJson.write(TASK).replace("\"contractVersion\":1", "\"contractVersion\":" + version);

        assertThatThrownBy(() -> TaskJson.readTask(json))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the task is of contract version " + version
                        + ", this runner knows 1: use operator and runner images of the same release");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "[]", "{\"kind\":\"BAKE\"}", "null"})
    void givenWhatIsNoTask_whenItIsRead_thenItIsRefused(String json) {
        assertThatThrownBy(() -> TaskJson.readTask(json))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("the task is not what this runner knows");
    }

    @Test
    void givenAResult_whenItIsWrittenAndRead_thenItIsTheSame() {
        assertThat(TaskJson.readResult(TaskJson.write(RESULT))).contains(RESULT);
    }

    @Test
    void givenAFieldOfANewerRunner_whenAResultIsRead_thenItIsPassedOver() {
        assertThat(TaskJson.readResult(TaskJson.write(RESULT).replaceFirst("\\{", "{\"later\":1,")))
                .contains(RESULT);
    }

    @Test
    void givenATerminationMessageCutAnywhere_whenItIsRead_thenThereIsNoResult() {
        String json = TaskJson.write(RESULT);
        for (int length = 0; length < json.length(); length++) {
            assertThat(TaskJson.readResult(json.substring(0, length)))
                    .as("the first %d characters", length)
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                " ",
                "null",
                "Killed",
                "[]",
                "{}",
                "{\"kind\":\"BACKUP\"}",
                "{\"outcome\":\"COMMITTED\"}",
                "{\"kind\":\"BACKUP\",\"outcome\":\"DONE\"}"
            })
    void givenWhatIsNoResult_whenItIsRead_thenThereIsNone(String message) {
        assertThat(TaskJson.readResult(message)).isEmpty();
    }

    @Test
    void givenProgress_whenItIsALineOfTheLog_thenItIsFoundThere() {
        TaskProgress progress = new TaskProgress(Stage.DUMP, 4096, 12, "public.orders");

        assertThat(TaskJson.progressLine(progress))
                .startsWith("{\"progress\":{")
                .doesNotContain("\n");
        assertThat(TaskJson.readProgress(TaskJson.progressLine(progress))).contains(progress);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "pg_dump: dumping contents of table \"public.orders\"",
                "{\"result\":{}}",
                "{\"progress\":",
                "{\"progress\":null}",
                "{\"progress\":{\"bytes\":1}}",
                "{\"progress\":{\"stage\":\"LATER\",\"bytes\":1}}"
            })
    void givenAnyOtherLine_whenItIsRead_thenItTellsNoProgress(String line) {
        assertThat(TaskJson.readProgress(line)).isEmpty();
    }
}
