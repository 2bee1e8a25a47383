package dev.mainstay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The program as a process: what it prints has arrived when it ends. */
class CliMainTest {

    @TempDir
    private Path folder;

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            check  | 0 2 * * *  | 0 | accepted: fixed times, each of which runs once when the clocks change | ``
            check  | 60 2 * * * | 1 | `` | refused: minute: "60" is out of range: write 0 to 59.
            window | 0 2 * * *  | 2 | `` | error: Missing required option: '--duration=DURATION'
            """)
    void givenArguments_whenTheProgramEnds_thenItsOutputIsThereAndItsExitCodeTells(
            String command, String cron, int code, String out, String complaint)
            throws IOException, InterruptedException {
        Path printed = folder.resolve("out");
        Path complained = folder.resolve("err");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        CliMain.class.getName(),
                        "schedule",
                        command,
                        cron)
                .redirectOutput(printed.toFile())
                .redirectError(complained.toFile())
                .start();

        assertThat(process.waitFor()).isEqualTo(code);
        assertThat(Files.readString(printed).strip()).isEqualTo(out);
        assertThat(Files.readString(complained)).startsWith(complaint);
        assertThat(Files.readString(complained).isEmpty()).isEqualTo(complaint.isEmpty());
    }
}
