package dev.mainstay.runner.task;

import dev.mainstay.core.Texts;
import dev.mainstay.core.task.RetentionReport;
import dev.mainstay.core.task.Task;
import dev.mainstay.core.task.TaskJson;
import dev.mainstay.core.task.TaskKind;
import dev.mainstay.core.task.TaskResult;
import dev.mainstay.core.task.TaskResult.CommittedBackup;
import dev.mainstay.core.task.TaskResult.Outcome;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Results as the contract wants them: bounded, so that the kubelet takes them whole. */
public final class Results {

    /** Most bytes of a termination message. */
    public static final int MOST_BYTES = 4096;

    private static final int MOST_CHARACTERS = 1024;
    private static final int MIN_CHARACTERS = 16;
    private static final int MOST_REPORT_BYTES = 1536;
    private static final String CUT = "… (cut)";

    private Results() {}

    /** A backup stands. The trouble says why it isn't proven as far as asked; null when it is. */
    public static TaskResult committed(TaskKind kind, CommittedBackup backup, TaskFailure trouble) {
        return trouble == null
                ? new TaskResult(Task.CONTRACT_VERSION, kind, Outcome.COMMITTED, null, null, List.of(), backup)
                : new TaskResult(
                        Task.CONTRACT_VERSION,
                        kind,
                        Outcome.COMMITTED,
                        trouble.reason().text(),
                        trouble.getMessage(),
                        trouble.logTail(),
                        backup);
    }

    /** Nothing stands, and nothing will. */
    public static TaskResult aborted(TaskKind kind, TaskFailure failure) {
        return without(kind, Outcome.ABORTED, failure);
    }

    /** Nothing is known to stand, or the task could not do its work. */
    public static TaskResult failed(TaskKind kind, TaskFailure failure) {
        return without(kind, Outcome.FAILED, failure);
    }

    /** A settled attempt: nothing was wrong with the settling. */
    public static TaskResult settled(TaskKind kind) {
        return new TaskResult(Task.CONTRACT_VERSION, kind, Outcome.ABORTED, null, null, List.of(), null);
    }

    /**
     * The JSON, at most {@link #MOST_BYTES}: the message is cut to 1,024 characters and that of retention to 512, or 128
     * where they take long to spell; the oldest log lines go first. Of a step's report the message is cut alone.
     */
    public static byte[] bounded(TaskResult whole) {
        TaskResult result = withRetention(whole);
        TaskResult fitting = with(result, cut(result.message(), MOST_CHARACTERS), result.logTail());
        byte[] json = json(fitting);
        while (json.length > MOST_BYTES && !fitting.logTail().isEmpty()) {
            fitting = with(
                    fitting,
                    fitting.message(),
                    fitting.logTail().subList(1, fitting.logTail().size()));
            json = json(fitting);
        }
        for (int length = MOST_CHARACTERS / 2; json.length > MOST_BYTES && length > 0; length /= 2) {
            fitting = with(fitting, cut(result.message(), length), List.of());
            json = json(fitting);
        }
        for (int length = MOST_CHARACTERS / 2;
                fitting.step() != null && json.length > MOST_BYTES && length > MIN_CHARACTERS;
                length /= 2) {
            fitting = TaskResult.of(result.step().cut(length));
            json = json(fitting);
        }
        return json;
    }

    private static TaskResult without(TaskKind kind, Outcome outcome, TaskFailure failure) {
        return new TaskResult(
                Task.CONTRACT_VERSION,
                kind,
                outcome,
                failure.reason().text(),
                failure.getMessage(),
                failure.logTail(),
                null);
    }

    private static TaskResult withRetention(TaskResult result) {
        if (result.retention() == null) {
            return result;
        }
        TaskResult fitting = result.with(cut(result.retention(), MOST_CHARACTERS / 2));
        return TaskJson.write(fitting.retention()).getBytes(StandardCharsets.UTF_8).length <= MOST_REPORT_BYTES
                ? fitting
                : result.with(cut(result.retention(), MOST_CHARACTERS / 8));
    }

    private static RetentionReport cut(RetentionReport report, int length) {
        return new RetentionReport(
                report.stored(),
                report.removed(),
                report.wouldRemove(),
                report.expired(),
                report.reason(),
                cut(report.message(), length));
    }

    private static TaskResult with(TaskResult result, String message, List<String> logTail) {
        return new TaskResult(
                result.contractVersion(),
                result.kind(),
                result.outcome(),
                result.reason(),
                message,
                logTail,
                result.backup(),
                result.retention(),
                result.preflight(),
                result.restore(),
                result.step());
    }

    private static String cut(String text, int length) {
        return text == null ? null : Texts.cut(text, length, CUT);
    }

    private static byte[] json(TaskResult result) {
        return TaskJson.write(result).getBytes(StandardCharsets.UTF_8);
    }
}
