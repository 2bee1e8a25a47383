package dev.mainstay.core.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.schedule.DayMatch;
import org.junit.jupiter.api.Test;

/** All fields of an expression that are wrong are told at once. */
class CronFieldsTest {

    @Test
    void givenSeveralWrongFields_whenTheyAreRead_thenEachIsNamedInTheirOrder() {
        Parsed<CronExpression> parsed = CronParser.parse("61 25 32 13 8", DayMatch.ANY);

        assertThat(parsed).isInstanceOf(Parsed.Refused.class);
        Parsed.Refused<CronExpression> refused = (Parsed.Refused<CronExpression>) parsed;
        assertThat(refused.field()).isEqualTo("minute");
        assertThat(refused.message())
                .startsWith("minute: ")
                .containsSubsequence("minute: ", "hour: ", "day of month: ", "month: ", "day of week: ");
    }

    @Test
    void givenOneWrongField_whenItIsRead_thenNoOtherIsNamed() {
        Parsed.Refused<CronExpression> refused =
                (Parsed.Refused<CronExpression>) CronParser.parse("0 2 * 13 *", DayMatch.ANY);

        assertThat(refused.field()).isEqualTo("month");
        assertThat(refused.message()).startsWith("month: ").doesNotContain("minute: ", "hour: ", "day of week: ");
    }
}
