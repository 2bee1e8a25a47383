package dev.mainstay.runner.restore;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The statements are those that pg_dump writes. */
class DatabaseLocaleTest {

    private static final String MAKE = "CREATE DATABASE \"a LOCALE = 'x'\" WITH TEMPLATE = template0 ";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ENCODING = 'UTF8' LC_COLLATE = 'C' LC_CTYPE = 'C.UTF-8' | --encoding=UTF8 --locale=C --lc-collate=C"
                        + " --lc-ctype=C.UTF-8",
                "ENCODING = 'LATIN1' LOCALE_PROVIDER = libc LOCALE = 'C' | --encoding=LATIN1 --locale=C --lc-collate=C"
                        + " --lc-ctype=C",
                "ENCODING = 'UTF8' LOCALE_PROVIDER = icu LC_COLLATE = 'a' LC_CTYPE = 'a' ICU_LOCALE = 'de-DE' |"
                        + " --encoding=UTF8 --locale=C --locale-provider=icu --icu-locale=de-DE",
                "ENCODING = 'UTF8' LOCALE_PROVIDER = icu LOCALE = 'a' ICU_LOCALE = 'de' ICU_RULES = '&a < ''b' |"
                        + " --encoding=UTF8 --locale=C --locale-provider=icu --icu-locale=de --icu-rules=&a < 'b",
                "ENCODING = 'UTF8' LOCALE_PROVIDER = builtin LOCALE = 'C' BUILTIN_LOCALE = 'C.UTF-8' |"
                        + " --encoding=UTF8 --locale=C --locale-provider=builtin --builtin-locale=C.UTF-8"
            },
            quoteCharacter = '`')
    void whatTheImageHasIsTheDatabasesOwn(String options, String arguments) {
        DatabaseLocale locale = DatabaseLocale.of(MAKE + options + ";");

        assertThat(String.join(" ", locale.arguments())).isEqualTo(arguments);
        assertThat(locale.instead()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ENCODING = 'UTF8' LOCALE_PROVIDER = libc LOCALE = 'de_DE.UTF-8' | --encoding=UTF8 --locale=C.UTF-8 |"
                        + " C.UTF-8 in place of de_DE.UTF-8",
                "ENCODING = 'LATIN1' LC_COLLATE = 'C' LC_CTYPE = 'fr_FR' | --encoding=LATIN1 --locale=C |"
                        + " C in place of fr_FR"
            },
            quoteCharacter = '`')
    void whatTheImageLacksIsTold(String options, String arguments, String told) {
        DatabaseLocale locale = DatabaseLocale.of(MAKE + options + ";");

        assertThat(String.join(" ", locale.arguments())).isEqualTo(arguments);
        assertThat(locale.instead().orElseThrow()).contains(told);
    }
}
