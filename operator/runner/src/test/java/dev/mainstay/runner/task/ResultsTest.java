package dev.mainstay.runner.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.backup.VerificationLevel;
import dev.mainstay.api.runbook.StepOutcome;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.RetentionReport;
import dev.mainstay.core.task.StepReport;
import dev.mainstay.core.task.Task;
import dev.mainstay.core.task.TaskJson;
import dev.mainstay.core.task.TaskKind;
import dev.mainstay.core.task.TaskResult;
import dev.mainstay.core.task.TaskResult.CommittedBackup;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResultsTest {

    @ParameterizedTest
    @ValueSource(strings = {"x", "ü", "\u0001", "\uD83D\uDC18", "\""})
    void aResultAlwaysFits(String character) {
        TaskResult result = Results.aborted(
                TaskKind.BACKUP,
                new TaskFailure(
                        Reason.DUMP_FAILED, character.repeat(5000), Collections.nCopies(20, character.repeat(400))));

        byte[] json = Results.bounded(result);

        assertThat(json).hasSizeLessThanOrEqualTo(Results.MOST_BYTES);
        TaskResult read =
                TaskJson.readResult(new String(json, StandardCharsets.UTF_8)).orElseThrow();
        assertThat(read.message()).endsWith("… (cut)").hasSizeLessThanOrEqualTo(1024);
        assertThat(read.reason()).isEqualTo("DumpFailed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "ü", "\u0001", "\uD83D\uDC18", "\""})
    void whatAStepCameToFitsWithAllThatItMayMeasure(String character) {
        Map<String, Long> facts = IntStream.range(0, 2 * StepReport.MOST_FACTS)
                .boxed()
                .collect(Collectors.toMap(
                        number -> "fact%036d".formatted(number),
                        number -> Long.MIN_VALUE,
                        (one, other) -> one,
                        TreeMap::new));

        byte[] json = Results.bounded(TaskResult.of(StepReport.findings(character.repeat(5000), facts)));

        assertThat(json).hasSizeLessThanOrEqualTo(Results.MOST_BYTES);
        StepReport read = TaskJson.readResult(new String(json, StandardCharsets.UTF_8))
                .orElseThrow()
                .step();
        assertThat(read.message()).endsWith(" … (cut)").hasSizeGreaterThan(200);
        assertThat(read.facts()).hasSize(StepReport.MOST_FACTS).containsKey("fact%036d".formatted(0));
        assertThat(read.outcome()).isEqualTo(StepOutcome.FINDINGS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "ü", "\u0001", "\uD83D\uDC18", "\""})
    void whatCameOfRetentionFitsBesideTheLongestResult(String character) {
        String all = RetentionReport.encode(
                IntStream.range(0, Task.Retention.MOST_FINISHED).boxed().toList());
        CommittedBackup backup = new CommittedBackup(
                Long.MAX_VALUE,
                Long.MAX_VALUE,
                "17.6 (Debian 17.6-1.pgdg13+1)",
                Instant.MAX,
                "FFFFFFFF/FFFFFFFF",
                "ab".repeat(32),
                Instant.MAX,
                VerificationLevel.FULL_READ,
                Instant.MAX,
                Long.MAX_VALUE);
        TaskResult result = Results.committed(
                        TaskKind.BACKUP,
                        backup,
                        new TaskFailure(
                                Reason.STORAGE_UNREACHABLE,
                                character.repeat(5000),
                                Collections.nCopies(20, character.repeat(400))))
                .with(new RetentionReport(
                        new RetentionReport.Stored(100_000, Long.MAX_VALUE, Instant.MIN, Instant.MAX),
                        100_000,
                        100_000,
                        all,
                        Reason.STORAGE_UNREACHABLE.text(),
                        character.repeat(5000)));

        byte[] json = Results.bounded(result);

        assertThat(json).hasSizeLessThanOrEqualTo(Results.MOST_BYTES);
        TaskResult read =
                TaskJson.readResult(new String(json, StandardCharsets.UTF_8)).orElseThrow();
        assertThat(read.backup()).isEqualTo(backup);
        assertThat(read.message()).endsWith("… (cut)");
        assertThat(read.retention().expiredNumbers()).hasSize(Task.Retention.MOST_FINISHED);
        assertThat(read.retention().stored()).isEqualTo(result.retention().stored());
        assertThat(read.retention().message()).endsWith("… (cut)");
    }

    @Test
    void theNewestLinesAreKept() {
        List<String> lines = java.util.stream.IntStream.range(0, 20)
                .mapToObj(i -> i + " " + "x".repeat(390))
                .toList();

        TaskResult read = TaskJson.readResult(new String(
                        Results.bounded(
                                Results.aborted(TaskKind.BACKUP, new TaskFailure(Reason.DUMP_FAILED, "short", lines))),
                        StandardCharsets.UTF_8))
                .orElseThrow();

        assertThat(read.message()).isEqualTo("short");
        assertThat(read.logTail()).isNotEmpty().last().asString().startsWith("19 ");
        assertThat(read.logTail().size()).isBetween(5, 10);
    }
}
