package dev.mainstay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Every output in docs/schedule.md is what its command prints. */
class SchedulePageTest {

    private static final Path PAGE =
            Path.of(System.getProperty("repositoryRoot")).resolve("docs/schedule.md");

    @Test
    void pageShowsWhatTheCommandsPrint() throws IOException {
        String page = Files.readString(PAGE);
        StringBuilder wanted = new StringBuilder();
        boolean console = false;
        int commands = 0;
        for (String line : page.lines().toList()) {
            if (line.startsWith("```")) {
                console = line.equals("```console");
            }
            if (!console || line.startsWith("```")) {
                wanted.append(line).append("\n");
            } else if (line.startsWith("$ ")) {
                Ran ran = Ran.with(CommandWords.of(line.substring(2)));
                wanted.append(line).append("\n").append(ran.out()).append(ran.err());
                commands++;
            }
        }
        if (Boolean.getBoolean("golden.update")) {
            Files.writeString(PAGE, wanted);
        }
        assertThat(commands).isGreaterThan(5);
        assertThat(Files.readString(PAGE))
                .as("%s shows other outputs than the commands print: run `make generate`", PAGE)
                .isEqualTo(wanted.toString());
    }
}
