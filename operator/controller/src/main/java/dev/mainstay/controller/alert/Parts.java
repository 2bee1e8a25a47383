package dev.mainstay.controller.alert;

import dev.mainstay.core.alert.AlertGroup;
import dev.mainstay.core.metrics.MetricVector;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * How the applications of a question are divided among queries. One query asks for all of them, until the answer to it is too
 * large or Prometheus refuses it for what it takes: then its applications are asked for by name, and halved until each has an
 * answer or is found to be the one that has none. What was found is kept for the next time. Used by one sweep at a time.
 */
final class Parts {

    /** So many queries are made for one question at a time; what has no answer by then is told so. */
    static final int MOST_QUERIES = 64;

    /** After so many of which none had an answer, the fault is that of all: more of them would be a load and nothing else. */
    static final int MOST_WITHOUT_ANSWER = 16;

    /** So many applications are asked for by name in a query: 10,000 of them leave room for halving. */
    static final int LONGEST_LIST = 250;

    /** So many are asked for alone from the beginning, of those that had no answer the last time. */
    static final int MOST_ALONE = 16;

    /** When all are asked for in one query again, after that had no answer. */
    private static final Duration TOGETHER_AGAIN = Duration.ofHours(1);

    /** Those that had no answer alone, by the values of their labels, the newest last. */
    private final Set<List<String>> alone = new LinkedHashSet<>();

    private Instant listedUntil = Instant.MIN;

    /**
     * Applications that share an answer.
     *
     * @param applications the values of their labels
     * @param answer what came of the query for them; one for fewer is no use any more when it is too wide
     */
    record Part(List<List<String>> applications, MetricVector answer) {}

    /** Applications that are to share a query, and whether it has all their names. */
    private record Share(List<List<String>> applications, boolean listed) {}

    /** Has all of them asked for, those of most hope first. One that has no answer when the source has none ends it. */
    List<Part> ask(
            AlertGroup group, List<List<String>> applications, Function<String, MetricVector> source, Instant now) {
        Deque<Share> waiting = shares(applications, now);
        List<Part> parts = new ArrayList<>();
        String tooWide = "";
        for (int asked = 0; !waiting.isEmpty(); asked++) {
            if (asked == MOST_QUERIES
                    || asked == MOST_WITHOUT_ANSWER && parts.stream().noneMatch(Parts::isAnswered)) {
                parts.add(new Part(all(waiting), unasked(asked, tooWide)));
                return parts;
            }
            Share share = waiting.poll();
            MetricVector answer = source.apply(promql(group, share));
            if (answer instanceof MetricVector.TooWide(String why)) {
                tooWide = why;
                if (share.applications().size() > 1) {
                    waiting.addAll(narrower(group, share, now));
                    continue;
                }
            }
            parts.add(new Part(share.applications(), answer));
            remember(share, answer);
            if (answer instanceof MetricVector.Failed(String ignored, boolean ofQuery) && !ofQuery) {
                parts.add(new Part(all(waiting), answer));
                return parts;
            }
        }
        return parts;
    }

    private static boolean isAnswered(Part part) {
        return part.answer() instanceof MetricVector.Found;
    }

    private static String promql(AlertGroup group, Share share) {
        return share.listed() ? group.listing(share.applications()) : group.promql(share.applications());
    }

    private Deque<Share> shares(List<List<String>> applications, Instant now) {
        // A clock that was set back would have it wait for as long.
        if (now.plus(TOGETHER_AGAIN).isBefore(listedUntil)) {
            listedUntil = now;
        }
        List<List<String>> together =
                applications.stream().filter(one -> !alone.contains(one)).toList();
        Deque<Share> shares = new ArrayDeque<>();
        if (now.isBefore(listedUntil)) {
            shares.addAll(lists(together));
        } else if (!together.isEmpty()) {
            shares.add(new Share(together, false));
        }
        applications.stream().filter(alone::contains).forEach(one -> shares.add(new Share(List.of(one), true)));
        return shares;
    }

    private List<Share> narrower(AlertGroup group, Share share, Instant now) {
        List<List<String>> applications = share.applications();
        // A query for a few has their names already.
        if (!share.listed() && !group.promql(applications).equals(group.listing(applications))) {
            listedUntil = now.plus(TOGETHER_AGAIN);
            return lists(applications);
        }
        int half = applications.size() / 2;
        return List.of(
                new Share(applications.subList(0, half), true),
                new Share(applications.subList(half, applications.size()), true));
    }

    private static List<Share> lists(List<List<String>> applications) {
        List<Share> lists = new ArrayList<>();
        for (int from = 0; from < applications.size(); from += LONGEST_LIST) {
            lists.add(new Share(applications.subList(from, Math.min(from + LONGEST_LIST, applications.size())), true));
        }
        return lists;
    }

    private void remember(Share share, MetricVector answer) {
        if (share.applications().size() > 1) {
            return;
        }
        List<String> one = share.applications().getFirst();
        if (answer instanceof MetricVector.Found) {
            alone.remove(one);
        } else if (answer instanceof MetricVector.TooWide && alone.add(one) && alone.size() > MOST_ALONE) {
            alone.remove(alone.iterator().next());
        }
    }

    private static List<List<String>> all(Deque<Share> shares) {
        return shares.stream().flatMap(share -> share.applications().stream()).toList();
    }

    private static MetricVector unasked(int asked, String tooWide) {
        return new MetricVector.TooWide(
                "It was not measured: Prometheus could not answer for all applications at once, and "
                        + asked
                        + " queries for fewer of them, which is the most at a time, did not find those that are at fault. The"
                        + " last answer: " + tooWide);
    }
}
