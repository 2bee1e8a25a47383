package dev.mainstay.runner.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScriptLinesTest {

    private static final String SCRIPT = """
            BEGIN;
            --
            -- Name: orders; Type: TABLE; Schema: app; Owner: shop
            --
            CREATE TABLE app.orders (note text);
            -- Data for Name: orders; Type: TABLE DATA; Schema: app; Owner: shop
            COPY app.orders (note) FROM stdin;
            a
            -- Name: faked; Type: TABLE; Schema: app; Owner: shop
            \\.
            -- Name: orders_pkey; Type: CONSTRAINT; Schema: app; Owner: shop
            ALTER TABLE app.orders ADD UNIQUE (note);
            """;

    private final ByteArrayOutputStream passed = new ByteArrayOutputStream();
    private final ScriptLines lines = new ScriptLines(passed);

    @ParameterizedTest
    @CsvSource({
        "1,",
        "5, TABLE orders shop",
        "8, TABLE DATA orders shop",
        "10, TABLE DATA orders shop",
        "12, CONSTRAINT orders_pkey shop",
        "13,"
    })
    void givenALine_whenAskedFor_thenItsEntryIsTheOneWhoseHeadStandsBefore(long line, String entry) throws IOException {
        for (byte next : SCRIPT.getBytes(StandardCharsets.UTF_8)) {
            lines.write(next);
        }
        lines.endEntries();

        assertThat(lines.entryAt(line)).isEqualTo(Optional.ofNullable(entry));
    }

    @Test
    void givenAScript_whenItIsPassedOn_thenNothingOfItIsChanged() throws IOException {
        String longer = SCRIPT + "x".repeat(100_000) + "\n";
        lines.write(longer.getBytes(StandardCharsets.UTF_8));

        assertThat(passed.toString(StandardCharsets.UTF_8)).isEqualTo(longer);
    }
}
