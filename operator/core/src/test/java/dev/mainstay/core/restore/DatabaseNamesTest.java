package dev.mainstay.core.restore;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The names stay as they are for ever: a restore that an older version began is finished, or undone, by a newer one. */
class DatabaseNamesTest {

    @ParameterizedTest
    @CsvSource({
        "ecommerce, 6a8bd8f6-1a55-4c39-a1ad-7d5b9ddcb84b, ecommerce_restore_df87ed38, ecommerce_before_df87ed38",
        "ecommerce, 6a8bd8f6-1a55-4c39-a1ad-7d5b9ddcb84c, ecommerce_restore_8a7ba9ea, ecommerce_before_8a7ba9ea",
        "Shop Orders, 6a8bd8f6-1a55-4c39-a1ad-7d5b9ddcb84b, Shop Orders_restore_df87ed38, Shop Orders_before_df87ed38"
    })
    void givenADatabaseAndARequest_whenNamed_thenTheNamesAreTheseForEver(
            String database, String uid, String copy, String previous) {
        assertThat(DatabaseNames.copy(database, uid)).isEqualTo(copy);
        assertThat(DatabaseNames.previous(database, uid)).isEqualTo(previous);
    }

    static Stream<Arguments> longest() {
        return Stream.of(
                Arguments.of("a".repeat(63), "a".repeat(46), 63),
                Arguments.of("a".repeat(46), "a".repeat(46), 63),
                Arguments.of("a".repeat(47), "a".repeat(46), 63),
                Arguments.of("é".repeat(31), "é".repeat(23), 63),
                Arguments.of("a" + "é".repeat(31), "a" + "é".repeat(22), 62),
                Arguments.of("注文".repeat(10), "注文".repeat(7) + "注", 62),
                Arguments.of("🛒".repeat(15), "🛒".repeat(11), 61));
    }

    @ParameterizedTest
    @MethodSource("longest")
    void givenALongName_whenACopyIsNamed_thenItFitsAndNoCharacterIsCutInTwo(
            String database, String beginning, int bytes) {
        String name = DatabaseNames.copy(database, "uid");

        // The tail of a copy has 17 bytes.
        assertThat(name).startsWith(beginning + "_restore_");
        assertThat(name.getBytes(StandardCharsets.UTF_8)).hasSize(bytes);
        assertThat(StandardCharsets.UTF_8.newEncoder().canEncode(name)).isTrue();
    }

    @Test
    void givenTwoRequestsOrTwoPurposes_whenNamed_thenNoNameIsAnothers() {
        String database = "x".repeat(63);

        assertThat(Stream.of(
                        DatabaseNames.copy(database, "one"),
                        DatabaseNames.copy(database, "two"),
                        DatabaseNames.previous(database, "one"),
                        DatabaseNames.previous(database, "two"),
                        database))
                .doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @CsvSource({
        "ecommerce,     ecommerce_before_1a2b3c4d,            true",
        "ecommerce,     ecommerce_restore_1a2b3c4d,           false",
        "ecommerce,     ecommerce,                            false",
        "ecommerce,     ecommerce_eu_before_1a2b3c4d,         false",
        "ecommerce_eu,  ecommerce_before_1a2b3c4d,            false",
        "a_before_b,    a_before_b_before_1a2b3c4d,           true",
        "a,             a_before_b_before_1a2b3c4d,           false"
    })
    void whatAnEarlierRestoreHasKeptIsKnownByItsName(String database, String name, boolean previous) {
        assertThat(DatabaseNames.isPrevious(database, name)).isEqualTo(previous);
    }

    @Test
    void soItIsWhereTheNameHadToBeCut() {
        String database = "ü".repeat(31);

        assertThat(DatabaseNames.isPrevious(database, DatabaseNames.previous(database, "uid")))
                .isTrue();
    }
}
