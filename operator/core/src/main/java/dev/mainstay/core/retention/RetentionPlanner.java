package dev.mainstay.core.retention;

import dev.mainstay.api.backup.VerificationLevel;
import dev.mainstay.core.retention.RetentionPlan.Kept;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Decides which backups stay. It is built to err on the side of keeping:
 *
 * <ul>
 *   <li>Nothing goes when no rule is set, when the newest attempt failed (DBackup issue 154), or when no backup is good.
 *   <li>Ages count from the newest good backup, so that days of failures age nothing (velero issue 9061).
 *   <li>What is dated after now, by a clock that was wrong, stays and takes nobody's place.
 *   <li>So does what has a keepUntil that has not come.
 *   <li>A backup that is not good, or was made by hand, never takes the place of a good one of the schedule: the rules
 *       are applied to each {@link Standing} on its own, together with those above it.
 * </ul>
 */
public final class RetentionPlanner {

    /** By the manifest's time; the path only parts equal times. */
    static final Comparator<StoredBackup> NEWEST_FIRST = Comparator.comparing(StoredBackup::snapshotAt)
            .thenComparing(StoredBackup::path)
            .reversed();

    private RetentionPlanner() {}

    /** The plan. The same request gives the same plan, whatever order the backups come in. */
    public static RetentionPlan plan(RetentionRequest request) {
        List<StoredBackup> backups = new ArrayList<>(request.backups());
        backups.sort(NEWEST_FIRST);
        Instant newestGood = newestGood(request, backups);
        String all = keepsAll(request, newestGood);
        if (all != null) {
            List<String> because = List.of(all);
            return new RetentionPlan(
                    backups.stream().map(backup -> new Kept(backup, because)).toList(), List.of());
        }
        List<Thinning> thinnings = new ArrayList<>();
        for (Standing standing : Standing.values()) {
            thinnings.add(new Thinning(request, standing, newestGood));
        }
        List<Kept> kept = new ArrayList<>();
        List<StoredBackup> removed = new ArrayList<>();
        for (StoredBackup backup : backups) {
            List<String> because = because(request, newestGood, thinnings, backup);
            if (because.isEmpty()) {
                removed.add(backup);
            } else {
                kept.add(new Kept(backup, because));
            }
        }
        return new RetentionPlan(kept, removed);
    }

    /** Why nothing at all is removed; null when the rules apply. */
    private static String keepsAll(RetentionRequest request, Instant newestGood) {
        if (request.rules().none()) {
            return "no rule is set";
        }
        if (request.newestFailed()) {
            return "the newest attempt failed";
        }
        return newestGood == null ? "no backup is good" : null;
    }

    /** The time that ages count from: never after now. */
    private static Instant newestGood(RetentionRequest request, List<StoredBackup> newestFirst) {
        return newestFirst.stream()
                .filter(backup -> backup.isGood(request.level()) && !isAhead(request, backup))
                .map(StoredBackup::snapshotAt)
                .findFirst()
                .orElse(null);
    }

    private static boolean isAhead(RetentionRequest request, StoredBackup backup) {
        return backup.snapshotAt().isAfter(request.now());
    }

    private static List<String> because(
            RetentionRequest request, Instant newestGood, List<Thinning> thinnings, StoredBackup backup) {
        if (isAhead(request, backup)) {
            return List.of("dated after now");
        }
        if (backup.keepUntil() != null && backup.keepUntil().isAfter(newestGood)) {
            return List.of("kept until " + backup.keepUntil());
        }
        Standing own = Standing.of(backup, request.level());
        List<String> because = List.of();
        for (Thinning thinning : thinnings) {
            // A weaker standing sees those above it too, and adds nothing to what keeps them.
            if (thinning.standing().compareTo(own) >= 0) {
                List<String> rules = thinning.next(backup);
                because = thinning.standing() == own ? rules : because;
            }
        }
        return because;
    }

    /** What a backup is worth to the rules, the best first. */
    enum Standing {
        /** Good, and made by the policy. */
        REGULAR(""),
        /** Good, and made by hand; its keepUntil has come. */
        BY_HAND(" (by hand)"),
        /** Committed, and not proven as far as the policy asks: perhaps it asked for less when it was made. */
        UNPROVEN(" (not proven)");

        private final String suffix;

        Standing(String suffix) {
            this.suffix = suffix;
        }

        String suffix() {
            return suffix;
        }

        static Standing of(StoredBackup backup, VerificationLevel level) {
            if (!backup.isGood(level)) {
                return UNPROVEN;
            }
            return backup.byHand() ? BY_HAND : REGULAR;
        }
    }
}
