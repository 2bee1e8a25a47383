package dev.mainstay.core.retention;

import dev.mainstay.core.Durations;
import dev.mainstay.core.retention.RetentionPlanner.Standing;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The rules as they are applied to the backups of a standing and above, which are handed in from the newest on. */
final class Thinning {

    private final RetentionRequest request;
    private final Standing standing;
    private final Instant oldest;
    private final String within;
    private final int last;
    private final int floor;
    /** Sets, not the last one seen: where a clock goes back over midnight, a day is left and entered again. */
    private final Map<Period, Set<Long>> seen = new EnumMap<>(Period.class);

    private int count;

    /** @param newestGood the time that ages count from */
    Thinning(RetentionRequest request, Standing standing, Instant newestGood) {
        this.request = request;
        this.standing = standing;
        RetentionRules rules = request.rules();
        this.last = rules.keepLast() == null ? 0 : rules.keepLast();
        // A floor of good ones: what is not good can't fill it.
        this.floor = standing == Standing.UNPROVEN ? 0 : rules.floor();
        Duration age = Duration.ofSeconds(rules.keepWithinSeconds() == null ? 0 : rules.keepWithinSeconds());
        this.oldest = age.isPositive() ? newestGood.minus(age) : null;
        this.within = "within " + Durations.format(age) + standing.suffix();
        for (Period period : Period.values()) {
            seen.put(period, new HashSet<>());
        }
    }

    Standing standing() {
        return standing;
    }

    /** The rules that keep the next backup, in words; none when it goes. */
    List<String> next(StoredBackup backup) {
        count++;
        List<String> because = new ArrayList<>();
        if (count <= last) {
            because.add("last " + count + " of " + last + standing.suffix());
        }
        if (oldest != null && !backup.snapshotAt().isBefore(oldest)) {
            because.add(within);
        }
        ZonedDateTime time = backup.snapshotAt().atZone(request.zone());
        for (Period period : Period.values()) {
            Set<Long> keys = seen.get(period);
            if (keys.size() < period.number(request.rules()) && keys.add(period.key(time))) {
                because.add(period.describe(time) + standing.suffix());
            }
        }
        if (because.isEmpty() && count <= floor) {
            because.add("good " + count + " of " + floor + standing.suffix());
        }
        return because;
    }
}
