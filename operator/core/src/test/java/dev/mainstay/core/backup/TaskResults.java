package dev.mainstay.core.backup;

import dev.mainstay.api.backup.VerificationLevel;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.Task;
import dev.mainstay.core.task.TaskKind;
import dev.mainstay.core.task.TaskResult;
import dev.mainstay.core.task.TaskResult.CommittedBackup;
import dev.mainstay.core.task.TaskResult.Outcome;
import java.util.List;

/** What Jobs answer in the tables. */
final class TaskResults {

    private TaskResults() {}

    static CommittedBackup facts(VerificationLevel level) {
        return new CommittedBackup(
                577_888_256,
                191_889_408,
                "17.6",
                Shop.at("70s"),
                "0/3A000028",
                "ab".repeat(32),
                Shop.at("5m"),
                level,
                level == VerificationLevel.NONE ? null : Shop.at("6m"),
                level == VerificationLevel.FULL_READ ? 1_200_345L : null);
    }

    static TaskResult committed(TaskKind kind, VerificationLevel level) {
        return result(kind, Outcome.COMMITTED, null, facts(level));
    }

    static TaskResult unproven(TaskKind kind, Reason why) {
        return result(kind, Outcome.COMMITTED, why, facts(VerificationLevel.NONE));
    }

    static TaskResult committedWithoutFacts(TaskKind kind) {
        return result(kind, Outcome.COMMITTED, null, null);
    }

    static TaskResult aborted(TaskKind kind, Reason why) {
        return result(kind, Outcome.ABORTED, why, null);
    }

    static TaskResult failed(TaskKind kind, Reason why) {
        return result(kind, Outcome.FAILED, why, null);
    }

    private static TaskResult result(TaskKind kind, Outcome outcome, Reason why, CommittedBackup facts) {
        return new TaskResult(
                Task.CONTRACT_VERSION,
                kind,
                outcome,
                why == null ? null : why.text(),
                why == null ? null : "The runner says why.",
                why == null ? List.of() : List.of("pg_dump: error: the last line"),
                facts);
    }
}
