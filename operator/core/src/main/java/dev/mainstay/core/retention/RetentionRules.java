package dev.mainstay.core.retention;

import dev.mainstay.api.backup.Retention;
import dev.mainstay.core.Durations;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Which backups a policy keeps; what any rule keeps, stays. A number that is null or not positive is no rule.
 *
 * @param keepLast the newest so many
 * @param keepHourly the newest of each of so many hours
 * @param keepDaily the newest of each of so many days
 * @param keepWeekly the newest of each of so many ISO weeks, which begin on Monday
 * @param keepMonthly the newest of each of so many months
 * @param keepYearly the newest of each of so many years
 * @param keepWithinSeconds all that are no older than this
 * @param minGood how many good backups no rule may undercut; at least 1, also when it is null
 */
public record RetentionRules(
        Integer keepLast,
        Integer keepHourly,
        Integer keepDaily,
        Integer keepWeekly,
        Integer keepMonthly,
        Integer keepYearly,
        Long keepWithinSeconds,
        Integer minGood) {

    /** No rule: everything is kept. */
    public static final RetentionRules NONE = new RetentionRules(null, null, null, null, null, null, null, null);

    /** The rules that a policy states; none when it states nothing. */
    public static RetentionRules of(Retention retention) {
        return retention == null
                ? NONE
                : new RetentionRules(
                        retention.keepLast(),
                        retention.keepHourly(),
                        retention.keepDaily(),
                        retention.keepWeekly(),
                        retention.keepMonthly(),
                        retention.keepYearly(),
                        retention.keepWithin() == null
                                ? null
                                : Long.valueOf(
                                        Durations.parse(retention.keepWithin()).toSeconds()),
                        retention.minGood());
    }

    /** Whether there is no rule at all, minGood aside: who asks for nothing loses nothing. */
    public boolean none() {
        return Stream.of(keepLast, keepHourly, keepDaily, keepWeekly, keepMonthly, keepYearly, keepWithinSeconds)
                .filter(Objects::nonNull)
                .noneMatch(number -> number.longValue() > 0);
    }

    /** The floor; at least 1, so that the newest good backup always stays. */
    public int floor() {
        return minGood == null ? 1 : Math.max(1, minGood);
    }
}
