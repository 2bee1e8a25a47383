package dev.mainstay.core.retention;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.backup.VerificationLevel;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A year of nights in Berlin, thinned after each of them, with a week in which every backup failed. */
class RetentionYearTest {

    private static final ZoneId ZONE = ZoneId.of("Europe/Berlin");
    private static final LocalDate FIRST = LocalDate.of(2025, 4, 1);
    private static final LocalDate LAST = LocalDate.of(2026, 3, 31);
    private static final LocalDate FAILED_FROM = LocalDate.of(2025, 11, 10);
    private static final LocalDate FAILED_UNTIL = LocalDate.of(2025, 11, 16);
    private static final int DAILY = 14;
    private static final int WEEKLY = 8;
    private static final int MONTHLY = 12;

    @Test
    void givenAYearWithAWeekOfFailures_whenItIsThinnedEachNight_thenThatWeekCostsNothing() {
        List<LocalDate> stored = new ArrayList<>();
        Map<LocalDate, List<LocalDate>> after = new LinkedHashMap<>();
        for (LocalDate day = FIRST; !day.isAfter(LAST); day = day.plusDays(1)) {
            boolean failed = !day.isBefore(FAILED_FROM) && !day.isAfter(FAILED_UNTIL);
            if (!failed) {
                stored.add(day);
            }
            plan(stored, day, failed).removed().forEach(backup -> stored.remove(LocalDate.parse(backup.path())));
            after.put(day, List.copyOf(stored));
            assertThat(stored).as("%s", day).hasSizeLessThanOrEqualTo(DAILY + WEEKLY + MONTHLY);
        }

        LocalDate before = FAILED_FROM.minusDays(1);
        for (LocalDate day = FAILED_FROM; !day.isAfter(FAILED_UNTIL); day = day.plusDays(1)) {
            assertThat(after.get(day)).as("%s", day).isEqualTo(after.get(before));
        }
        // Days without a backup use nothing up: fourteen days that have one go back three weeks.
        assertThat(after.get(FAILED_UNTIL.plusDays(1)))
                .contains(FAILED_UNTIL.plusDays(1))
                .containsAll(days(before.minusDays(DAILY - 2L), before));
        assertThat(after.get(LAST))
                .containsExactlyElementsOf(Stream.of(
                                days(LAST.minusDays(DAILY - 1L), LAST),
                                // The Sundays before, as far as the eight weeks go.
                                newest(
                                        WEEKLY,
                                        week -> week == 0
                                                ? LAST
                                                : LocalDate.of(2026, 3, 29).minusWeeks(week - 1L)),
                                newest(
                                        MONTHLY,
                                        month -> LAST.withDayOfMonth(1)
                                                .minusMonths(month - 1L)
                                                .minusDays(1)))
                        .flatMap(List::stream)
                        .distinct()
                        .sorted()
                        .toList());
    }

    private static RetentionPlan plan(List<LocalDate> stored, LocalDate day, boolean failed) {
        Function<LocalDate, Instant> at =
                night -> night.atTime(LocalTime.of(2, 0)).atZone(ZONE).toInstant();
        return RetentionPlanner.plan(new RetentionRequest(
                new RetentionRules(null, null, DAILY, WEEKLY, MONTHLY, null, null, 3),
                VerificationLevel.FULL_READ,
                stored.stream()
                        .map(night -> new StoredBackup(
                                night.toString(), at.apply(night), VerificationLevel.FULL_READ, false, null, 1))
                        .toList(),
                ZONE,
                at.apply(day).plusSeconds(600),
                failed));
    }

    private static List<LocalDate> days(LocalDate first, LocalDate last) {
        return first.datesUntil(last.plusDays(1)).toList();
    }

    private static List<LocalDate> newest(int count, IntFunction<LocalDate> period) {
        return IntStream.range(0, count).mapToObj(period).toList();
    }
}
