package dev.mainstay.runner.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.TaskJson;
import dev.mainstay.core.task.TaskKind;
import dev.mainstay.core.task.TaskResult;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
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
