package dev.mainstay.core.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.OffsetDateTime;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a slot says of the change of the clocks that moved it. */
class ShiftTest {

    @ParameterizedTest(name = "{0} {1} after {2}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', emptyValue = "", textBlock = """
            0 2 * * *        | Europe/Berlin    | 2026-03-28T12:00+01:00 | 2026-03-29T03:00+02:00 | moved from 02:00: DST gap
            0,30 2 * * *     | Europe/Berlin    | 2026-03-28T12:00+01:00 | 2026-03-29T03:00+02:00 | moved from 02:00 and 02:30: DST gap
            0,20,40 2 * * *  | Europe/Berlin    | 2026-03-28T12:00+01:00 | 2026-03-29T03:00+02:00 | moved from 02:00 to 02:40, 3 times: DST gap
            0 2,3 * * *      | Europe/Berlin    | 2026-03-28T12:00+01:00 | 2026-03-29T03:00+02:00 | moved from 02:00: DST gap
            0 3 * * *        | Europe/Berlin    | 2026-03-28T12:00+01:00 | 2026-03-29T03:00+02:00 | ``
            */30 * * * *     | Europe/Berlin    | 2026-03-29T01:30+01:00 | 2026-03-29T03:00+02:00 | ``
            0 0 * * *        | America/Santiago | 2022-09-10T12:00-04:00 | 2022-09-11T01:00-03:00 | moved from 00:00: DST gap
            30 23 * * *      | America/Nuuk     | 2024-03-30T12:00-02:00 | 2024-03-31T00:00-01:00 | moved from 2024-03-30T23:30: DST gap
            0 2 * * *        | Europe/Berlin    | 2026-10-24T12:00+02:00 | 2026-10-25T02:00+02:00 | not again at the second 02:00: DST overlap
            59 2 * * *       | Europe/Berlin    | 2026-10-24T12:00+02:00 | 2026-10-25T02:59+02:00 | not again at the second 02:59: DST overlap
            0 3 * * *        | Europe/Berlin    | 2026-10-24T12:00+02:00 | 2026-10-25T03:00+01:00 | ``
            59 1 * * *       | Europe/Berlin    | 2026-10-24T12:00+02:00 | 2026-10-25T01:59+02:00 | ``
            0 * * * *        | Europe/Berlin    | 2026-10-25T01:30+02:00 | 2026-10-25T02:00+02:00 | ``
            0 12 * * *       | Pacific/Apia     | 2011-12-29T12:00-10:00 | 2011-12-31T12:00+14:00 | ``
            """)
    void givenASlotBesideAChangeOfTheClocks_whenItIsFoundFromEitherSide_thenItSaysWhatTheChangeDid(
            String cron, String zone, OffsetDateTime after, OffsetDateTime at, String shift) {
        Schedule schedule = Schedules.of(cron, zone);

        assertThat(schedule.next(after.toInstant())).isEqualTo(new Slot(at, shift));
        assertThat(schedule.previous(at.toInstant().plusSeconds(1))).isEqualTo(new Slot(at, shift));
    }
}
