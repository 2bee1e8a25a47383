package dev.mainstay.runner.restore;

import dev.mainstay.core.task.Finding;
import dev.mainstay.core.task.Finding.Severity;
import dev.mainstay.core.task.RestoreReport;
import dev.mainstay.core.task.RestoreReport.Facts;
import dev.mainstay.core.task.RestoreReport.Kept;
import dev.mainstay.core.task.Task;
import dev.mainstay.core.task.TaskJson;
import dev.mainstay.core.task.TaskResult;
import dev.mainstay.runner.postgres.ClientPrograms;
import dev.mainstay.runner.postgres.DatabaseAccess;
import dev.mainstay.runner.postgres.ServerSession;
import dev.mainstay.runner.preflight.Findings;
import dev.mainstay.runner.restore.Databases.Found;
import dev.mainstay.runner.task.TaskContext;
import dev.mainstay.runner.task.TaskFailure;
import dev.mainstay.runner.task.TaskWork;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at everything that a restore of a database would need, and tells all that is missing at once. Changes nothing. */
public final class RestoreReadyTask implements TaskWork {

    private static final Logger LOG = LoggerFactory.getLogger(RestoreReadyTask.class);

    /** What is left in a termination message for the findings and the kept databases. */
    private static final int MOST_BYTES = 3200;

    private static final int LONGEST = 450;
    private static final int MOST_FINDINGS = 10;

    @Override
    public TaskResult run(TaskContext context) {
        Findings findings = new Findings();
        Seen seen = new Seen(null, false, null, 0, null);
        try {
            seen = look(context, findings);
        } catch (TaskFailure failure) {
            context.stop().check();
            findings.error("connection", failure);
        }
        List<Finding> found = findings.list().stream()
                .sorted(Comparator.comparing(Finding::severity))
                .toList();
        found.forEach(finding -> LOG.info("{}, {}: {}", finding.severity(), finding.check(), finding.message()));
        return TaskResult.of(
                context.task().kind(),
                new RestoreReport(
                        new Facts(
                                seen.version(),
                                seen.exists(),
                                seen.bytes(),
                                seen.sessions(),
                                null,
                                null,
                                null,
                                null,
                                count(found, Severity.ERROR),
                                count(found, Severity.WARNING),
                                fitting(found, seen.kept()),
                                seen.kept()),
                        null,
                        null));
    }

    private record Seen(String version, boolean exists, Long bytes, int sessions, Kept kept) {}

    private static Seen look(TaskContext context, Findings findings) {
        Task task = context.task();
        DatabaseAccess access = DatabaseAccess.of(task.database(), context.secrets());
        try (ServerSession server = ServerSession.open(access, access.target().adminDatabase(), context.stop())) {
            ServerFacts facts = ServerFacts.of(server);
            Databases databases = new Databases(server);
            Optional<Found> current = databases.find(task.database().database());
            // Before this task has some of its own there.
            int sessions =
                    current.map(found -> databases.sessions(found).size()).orElse(0);
            try {
                new ClientPrograms(context.settings().postgresFolder())
                        .ofMajor(facts.major(), "server " + access.server());
            } catch (TaskFailure unsupported) {
                findings.error("version", unsupported);
            }
            new ServerCheck(context, access, server, findings).ready(facts, current, isEmpty(context, access, current));
            if (current.filter(Found::acceptsConnections).isPresent()) {
                new ContentCheck(context, access, findings).run(facts);
            }
            return new Seen(
                    facts.version(),
                    current.isPresent(),
                    current.map(databases::bytes).orElse(null),
                    sessions,
                    databases.kept(task.database().database()));
        }
    }

    private static boolean isEmpty(TaskContext context, DatabaseAccess access, Optional<Found> current) {
        if (current.filter(Found::acceptsConnections).isEmpty()) {
            return false;
        }
        try (ServerSession inside = ServerSession.open(access, current.get().name(), context.stop())) {
            return DatabaseContents.of(inside).isEmpty();
        } catch (TaskFailure unopened) {
            // Who can't look is told so by what else is looked at.
            context.stop().check();
            return false;
        }
    }

    /** As many as fit: of each the statement must be whole, and what is left is told when the first are mended. */
    static List<Finding> fitting(List<Finding> found, Kept kept) {
        List<Finding> fitting = found.stream()
                .limit(MOST_FINDINGS)
                .map(finding -> finding.message().length() <= LONGEST
                        ? finding
                        : new Finding(
                                finding.severity(),
                                finding.check(),
                                finding.reason(),
                                finding.message().substring(0, LONGEST - 1) + "…"))
                .toList();
        int left = MOST_BYTES - TaskJson.write(kept).getBytes(StandardCharsets.UTF_8).length;
        while (TaskJson.write(fitting).getBytes(StandardCharsets.UTF_8).length > left) {
            fitting = fitting.subList(0, fitting.size() - 1);
        }
        return fitting;
    }

    private static int count(List<Finding> found, Severity severity) {
        return (int)
                found.stream().filter(finding -> finding.severity() == severity).count();
    }
}
