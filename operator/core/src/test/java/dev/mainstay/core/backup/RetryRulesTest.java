package dev.mainstay.core.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.backup.Retry;
import dev.mainstay.core.status.Reason;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

class RetryRulesTest {

    @ParameterizedTest
    @EnumSource(
            names = {
                "AUTHENTICATION_FAILED",
                "PERMISSION_DENIED",
                "CREDENTIALS_MISSING",
                "VERSION_UNSUPPORTED",
                "STORAGE_DENIED",
                "OWNED_BY_OTHER"
            })
    void givenAFailureThatOnlyAPersonCanMend_whenItIsJudged_thenThereIsNoRetry(Reason reason) {
        assertThat(RetryRules.retried(reason)).isFalse();
    }

    @ParameterizedTest
    @EnumSource(
            mode = Mode.EXCLUDE,
            names = {
                "AUTHENTICATION_FAILED",
                "PERMISSION_DENIED",
                "CREDENTIALS_MISSING",
                "VERSION_UNSUPPORTED",
                "STORAGE_DENIED",
                "OWNED_BY_OTHER"
            })
    void givenAnyOtherFailure_whenItIsJudged_thenItIsRetried(Reason reason) {
        assertThat(RetryRules.retried(reason)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "5m, 1, PT5M",
        "5m, 2, PT10M",
        "5m, 3, PT20M",
        "5m, 4, PT30M",
        "5m, 10, PT30M",
        "7m, 3, PT28M",
        "1s, 1, PT1S",
        "1s, 11, PT17M4S",
        "30m, 1, PT30M",
        "4h, 1, PT30M",
        "999999d, 10, PT30M",
        "0s, 10, PT0S"
    })
    void givenADelay_whenTriesHaveFailed_thenItDoublesUpToHalfAnHour(String delay, int failures, Duration wait) {
        assertThat(RetryRules.delay(new Retry(10, delay), failures)).isEqualTo(wait);
    }

    @Test
    void givenNothing_whenTheFirstTryFailed_thenTheNextComesAfterFiveMinutes() {
        assertThat(RetryRules.delay(new Retry(null, null), 1)).isEqualTo(Duration.ofMinutes(5));
    }
}
