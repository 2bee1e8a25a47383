package dev.mainstay.core.runbook;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.mainstay.api.Annotations;
import dev.mainstay.api.runbook.MaintenanceRun;
import dev.mainstay.api.runbook.MaintenanceRunStatus;
import dev.mainstay.api.runbook.PreviousRun;
import dev.mainstay.api.runbook.RunOutcome;
import dev.mainstay.api.runbook.RunReport;
import dev.mainstay.api.runbook.StepCounts;
import dev.mainstay.core.application.ProbeAnswer;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.TaskJson;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunReportsTest {

    private static final String STEPS = """
            steps:
            - {name: look, httpCheck: {}}
            finally:
            - {name: last, httpCheck: {}}
            """;

    private static final Instant NOW = RunWorld.START;

    @Test
    void givenTheFirstRun_whenItEnds_thenItsReportIsKeptAndSaysThatThereIsNoOther() {
        RunWorld world = new RunWorld(STEPS, "").rest();

        RunReport report = world.run.getStatus().report();
        assertThat(report.configMap()).startsWith("tuesday-report-");
        assertThat(report.counts()).isEqualTo(new StepCounts(2, 0, 0, 0, 0));
        assertThat(report.previousRun()).isNull();
        assertThat(report.comparison())
                .isEqualTo(
                        "There is no previous run of Runbook release for ManagedApplication shop to compare it with.");
        assertThat(world.report).containsOnlyKeys("report.md", "report.json");
        assertThat(world.report.get("report.md")).contains("There is no previous run of Runbook release");
        assertThat(world.pass()).isInstanceOf(RunDecision.LeaveAlone.class);
    }

    @Test
    void givenARunBefore_whenThisOneEndsOtherwise_thenBothReportsTellTheDifference() throws JsonProcessingException {
        RunWorld world = new RunWorld(STEPS, "");
        world.others.add(other("monday", "", ""));
        world.answers = List.of(new ProbeAnswer.Answered(200), new ProbeAnswer.Silent("no answer"));
        world.rest();

        RunReport report = world.run.getStatus().report();
        assertThat(report.counts()).isEqualTo(new StepCounts(0, 2, 0, 0, 0));
        assertThat(report.previousRun())
                .isEqualTo(new PreviousRun("monday", NOW.minus(Duration.ofDays(1)), RunOutcome.PASSED));
        assertThat(report.comparison())
                .isEqualTo("Compared with monday, which was Passed at 2026-03-28T03:00:00Z: 4 differences.");
        assertThat(report.differences())
                .startsWith("look: Passed → Findings", "last: Passed → Findings")
                .hasSize(4);
        assertThat(report.firstFindings()).containsExactly("look", "last");
        assertThat(world.report.get("report.md"))
                .contains(
                        "    look: Passed → Findings\n", "## Step look (httpCheck): Findings\n", "asked by     bob\n");
        JsonNode json = TaskJson.mapper().readTree(world.report.get("report.json"));
        assertThat(json.at("/comparison/differences/0/kind").asText()).isEqualTo("Result");
        assertThat(json.at("/comparison/differences/0/to").asText()).isEqualTo("Findings");
        assertThat(json.at("/steps/0/result").asText()).isEqualTo("Findings");
        assertThat(json.at("/runbook/revision").asText())
                .isEqualTo(world.run.getStatus().runbook().revision());
    }

    /** Another run's place, labels and spec; and what it is to the run of the test. */
    @ParameterizedTest(name = "{0}: {4}")
    @CsvSource({
        "finished before, '', '', '', monday",
        "still running, phase: Running, '', '', ''",
        "of another Runbook, '', '', 'runbookRef: {name: other}', ''",
        "of another application, '', '', 'applicationRef: {name: other}', ''",
        "a dry run, '', '', 'dryRun: true', ''",
        "one that has not begun, startedAt: null, '', '', ''",
        "finished later, 'completedAt: \"2026-03-29T04:00:00Z\"', '', '', ''",
        "finished at the same moment, 'completedAt: \"2026-03-29T03:00:00Z\"', '', '', monday",
        "one that has failed, outcome: Failed, '', '', monday",
        "by a schedule, '', nightly, '', monday",
    })
    void givenAnotherRun_whenOneEnds_thenItIsComparedWithItOrNot(
            String name, String status, String schedule, String spec, String previous) {
        RunWorld world = new RunWorld(STEPS, "");
        world.others.add(labelled(other("monday", status, spec), schedule));
        world.rest();

        assertThat(previous(world)).isEqualTo(previous);
    }

    @ParameterizedTest
    @CsvSource({"'', ''", "weekly, ''", "nightly, monday"})
    void givenARunOfASchedule_whenItEnds_thenItIsComparedWithThatSchedulesAlone(String schedule, String previous) {
        RunWorld world = new RunWorld(STEPS, "");
        world.run.getMetadata().setLabels(Map.of(Annotations.SCHEDULE, "nightly"));
        world.annotate(Annotations.SLOT, "2026-03-29T03:00:00Z");
        world.others.add(labelled(other("monday", "", ""), schedule));
        world.rest();

        assertThat(previous(world)).isEqualTo(previous);
        assertThat(world.report.get("report.md"))
                .contains("    schedule     nightly\n    slot         2026-03-29T03:00:00Z\n");
    }

    @Test
    void givenSeveralRunsBefore_whenOneEnds_thenTheNewestIsThePreviousAndFindingsOfAnyAreKnown() {
        RunWorld world = new RunWorld(STEPS, "");
        world.others.add(other("b", "completedAt: \"2026-03-28T03:00:00Z\"", ""));
        world.others.add(other("a", "completedAt: \"2026-03-28T03:00:00Z\"", ""));
        world.others.add(other(
                "older",
                "completedAt: \"2026-03-27T03:00:00Z\"\nsteps: [{name: look, outcome: Findings}, {name: last, outcome: Passed}]",
                ""));
        world.answers = List.of(new ProbeAnswer.Answered(200), new ProbeAnswer.Silent("no answer"));
        world.rest();

        assertThat(previous(world)).isEqualTo("b");
        assertThat(world.run.getStatus().report().firstFindings()).containsExactly("last");
    }

    /** The history limits of a schedule, or a person, may have removed it between the two writes. */
    @Test
    void givenARunBeforeThatGoes_whenTheWholeReportIsMade_thenItHasWhatTheStatusKnows() {
        RunWorld world = new RunWorld(STEPS, "");
        world.others.add(other("monday", "", ""));
        world.answers = List.of(new ProbeAnswer.Answered(503));
        while (!RunLines.ended(world.run)) {
            world.pass();
        }
        world.others.clear();
        world.rest();

        assertThat(world.report.get("report.md"))
                .contains("That run is gone since", "    look: Passed → Failed\n", "    last: Passed → Failed\n");
    }

    @Test
    void givenADryRunOrOneThatNeverBegan_whenItEnds_thenItHasAReportAndIsComparedWithNone() {
        RunWorld dry = new RunWorld(STEPS, "dryRun: true");
        RunWorld refused = new RunWorld(STEPS, "notAfter: \"2026-03-29T02:00:00Z\"");
        RunWorld cancelled = new RunWorld(STEPS, "").annotate(Annotations.CANCEL, "true");
        for (RunWorld world : List.of(dry, refused, cancelled)) {
            world.others.add(other("monday", "", ""));
            world.rest();
            assertThat(world.run.getStatus().report().configMap()).isNotNull();
            assertThat(world.run.getStatus().report().previousRun()).isNull();
        }
        assertThat(dry.report.get("report.md")).contains("Dry run. ", "A dry run is compared with none.");
        assertThat(refused.report.get("report.md")).contains("# MaintenanceRun tuesday: Refused", "It has not begun");
        assertThat(cancelled.report.get("report.md")).contains("# MaintenanceRun tuesday: Cancelled");
    }

    @Test
    void givenAConfigMapThatIsRefused_whenTheRunHasEnded_thenThatIsToldAndItIsTriedAgain() {
        RunWorld world = new RunWorld(STEPS, "");
        world.refusedReport = Optional.of("exceeded quota: small");
        world.rest();

        assertThat(world.run.getStatus().phase().text()).isEqualTo("Finished");
        assertThat(world.run.getStatus().report().configMap()).isNull();
        assertThat(world.run.getStatus().report().problem())
                .startsWith("ConfigMap tuesday-report-")
                .endsWith("exceeded quota: small");
        assertThat(world.pass().lookAgain()).isEqualTo(Duration.ofMinutes(1));

        world.refusedReport = Optional.empty();
        world.rest();
        assertThat(world.run.getStatus().report().problem()).isNull();
        assertThat(world.run.getStatus().report().configMap()).isNotNull();
    }

    @Test
    void givenAFinishedRunOfAnEarlierRelease_whenItIsLookedAt_thenItIsLeftAlone() {
        RunWorld world = new RunWorld(STEPS, "").rest();
        MaintenanceRun old = Serialization.clone(world.run);
        old.setStatus(world.run.getStatus().withReport(null));
        world.run = old;

        assertThat(world.pass()).isInstanceOf(RunDecision.LeaveAlone.class);
        assertThat(world.run).isSameAs(old);
    }

    @Test
    void givenParameters_whenTheReportIsMade_thenItHasTheirNamesAlone() {
        RunWorld world = new RunWorld(
                "parameters: [{name: day}]\n" + STEPS, "requestedBy: bob, parameters: {day: a-value-of-it}");
        world.rest();

        assertThat(world.report.get("report.md")).contains("parameters   day (values are in the run)");
        assertThat(world.report.values()).noneMatch(file -> file.contains("a-value-of-it"));
    }

    @Test
    void givenMoreNumbersThanARunKeeps_whenAStepEnds_thenEachKeepsAsManyOfItsFirstAsTheOthers() {
        Map<String, Long> facts = IntStream.range(0, 32)
                .boxed()
                .collect(Collectors.toMap("f%02d"::formatted, Long::valueOf, (one, other) -> one, TreeMap::new));
        MaintenanceRun run = other(
                "tuesday",
                "phase: Running\nsteps: ["
                        + IntStream.range(0, 20)
                                .mapToObj(step -> "{name: s%d, measured: %s}".formatted(step, TaskJson.write(facts)))
                                .collect(Collectors.joining(", "))
                        + ", {name: last}]",
                "");

        MaintenanceRunStatus status = RunStatusReport.of(
                run, new RunDecision.Finish("last", StepResult.passed("").measured(facts), false, null), NOW);

        assertThat(status.steps())
                .allSatisfy(line -> assertThat(line.measured()).hasSize(24).containsKeys("f00", "f23"));
        assertThat(RunStatusReport.of(
                                other("tuesday", "phase: Running\nsteps: [{name: last}]", ""),
                                new RunDecision.Finish(
                                        "last", StepResult.passed("").measured(facts), false, null),
                                NOW)
                        .steps()
                        .getFirst()
                        .measured())
                .isEqualTo(facts);
    }

    /** Markdown shows indented lines as they are. */
    @Test
    void givenTextsThatMeanSomethingInMarkdown_whenTheReportIsMade_thenTheyStandInBlocks() {
        MaintenanceRun run = other(
                "tuesday",
                "steps: [{name: look, type: job, outcome: Failed, message: \"<b>\\n# One\"}]",
                "reason: \"<i>\\n# Two\"");
        run.setStatus(run.getStatus()
                .withReport(new RunReport(
                        null, new StepCounts(0, 0, 0, 1, 0), null, "Compared with none.", null, null, null, null)));

        String text = RunReportText.files(run, null).get("report.md");

        assertThat(text).contains("\n    <b>\n    # One\n", "\n    reason       <i> # Two\n");
    }

    @Test
    void givenTheMostThatARunCanHold_whenTheReportsAreMade_thenBothFit() {
        MaintenanceRun run = biggest("tuesday", 1);
        MaintenanceRun before = biggest("monday", 2);
        RunWorld world = new RunWorld(STEPS, "");
        world.run = run;
        world.others.add(before);
        RunObservation observation =
                new RunObservation(run, null, null, null, null, false, null, List.of(before), new StepSeen.Nothing());

        RunReport report = RunReports.of(
                observation,
                new RunDecision.End(
                        RunOutcome.FAILED,
                        Reason.STEP_FAILED,
                        "",
                        run.getStatus().steps()),
                NOW);
        run.setStatus(run.getStatus().withReport(report));
        Map<String, String> files = RunReports.whole(observation).data();

        assertThat(TaskJson.write(report).getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(16_384);
        assertThat(report.differences()).hasSize(32);
        assertThat(report.moreDifferences() + report.differences().size()).isEqualTo(512);
        assertThat(size(files)).isBetween(200 << 10, RunReportText.ROOM);
        assertThat(files.get("report.md")).doesNotContain("were left out");
    }

    @Test
    void givenLessRoomThanTheDifferencesTake_whenTheReportIsMade_thenItSaysHowManyAreLeftOut() {
        MaintenanceRun run = biggest("tuesday", 1);
        MaintenanceRun before = biggest("monday", 2);
        RunReportDocument whole = RunReportDocument.of(run, before);
        int all = size(RunReportText.files(whole, Integer.MAX_VALUE));

        Map<String, String> files = RunReportText.files(whole, all - (60 << 10));

        assertThat(size(files)).isLessThanOrEqualTo(all - (60 << 10));
        assertThat(files.get("report.md")).contains("256 more differences were left out.");
        assertThat(files.get("report.json")).contains("\"leftOut\" : 256");
    }

    /** 64 steps with the longest names and messages, and 512 numbers with the longest names. */
    private static MaintenanceRun biggest(String name, int value) {
        String steps = IntStream.range(0, 64)
                .mapToObj(step -> "{name: %s%02d, outcome: Findings, message: \"%s\", measured: {%s}}"
                        .formatted(
                                "s".repeat(61),
                                step,
                                "€".repeat(256),
                                IntStream.range(0, 8)
                                        .mapToObj(
                                                fact -> "f".repeat(39) + fact + ": " + (Long.MAX_VALUE - value - fact))
                                        .collect(Collectors.joining(", "))))
                .collect(Collectors.joining(", "));
        MaintenanceRun run = other(name, "steps: [" + steps + "]", "");
        run.setStatus(run.getStatus()
                .withReport(new RunReport(
                        null,
                        new StepCounts(0, 64, 0, 0, 0),
                        new PreviousRun("monday", NOW.minus(Duration.ofDays(1)), RunOutcome.PASSED),
                        "Compared.",
                        null,
                        null,
                        null,
                        null)));
        return run;
    }

    /** A finished run of the day before; what is else in its status and in its spec, in YAML. */
    private static MaintenanceRun other(String name, String status, String spec) {
        MaintenanceRun run = Serialization.unmarshal(
                """
                apiVersion: mainstay.dev/v1alpha1
                kind: MaintenanceRun
                metadata: {name: %s, namespace: shop, uid: uid-%s, generation: 1}
                spec:
                %s
                """.formatted(name, name, changed("""
                        applicationRef: {name: shop}
                        runbookRef: {name: release}
                        reason: It is Monday.
                        """, spec).indent(2)), MaintenanceRun.class);
        run.setStatus(Serialization.unmarshal(changed("""
                        phase: Finished
                        outcome: Passed
                        startedAt: "2026-03-28T02:00:00Z"
                        completedAt: "2026-03-28T03:00:00Z"
                        steps: [{name: look, type: httpCheck, outcome: Passed}, {name: last, type: httpCheck, outcome: Passed}]
                        """, status), MaintenanceRunStatus.class));
        return run;
    }

    private static String changed(String fields, String changes) {
        return fields.lines()
                        .filter(line -> changes.lines()
                                .noneMatch(change -> change.startsWith(line.substring(0, line.indexOf(':') + 1))))
                        .collect(Collectors.joining("\n"))
                + "\n" + changes;
    }

    private static MaintenanceRun labelled(MaintenanceRun run, String schedule) {
        if (!schedule.isEmpty()) {
            run.getMetadata().setLabels(Map.of(Annotations.SCHEDULE, schedule));
        }
        return run;
    }

    private static String previous(RunWorld world) {
        return Optional.ofNullable(world.run.getStatus().report().previousRun())
                .map(PreviousRun::name)
                .orElse("");
    }

    private static int size(Map<String, String> files) {
        return files.values().stream()
                .mapToInt(file -> file.getBytes(StandardCharsets.UTF_8).length)
                .sum();
    }
}
