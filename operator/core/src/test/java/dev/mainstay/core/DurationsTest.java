package dev.mainstay.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {

    @ParameterizedTest
    @CsvSource({
        "90s, PT1M30S",
        "15m, PT15M",
        "4h, PT4H",
        "30d, P30D",
        "1d12h, PT36H",
        "1d2h3m4s, PT26H3M4S",
        "0s, PT0S",
        "999999d, PT23999976H"
    })
    void givenADurationOfASpec_whenItIsRead_thenItMeansThis(String text, Duration duration) {
        assertThat(Durations.parse(text)).isEqualTo(duration);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "4", "h", "4h ", "-4h", "4.5h", "2m1h", "4H", "1000000s", "PT4H", "1w"})
    void givenAnythingElse_whenItIsRead_thenTheMessageShowsHowToWriteIt(String text) {
        assertThatThrownBy(() -> Durations.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'" + text + "' is not a duration: write one such as 90s, 15m, 4h, 30d or 1d12h");
    }

    @ParameterizedTest
    @CsvSource({
        "PT4H3M20S, 4h3m20s",
        "PT36H, 1d12h",
        "PT1M, 1m",
        "PT0.999S, 0s",
        "PT1.999S, 1s",
        "PT0S, 0s",
        "PT-5S, 0s",
        "P1D, 1d",
        "PT24H1S, 1d1s"
    })
    void givenADuration_whenItIsShown_thenPeopleReadThis(Duration duration, String text) {
        assertThat(Durations.format(duration)).isEqualTo(text);
    }

    @Test
    void givenWhatIsShown_whenItIsReadAgain_thenItMeansTheSame() {
        for (long seconds = 0; seconds < 400_000; seconds += 977) {
            Duration duration = Duration.ofSeconds(seconds);
            assertThat(Durations.parse(Durations.format(duration))).isEqualTo(duration);
        }
    }
}
