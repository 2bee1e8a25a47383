package dev.mainstay.core.cache;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyPatternTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "shop:        | shop:*",
                "a*b          | a\\*b*",
                "a?           | a\\?*",
                "[a-z]        | \\[a-z\\]*",
                "[^a]         | \\[\\^a\\]*",
                "back\\slash  | back\\\\slash*",
                "größe:       | größe:*"
            })
    void givenAPrefix_whenItIsMadeAPattern_thenEachCharacterStandsForItself(String prefix, String pattern) {
        assertThat(KeyPattern.beginningWith(prefix)).isEqualTo(pattern);
    }
}
