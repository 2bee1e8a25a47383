package dev.mainstay.core.cache;

import dev.mainstay.core.ByteSizes;
import dev.mainstay.core.Texts;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.CacheClearWork;
import dev.mainstay.core.task.StepReport;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What was removed from a cache.
 *
 * @param work what was to be removed
 * @param before what the server said at the beginning
 * @param after what it said at the end; null when it was stopped before
 * @param removals what was removed for each prefix, or of the whole database; fewer when it was stopped before
 */
public record CacheCleared(CacheClearWork work, CacheInfo before, CacheInfo after, List<Removal> removals) {

    private static final int SHOWN = 40;

    /**
     * What was removed.
     *
     * @param found how many keys were found
     * @param removed how many of them were removed; the others had gone by themselves, or were only counted
     * @param left how many there are at the end, written meanwhile; null where nobody has looked
     */
    public record Removal(long found, long removed, Long left) {}

    /** It came to its end. */
    public StepReport done() {
        return StepReport.passed(summary(), facts());
    }

    /** It was stopped; what was removed stays removed. */
    public StepReport stopped(Reason reason, String why) {
        return StepReport.failed(reason, capital(why) + ended(why) + " Until then: " + summary(), facts());
    }

    private String summary() {
        List<String> told = new ArrayList<>();
        for (int i = 0; i < removals.size(); i++) {
            told.add(work.prefixes().isEmpty() ? whole(removals.get(i)) : told(removals.get(i), i));
        }
        if (told.isEmpty()) {
            told.add("No key was removed.");
        }
        if (work.dryRun()) {
            told.add("Nothing was removed (dryRun).");
        }
        if (after != null) {
            told.add("Database " + work.cache().database() + " had " + keys(before.keys()) + ", and has "
                    + number(after.keys()) + "; the server's memory in use went from "
                    + ByteSizes.format(before.usedMemory()) + " to " + ByteSizes.format(after.usedMemory()) + ".");
        }
        return String.join(" ", told);
    }

    private String whole(Removal removal) {
        return work.dryRun()
                ? "The whole database would be emptied of " + keys(removal.found()) + "."
                : "The whole database was emptied of " + keys(removal.removed()) + " (FLUSHDB ASYNC).";
    }

    private String told(Removal removal, int number) {
        String which = keys(removal.found()) + (removal.found() == 1 ? " begins with \"" : " begin with \"")
                + Texts.cut(work.prefixes().get(number), SHOWN, "…") + "\"";
        if (work.dryRun()) {
            return which + ".";
        }
        return which + ", and " + number(removal.removed()) + (removal.removed() == 1 ? " was" : " were") + " removed"
                + (removal.left() == null || removal.left() == 0
                        ? "."
                        : "; " + number(removal.left()) + " written meanwhile " + (removal.left() == 1 ? "is" : "are")
                                + " there now.");
    }

    private Map<String, Long> facts() {
        Map<String, Long> facts = new LinkedHashMap<>();
        facts.put("found", removals.stream().mapToLong(Removal::found).sum());
        facts.put("removed", removals.stream().mapToLong(Removal::removed).sum());
        facts.put("usedMemoryBefore", before.usedMemory());
        if (after != null) {
            facts.put("usedMemoryAfter", after.usedMemory());
        }
        return facts;
    }

    private static String capital(String text) {
        return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
    }

    private static String ended(String text) {
        return text.endsWith(".") ? "" : ".";
    }

    private static String keys(long count) {
        return number(count) + (count == 1 ? " key" : " keys");
    }

    private static String number(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }
}
