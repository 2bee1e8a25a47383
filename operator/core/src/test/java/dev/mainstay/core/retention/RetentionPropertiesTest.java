package dev.mainstay.core.retention;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.core.retention.RetentionPlan.Kept;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every policy and every bucket. */
class RetentionPropertiesTest {

    private static final int REQUESTS_OF_A_SEED = 150;

    static LongStream seeds() {
        return LongStream.rangeClosed(1, 6);
    }

    private static void forEach(long seed, Consumer<RetentionRequest> check) {
        RandomRetention random = new RandomRetention(seed);
        for (int i = 0; i < REQUESTS_OF_A_SEED; i++) {
            check.accept(random.request());
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void givenAnything_whenItIsPlanned_thenItIsWhatTheSlowWaySays(long seed) {
        forEach(
                seed,
                request -> assertThat(kept(RetentionPlanner.plan(request)))
                        .as("%s", request)
                        .isEqualTo(new SlowRetention(request).kept()));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void givenAnything_whenItIsPlanned_thenEachBackupIsInItOnceNewestFirstAndNoOther(long seed) {
        forEach(seed, request -> {
            RetentionPlan plan = RetentionPlanner.plan(request);
            List<StoredBackup> all = new ArrayList<>(plan.removed());
            plan.kept().forEach(kept -> all.add(kept.backup()));
            assertThat(all).containsExactlyInAnyOrderElementsOf(request.backups());
            assertThat(plan.removed()).isSortedAccordingTo(RetentionPlanner.NEWEST_FIRST);
            assertThat(plan.kept()).extracting(Kept::backup).isSortedAccordingTo(RetentionPlanner.NEWEST_FIRST);
            assertThat(plan.kept())
                    .allSatisfy(kept -> assertThat(kept.because()).isNotEmpty().doesNotHaveDuplicates());
            assertThat(plan.lines()).hasSize(request.backups().size());
        });
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void givenTheSameInAnotherOrder_whenItIsPlanned_thenThePlanIsTheSame(long seed) {
        Random random = new Random(seed);
        forEach(seed, request -> {
            List<StoredBackup> shuffled = new ArrayList<>(request.backups());
            Collections.shuffle(shuffled, random);
            assertThat(RetentionPlanner.plan(with(request, shuffled))).isEqualTo(RetentionPlanner.plan(request));
        });
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void givenGoodBackups_whenItIsPlanned_thenTheFloorAndTheNewestStay(long seed) {
        forEach(seed, request -> {
            List<StoredBackup> good = good(request, request.backups());
            RetentionPlan plan = RetentionPlanner.plan(request);
            List<StoredBackup> left =
                    good(request, plan.kept().stream().map(Kept::backup).toList());
            assertThat(left)
                    .hasSizeGreaterThanOrEqualTo(
                            Math.min(good.size(), request.rules().floor()));
            good.stream()
                    .min(RetentionPlanner.NEWEST_FIRST)
                    .ifPresent(newest -> assertThat(left).contains(newest));
            good.stream()
                    .filter(backup -> !backup.snapshotAt().isAfter(request.now()))
                    .min(RetentionPlanner.NEWEST_FIRST)
                    .ifPresent(newest -> assertThat(left).contains(newest));
        });
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void givenBackupsThatAreSpared_whenItIsPlanned_thenTheyStayAndTakeNobodysPlace(long seed) {
        forEach(seed, request -> {
            RetentionPlan plan = RetentionPlanner.plan(request);
            assertThat(plan.removed()).noneMatch(backup -> backup.snapshotAt().isAfter(request.now()));
            assertThat(plan.removed())
                    .noneMatch(backup ->
                            backup.keepUntil() != null && backup.keepUntil().isAfter(request.now()));
            if (request.rules().keepWithinSeconds() == null) {
                assertThat(kept(plan)).containsAll(keptOfTheSchedule(request));
            }
        });
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void givenOneMoreRule_whenItIsPlanned_thenNothingMoreIsRemoved(long seed) {
        RandomRetention random = new RandomRetention(-seed);
        forEach(seed, request -> {
            if (!request.rules().none()) {
                Set<String> before = kept(RetentionPlanner.plan(request));
                RetentionRules more = stronger(request.rules(), random.rules());
                assertThat(kept(RetentionPlanner.plan(with(request, more))))
                        .as("%s, then %s", request, more)
                        .containsAll(before);
            }
        });
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void givenWhatAPlanLeaves_whenItIsPlannedAgain_thenNothingMoreIsRemoved(long seed) {
        forEach(seed, request -> {
            RetentionPlan plan = RetentionPlanner.plan(request);
            List<StoredBackup> left = plan.kept().stream().map(Kept::backup).toList();
            assertThat(RetentionPlanner.plan(with(request, left)).removed()).isEmpty();
        });
    }

    /** A run that sees less than another never relies on what the other removes. */
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void givenOneMoreBackup_whenItIsPlanned_thenWhatItKeepsWasKeptBefore(long seed) {
        forEach(seed, request -> {
            if (request.backups().isEmpty() || request.newestFailed()) {
                return;
            }
            StoredBackup one = request.backups().getFirst();
            List<StoredBackup> fewer =
                    request.backups().stream().filter(backup -> backup != one).toList();
            Set<String> expected = new HashSet<>(kept(RetentionPlanner.plan(request)));
            expected.remove(one.path());
            assertThat(kept(RetentionPlanner.plan(with(request, fewer)))).containsAll(expected);
        });
    }

    /** What would be kept if there were nothing but plain good backups of the schedule; ages aside. */
    private static Set<String> keptOfTheSchedule(RetentionRequest request) {
        List<StoredBackup> regular = request.backups().stream()
                .filter(backup -> backup.isGood(request.level()) && !backup.byHand() && backup.keepUntil() == null)
                .filter(backup -> !backup.snapshotAt().isAfter(request.now()))
                .toList();
        boolean others = request.backups().stream().anyMatch(backup -> !backup.byHand() && backup.keepUntil() != null);
        return others || regular.isEmpty() ? Set.of() : kept(RetentionPlanner.plan(with(request, regular)));
    }

    private static RetentionRules stronger(RetentionRules a, RetentionRules b) {
        return new RetentionRules(
                more(a.keepLast(), b.keepLast()),
                more(a.keepHourly(), b.keepHourly()),
                more(a.keepDaily(), b.keepDaily()),
                more(a.keepWeekly(), b.keepWeekly()),
                more(a.keepMonthly(), b.keepMonthly()),
                more(a.keepYearly(), b.keepYearly()),
                a.keepWithinSeconds() == null || b.keepWithinSeconds() == null
                        ? a.keepWithinSeconds() == null ? b.keepWithinSeconds() : a.keepWithinSeconds()
                        : Long.valueOf(Math.max(a.keepWithinSeconds(), b.keepWithinSeconds())),
                more(a.minGood(), b.minGood()));
    }

    private static Integer more(Integer a, Integer b) {
        if (a == null || b == null) {
            return a == null ? b : a;
        }
        return Math.max(a, b);
    }

    private static List<StoredBackup> good(RetentionRequest request, List<StoredBackup> backups) {
        return backups.stream().filter(backup -> backup.isGood(request.level())).toList();
    }

    private static Set<String> kept(RetentionPlan plan) {
        return plan.kept().stream().map(kept -> kept.backup().path()).collect(Collectors.toSet());
    }

    private static RetentionRequest with(RetentionRequest request, List<StoredBackup> backups) {
        return new RetentionRequest(
                request.rules(), request.level(), backups, request.zone(), request.now(), request.newestFailed());
    }

    private static RetentionRequest with(RetentionRequest request, RetentionRules rules) {
        return new RetentionRequest(
                rules, request.level(), request.backups(), request.zone(), request.now(), request.newestFailed());
    }
}
