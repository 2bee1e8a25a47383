package dev.mainstay.core.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The share of the jitter that an object gets holds for ever: a new release must not move its runs. */
class JitterTest {

    @ParameterizedTest
    @CsvSource({
        "b1c2d3e4-0000-4000-8000-000000000001, PT10M, PT9M47S",
        "b1c2d3e4-0000-4000-8000-000000000002, PT10M, PT6M16S",
        "b1c2d3e4-0000-4000-8000-000000000001, PT1H, PT54M43S",
        "b1c2d3e4-0000-4000-8000-000000000001, PT0S, PT0S"
    })
    void givenAUid_whenItsShareIsAsked_thenItIsTheOneOfEveryRelease(String uid, Duration most, Duration share) {
        assertThat(Jitter.of(uid, most)).isEqualTo(share);
    }

    @Test
    void givenManyObjects_whenTheirSharesAreAsked_thenTheyFillTheWholeJitterEvenly() {
        Random random = new Random(1);
        int[] minutes = new int[10];
        for (int i = 0; i < 10_000; i++) {
            String uid = new UUID(random.nextLong(), random.nextLong()).toString();
            Duration share = Jitter.of(uid, Duration.ofMinutes(10).minusSeconds(1));
            assertThat(share).isBetween(Duration.ZERO, Duration.ofMinutes(10).minusSeconds(1));
            minutes[(int) share.toMinutes()]++;
        }
        assertThat(Arrays.stream(minutes).boxed())
                .allSatisfy(count -> assertThat(count).isBetween(850, 1_150));
    }

    @Test
    void givenAJitterOfOneSecond_whenManySharesAreAsked_thenBothEndsAreAmongThem() {
        Random random = new Random(1);
        boolean none = false;
        boolean all = false;
        for (int i = 0; i < 100; i++) {
            Duration share =
                    Jitter.of(new UUID(random.nextLong(), random.nextLong()).toString(), Duration.ofSeconds(1));
            none |= share.isZero();
            all |= share.equals(Duration.ofSeconds(1));
        }
        assertThat(none && all).isTrue();
    }
}
