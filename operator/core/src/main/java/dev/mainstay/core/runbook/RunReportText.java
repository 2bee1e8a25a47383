package dev.mainstay.core.runbook;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.mainstay.api.runbook.MaintenanceRun;
import dev.mainstay.core.runbook.RunReportDocument.Changed;
import dev.mainstay.core.runbook.RunReportDocument.Comparison;
import dev.mainstay.core.runbook.RunReportDocument.Step;
import dev.mainstay.core.task.TaskJson;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The report of a run as two files, for people and for programs. What people and servers have said is in indented blocks, which
 * Markdown shows as they are.
 */
final class RunReportText {

    /** Of both files; the ConfigMap around them needs a little as well, and is to stay below 512 KiB. */
    static final int ROOM = 508 << 10;

    private static final String BLOCK = "    ";

    private final RunReportDocument document;
    private final StringBuilder text = new StringBuilder();

    private RunReportText(RunReportDocument document) {
        this.document = document;
    }

    /** Both files, by name; the least important differences are left out when there is no room for all. */
    static Map<String, String> files(MaintenanceRun run, MaintenanceRun previous) {
        return files(RunReportDocument.of(run, previous), ROOM);
    }

    /** The same in so many bytes, as far as differences take more. */
    static Map<String, String> files(RunReportDocument document, int room) {
        Map<String, String> files = files(document);
        int most = document.comparison().differences() == null
                ? 0
                : document.comparison().differences().size();
        while (most > 0 && size(files) > room) {
            most /= 2;
            files = files(document.first(most));
        }
        return files;
    }

    private static Map<String, String> files(RunReportDocument document) {
        try {
            return Map.of(
                    "report.md",
                    new RunReportText(document).text(),
                    "report.json",
                    TaskJson.mapper().writerWithDefaultPrettyPrinter().writeValueAsString(document) + "\n");
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("a report can't be written as JSON", e);
        }
    }

    private static int size(Map<String, String> files) {
        return files.values().stream()
                .mapToInt(file -> file.getBytes(StandardCharsets.UTF_8).length)
                .sum();
    }

    private String text() {
        line("# MaintenanceRun " + document.run().name() + ": "
                + document.outcome().text());
        line("");
        block(document.message());
        line("");
        table(facts());
        comparison(document.comparison());
        document.steps().forEach(this::step);
        if (document.undoCommand() != null) {
            line("");
            line("## What was not given back");
            line("");
            line("By hand:");
            line("");
            block(document.undoCommand());
        }
        return text.toString();
    }

    private Map<String, String> facts() {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("namespace", document.run().namespace());
        facts.put("application", document.run().application());
        facts.put(
                "Runbook",
                document.runbook().name()
                        + (document.runbook().revision() == null
                                ? ""
                                : ", as kept in ControllerRevision "
                                        + document.runbook().revision()));
        if (document.schedule() != null) {
            facts.put("schedule", document.schedule().name());
            facts.put("slot", text(document.schedule().slot()));
            facts.put("rollout", document.schedule().rollout());
        }
        facts.put("asked by", document.run().requestedBy());
        facts.put("reason", document.run().reason());
        if (document.run().parameters() != null) {
            facts.put("parameters", String.join(", ", document.run().parameters()) + " (values are in the run)");
        }
        facts.put("dry run", document.run().dryRun() ? "yes" : null);
        facts.put("made", document.run().createdAt());
        facts.put("began", text(document.startedAt()));
        facts.put("finished", text(document.completedAt()));
        facts.put("took", document.duration());
        facts.put(
                "steps",
                "%d Passed, %d Findings, %d CouldNotCheck, %d Failed, %d Skipped"
                        .formatted(
                                document.counts().passed(),
                                document.counts().findings(),
                                document.counts().couldNotCheck(),
                                document.counts().failed(),
                                document.counts().skipped()));
        return facts;
    }

    private void comparison(Comparison comparison) {
        line("");
        line("## Difference to the previous run");
        line("");
        block(comparison.told());
        List<String> differences = comparison.differences() == null
                ? comparison.known()
                : comparison.differences().stream().map(RunDifference::text).toList();
        if (differences != null && !differences.isEmpty()) {
            line("");
            differences.forEach(this::block);
        }
        if (comparison.leftOut() != null) {
            line("");
            line(comparison.leftOut() + " more differences were left out.");
        }
    }

    private void step(Step step) {
        line("");
        line("## Step " + step.name() + " (" + step.type() + "): "
                + (step.result() == null ? "not done" : step.result().text()));
        line("");
        block(step.message());
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("approved by", step.approvedBy());
        facts.put(
                "attempts",
                step.attempts() == null || step.attempts() == 0
                        ? null
                        : step.attempts().toString());
        facts.put("began", text(step.startedAt()));
        facts.put("ended", text(step.finishedAt()));
        if (step.changed() != null) {
            facts.put("changed", told(step.changed()));
        }
        if (facts.values().stream().anyMatch(value -> value != null)) {
            line("");
            table(facts);
        }
        if (step.measured() != null && !step.measured().isEmpty()) {
            line("");
            line("Measured:");
            line("");
            table(step.measured().entrySet().stream()
                    .sorted(Map.Entry.comparingByKey())
                    .collect(Collectors.toMap(
                            Map.Entry::getKey,
                            fact -> Decimals.text(fact.getValue()),
                            (one, other) -> one,
                            LinkedHashMap::new)));
        }
    }

    private static String told(Changed changed) {
        String numbers = changed.after() == null ? " was made" : " from " + changed.before() + " to " + changed.after();
        return changed.kind() + " " + changed.name() + numbers
                + (changed.givenBack() ? "; given back" : "; not given back");
    }

    private void table(Map<String, String> rows) {
        int width = rows.entrySet().stream()
                .filter(row -> row.getValue() != null)
                .mapToInt(row -> row.getKey().length())
                .max()
                .orElse(0);
        rows.forEach((name, value) -> {
            if (value != null) {
                block(name + " ".repeat(width - name.length() + 2) + value.replaceAll("\\R", " "));
            }
        });
    }

    private void block(String told) {
        if (told != null && !told.isBlank()) {
            Stream.of(told.split("\\R")).forEach(each -> line(BLOCK + each));
        }
    }

    private void line(String told) {
        text.append(told).append('\n');
    }

    private static String text(Object value) {
        return value == null ? null : value.toString();
    }
}
