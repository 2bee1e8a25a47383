package dev.mainstay.core.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.runbook.AuditAllowance;
import dev.mainstay.api.runbook.AuditFailAt;
import dev.mainstay.api.runbook.DependencyAuditStep;
import dev.mainstay.api.runbook.StepOutcome;
import dev.mainstay.core.task.DependencyAuditWork;
import dev.mainstay.core.task.StepReport;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What recorded outputs of npm audit come to. */
class AuditJudgeTest {

    private static final LocalDate TODAY = LocalDate.of(2026, 11, 27);
    private static final String MINIMIST = "GHSA-xvch-5gv4-984h";
    private static final String QS = "GHSA-hrpp-h998-j3pp";
    private static final String LODASH_HIGH = "GHSA-35jh-r3h4-6jhm";
    private static final String LODASH_MODERATE = "GHSA-29mw-wpgm-hmr9";

    static String recorded(String name) {
        try (InputStream in = AuditJudgeTest.class.getResourceAsStream("/audit/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static StepReport judge(AuditOutput output, AuditFailAt failAt, AuditAllowance... allow) {
        DependencyAuditStep step = new DependencyAuditStep(null, null, null, null, failAt, List.of(allow));
        return AuditJudge.judge(
                output, new DependencyAuditWork("Deployment web", "shop:1.4.2", null, null, null, "/app", step), TODAY);
    }

    private static StepReport judge(String report) {
        return judge(new AuditOutput(report, "", "1"), null);
    }

    private static StepReport findings(AuditFailAt failAt, AuditAllowance... allow) {
        return judge(new AuditOutput(recorded("findings.json"), "", "1"), failAt, allow);
    }

    private static AuditAllowance allowed(String advisory, String until) {
        return new AuditAllowance(advisory, until, "no user gets that far");
    }

    @ParameterizedTest
    @CsvSource({"no-findings.json, 0", "npm6-no-findings.json, 0", "no-findings.json, 1"})
    void givenNoVulnerability_whenItIsJudged_thenItPassesWhateverTheExitCode(String file, String code) {
        StepReport report = judge(new AuditOutput(recorded(file), "npm warn deprecated", code), AuditFailAt.LOW);

        assertThat(report.outcome()).as("%s", report).isEqualTo(StepOutcome.PASSED);
        assertThat(report.message())
                .isEqualTo("npm audit in /app of the image shop:1.4.2 of Deployment web: no known vulnerability in 9"
                        + " dependencies.");
        assertThat(report.facts()).containsEntry("dependencies", 9L).containsEntry("critical", 0L);
    }

    /** npm 8 ended with 0 here. */
    @ParameterizedTest
    @ValueSource(strings = {"0", "1", ""})
    void givenVulnerabilities_whenTheyAreJudged_thenTheyAreFindingsWhateverTheExitCode(String code) {
        StepReport report = judge(new AuditOutput(recorded("findings.json"), "", code), null);

        assertThat(report.outcome()).isEqualTo(StepOutcome.FINDINGS);
        assertThat(report.message())
                .contains(
                        "7 packages have a known vulnerability (1 critical, 5 high, 1 moderate), of 9 dependencies.",
                        "Worst: minimist, critical, GHSA-xvch-5gv4-984h (Prototype Pollution in minimist), mended by minimist"
                                + " 1.2.8; lodash, high, GHSA-35jh-r3h4-6jhm",
                        "nth-check, high, GHSA-rp65-9cf3-cjxr (Inefficient Regular Expression Complexity in nth-check), mended"
                                + " by css-select 5.1.0, another major version;",
                        "css-select, high, GHSA-rp65-9cf3-cjxr of what it needs",
                        "; and 2 more.");
        assertThat(report.facts())
                .containsExactlyEntriesOf(facts(
                        Map.entry("critical", 1L),
                        Map.entry("high", 5L),
                        Map.entry("moderate", 1L),
                        Map.entry("low", 0L),
                        Map.entry("info", 0L),
                        Map.entry("allowed", 0L),
                        Map.entry("dependencies", 9L)));
    }

    @SafeVarargs
    private static Map<String, Long> facts(Map.Entry<String, Long>... facts) {
        Map<String, Long> all = new java.util.LinkedHashMap<>();
        for (Map.Entry<String, Long> fact : facts) {
            all.put(fact.getKey(), fact.getValue());
        }
        return all;
    }

    @Test
    void givenTheReportOfNpm6_whenItIsJudged_thenPackagesAreCountedAndNotPaths() {
        StepReport report = judge(recorded("npm6-findings.json"));

        assertThat(report.outcome()).isEqualTo(StepOutcome.FINDINGS);
        assertThat(report.message())
                .contains(
                        "4 packages have a known vulnerability (3 high, 1 moderate), of 9 dependencies.",
                        "lodash, high, GHSA-35jh-r3h4-6jhm (Command Injection in lodash), npm audit fix mends it;",
                        "nth-check, high, GHSA-rp65-9cf3-cjxr (Inefficient Regular Expression Complexity in nth-check), mended"
                                + " by css-select 5.1.0, another major version;",
                        "request, moderate, GHSA-p8p7-x288-28g6 (Server-Side Request Forgery in Request), no fix is known.");
    }

    @ParameterizedTest
    @CsvSource({
        "findings.json, CRITICAL, FAILED",
        "findings.json, HIGH, FAILED",
        "findings.json, NEVER, FINDINGS",
        "findings.json, UNRECOGNIZED, FAILED",
        "npm6-findings.json, CRITICAL, FINDINGS",
        "npm6-findings.json, HIGH, FAILED",
        "npm6-findings.json, MODERATE, FAILED",
        "npm6-findings.json, LOW, FAILED",
        "npm6-findings.json, NEVER, FINDINGS"
    })
    void givenFailAt_whenTheWorstIsAsBad_thenTheStepFails(String file, AuditFailAt failAt, StepOutcome outcome) {
        assertThat(judge(new AuditOutput(recorded(file), "", "1"), failAt).outcome())
                .isEqualTo(outcome);
    }

    /** Of a package that needs an allowed one nothing is left either: express is on the list for qs alone. */
    @Test
    void givenAnAllowance_whenItHolds_thenNeitherThePackageNorThoseThatNeedItCount() {
        StepReport report = findings(AuditFailAt.CRITICAL, allowed(MINIMIST, "2026-11-27"), allowed(QS, "2027-01-31"));

        assertThat(report.outcome()).isEqualTo(StepOutcome.FINDINGS);
        assertThat(report.message())
                .contains("4 packages have a known vulnerability (3 high, 1 moderate)", " 3 packages are allowed.")
                .doesNotContain("minimist", "express", "qs");
        assertThat(report.facts())
                .containsEntry("allowed", 3L)
                .containsEntry("high", 3L)
                .containsEntry("critical", 0L);
    }

    @Test
    void givenAllAllowed_whenItIsJudged_thenItPassesAndSaysSo() {
        StepReport report = judge(
                new AuditOutput(recorded("npm6-findings.json"), "", "1"),
                AuditFailAt.LOW,
                allowed("GHSA-rp65-9cf3-cjxr", "2027-01-31"),
                allowed(LODASH_HIGH, "2027-01-31"),
                allowed(LODASH_MODERATE, "2027-01-31"),
                allowed("1096470", "2027-01-31"),
                allowed("GHSA-p8p7-x288-28g6", "2027-01-31"));

        assertThat(report.outcome()).as("%s", report).isEqualTo(StepOutcome.PASSED);
        assertThat(report.message())
                .endsWith("no known vulnerability that counts in 9 dependencies. 4 packages are allowed.");
    }

    @ParameterizedTest
    @CsvSource({LODASH_HIGH + ", 'high 4, moderate 2', 4, 2", LODASH_MODERATE + ", 'high 5, moderate 1', 5, 1"})
    void givenOneOfTwoAdvisoriesAllowed_whenItIsJudged_thenThePackageCountsForTheOther(
            String advisory, String name, long high, long moderate) {
        StepReport report = findings(null, allowed(advisory, "2027-01-31"));

        assertThat(report.facts())
                .as(name)
                .containsEntry("high", high)
                .containsEntry("moderate", moderate)
                .containsEntry("allowed", 0L);
    }

    @Test
    void givenAnAllowanceThatIsOver_whenItIsJudged_thenItCountsAgainAndIsTold() {
        StepReport report = findings(AuditFailAt.CRITICAL, allowed(MINIMIST, "2026-11-26"));

        assertThat(report.outcome()).isEqualTo(StepOutcome.FAILED);
        assertThat(report.message()).contains(" " + MINIMIST + " counts again, allowed until 2026-11-26.");
    }

    /** As people write the last day of February, which the definition takes. */
    @Test
    void givenADayThatTheMonthDoesNotHave_whenItIsJudged_thenItIsItsLast() {
        assertThat(findings(AuditFailAt.CRITICAL, allowed(MINIMIST, "2027-02-31"))
                        .outcome())
                .isEqualTo(StepOutcome.FINDINGS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2027-01-31", "2026-01-31"})
    void givenAnAllowanceThatMatchesNothing_whenItIsJudged_thenItIsTold(String until) {
        StepReport report = findings(null, allowed("GHSA-aaaa-bbbb-cccc", until));

        assertThat(report.message())
                .contains(" GHSA-aaaa-bbbb-cccc matched nothing: take it out of dependencyAudit.allow.")
                .doesNotContain("counts again");
        assertThat(report.facts()).containsEntry("critical", 1L).containsEntry("allowed", 0L);
    }

    @Test
    void givenAnAllowance_whenNothingIsFound_thenItPassesAndIsTold() {
        StepReport report =
                judge(new AuditOutput(recorded("no-findings.json"), "", "0"), null, allowed(MINIMIST, "2027-01-31"));

        assertThat(report.outcome()).isEqualTo(StepOutcome.PASSED);
        assertThat(report.message()).contains(MINIMIST + " matched nothing");
    }

    @ParameterizedTest
    @CsvSource({
        "registry-down.json, can't be reached",
        "npm6-registry-down.json, can't be reached",
        "npm8-registry-down.json, can't be reached",
        "registry-unknown-host.json, can't be reached",
        "registry-503.json, the registry answered 503",
        "npm6-registry-503.json, does no audits",
        "registry-401.json, wants a login",
        "npm6-registry-401.json, wants a login",
        "registry-405.json, does no audits",
        "npm6-registry-410.json, upgrade npm in the image",
        "proxy-page.json, something answered in the registry's place",
        "no-lock.json, there is no package-lock.json",
        "npm6-no-lock.json, there is no package-lock.json",
        "npm6-no-package.json, there is no package-lock.json",
        "no-dependencies.json, names no dependency"
    })
    void givenAFailure_whenItIsJudged_thenItIsNoFindingAndSaysWhatToDo(String file, String told) {
        for (AuditFailAt failAt : new AuditFailAt[] {AuditFailAt.NEVER, AuditFailAt.LOW}) {
            StepReport report = judge(new AuditOutput(recorded(file), "", "1"), failAt);

            assertThat(report.outcome()).as("%s", report).isEqualTo(StepOutcome.COULD_NOT_CHECK);
            assertThat(report.reason()).isEqualTo("CouldNotCheck");
            assertThat(report.message())
                    .startsWith("npm audit in /app of the image shop:1.4.2 of Deployment web: ")
                    .contains(told)
                    .hasSizeLessThan(900);
        }
    }

    /** As npm words them. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "403 Forbidden - POST | 403 | wants a login",
                "429 Too Many Requests - POST | 429 | the registry answered 429",
                "501 Not Implemented - POST | 501 | does no audits",
                "request to https://npm.example.org failed, reason: self-signed certificate in certificate chain | 0 | is not trusted",
                "request to https://npm.example.org failed, reason: unable to verify the first certificate | 0 | is not trusted",
                "Cannot read properties of null | 0 | npm audit failed. npm says: Cannot read properties of null"
            })
    void givenAnAnswerOfTheRegistry_whenItIsJudged_thenItSaysWhatToDo(String said, int status, String told) {
        StepReport report = judge(
                "{\"message\": \"%s\", \"statusCode\": %d, \"error\": {\"summary\": \"\"}}".formatted(said, status));

        assertThat(report.outcome()).isEqualTo(StepOutcome.COULD_NOT_CHECK);
        assertThat(report.message()).contains(told);
    }

    @Test
    void givenNpm8WithoutALockFile_whenItIsJudged_thenItsStandardErrorSaysWhy() {
        StepReport report = judge(new AuditOutput("", recorded("npm8-no-lock.errors"), "1"), null);

        assertThat(report.outcome()).isEqualTo(StepOutcome.COULD_NOT_CHECK);
        assertThat(report.message())
                .contains("there is no package-lock.json", "This command requires an existing lockfile.");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "directory | the image has no such folder",
                "npm | there is no npm in the image",
                "127 | there is no npm in the image",
                "124 | was not done after 4 minutes",
                "143 | was not done after 4 minutes",
                "137 | Raise the limit of memory",
                "1 | printed nothing but: sh: it went wrong",
                "'' | printed nothing but: sh: it went wrong"
            })
    void givenNothingPrinted_whenItIsJudged_thenItSaysWhy(String code, String told) {
        StepReport report = judge(new AuditOutput("", "sh: it went wrong\n", code), null);

        assertThat(report.outcome()).isEqualTo(StepOutcome.COULD_NOT_CHECK);
        assertThat(report.message()).contains(told);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<!doctype html><title>Sign in</title>",
                "null",
                "{}",
                "[]",
                "\"auditReportVersion\"",
                "{\"auditReportVersion\": 2}",
                "{\"auditReportVersion\": 2, \"vulnerabilities\": {}}",
                "{\"auditReportVersion\": 2, \"vulnerabilities\": {}, \"metadata\": {\"vulnerabilities\": {\"total\": 0}}}",
                "{\"auditReportVersion\": 2, \"vulnerabilities\": {}, \"metadata\": {\"dependencies\": {\"total\": 9}}}",
                "{\"advisories\": {}, \"metadata\": {\"totalDependencies\": 9}}",
                "{\"auditReportVersion\": 2, \"vulnerabilities\": {}, \"metadata\": {\"vulnerabilities\": {\"total\": 3},"
                        + " \"dependencies\": {\"total\": 9}}}",
                "{\"auditReportVersion\": 3, \"vulnerabilities\": {}, \"metadata\": {\"vulnerabilities\": {\"total\": 0},"
                        + " \"dependencies\": {\"total\": 9}}}",
                "{\"advisories\": {}}",
                "{\"advisories\": {}, \"metadata\": {\"vulnerabilities\": {\"info\": 0, \"low\": 0, \"moderate\": 0, \"high\": 1,"
                        + " \"critical\": 0}, \"totalDependencies\": 9}}",
                "{\"error\": {}}",
                "{\"message\": \"\"}"
            })
    void givenWhatIsNoReport_whenItIsJudged_thenItDoesNotPass(String report) {
        assertThat(judge(report).outcome()).as(judge(report).message()).isEqualTo(StepOutcome.COULD_NOT_CHECK);
    }

    /** Wherever it is cut. */
    @ParameterizedTest
    @ValueSource(strings = {"no-findings.json", "findings.json", "npm6-no-findings.json"})
    void givenATruncatedReport_whenItIsJudged_thenItDoesNotPass(String file) {
        String whole = recorded(file).strip();
        for (int length = 0; length < whole.length(); length += 7) {
            assertThat(judge(whole.substring(0, length)).outcome())
                    .as("%s characters of %s", length, file)
                    .isEqualTo(StepOutcome.COULD_NOT_CHECK);
        }
    }

    /** A failure after a report: which of the two holds is not known. */
    @Test
    void givenTwoDocuments_whenTheyAreJudged_thenTheyDoNotPass() {
        assertThat(judge(recorded("no-findings.json") + recorded("registry-down.json"))
                        .outcome())
                .isEqualTo(StepOutcome.COULD_NOT_CHECK);
        assertThat(judge(recorded("no-findings.json") + recorded("no-findings.json"))
                        .outcome())
                .isEqualTo(StepOutcome.COULD_NOT_CHECK);
    }

    @Test
    void givenAnAddressWithAPassword_whenItIsTold_thenThePasswordIsNot() {
        StepReport report = judge(
                "{\"message\": \"request to https://robot:geheim@npm.example.org/-/npm failed, reason: ECONNREFUSED\\n\\u0007\"}");

        assertThat(report.message())
                .contains("https://npm.example.org/")
                .doesNotContain("geheim", "robot", "\u0007", "\n");
    }

    @ParameterizedTest
    @EnumSource(
            value = AuditFailAt.class,
            names = {"NEVER", "HIGH"})
    void givenManyPackagesWithLongNames_whenTheyAreJudged_thenTheMessageFits(AuditFailAt failAt) {
        String name = "@" + "x".repeat(200) + "/y";
        String entries = IntStream.range(0, 3000)
                .mapToObj(i ->
                        "\"%s%d\": {\"severity\": \"odd\", \"via\": [{\"source\": %d, \"title\": \"%s\"}, \"%s%d\"]}"
                                .formatted(name, i, i, "t".repeat(500), name, (i * 7 + 1) % 3000))
                .collect(Collectors.joining(","));
        StepReport report = judge(
                new AuditOutput(
                        "{\"auditReportVersion\": 2, \"vulnerabilities\": {" + entries
                                + "}, \"metadata\": {\"vulnerabilities\": {\"total\": 3000}, \"dependencies\": {\"total\": 5000}}}",
                        "",
                        "1"),
                failAt);

        assertThat(report.facts()).as("a word that npm does not have").containsEntry("critical", 3000L);
        assertThat(report.message()).contains("3000 packages have").hasSizeLessThanOrEqualTo(StepReport.LONGEST);
    }

    @Test
    void givenAPackageWithoutAnAdvisory_whenItIsJudged_thenItCountsByItsOwnSeverity() {
        StepReport report = judge(
                new AuditOutput(
                        "{\"auditReportVersion\": 2, \"vulnerabilities\": {\"a\": {\"severity\": \"low\", \"via\": [\"gone\"]}},"
                                + " \"metadata\": {\"vulnerabilities\": {\"total\": 1}, \"dependencies\": {\"total\": 1}}}",
                        "",
                        "1"),
                AuditFailAt.MODERATE,
                allowed(MINIMIST, "2027-01-31"));

        assertThat(report.outcome()).isEqualTo(StepOutcome.FINDINGS);
        assertThat(report.message()).contains("1 package has", "Worst: a, low, no fix is known.");
    }
}
