package dev.mainstay.core.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The engine jumps from field to field; here it is compared with one that walks through every minute and only looks at the
 * clock. {@code -Doracle.rounds=200} looks at more.
 */
class ScheduleOracleTest {

    private static final Instant BEGIN = Instant.parse("2010-01-01T00:00:00Z");
    private static final Instant END = Instant.parse("2030-01-01T00:00:00Z");
    private static final Duration SPAN = Duration.ofHours(26);
    private static final Duration LONGEST_GAP = Duration.ofHours(3);

    private static final int ROUNDS = Integer.getInteger("oracle.rounds", 1);

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1})
    void givenAnyZone_whenTheClocksChange_thenTheEngineFindsWhatWalkingFinds(long seed) {
        Random random = new Random(seed);
        int compared = 0;
        for (int round = 0; round < ROUNDS; round++) {
            for (ZoneId zone : zones()) {
                RandomCron cron = RandomCron.often(random);
                if (Schedule.parse(cron.text, zone.getId(), cron.dayMatch)
                        instanceof Parsed.Accepted<Schedule>(Schedule schedule)) {
                    compare(cron, schedule, aroundAChange(zone.getRules(), random));
                    compared++;
                }
            }
        }
        assertThat(compared).isGreaterThan(ROUNDS * 200);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {11, 12})
    void givenAnyExpression_whenTwentyYearsOfDaysAreWalked_thenTheEngineNamesThoseDaysOrRefusesWhenThereIsNone(
            long seed) {
        Random random = new Random(seed);
        LocalDate begin = LocalDate.of(2010, 1, 1);
        int refused = 0;
        for (int i = 0; i < 20 * ROUNDS; i++) {
            RandomCron cron = RandomCron.any(random);
            List<LocalDate> wanted =
                    begin.datesUntil(begin.plusYears(20)).filter(cron::matches).toList();
            switch (CronParser.parse(cron.text, cron.dayMatch)) {
                case Parsed.Accepted<CronExpression>(CronExpression expression) ->
                    assertThat(days(expression, begin))
                            .as("%s %s", cron.text, cron.dayMatch)
                            .isEqualTo(wanted);
                case Parsed.Refused<CronExpression>(String field, String message) -> {
                    assertThat(wanted).as(message).isEmpty();
                    refused++;
                }
            }
        }
        assertThat(refused).isLessThan(8 * ROUNDS);
    }

    /** What is counted at once over years is what is found by going from slot to slot. */
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {21, 22})
    void givenYears_whenSlotsAreCounted_thenTheyAreAsManyAsAreFound(long seed) {
        Random random = new Random(seed);
        List<ZoneId> zones = zones();
        for (int i = 0; i < 15 * ROUNDS; i++) {
            ZoneId zone = zones.get(random.nextInt(zones.size()));
            RandomCron cron = RandomCron.often(random);
            if (Schedule.parse(cron.text, zone.getId(), cron.dayMatch)
                    instanceof Parsed.Accepted<Schedule>(Schedule schedule)) {
                Instant from = BEGIN.plusSeconds(
                        random.nextLong(Duration.between(BEGIN, END).toSeconds()));
                Instant until = from;
                int slots = random.nextInt(1_000);
                for (int slot = 0; slot < slots; slot++) {
                    until = schedule.next(until).instant();
                }
                assertThat(schedule.count(from, until))
                        .as("%s %s in %s from %s to %s", cron.text, cron.dayMatch, zone, from, until)
                        .isEqualTo(slots);
            }
        }
    }

    @Test
    void givenASlot_whenTheOneBeforeTheNextIsAsked_thenItIsThatSlot() {
        Random random = new Random(31);
        List<ZoneId> zones = zones();
        for (int i = 0; i < 1_000 * ROUNDS; i++) {
            ZoneId zone = zones.get(random.nextInt(zones.size()));
            RandomCron cron = RandomCron.any(random);
            if (Schedule.parse(cron.text, zone.getId(), cron.dayMatch)
                    instanceof Parsed.Accepted<Schedule>(Schedule schedule)) {
                Slot slot = schedule.next(BEGIN.plusSeconds(
                        random.nextLong(Duration.between(BEGIN, END).toSeconds())));
                Slot next = schedule.next(slot.instant());
                assertThat(schedule.previous(next.instant()))
                        .as("%s %s in %s", cron.text, cron.dayMatch, zone)
                        .isEqualTo(slot);
            }
        }
    }

    private static void compare(RandomCron cron, Schedule schedule, Instant from) {
        Instant until = from.plus(SPAN);
        List<OffsetDateTime> wanted = walk(cron, schedule.zone().getRules(), from, until);
        String what = cron.text + " " + cron.dayMatch + " in " + schedule.zone() + " from " + from;
        assertThat(forward(schedule, from, until)).as("next: %s", what).isEqualTo(wanted);
        assertThat(backward(schedule, from, until)).as("previous: %s", what).isEqualTo(wanted);
        assertThat(schedule.count(from, until)).as("count: %s", what).isEqualTo(wanted.size());
    }

    /**
     * Looks at the clocks once a minute. A fixed time that they jumped over is seen when they show a later time at once, one
     * that comes again when they have shown a later time before.
     */
    private static List<OffsetDateTime> walk(RandomCron cron, ZoneRules rules, Instant from, Instant until) {
        List<OffsetDateTime> found = new ArrayList<>();
        long before = from.minus(LONGEST_GAP).getEpochSecond();
        ZoneOffset offset = rules.getOffset(Instant.ofEpochSecond(before));
        LocalDateTime latest = LocalDateTime.ofEpochSecond(before, 0, offset);
        for (long second = before + 60; second <= until.getEpochSecond(); second += 60) {
            offset = rules.getOffset(Instant.ofEpochSecond(second));
            LocalDateTime time = LocalDateTime.ofEpochSecond(second, 0, offset);
            boolean again = !time.isAfter(latest);
            boolean hit = cron.matches(time) && !(again && cron.fixedTimes());
            if (cron.fixedTimes() && Duration.between(latest, time).compareTo(LONGEST_GAP.plusMinutes(1)) <= 0) {
                for (LocalDateTime skipped = latest.plusMinutes(1);
                        skipped.isBefore(time);
                        skipped = skipped.plusMinutes(1)) {
                    hit |= cron.matches(skipped);
                }
            }
            latest = again ? latest : time;
            if (hit && second > from.getEpochSecond()) {
                found.add(time.atOffset(offset));
            }
        }
        return found;
    }

    private static List<OffsetDateTime> forward(Schedule schedule, Instant from, Instant until) {
        List<OffsetDateTime> found = new ArrayList<>();
        for (Slot slot = schedule.next(from); !slot.instant().isAfter(until); slot = schedule.next(slot.instant())) {
            found.add(slot.at());
        }
        return found;
    }

    private static List<OffsetDateTime> backward(Schedule schedule, Instant from, Instant until) {
        List<OffsetDateTime> found = new ArrayList<>();
        Slot slot = schedule.previous(until.plusNanos(1));
        while (slot.instant().isAfter(from)) {
            found.add(slot.at());
            slot = schedule.previous(slot.instant());
        }
        Collections.reverse(found);
        return found;
    }

    private static List<LocalDate> days(CronExpression expression, LocalDate begin) {
        List<LocalDate> days = new ArrayList<>();
        LocalDateTime end = begin.plusYears(20).atStartOfDay();
        LocalDateTime time = expression.ceiling(begin.atStartOfDay(), end);
        while (time != null) {
            days.add(time.toLocalDate());
            time = expression.ceiling(time.toLocalDate().plusDays(1).atStartOfDay(), end);
        }
        return days;
    }

    /** A day before a change of the clocks, or any day in a zone that has none in these years. */
    private static Instant aroundAChange(ZoneRules rules, Random random) {
        Instant any = BEGIN.plus(
                Duration.ofMinutes(random.nextLong(Duration.between(BEGIN, END).toMinutes())));
        ZoneOffsetTransition change = rules.nextTransition(any);
        return change == null || change.getInstant().isAfter(END)
                ? any
                : change.getInstant().minus(Duration.ofMinutes(random.nextInt(1_440)));
    }

    /** One zone of each set of rules. */
    private static List<ZoneId> zones() {
        Map<ZoneRules, ZoneId> zones = new LinkedHashMap<>();
        ZoneId.getAvailableZoneIds().stream()
                .filter(id -> TimeZones.parse(id) instanceof Parsed.Accepted<ZoneId>)
                .sorted()
                .map(ZoneId::of)
                .forEach(zone -> zones.putIfAbsent(zone.getRules(), zone));
        return List.copyOf(zones.values());
    }
}
