package dev.mainstay.runner.restore;

import dev.mainstay.core.task.Finding;
import dev.mainstay.core.task.Finding.Severity;
import dev.mainstay.core.task.RestoreReport;
import dev.mainstay.core.task.Task;
import dev.mainstay.core.task.TaskJson;
import dev.mainstay.core.task.TaskResult;
import dev.mainstay.runner.backup.Manifest;
import dev.mainstay.runner.backup.StoredBackup;
import dev.mainstay.runner.postgres.DatabaseAccess;
import dev.mainstay.runner.postgres.ServerSession;
import dev.mainstay.runner.preflight.Findings;
import dev.mainstay.runner.task.TaskContext;
import dev.mainstay.runner.task.TaskWork;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at a backup, or a kept database, and at the server, and tells all that is in the way at once. Changes nothing. */
public final class RestorePlanTask implements TaskWork {

    private static final Logger LOG = LoggerFactory.getLogger(RestorePlanTask.class);

    /** What is left for the findings in a termination message. */
    private static final int MOST_BYTES = 3200;

    private static final List<Integer> LENGTHS = List.of(600, 400, 250, 150);
    private static final int MOST_FINDINGS = 10;

    @Override
    public TaskResult run(TaskContext context) {
        RestoreTime.check(context);
        Task task = context.task();
        DatabaseAccess access = DatabaseAccess.of(task.database(), context.secrets());
        StoredBackup backup = task.restore().copyIsKept() ? null : StoredBackup.open(context);
        Findings findings = new Findings();
        try (ServerSession server = ServerSession.open(access, access.target().adminDatabase(), context.stop())) {
            ServerFacts facts = ServerFacts.of(server);
            Standing standing = Standing.of(new Databases(server), task);
            new ServerCheck(context, access, server, findings).run(facts, standing);
            if (backup != null) {
                new ArchiveCheck(context, access, server, findings).run(backup, facts);
            }
            return TaskResult.of(
                    task.kind(),
                    new RestoreReport(
                            facts(new Databases(server), facts, standing, backup, findings.list()), null, null));
        }
    }

    private static RestoreReport.Facts facts(
            Databases databases, ServerFacts server, Standing standing, StoredBackup backup, List<Finding> found) {
        List<Finding> findings =
                found.stream().sorted(Comparator.comparing(Finding::severity)).toList();
        findings.forEach(finding -> LOG.info("{}, {}: {}", finding.severity(), finding.check(), finding.message()));
        Manifest manifest = backup == null ? null : backup.manifest();
        return new RestoreReport.Facts(
                server.version(),
                standing.current().isPresent(),
                standing.current().map(databases::bytes).orElse(null),
                standing.current()
                        .map(current -> databases.sessions(current).size())
                        .orElse(0),
                manifest == null ? null : manifest.database().snapshotAt(),
                manifest == null ? null : manifest.database().serverVersion(),
                manifest == null
                        ? standing.copy().map(databases::bytes).orElse(null)
                        : Long.valueOf(manifest.database().bytes()),
                backup == null ? null : Long.valueOf(backup.bytes()),
                count(findings, Severity.ERROR),
                count(findings, Severity.WARNING),
                fitting(findings));
    }

    private static int count(List<Finding> found, Severity severity) {
        return (int)
                found.stream().filter(finding -> finding.severity() == severity).count();
    }

    /** As many as fit, with as much of each as fits. */
    static List<Finding> fitting(List<Finding> findings) {
        List<Finding> first = findings.stream().limit(MOST_FINDINGS).toList();
        for (int length : LENGTHS) {
            List<Finding> cut =
                    first.stream().map(finding -> cut(finding, length)).toList();
            if (bytes(cut) <= MOST_BYTES) {
                return cut;
            }
        }
        List<Finding> cut =
                first.stream().map(finding -> cut(finding, LENGTHS.getLast())).toList();
        while (bytes(cut) > MOST_BYTES) {
            cut = cut.subList(0, cut.size() - 1);
        }
        return cut;
    }

    private static int bytes(List<Finding> findings) {
        return TaskJson.write(findings).getBytes(StandardCharsets.UTF_8).length;
    }

    private static Finding cut(Finding finding, int length) {
        String message = finding.message();
        return message.length() <= length
                ? finding
                : new Finding(
                        finding.severity(), finding.check(), finding.reason(), message.substring(0, length - 1) + "…");
    }
}
