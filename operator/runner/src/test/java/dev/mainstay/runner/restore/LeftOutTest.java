package dev.mainstay.runner.restore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.core.task.TaskJson;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class LeftOutTest {

    @Test
    void givenAFewShortEntries_thenAllAreTold() {
        assertThat(LeftOut.fitting(List.of("one", "two"))).containsExactly("one", "two");
    }

    @Test
    void givenMoreThanFits_thenTheFirstAreToldAndTheyFit() {
        List<String> fitting = LeftOut.fitting(Collections.nCopies(500, "é".repeat(1000)));

        assertThat(fitting).isNotEmpty().hasSizeLessThanOrEqualTo(16);
        assertThat(fitting).allSatisfy(entry -> assertThat(entry).hasSize(256).endsWith("…"));
        assertThat(TaskJson.write(fitting).getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(2048);
    }
}
