package dev.mainstay.runner;

import static org.assertj.core.api.Assertions.assertThatCode;

import dev.mainstay.runner.task.RunnerSettings;
import org.junit.jupiter.api.Test;

class TrainingTest {

    @Test
    void endsWithoutDatabaseAndStore() {
        assertThatCode(() -> Training.run(RunnerSettings.ofImage())).doesNotThrowAnyException();
    }
}
