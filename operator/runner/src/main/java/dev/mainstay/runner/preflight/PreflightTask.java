package dev.mainstay.runner.preflight;

import dev.mainstay.core.task.Finding;
import dev.mainstay.core.task.Finding.Severity;
import dev.mainstay.core.task.PreflightReport;
import dev.mainstay.core.task.PreflightReport.Stored;
import dev.mainstay.core.task.ResultLines;
import dev.mainstay.core.task.StoredManifest;
import dev.mainstay.core.task.TaskJson;
import dev.mainstay.core.task.TaskResult;
import dev.mainstay.runner.backup.StoredListing.Listed;
import dev.mainstay.runner.task.Results;
import dev.mainstay.runner.task.TaskContext;
import dev.mainstay.runner.task.TaskWork;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Looks at everything that a backup needs, and tells all that is missing at once, long before the night. */
public final class PreflightTask implements TaskWork {

    private static final int MOST_FINDINGS = 100;
    private static final int LONGEST_MESSAGE = 600;
    private static final int FIRST = 3;
    private static final int LONGEST_FIRST = 400;

    /** Of the first findings and the list of backups, which leaves room for the rest of a termination message. */
    private static final int MOST_BYTES = Results.MOST_BYTES - 600;

    @Override
    public TaskResult run(TaskContext context) {
        StoreCheck store = new StoreCheck(context);
        List<Finding> found = Stream.concat(new DatabaseCheck(context).run().stream(), store.run().stream())
                .sorted(Comparator.comparing(Finding::severity))
                .limit(MOST_FINDINGS)
                .map(finding -> cut(finding, LONGEST_MESSAGE))
                .toList();
        context.stop().check();
        String json = TaskJson.write(found);
        context.progress().result(ResultLines.FINDINGS.cut(json));
        List<Finding> first = found.stream()
                .limit(FIRST)
                .map(finding -> cut(finding, LONGEST_FIRST))
                .toList();
        int room = MOST_BYTES - bytes(TaskJson.write(first));
        return TaskResult.of(new PreflightReport(
                count(found, Severity.ERROR),
                count(found, Severity.WARNING),
                ResultLines.sha256(json),
                first,
                store.stored().map(listed -> stored(context, listed, room)).orElse(null)));
    }

    /** In the log where it is too long for the result; what does not fit there either is left out, the oldest first. */
    private static Stored stored(TaskContext context, Listed listed, int room) {
        List<StoredManifest> told = listed.backups();
        String json = TaskJson.write(told);
        while (json.length() > ResultLines.STORED.room()) {
            told = told.subList(0, told.size() - Math.ceilDiv(told.size(), 10));
            json = TaskJson.write(told);
        }
        boolean fits = bytes(json) <= room;
        if (!fits) {
            context.progress().result(ResultLines.STORED.cut(json));
        }
        return new Stored(
                told.size(),
                listed.leftOut() + listed.backups().size() - told.size(),
                ResultLines.sha256(json),
                fits ? told : null);
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static int count(List<Finding> found, Severity severity) {
        return (int)
                found.stream().filter(finding -> finding.severity() == severity).count();
    }

    private static Finding cut(Finding finding, int length) {
        String message = finding.message();
        return message.length() <= length
                ? finding
                : new Finding(
                        finding.severity(), finding.check(), finding.reason(), message.substring(0, length - 1) + "…");
    }
}
