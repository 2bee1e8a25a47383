package dev.mainstay.core.backup;

import static dev.mainstay.core.backup.AttemptBuilder.attempt;
import static dev.mainstay.core.backup.JobBuilder.backupJob;
import static dev.mainstay.core.backup.JobBuilder.settleJob;
import static dev.mainstay.core.backup.JobBuilder.verifyJob;
import static dev.mainstay.core.backup.Situation.fresh;
import static dev.mainstay.core.backup.Situation.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.mainstay.core.status.Reason;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Times to start end after 10 minutes. */
class CacheDoubtTest {

    private static final String FAILED = "BackoffLimitExceeded, Job has reached the specified backoff limit";

    static Stream<Arguments> enough() {
        return Stream.of(
                arguments("no attempt", fresh()),
                arguments("an attempt that is over", with(attempt(1).failed(Reason.POD_FAILED, "2m"))),
                arguments("an attempt whose Job was never seen", with(attempt(1))),
                arguments(
                        "a Job without a Pod yet",
                        with(attempt(1).seen()).job(backupJob(1)).at("9m")),
                arguments(
                        "a Pod that waits",
                        with(attempt(1).seen()).job(backupJob(1).pending()).at("9m")),
                arguments(
                        "a Pod that runs, past its time to start",
                        with(attempt(1).started("1m"))
                                .job(backupJob(1).running())
                                .at("1h")),
                arguments("a settling that was never seen", with(attempt(1).settling(1, "5m"))),
                arguments(
                        "a settling that runs, beside the dead Job of the attempt",
                        with(attempt(1).settling(1, "5m"))
                                .job(backupJob(1).finished(FAILED))
                                .job(settleJob(1, 1).running())));
    }

    static Stream<Arguments> tooLittle() {
        return Stream.of(
                arguments("a Job that was seen and is gone", with(attempt(1).seen()), backupJob(1)),
                arguments(
                        "a Job that failed before it, or a Pod of it, was seen",
                        with(attempt(1)).job(backupJob(1).finished(FAILED)),
                        backupJob(1)),
                arguments(
                        "a Job that is being deleted",
                        with(attempt(1).seen()).job(backupJob(1).deleting()),
                        backupJob(1)),
                arguments(
                        "a Pod that ended",
                        with(attempt(1).started("1m")).job(backupJob(1).dead("Error (exit code 137)")),
                        backupJob(1)),
                arguments(
                        "a Pod that only the Job controller knows",
                        with(attempt(1).seen()).job(backupJob(1).hadPod()),
                        backupJob(1)),
                arguments(
                        "no Pod when its time to start is over",
                        with(attempt(1).seen()).job(backupJob(1)).at("11m"),
                        backupJob(1)),
                arguments(
                        "a Pod that waits when its time to start is over",
                        with(attempt(1).seen()).job(backupJob(1).pending()).at("11m"),
                        backupJob(1)),
                arguments(
                        "a Pod that runs past its deadline",
                        with(attempt(1).started("1m"))
                                .job(backupJob(1).running().endBy(Shop.at("4h")))
                                .at("5h"),
                        backupJob(1)),
                arguments(
                        "a settling that failed without a Pod",
                        with(attempt(1).settling(2, "5m")).job(settleJob(1, 2).finished(FAILED)),
                        settleJob(1, 2)),
                arguments(
                        "a verification that failed without a Pod",
                        with(attempt(1).verifying(1, "5m")).job(verifyJob(1, 1).finished(FAILED)),
                        verifyJob(1, 1)));
    }

    @ParameterizedTest(name = "given {0}")
    @MethodSource("enough")
    void givenWhatTheCachesShow_whenItIsEnough_thenNothingIsAskedForAfresh(String given, Situation situation) {
        assertThat(situation.doubt()).as(given).isEmpty();
    }

    @ParameterizedTest(name = "given {0}")
    @MethodSource("tooLittle")
    void givenWhatTheCachesShow_whenItIsTooLittle_thenTheJobIsAskedForAfresh(
            String given, Situation situation, JobBuilder asked) {
        assertThat(situation.doubt()).as(given).contains(asked.build().name());
    }
}
