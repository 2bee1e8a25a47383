package dev.mainstay.runner.step;

import dev.mainstay.core.ByteSizes;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.DatabaseMaintainWork;
import dev.mainstay.core.task.DatabaseMaintainWork.Kept;
import dev.mainstay.core.task.DatabaseMaintainWork.Previous;
import dev.mainstay.core.task.DatabaseMaintainWork.Spared;
import dev.mainstay.runner.postgres.DatabaseAccess;
import dev.mainstay.runner.postgres.ServerSession;
import dev.mainstay.runner.restore.PreviousDrop;
import dev.mainstay.runner.restore.PreviousDrop.Outcome;
import dev.mainstay.runner.task.StopSignal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Drops databases that restores have kept, and tells which stay, and why. */
record PreviousDropping(DatabaseAccess access, Duration lockWait, StopSignal stop, Upkeep upkeep) {

    /**
     * Does it, while no restore can put one back: that takes the lock alone.
     *
     * @param patience how long a lock of the server's own on a database is waited for
     */
    void run(Previous order, Duration patience) {
        String live = access.target().database();
        try (ServerSession server = ServerSession.open(access, access.target().adminDatabase(), stop)) {
            server.lockShared(live, lockWait);
            server.limit(patience, Duration.ZERO);
            PreviousDrop drop = new PreviousDrop(server, live);
            List<String> dropped = new ArrayList<>();
            long gone = 0;
            long freed = 0;
            for (Kept kept : order.drop()) {
                stop.check();
                switch (drop.drop(kept.name(), kept.mark())) {
                    case Outcome.Gone ignored -> gone++;
                    case Outcome.Dropped(Long bytes) -> {
                        dropped.add(told(kept, bytes));
                        freed += bytes == null ? 0 : bytes;
                    }
                    case Outcome.Unproven(String why) -> upkeep.finding(why);
                    case Outcome.Left(Reason reason, String why) -> upkeep.failure(reason, why);
                }
            }
            upkeep.fact(DatabaseMaintainWork.DROPPED, dropped.size());
            upkeep.fact(DatabaseMaintainWork.GONE, gone);
            upkeep.fact("freedBytes", freed);
            if (!dropped.isEmpty()) {
                upkeep.done("Dropped kept databases (" + dropped.size() + "): " + Review.first(dropped) + ".");
            }
            if (gone > 0) {
                upkeep.remark("Gone already: " + gone + ".");
            }
            tell(order, drop);
        }
    }

    private static String told(Kept kept, Long bytes) {
        return kept.name() + ", kept since " + kept.since() + " by RestoreRequest " + kept.request()
                + (bytes == null ? "" : ", " + ByteSizes.format(bytes) + " freed");
    }

    private void tell(Previous order, PreviousDrop drop) {
        for (Spared spared : order.spared()) {
            if (spared.odd()) {
                upkeep.finding(spared.why());
            } else {
                upkeep.remark(spared.why());
            }
        }
        Set<String> known = Stream.concat(
                        order.drop().stream().map(Kept::name),
                        order.spared().stream().map(Spared::name))
                .collect(Collectors.toSet());
        List<String> others = drop.others(known);
        if (!others.isEmpty()) {
            upkeep.finding("No RestoreRequest of the application says that it keeps these (" + others.size() + "): "
                    + Review.first(others)
                    + ". Their comments tell which one did. When nobody needs them, drop them by hand.");
        }
    }
}
