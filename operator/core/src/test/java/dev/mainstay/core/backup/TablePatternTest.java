package dev.mainstay.core.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TablePatternTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "public.audit      | public.audit       | true",
                "public.audit      | public.audit_2026  | false",
                "public.audit      | public.Audit       | false",
                "public.audit_*    | public.audit_2026  | true",
                "public.audit_*    | public.audit_      | true",
                "public.audit_*    | public.audit       | false",
                "public.audit_?    | public.audit_1     | true",
                "public.audit_?    | public.audit_12    | false",
                "*.sessions        | web.sessions       | true",
                "public.a.b        | public.a.b         | true",
                "public.a.b        | public.aXb         | false",
                "Odd (x).say \"hi\" | Odd (x).say \"hi\" | true",
                "public.[a-z]+     | public.abc         | false",
                "public.[a-z]+     | public.[a-z]+      | true",
            })
    void givenAPattern_whenATableIsHeldAgainstIt_thenOnlyStarAndQuestionMarkStandForOthers(
            String pattern, String table, boolean matches) {
        assertThat(TablePattern.of(pattern).matches(table)).isEqualTo(matches);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "public.audit      | \"public\".\"audit\"",
                "public.audit_*    | \"public\".\"audit_\"*",
                "*.*               | *.*",
                "p?.a*b            | \"p\"?.\"a\"*\"b\"",
                "Shop.say \"hi\"   | \"Shop\".\"say \"\"hi\"\"\"",
                "public.a.b        | \"public\".\"a.b\"",
            })
    void givenAPattern_whenItIsWrittenForPgDump_thenAllButStarAndQuestionMarkIsQuoted(String pattern, String written) {
        assertThat(TablePattern.of(pattern).forProgram()).isEqualTo(written);
    }

    @ParameterizedTest
    @ValueSource(strings = {"audit", ".audit", "public.", ""})
    void givenATextThatIsNoTable_whenItIsRead_thenItIsRefused(String text) {
        assertThatThrownBy(() -> TablePattern.of(text)).hasMessageContaining("is not schema.table");
    }
}
