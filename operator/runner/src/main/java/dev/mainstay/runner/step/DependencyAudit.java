package dev.mainstay.runner.step;

import dev.mainstay.core.audit.AuditJudge;
import dev.mainstay.core.audit.AuditOutput;
import dev.mainstay.core.audit.NpmCommand;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.DependencyAuditWork;
import dev.mainstay.core.task.StepReport;
import dev.mainstay.runner.task.TaskContext;
import dev.mainstay.runner.task.TaskFailure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;

/** Judges what the Pod's container before this one has left of npm audit. Nothing of it is trusted: not its size, not its kind. */
final class DependencyAudit {

    private static final int MOST_ERRORS = 16 * 1024;
    private static final int MOST_CODE = 32;

    private final TaskContext context;
    private final DependencyAuditWork work;
    private final Path folder;

    /** In the folder that both containers have. */
    DependencyAudit(TaskContext context, DependencyAuditWork work) {
        this.context = context;
        this.work = work;
        this.folder = Path.of(System.getProperty("mainstay.npm", NpmCommand.FOLDER));
    }

    StepReport run() {
        String code = read(NpmCommand.CODE, MOST_CODE).strip();
        String report = read(NpmCommand.REPORT, NpmCommand.MOST_BYTES + 1);
        return AuditJudge.judge(
                new AuditOutput(report, read(NpmCommand.ERRORS, MOST_ERRORS), code),
                work,
                LocalDate.ofInstant(context.clock().instant(), ZoneOffset.UTC));
    }

    /** The beginning of a file; empty when there is none. */
    private String read(String name, int most) {
        Path file = folder.resolve(name);
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return "";
        }
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            byte[] bytes = in.readNBytes(most);
            if (bytes.length > NpmCommand.MOST_BYTES) {
                throw tooLong();
            }
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new TaskFailure(
                    Reason.COULD_NOT_CHECK,
                    "what npm audit left in " + work.place() + " can't be read: " + e.getMessage());
        }
    }

    private TaskFailure tooLong() {
        return new TaskFailure(
                Reason.COULD_NOT_CHECK,
                "npm audit in " + work.place() + ": the report is longer than " + (NpmCommand.MOST_BYTES >> 20)
                        + " MiB, more than Mainstay reads. Look at fewer dependencies (dependencyAudit.dependencies: Production), or"
                        + " mend the worst of them with npm audit fix.");
    }
}
