package dev.mainstay.runner.cache;

import dev.mainstay.core.Durations;
import dev.mainstay.core.cache.CacheInfo;
import dev.mainstay.core.cache.CacheReview;
import dev.mainstay.core.cache.KeyPattern;
import dev.mainstay.core.cache.KeySample;
import dev.mainstay.core.task.CacheReviewWork;
import dev.mainstay.core.task.StepReport;
import dev.mainstay.runner.task.StopSignal;
import dev.mainstay.runner.task.TaskContext;

/** Looks at a cache twice, and at some of its keys. It changes nothing. */
public final class CacheReviewing {

    private static final int PAGE = 500;

    /** Where the application has few of a large database's keys, so many pages are looked through at most. */
    private static final int MOST_PAGES = 2_000;

    private final CacheReviewWork work;
    private final StopSignal stop;

    private CacheReviewing(CacheReviewWork work, StopSignal stop) {
        this.work = work;
        this.stop = stop;
    }

    /** What was found. Throws a TaskFailure that says why nothing can be. */
    public static StepReport run(TaskContext context, CacheReviewWork work) {
        try (CacheSession session = CacheSession.open(work.cache(), context.secrets(), context.stop())) {
            return new CacheReviewing(work, context.stop()).run(session);
        }
    }

    private StepReport run(CacheSession session) {
        CacheInfo before = session.usable();
        Pauses.sleep(Durations.parse(work.step().period()), stop);
        CacheInfo after = session.info();
        // The server counts a question for a time to live as a lookup, so it is asked when the counters were read.
        return new CacheReview(work.step(), before, after, sample(session)).report();
    }

    private KeySample sample(CacheSession session) {
        String prefix = work.cache().keyPrefix() == null ? "" : work.cache().keyPrefix();
        KeyGroups groups = new KeyGroups(prefix);
        long keys = 0;
        long without = 0;
        String cursor = CacheSession.START;
        for (int pages = 0; pages < MOST_PAGES && keys < work.step().sampleKeys(); pages++) {
            CacheSession.Page page = session.scan(cursor, KeyPattern.beginningWith(prefix), PAGE);
            if (!page.keys().isEmpty()) {
                without += session.withoutTtl(page.keys(), groups::add);
                keys += page.keys().size();
            }
            cursor = page.cursor();
            if (cursor.equals(CacheSession.START)) {
                break;
            }
            Pauses.betweenPages(stop);
        }
        return new KeySample(keys, without, groups.largest());
    }
}
