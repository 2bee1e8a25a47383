package dev.mainstay.runner.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.runbook.AuditFailAt;
import dev.mainstay.api.runbook.DependencyAuditStep;
import dev.mainstay.api.runbook.StepOutcome;
import dev.mainstay.core.audit.NpmCommand;
import dev.mainstay.core.task.DependencyAuditWork;
import dev.mainstay.core.task.StepOrder;
import dev.mainstay.core.task.StepReport;
import dev.mainstay.core.task.Task;
import dev.mainstay.core.task.Task.MadeBy;
import dev.mainstay.core.task.Task.Origin;
import dev.mainstay.core.task.TaskJson;
import dev.mainstay.core.task.TaskResult;
import dev.mainstay.runner.RunnerMain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Both containers of a dependencyAudit, one after the other as in its Pod: the script in a real shell, with a program in npm's
 * place that does what the test says, and the runner as a process of its own with the memory of its container.
 */
@Tag("process")
class DependencyAuditProcessTest {

    /** What the recorded outputs of a real npm are in. */
    private static final Path RECORDED =
            Path.of(System.getProperty("repositoryRoot"), "operator/core/src/test/resources/audit");

    @TempDir
    Path folder;

    private Path left;
    private Path application;

    @BeforeEach
    void prepare() throws IOException {
        left = Files.createDirectory(folder.resolve("left"));
        application = Files.createDirectory(folder.resolve("app with 'quotes; $(id)"));
        Files.createDirectory(folder.resolve("bin"));
    }

    /** A program that is called npm. */
    private void npm(String script) throws IOException {
        Path npm = folder.resolve("bin/npm");
        Files.writeString(npm, "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(npm, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private void prints(String recorded, int code) throws IOException {
        npm("cat '" + RECORDED.resolve(recorded) + "'; exit " + code);
    }

    private StepReport audit(AuditFailAt failAt) throws IOException, InterruptedException {
        DependencyAuditWork work = work(application.toString(), failAt);
        assertThat(shell(work, "240"))
                .as("the runner's container begins after success alone")
                .isZero();
        return judged(work);
    }

    private static DependencyAuditWork work(String directory, AuditFailAt failAt) {
        return new DependencyAuditWork(
                "Deployment web",
                "shop:1.4.2",
                null,
                List.of(),
                null,
                directory,
                new DependencyAuditStep(null, null, null, null, failAt, null));
    }

    /** The first container. */
    private int shell(DependencyAuditWork work, String seconds) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(NpmCommand.line(work))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile());
        builder.environment().putAll(NpmCommand.environment());
        builder.environment().put(NpmCommand.FOLDER_VARIABLE, left.toString());
        builder.environment().put("MAINSTAY_NPM_SECONDS", seconds);
        builder.environment().put("PATH", folder.resolve("bin") + ":/usr/bin:/bin");
        return ended(builder.start());
    }

    /** The second one. */
    private StepReport judged(DependencyAuditWork work) throws IOException, InterruptedException {
        Path message = folder.resolve("termination-log");
        Task task = Task.of(
                new Origin("cluster-1", "shop", "shop", null, null, null, null, MadeBy.OPERATION, null, null),
                1,
                Instant.now().plusSeconds(600),
                120,
                new StepOrder("tuesday", "audit", work));
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        // Half of what the container has.
                        "-Xmx192m",
                        "-XX:+UseSerialGC",
                        "-XX:-UsePerfData",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+ExitOnOutOfMemoryError",
                        "-Dmainstay.npm=" + left,
                        "-Dmainstay.secrets=/nowhere",
                        "-Dmainstay.terminationMessage=" + message,
                        "-cp",
                        System.getProperty("java.class.path"),
                        RunnerMain.class.getName())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("runner.log").toFile());
        builder.environment().put(Task.ENVIRONMENT_VARIABLE, TaskJson.write(task));
        ended(builder.start());
        TaskResult result = TaskJson.readResult(Files.readString(message)).orElseThrow();
        return result.step() == null
                ? new StepReport(null, result.reason(), result.message(), Map.of())
                : result.step();
    }

    private static int ended(Process process) throws InterruptedException {
        Programs.endAtExit(process);
        assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
        return process.exitValue();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void givenVulnerabilities_whenNpmEndsSoOrSo_thenTheyAreFindings(int code) throws Exception {
        prints("findings.json", code);

        StepReport report = audit(AuditFailAt.NEVER);

        assertThat(report.outcome()).as("%s", report).isEqualTo(StepOutcome.FINDINGS);
        assertThat(report.message()).contains("1 critical, 5 high, 1 moderate", "GHSA-xvch-5gv4-984h");
        assertThat(report.facts()).containsEntry("dependencies", 9L);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void givenNoVulnerability_whenNpmEndsSoOrSo_thenItPasses(int code) throws Exception {
        prints("no-findings.json", code);

        assertThat(audit(AuditFailAt.LOW).outcome()).isEqualTo(StepOutcome.PASSED);
    }

    @Test
    void givenVulnerabilities_whenTheStepFailsAtThem_thenItHasFailed() throws Exception {
        prints("findings.json", 1);

        StepReport report = audit(AuditFailAt.CRITICAL);

        assertThat(report.outcome()).isEqualTo(StepOutcome.FAILED);
        assertThat(report.reason()).isEqualTo("StepFailed");
    }

    @Test
    void givenARegistryThatIsDown_whenNpmEndsAsWithFindings_thenItCouldNotCheck() throws Exception {
        prints("registry-down.json", 1);

        StepReport report = audit(AuditFailAt.LOW);

        assertThat(report.outcome()).isEqualTo(StepOutcome.COULD_NOT_CHECK);
        assertThat(report.message()).contains("the registry can't be reached");
    }

    @Test
    void givenAnOldNpmWithoutALockFile_whenItPrintsToItsStandardError_thenThatIsRead() throws Exception {
        npm("cat '" + RECORDED.resolve("npm8-no-lock.errors") + "' >&2; exit 1");

        assertThat(audit(AuditFailAt.LOW).message()).contains("there is no package-lock.json");
        assertThat(folder.resolve("log")).content().as("its log has it too").contains("ENOLOCK");
    }

    /** Where it runs, with what, and that no word of the step is read by the shell: the folder's name would run a program. */
    @Test
    void givenAFolderWithAStrangeName_whenNpmIsRun_thenItIsRunThereWithTheArguments() throws Exception {
        npm("{ pwd; echo \"$@\"; env; } > '" + folder.resolve("seen") + "'; cat '"
                + RECORDED.resolve("no-findings.json") + "'");

        assertThat(audit(AuditFailAt.LOW).outcome()).isEqualTo(StepOutcome.PASSED);

        assertThat(Files.readAllLines(folder.resolve("seen")))
                .startsWith(application.toString(), "audit --json --package-lock-only --include=dev")
                .contains("HOME=/tmp", "NODE_OPTIONS=", "npm_config_fetch_retries=1");
    }

    @Test
    void givenNoSuchFolder_whenItIsAudited_thenItSaysSo() throws Exception {
        prints("no-findings.json", 0);
        DependencyAuditWork work = work(folder + "/none", AuditFailAt.NEVER);

        assertThat(shell(work, "240")).isZero();

        assertThat(judged(work).outcome()).isEqualTo(StepOutcome.COULD_NOT_CHECK);
        assertThat(judged(work).message()).contains("the image has no such folder");
    }

    @Test
    void givenAnImageWithoutNpm_whenItIsAudited_thenItSaysSo() throws Exception {
        DependencyAuditWork work = work(application.toString(), AuditFailAt.NEVER);
        // All that the script itself needs, and no npm.
        for (String program : List.of("timeout", "head", "tail")) {
            Files.createSymbolicLink(folder.resolve("bin").resolve(program), Path.of("/usr/bin", program));
        }
        ProcessBuilder builder = new ProcessBuilder(withShell(NpmCommand.line(work)));
        builder.environment().clear();
        builder.environment().put("PATH", folder.resolve("bin").toString());
        builder.environment().put(NpmCommand.FOLDER_VARIABLE, left.toString());
        builder.environment().put("MAINSTAY_NPM_SECONDS", "240");
        assertThat(ended(builder.start())).isZero();

        assertThat(judged(work).message()).contains("there is no npm in the image");
    }

    private static List<String> withShell(List<String> line) {
        List<String> found = new ArrayList<>(line);
        found.set(0, "/bin/sh");
        return found;
    }

    @Test
    void givenARegistryThatSaysNothing_whenTheTimeIsOver_thenNpmIsEnded() throws Exception {
        npm("exec sleep 300");
        DependencyAuditWork work = work(application.toString(), AuditFailAt.NEVER);

        assertThat(shell(work, "1")).isZero();

        assertThat(judged(work).outcome()).isEqualTo(StepOutcome.COULD_NOT_CHECK);
        assertThat(judged(work).message()).contains("was not done after 4 minutes");
    }

    @Test
    void givenAReportThatIsCut_whenItIsJudged_thenItDoesNotPass() throws Exception {
        npm("head -c 300 '" + RECORDED.resolve("no-findings.json") + "'");

        StepReport report = audit(AuditFailAt.NEVER);

        assertThat(report.outcome()).isEqualTo(StepOutcome.COULD_NOT_CHECK);
        assertThat(report.message()).contains("is no JSON, only the beginning of it");
    }

    /** Far more than is read, and npm is not done with it. */
    @Test
    void givenAnEndlessReport_whenItIsJudged_thenItIsNotRead() throws Exception {
        npm("exec yes '{\"auditReportVersion\": 2}'");

        StepReport report = audit(AuditFailAt.NEVER);

        assertThat(report.reason()).isEqualTo("CouldNotCheck");
        assertThat(report.message()).contains("the report is longer than 8 MiB");
        assertThat(left.resolve("report")).hasSize(NpmCommand.MOST_BYTES + 1L);
    }

    /** Within the bound, with as many packages as it holds, which all need each other. */
    @Test
    void givenAHugeReport_whenItIsJudged_thenTheRunnersMemoryIsEnough() throws Exception {
        int packages = 40_000;
        StringBuilder json = new StringBuilder("{\"auditReportVersion\":2,\"vulnerabilities\":{");
        for (int i = 0; i < packages; i++) {
            json.append(i == 0 ? "" : ",")
                    .append(
                            "\"p%d\":{\"severity\":\"high\",\"via\":[{\"source\":%d,\"title\":\"Too much\",\"severity\":\"high\",\"url\":\"https://a.example/GHSA-aaaa-bbbb-%04d\"},\"p%d\"],\"fixAvailable\":true}"
                                    .formatted(i, i, i % 10_000, (i * 7 + 1) % packages));
        }
        json.append("},\"metadata\":{\"vulnerabilities\":{\"total\":%d},\"dependencies\":{\"total\":%d}}}"
                .formatted(packages, packages));
        assertThat(json.length()).isBetween(NpmCommand.MOST_BYTES * 3 / 4, NpmCommand.MOST_BYTES);
        Path huge = Files.writeString(folder.resolve("huge.json"), json);
        npm("cat '" + huge + "'");

        StepReport report = audit(AuditFailAt.NEVER);

        assertThat(report.outcome()).as("%s", report).isEqualTo(StepOutcome.FINDINGS);
        assertThat(report.facts()).containsEntry("high", (long) packages);
    }

    /** What the image leaves may be no file at all. */
    @Test
    void givenALinkInPlaceOfTheReport_whenItIsJudged_thenItIsNotFollowed() throws Exception {
        Files.createSymbolicLink(left.resolve("report"), RECORDED.resolve("no-findings.json"));
        Files.writeString(left.resolve("code"), "0\n");

        StepReport report = judged(work("/app", AuditFailAt.NEVER));

        assertThat(report.outcome()).isEqualTo(StepOutcome.COULD_NOT_CHECK);
        assertThat(report.message()).contains("npm audit printed nothing");
    }
}
