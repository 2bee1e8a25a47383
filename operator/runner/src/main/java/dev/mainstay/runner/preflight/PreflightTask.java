package dev.mainstay.runner.preflight;

import dev.mainstay.core.task.Finding;
import dev.mainstay.core.task.Finding.Severity;
import dev.mainstay.core.task.PreflightReport;
import dev.mainstay.core.task.ResultLines;
import dev.mainstay.core.task.TaskJson;
import dev.mainstay.core.task.TaskResult;
import dev.mainstay.runner.task.TaskContext;
import dev.mainstay.runner.task.TaskWork;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Looks at everything that a backup needs, and tells all that is missing at once, long before the night. */
public final class PreflightTask implements TaskWork {

    private static final int MOST_FINDINGS = 100;
    private static final int LONGEST_MESSAGE = 600;
    private static final int FIRST = 3;
    private static final int LONGEST_FIRST = 400;

    @Override
    public TaskResult run(TaskContext context) {
        List<Finding> found = Stream.concat(
                        new DatabaseCheck(context).run().stream(), new StoreCheck(context).run().stream())
                .sorted(Comparator.comparing(Finding::severity))
                .limit(MOST_FINDINGS)
                .map(finding -> cut(finding, LONGEST_MESSAGE))
                .toList();
        context.stop().check();
        String json = TaskJson.write(found);
        context.progress().result(ResultLines.cut(json));
        return TaskResult.of(new PreflightReport(
                count(found, Severity.ERROR),
                count(found, Severity.WARNING),
                ResultLines.sha256(json),
                found.stream()
                        .limit(FIRST)
                        .map(finding -> cut(finding, LONGEST_FIRST))
                        .toList()));
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
