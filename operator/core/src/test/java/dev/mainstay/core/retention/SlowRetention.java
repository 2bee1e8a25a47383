package dev.mainstay.core.retention;

import dev.mainstay.api.backup.VerificationLevel;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The rules once more, said as plainly as can be and without regard to time: what the planner is compared with. */
final class SlowRetention {

    private static final DateTimeFormatter HOUR = DateTimeFormatter.ofPattern("uuuu-MM-dd HH XXX", Locale.ROOT);
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("uuuu-MM-dd", Locale.ROOT);
    private static final DateTimeFormatter WEEK =
            DateTimeFormatter.ofPattern("YYYY-'W'ww", Locale.forLanguageTag("de-DE"));
    private static final DateTimeFormatter MONTH = DateTimeFormatter.ofPattern("uuuu-MM", Locale.ROOT);
    private static final DateTimeFormatter YEAR = DateTimeFormatter.ofPattern("uuuu", Locale.ROOT);

    private final RetentionRequest request;

    SlowRetention(RetentionRequest request) {
        this.request = request;
    }

    /** Paths of what stays. */
    Set<String> kept() {
        List<StoredBackup> past = request.backups().stream()
                .filter(b -> !b.snapshotAt().isAfter(request.now()))
                .toList();
        List<StoredBackup> good = past.stream().filter(this::good).toList();
        if (request.rules().none() || request.newestFailed() || good.isEmpty()) {
            return paths(request.backups());
        }
        Instant reference = good.stream()
                .map(StoredBackup::snapshotAt)
                .max(Instant::compareTo)
                .orElseThrow();
        Predicate<StoredBackup> spared =
                b -> b.keepUntil() != null && b.keepUntil().isAfter(reference);
        List<StoredBackup> thinned = past.stream().filter(spared.negate()).toList();
        Set<String> kept = new HashSet<>();
        request.backups().stream()
                .filter(b -> spared.test(b) || b.snapshotAt().isAfter(request.now()))
                .forEach(b -> kept.add(b.path()));
        List<StoredBackup> regular =
                thinned.stream().filter(b -> good(b) && !b.byHand()).toList();
        List<StoredBackup> allGood = thinned.stream().filter(this::good).toList();
        kept.addAll(newest(regular, request.rules().floor()));
        kept.addAll(newest(allGood, request.rules().floor()));
        Stream.of(regular, allGood, thinned).forEach(backups -> kept.addAll(byRules(backups, reference)));
        return kept;
    }

    private Set<String> byRules(List<StoredBackup> backups, Instant reference) {
        RetentionRules rules = request.rules();
        Set<String> kept = new HashSet<>();
        kept.addAll(newest(backups, number(rules.keepLast())));
        kept.addAll(newestOfEach(backups, HOUR, number(rules.keepHourly())));
        kept.addAll(newestOfEach(backups, DAY, number(rules.keepDaily())));
        kept.addAll(newestOfEach(backups, WEEK, number(rules.keepWeekly())));
        kept.addAll(newestOfEach(backups, MONTH, number(rules.keepMonthly())));
        kept.addAll(newestOfEach(backups, YEAR, number(rules.keepYearly())));
        if (rules.keepWithinSeconds() != null && rules.keepWithinSeconds() > 0) {
            backups.stream()
                    .filter(b -> !b.snapshotAt()
                            .plusSeconds(rules.keepWithinSeconds())
                            .isBefore(reference))
                    .forEach(b -> kept.add(b.path()));
        }
        return kept;
    }

    private Set<String> newestOfEach(List<StoredBackup> backups, DateTimeFormatter period, int number) {
        Set<String> taken = new HashSet<>();
        Set<String> kept = new HashSet<>();
        while (taken.size() < number) {
            List<StoredBackup> rest = backups.stream()
                    .filter(b -> !taken.contains(period.format(local(b))))
                    .toList();
            if (rest.isEmpty()) {
                return kept;
            }
            StoredBackup newest = rest.stream().min(SlowRetention::newestFirst).orElseThrow();
            taken.add(period.format(local(newest)));
            kept.add(newest.path());
        }
        return kept;
    }

    private ZonedDateTime local(StoredBackup backup) {
        return backup.snapshotAt().atZone(request.zone());
    }

    private boolean good(StoredBackup backup) {
        List<VerificationLevel> ladder =
                List.of(VerificationLevel.NONE, VerificationLevel.CHECKSUM, VerificationLevel.FULL_READ);
        return ladder.indexOf(backup.proven()) >= ladder.indexOf(request.level());
    }

    private static int number(Integer value) {
        return value == null ? 0 : value;
    }

    private static Set<String> newest(List<StoredBackup> backups, int number) {
        return paths(backups.stream()
                .sorted(SlowRetention::newestFirst)
                .limit(number)
                .toList());
    }

    private static int newestFirst(StoredBackup a, StoredBackup b) {
        int byTime = b.snapshotAt().compareTo(a.snapshotAt());
        return byTime != 0 ? byTime : b.path().compareTo(a.path());
    }

    private static Set<String> paths(List<StoredBackup> backups) {
        Set<String> paths = new HashSet<>();
        backups.forEach(b -> paths.add(b.path()));
        return paths;
    }
}
