package dev.mainstay.runner.restore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.core.status.Reason;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScriptPumpTest {

    private static final String END = "\n--\n-- PostgreSQL database dump complete\n--\n\n\\unrestrict a1\n\n";

    private final ByteArrayOutputStream passed = new ByteArrayOutputStream();

    private ScriptPump pumped(String script) {
        ScriptPump pump = new ScriptPump(new ByteArrayInputStream(script.getBytes(StandardCharsets.UTF_8)), passed);
        pump.run();
        return pump;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 100, 70_000, 1_000_000})
    void givenAScript_whenItIsHandedOn_thenOnlyItsLastCommitIsNot(int rows) {
        String body = "BEGIN;\n" + "é row\nCOMMIT;\n".repeat(rows);

        ScriptPump pump = pumped(body + "COMMIT;\n" + END);

        assertThat(pump.failure()).isNull();
        assertThat(passed.toString(StandardCharsets.UTF_8)).isEqualTo(body + END);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "BEGIN;\nSELECT 1;\n", "BEGIN;\nCOMMIT;\nDROP TABLE a;\n"})
    void givenAScriptThatEndsOtherwise_whenItIsHandedOn_thenItIsRefused(String script) {
        assertThat(pumped(script).failure().reason()).isEqualTo(Reason.INTERNAL_ERROR);
    }

    @Test
    void givenWhoReadsHasEnded_whenItIsHandedOn_thenThatIsKnown() {
        OutputStream gone = new OutputStream() {
            @Override
            public void write(int next) throws IOException {
                throw new IOException("Broken pipe");
            }
        };
        ScriptPump pump =
                new ScriptPump(new ByteArrayInputStream(("x".repeat(5000)).getBytes(StandardCharsets.UTF_8)), gone);
        pump.run();

        assertThat(pump.refused()).isTrue();
        assertThat(pump.failure()).isNull();
    }
}
