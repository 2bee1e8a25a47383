package dev.mainstay.runner.step;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** No value is shown, wherever it stands in a query. */
class MaskedSqlTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "SELECT * FROM t WHERE id = $1                | SELECT * FROM t WHERE id = $1",
                "SELECT 'se''cret', E'se\\'cret', 42, 1.5e3   | SELECT ?, ?, ?, ?.?",
                "SELECT $tag$ secret $tag$                    | SELECT ?",
                "/* secret */ SELECT 1 -- secret              | SELECT ?",
                "SELECT \"Name\".v2 FROM \"say \"\"x\"\"\"    | SELECT \"Name\".v2 FROM \"say \"x\"\"",
                "UPDATE t SET a = $1,b=$12                    | UPDATE t SET a = $1,b=$12",
                "SELECT 'never ended                          | SELECT ?"
            })
    void aValueIsNotShown(String sql, String shown) {
        assertThat(MaskedSql.of(sql, 200)).isEqualTo(shown);
    }

    @Test
    void aLongOneIsCutAndInOneLine() {
        assertThat(MaskedSql.of("SELECT\n  a,\n  b " + ", c".repeat(100), 20))
                .hasSize(20)
                .startsWith("SELECT a, b")
                .endsWith("…")
                .doesNotContain("\n");
    }
}
