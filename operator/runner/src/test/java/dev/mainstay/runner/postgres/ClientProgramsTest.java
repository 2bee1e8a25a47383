package dev.mainstay.runner.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mainstay.core.status.Reason;
import dev.mainstay.runner.task.TaskFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientProgramsTest {

    @TempDir
    Path root;

    private void install(String... majors) throws IOException {
        for (String major : majors) {
            Path bin = Files.createDirectories(root.resolve(major).resolve("bin"));
            Files.createFile(
                    bin.resolve("pg_dump"),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        }
    }

    @ParameterizedTest
    @CsvSource({"15", "17"})
    void givenAServer_whenItsMajorIsThere_thenItsOwnProgramsAreTaken(int major) throws IOException {
        install("15", "17");

        assertThat(new ClientPrograms(root).ofMajor(major, "shop-db:5432"))
                .isEqualTo(root.resolve(String.valueOf(major)).resolve("bin"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            14 | 15 17 | major version 15, 17 | 14 15 17
            16 | 15 17 | major version 15, 17 | 15 16 17
            18 | 15 17 | major version 15, 17 | 15 17 18
            17 | 15    | major version 15     | 15 17
            9  | 17    | major version 17     | 9 17
            """)
    void givenAServer_whenItsMajorIsNotThere_thenItIsToldWhatIsAndHowToBuildIt(
            int major, String installed, String found, String wanted) throws IOException {
        install(installed.split(" "));

        assertThatThrownBy(() -> new ClientPrograms(root).ofMajor(major, "shop-db:5432"))
                .isInstanceOfSatisfying(
                        TaskFailure.class,
                        failure -> assertThat(failure.reason()).isEqualTo(Reason.VERSION_UNSUPPORTED))
                .hasMessage("shop-db:5432 is of major version " + major + ", and this runner image has pg_dump of "
                        + found + ". Build the runner image with --build-arg PG_MAJORS=\"" + wanted + "\".");
    }

    @ParameterizedTest
    @CsvSource({"15, 15", "16, 17", "17, 17", "14, 15"})
    void givenAnArchive_whenItIsRead_thenItsOwnProgramsOrTheNextNewerOnesAreTaken(int major, String taken)
            throws IOException {
        install("15", "17");

        assertThat(new ClientPrograms(root).thatRead(major))
                .isEqualTo(root.resolve(taken).resolve("bin"));
    }

    @Test
    void givenAnArchiveOfANewerMajor_whenItIsRead_thenItIsToldWhatIsThere() throws IOException {
        install("15", "17");

        assertThatThrownBy(() -> new ClientPrograms(root).thatRead(18))
                .hasMessage("the archive was written by pg_dump 18, and this runner image has pg_restore of major"
                        + " version 15, 17. Build the runner image with 18 in PG_MAJORS.");
    }

    @Test
    void givenNoProgramsAtAll_whenAServerIsAsked_thenThatIsSaid() {
        assertThatThrownBy(() -> new ClientPrograms(root.resolve("missing")).ofMajor(17, "shop-db:5432"))
                .hasMessageContaining("has pg_dump of no major version. Build the runner image with --build-arg"
                        + " PG_MAJORS=\"17\".");
    }
}
