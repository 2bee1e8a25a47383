package dev.mainstay.e2e.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.runbook.MaintenanceRunStatus;
import dev.mainstay.api.runbook.RunOutcome;
import dev.mainstay.api.runbook.RunStep;
import dev.mainstay.api.runbook.StepOutcome;
import dev.mainstay.e2e.harness.TestNamespace;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * A real npm in the application's image, under the restricted profile and with a read-only root filesystem, asks registries
 * that know of advisories, know of none, refuse, answer no JSON, or are not there.
 */
@Tag("node")
@Execution(ExecutionMode.CONCURRENT)
class DependencyAuditNodeTest {

    @RegisterExtension
    static final TestNamespace NAMESPACE = new TestNamespace();

    /** It runs the registries that its own folders name. */
    @BeforeAll
    static void open() {
        new NodeDeployment(NAMESPACE, "registry").open("localhost/mainstay/example-npm:9", "", "[]", 8080, "");
    }

    /** A step of a Runbook. */
    private static String step(String name, String audit) {
        return "{name: %s, dependencyAudit: {%s}, onFailure: Continue}".formatted(name, audit);
    }

    private static MaintenanceRunStatus run(String name, String... steps) {
        NodeRuns runs = new NodeRuns(NAMESPACE, "registry");
        runs.runbook(name, String.join(", ", steps));
        return runs.run(name, name);
    }

    @Test
    void givenRegistriesOfEverySort_whenNpmAsksThem_thenFindingsAndFailuresAreKeptApart() {
        MaintenanceRunStatus status = run(
                "each",
                step("found", "directory: /app/findings"),
                step("grave", "directory: /app/findings, failAt: Critical"),
                step(
                        "allowed",
                        "directory: /app/findings, failAt: Critical, allow: ["
                                + "{advisory: GHSA-xvch-5gv4-984h, until: '2099-12-31', reason: It is not called.},"
                                + "{advisory: GHSA-35jh-r3h4-6jhm, until: '2001-01-01', reason: It was to be mended.}]"),
                step("none", "directory: /app/none, failAt: Low"),
                step("page", "directory: /app/page"),
                step("broken", "directory: /app/broken"),
                step("down", "directory: /app/down"),
                step("unlocked", "directory: /tmp"));

        assertThat(status.outcome()).as("%s", status).isEqualTo(RunOutcome.FAILED);
        judged(status, "found", StepOutcome.FINDINGS, "1 critical, 1 high", "GHSA-xvch-5gv4-984h", "minimist");
        judged(status, "grave", StepOutcome.FAILED, "GHSA-xvch-5gv4-984h");
        judged(status, "allowed", StepOutcome.FINDINGS, "GHSA-35jh-r3h4-6jhm", "2001-01-01");
        judged(status, "none", StepOutcome.PASSED, "2 dependencies");
        judged(status, "page", StepOutcome.COULD_NOT_CHECK, "something answered in the registry's place");
        judged(status, "broken", StepOutcome.COULD_NOT_CHECK, "the registry answered 503");
        judged(status, "down", StepOutcome.COULD_NOT_CHECK, "the registry can't be reached");
        judged(status, "unlocked", StepOutcome.COULD_NOT_CHECK, "there is no package-lock.json that npm can read");
        assertThat(line(status, "found").facts()).containsEntry("dependencies", 2L);
    }

    private static void judged(MaintenanceRunStatus status, String step, StepOutcome outcome, String... told) {
        RunStep line = line(status, step);
        assertThat(line.outcome()).as("%s", line).isEqualTo(outcome);
        assertThat(line.message()).contains(List.of(told));
    }

    private static RunStep line(MaintenanceRunStatus status, String step) {
        return status.steps().stream()
                .filter(line -> line.name().equals(step))
                .findFirst()
                .orElseThrow();
    }
}
