package dev.mainstay.core.cache;

import dev.mainstay.api.runbook.CacheReviewStep;
import dev.mainstay.core.ByteSizes;
import dev.mainstay.core.Durations;
import dev.mainstay.core.task.StepReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What follows from two looks at a cache.
 *
 * @param limits what is too much or too little
 * @param before the first look
 * @param after the second, a period later
 * @param sample keys that were looked at after that
 */
public record CacheReview(CacheReviewStep limits, CacheInfo before, CacheInfo after, KeySample sample) {

    /** From fewer lookups no rate follows. */
    static final long FEWEST_LOOKUPS = 100;

    /** What a server itself needs makes a small one look fragmented. */
    static final long SMALLEST_JUDGED = 100L << 20;

    private static final int DEFAULT_MEMORY_PERCENT = 90;
    private static final int MINUTE = 60;

    /** What it comes to: what somebody should look at comes first, and then what was seen. */
    public StepReport report() {
        List<String> findings = findings();
        return findings.isEmpty()
                ? StepReport.passed(summary(), facts())
                : StepReport.findings(String.join(" ", findings) + " Seen: " + summary(), facts());
    }

    private List<String> findings() {
        List<String> found = new ArrayList<>();
        hitRate().ifPresent(found::add);
        memory().ifPresent(found::add);
        evictions().ifPresent(found::add);
        fragmentation().ifPresent(found::add);
        timesToLive().ifPresent(found::add);
        clients(found);
        return found;
    }

    private String summary() {
        return after.server() + ", up for " + Durations.format(Duration.ofSeconds(after.uptimeSeconds())) + ": "
                + rateText() + "; "
                + number(counted(before.evicted(), after.evicted())) + " keys evicted in " + period() + "; "
                + ByteSizes.format(after.usedMemory()) + " in use of "
                + (after.maxMemory() == 0 ? "no maxmemory" : ByteSizes.format(after.maxMemory())) + " ("
                + after.policy() + "), fragmentation " + after.fragmentationPercent() + " %; "
                + number(after.keys()) + " keys; " + sampleText() + "; "
                + after.clients() + " clients, " + after.blocked() + " blocked.";
    }

    /** To the last digit, where the summary is for people. */
    private Map<String, Long> facts() {
        Map<String, Long> facts = new LinkedHashMap<>();
        rate().ifPresent(rate -> {
            facts.put("hits", rate.hits());
            facts.put("lookups", rate.lookups());
        });
        facts.put("usedMemory", after.usedMemory());
        facts.put("maxMemory", after.maxMemory());
        facts.put("sampledKeys", sample.keys());
        facts.put("sampledWithoutTtl", sample.withoutTtl());
        return facts;
    }

    /** A server that was restarted meanwhile counts from 0. */
    private boolean restarted() {
        return after.uptimeSeconds() < before.uptimeSeconds();
    }

    private long counted(long first, long second) {
        return restarted() || second < first ? second : second - first;
    }

    private record Rate(long hits, long lookups, String where) {
        double percent() {
            return 100.0 * hits / lookups;
        }
    }

    private Optional<Rate> rate() {
        long hits = counted(before.hits(), after.hits());
        long lookups = hits + counted(before.misses(), after.misses());
        if (lookups >= FEWEST_LOOKUPS) {
            return Optional.of(new Rate(hits, lookups, "in " + period()));
        }
        long all = after.hits() + after.misses();
        return all >= FEWEST_LOOKUPS
                ? Optional.of(new Rate(after.hits(), all, "since the server's start"))
                : Optional.empty();
    }

    private String rateText() {
        return rate().map(rate -> "hit rate " + percent(rate.percent()) + " of " + number(rate.lookups()) + " lookups "
                        + rate.where())
                .orElse("too few lookups to tell a hit rate");
    }

    private Optional<String> hitRate() {
        return rate().filter(rate -> rate.percent() < limits.minHitRatePercent())
                .map(rate -> "The hit rate " + rate.where() + " is " + percent(rate.percent()) + ", below "
                        + limits.minHitRatePercent()
                        + " % (minHitRatePercent): look for keys that live too short, or are evicted.");
    }

    private Optional<String> memory() {
        Integer limit = limits.maxMemoryPercent();
        if (after.maxMemory() == 0 || limit == null && !after.keepsForEver()) {
            return Optional.empty();
        }
        int most = limit == null ? DEFAULT_MEMORY_PERCENT : limit;
        double used = 100.0 * after.usedMemory() / after.maxMemory();
        return used <= most
                ? Optional.empty()
                : Optional.of("Of maxmemory " + percent(used) + " are in use, more than " + most
                        + " % (maxMemoryPercent)"
                        + (after.policy().equals("noeviction")
                                ? "; at the limit writes are refused (noeviction)."
                                : " with " + after.policy() + "."));
    }

    private Optional<String> evictions() {
        Integer limit = limits.maxEvictedKeysPerMinute();
        if (limit == null) {
            return Optional.empty();
        }
        double minute = 1.0 * counted(before.evicted(), after.evicted()) * MINUTE / seconds();
        return minute <= limit
                ? Optional.empty()
                : Optional.of(number(Math.round(minute)) + " keys a minute are evicted, more than " + number(limit)
                        + " (maxEvictedKeysPerMinute): the cache is too small for what is kept in it.");
    }

    private Optional<String> fragmentation() {
        return after.usedMemory() < SMALLEST_JUDGED || after.fragmentationPercent() <= limits.maxFragmentationPercent()
                ? Optional.empty()
                : Optional.of(
                        "The process takes " + after.fragmentationPercent() + " % of the memory in use, more than "
                                + limits.maxFragmentationPercent()
                                + " % (maxFragmentationPercent): set activedefrag yes, or restart it in a quiet hour.");
    }

    private Optional<String> timesToLive() {
        if (sample.keys() == 0 || !after.keepsForEver()) {
            return Optional.empty();
        }
        double without = 100.0 * sample.withoutTtl() / sample.keys();
        return without <= limits.maxKeysWithoutTtlPercent()
                ? Optional.empty()
                : Optional.of(percent(without) + " of " + sampled() + " have no time to live, more than "
                        + limits.maxKeysWithoutTtlPercent() + " % (maxKeysWithoutTtlPercent)" + groups()
                        + ", and nothing evicts such keys ("
                        + (after.maxMemory() == 0 ? "no maxmemory" : after.policy())
                        + "): set them to expire, or a maxmemory with allkeys-lru.");
    }

    private void clients(List<String> found) {
        Integer limit = limits.maxBlockedClients();
        if (limit != null && after.blocked() > limit) {
            found.add(after.blocked() + " clients wait in a blocking command, more than " + limit
                    + " (maxBlockedClients).");
        }
        long rejected = counted(before.rejected(), after.rejected());
        if (rejected > 0) {
            found.add(number(rejected) + " connections were refused in " + period()
                    + ", since there were too many: raise maxclients, or look for clients that don't close theirs.");
        }
    }

    private String sampleText() {
        return sample.keys() == 0
                ? "no key was found to look at"
                : "of " + sampled() + " " + number(sample.withoutTtl()) + " have no time to live";
    }

    private String sampled() {
        return sample.keys() >= after.keys()
                ? "all " + number(sample.keys()) + " keys"
                : "a sample of " + number(sample.keys()) + " keys";
    }

    private String groups() {
        return sample.groups().isEmpty()
                ? ""
                : sample.groups().stream()
                        .map(CacheReview::told)
                        .collect(Collectors.joining(", ", ", most of them under ", ""));
    }

    private static String told(KeySample.Group group) {
        return group.prefix() + " (" + number(group.withoutTtl()) + ")";
    }

    private long seconds() {
        return Durations.parse(limits.period()).toSeconds();
    }

    private String period() {
        return limits.period();
    }

    private static String percent(double value) {
        return String.format(Locale.ROOT, "%.1f %%", value);
    }

    private static String number(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }
}
