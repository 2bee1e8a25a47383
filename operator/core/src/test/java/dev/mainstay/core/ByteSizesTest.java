package dev.mainstay.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ByteSizesTest {

    @ParameterizedTest
    @CsvSource({
        "0, 0 B",
        "1, 1 B",
        "1023, 1023 B",
        "1024, 1.00 KiB",
        "1536, 1.50 KiB",
        "10234, 9.99 KiB",
        "10236, 10.0 KiB",
        "102348, 99.9 KiB",
        "102399, 100 KiB",
        "1047552, 1023 KiB",
        "1048575, 1.00 MiB",
        "1048576, 1.00 MiB",
        "191889408, 183 MiB",
        "577888256, 551 MiB",
        "1610612736, 1.50 GiB",
        "1099511627776, 1.00 TiB",
        "1125899906842624, 1.00 PiB",
        "9223372036854775807, 8192 PiB"
    })
    void givenBytes_whenTheyAreShown_thenPeopleReadThreeFigures(long bytes, String text) {
        assertThat(ByteSizes.format(bytes)).isEqualTo(text);
    }

    @Test
    void givenAGermanMachine_whenASizeIsShown_thenThePointStaysAPoint() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.GERMANY);
            assertThat(ByteSizes.format(1536)).isEqualTo("1.50 KiB");
        } finally {
            Locale.setDefault(before);
        }
    }
}
