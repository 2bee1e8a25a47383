package dev.mainstay.core.restore;

import dev.mainstay.api.restore.RestorePlan;
import dev.mainstay.api.restore.RestoredDatabase;
import dev.mainstay.core.ByteSizes;
import dev.mainstay.core.Durations;
import dev.mainstay.core.Texts;
import dev.mainstay.core.task.RestoreReport;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** What the tasks of a restore found, as its status tells it: bounded, and in words for people. */
final class RestoreFacts {

    private static final int MOST = 16;
    private static final int LONGEST_FINDING = 512;
    private static final int LONGEST_LEFT_OUT = 256;

    private RestoreFacts() {}

    /**
     * The plan with what its task found.
     *
     * @param begun when the restore began
     */
    static RestorePlan planned(RestorePlan plan, RestoreDecision.Planned planned, Instant begun) {
        RestoreReport.Facts facts = planned.facts();
        return new RestorePlan(
                plan.backup(),
                plan.policy(),
                plan.location(),
                plan.server(),
                plan.database(),
                plan.copy(),
                plan.previous(),
                facts.snapshotAt() == null
                        ? plan.goesBackTo()
                        : facts.snapshotAt().truncatedTo(ChronoUnit.SECONDS),
                writesLost(plan, facts, begun),
                size(facts.databaseBytes()),
                facts.copyBytes() == null ? plan.copySize() : size(facts.copyBytes()),
                facts.sessions(),
                facts.serverVersion(),
                bounded(planned.findings(), LONGEST_FINDING));
    }

    /** Of a backup that is known by its place alone, the plan's task is the first to read which moment it holds. */
    private static String writesLost(RestorePlan plan, RestoreReport.Facts facts, Instant begun) {
        return plan.writesLost() != null || plan.previous() == null || facts.snapshotAt() == null
                ? plan.writesLost()
                : Durations.format(Duration.between(facts.snapshotAt(), begun));
    }

    static RestoredDatabase copied(RestoreReport.Copy copy) {
        return new RestoredDatabase(
                copy.tables(),
                copy.rows(),
                copy.rowsCompared(),
                size(copy.bytes()),
                Durations.format(Duration.ofSeconds(copy.seconds())),
                bounded(copy.leftOut(), LONGEST_LEFT_OUT));
    }

    static String size(Long bytes) {
        return bytes == null ? null : ByteSizes.format(bytes);
    }

    private static List<String> bounded(List<String> texts, int longest) {
        return texts.stream()
                .limit(MOST)
                .map(text -> Texts.cut(text, longest, "…"))
                .toList();
    }
}
