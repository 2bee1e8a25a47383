package dev.mainstay.core.retention;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What stays and what goes, each from the newest to the oldest.
 *
 * @param kept the backups that stay
 * @param removed the backups that go
 */
public record RetentionPlan(List<Kept> kept, List<StoredBackup> removed) {

    public RetentionPlan {
        kept = List.copyOf(kept);
        removed = List.copyOf(removed);
    }

    /**
     * A backup that stays.
     *
     * @param backup the backup
     * @param because why, in words such as {@code daily 2026-03-28}; at least one
     */
    public record Kept(StoredBackup backup, List<String> because) {

        public Kept {
            because = List.copyOf(because);
        }
    }

    /** The plan for people, a line a backup, from the newest to the oldest. */
    public Stream<String> lines() {
        return Stream.concat(
                        kept.stream().map(k -> new Line(k.backup(), "keep", String.join(", ", k.because()))),
                        removed.stream().map(backup -> new Line(backup, "remove", "no rule keeps it")))
                .sorted((a, b) -> RetentionPlanner.NEWEST_FIRST.compare(a.backup, b.backup))
                .map(Line::text);
    }

    private record Line(StoredBackup backup, String verb, String why) {

        String text() {
            return String.format(
                    Locale.ROOT,
                    "%-6s  %s  %-8s  %-8s  %s: %s",
                    verb,
                    backup.snapshotAt(),
                    backup.proven().text(),
                    backup.byHand() ? "by hand" : "schedule",
                    backup.path(),
                    why);
        }
    }
}
