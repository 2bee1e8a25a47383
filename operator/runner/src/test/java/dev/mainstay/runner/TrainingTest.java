package dev.mainstay.runner;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class TrainingTest {

    @Test
    void endsWithoutDatabaseAndStoreAndHasLoadedWhatBothNeed() throws IOException {
        Process java = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xlog:class+load",
                        "-cp",
                        System.getProperty("java.class.path"),
                        RunnerMain.class.getName(),
                        "--train")
                .redirectErrorStream(true)
                .start();
        String said = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(java.onExit().join().exitValue()).as(said).isZero();
        assertThat(said)
                .contains(" software.amazon.awssdk.services.s3.S3Client ")
                .contains(" dev.mainstay.runner.restore.RestoreSwapTask ")
                .contains(" org.postgresql.jdbc.PgResultSet ");
    }
}
