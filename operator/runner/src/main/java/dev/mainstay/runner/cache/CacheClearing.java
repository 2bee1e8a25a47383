package dev.mainstay.runner.cache;

import dev.mainstay.core.cache.CacheCleared;
import dev.mainstay.core.cache.CacheCleared.Removal;
import dev.mainstay.core.cache.CacheInfo;
import dev.mainstay.core.cache.KeyPattern;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.CacheClearWork;
import dev.mainstay.core.task.StepReport;
import dev.mainstay.runner.task.StopSignal;
import dev.mainstay.runner.task.TaskContext;
import dev.mainstay.runner.task.TaskFailure;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes keys by what they begin with, a page at a time, or empties a database. What was removed before it was stopped stays
 * removed, and is told; to do it again goes on.
 */
public final class CacheClearing {

    private static final Logger LOG = LoggerFactory.getLogger(CacheClearing.class);

    private static final int PAGE = 500;
    private static final int TOLD_EVERY = 100_000;
    private static final Duration LOOK_AGAIN = Duration.ofMillis(100);
    private static final int MOST_LOOKS = 50;

    private final CacheClearWork work;
    private final StopSignal stop;
    private final List<Removal> removals = new ArrayList<>();
    private long found;
    private long removed;

    private CacheClearing(CacheClearWork work, StopSignal stop) {
        this.work = work;
        this.stop = stop;
    }

    /** What was removed. Throws a TaskFailure only when it could not begin. */
    public static StepReport run(TaskContext context, CacheClearWork work) {
        try (CacheSession session = CacheSession.open(work.cache(), context.secrets(), context.stop())) {
            return new CacheClearing(work, context.stop()).run(session);
        }
    }

    private StepReport run(CacheSession session) {
        CacheInfo before = session.usable();
        try {
            if (work.prefixes().isEmpty()) {
                flush(session, before);
            } else {
                work.prefixes().forEach(prefix -> remove(session, prefix));
            }
            return new CacheCleared(work, before, settled(session), removals).done();
        } catch (TaskFailure failure) {
            if (found > 0) {
                removals.add(new Removal(found, removed, null));
            }
            return new CacheCleared(work, before, null, removals)
                    .stopped(
                            failure.reason() == Reason.CANCELLED ? Reason.POD_FAILED : failure.reason(),
                            failure.getMessage());
        }
    }

    private void flush(CacheSession session, CacheInfo before) {
        if (!work.dryRun()) {
            session.flush();
        }
        removals.add(new Removal(before.keys(), work.dryRun() ? 0 : before.keys(), null));
    }

    private void remove(CacheSession session, String prefix) {
        scan(session, prefix, keys -> {
            found += keys.size();
            if (!work.dryRun()) {
                long before = removed;
                removed += session.unlink(keys);
                if (removed / TOLD_EVERY > before / TOLD_EVERY) {
                    LOG.info("{} keys removed so far", removed);
                }
            }
        });
        Long left = work.dryRun() ? null : Long.valueOf(count(session, prefix));
        removals.add(new Removal(found, removed, left));
        found = 0;
        removed = 0;
    }

    private long count(CacheSession session, String prefix) {
        long[] sum = {0};
        scan(session, prefix, keys -> sum[0] += keys.size());
        return sum[0];
    }

    private void scan(CacheSession session, String prefix, Consumer<List<byte[]>> each) {
        byte[] beginning = prefix.getBytes(StandardCharsets.UTF_8);
        String cursor = CacheSession.START;
        do {
            CacheSession.Page page = session.scan(cursor, KeyPattern.beginningWith(prefix), PAGE);
            // The pattern says the same. A key that it let through by mistake would be gone for good.
            List<byte[]> keys = page.keys().stream()
                    .filter(key -> beginsWith(key, beginning))
                    .toList();
            if (!keys.isEmpty()) {
                each.accept(keys);
            }
            cursor = page.cursor();
            Pauses.betweenPages(stop);
        } while (!cursor.equals(CacheSession.START));
    }

    private static boolean beginsWith(byte[] key, byte[] beginning) {
        return key.length >= beginning.length
                && Arrays.equals(key, 0, beginning.length, beginning, 0, beginning.length);
    }

    /** Memory is given back in the background, soon. */
    private CacheInfo settled(CacheSession session) {
        CacheInfo info = session.info();
        for (int looks = 0; info.pendingFrees() > 0 && looks < MOST_LOOKS; looks++) {
            Pauses.sleep(LOOK_AGAIN, stop);
            info = session.info();
        }
        return info;
    }
}
