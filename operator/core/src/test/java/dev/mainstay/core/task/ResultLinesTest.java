package dev.mainstay.core.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResultLinesTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 3_999, 4_000, 4_001, 40_000, 80_000})
    void givenAText_whenItsLinesAreAmongOthersAndInAnyOrder_thenItIsFoundWhole(int length) {
        String text = "ä😀x".repeat(length / 3 + 1);
        List<String> log = new ArrayList<>(List.of("2026-03-29T01:00:00Z INFO Runner - hello", "{\"progress\":{}}"));
        log.addAll(ResultLines.FINDINGS.cut(text.substring(0, Math.min(text.length(), 79_000))));
        Collections.shuffle(log, new Random(length));

        assertThat(ResultLines.FINDINGS.join(
                        log, ResultLines.sha256(text.substring(0, Math.min(text.length(), 79_000)))))
                .hasValue(text.substring(0, Math.min(text.length(), 79_000)));
    }

    @Test
    void givenALostLine_whenTheTextIsLookedFor_thenItIsNotTakenForWhole() {
        String text = "x".repeat(9_000);
        List<String> lines = ResultLines.FINDINGS.cut(text);

        assertThat(lines).hasSize(3).allMatch(line -> line.length() < 4_100);
        assertThat(ResultLines.FINDINGS.join(lines.subList(1, 3), ResultLines.sha256(text)))
                .isEmpty();
        assertThat(ResultLines.FINDINGS.join(List.of(), ResultLines.sha256(text)))
                .isEmpty();
    }

    @Test
    void givenATextThatIsTooLong_whenItIsCut_thenItIsBoundedAndNotTakenForWhole() {
        String text = "x".repeat(1_000_000);
        List<String> lines = ResultLines.FINDINGS.cut(text);

        assertThat(lines).hasSize(ResultLines.FINDINGS.most());
        assertThat(ResultLines.FINDINGS.join(lines, ResultLines.sha256(text))).isEmpty();
    }

    @Test
    void givenTwoResultsInOneLog_whenEachIsLookedFor_thenItIsFound() {
        List<String> log = new ArrayList<>(ResultLines.FINDINGS.cut("[]"));
        log.addAll(ResultLines.STORED.cut("[1]"));

        assertThat(ResultLines.FINDINGS.join(log, ResultLines.sha256("[]"))).hasValue("[]");
        assertThat(ResultLines.STORED.join(log, ResultLines.sha256("[1]"))).hasValue("[1]");
    }
}
