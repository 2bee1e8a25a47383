package dev.mainstay.core.audit;

import dev.mainstay.api.runbook.AuditFailAt;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.DependencyAuditWork;
import dev.mainstay.core.task.StepReport;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What an output of {@code npm audit} comes to. Its exit code is the same for findings and for a registry that is down. */
public final class AuditJudge {

    private static final int MOST_TOLD = 5;

    private AuditJudge() {}

    /**
     * The outcome.
     *
     * @param today the day in UTC
     */
    public static StepReport judge(AuditOutput output, DependencyAuditWork work, LocalDate today) {
        String where = "npm audit in " + work.place() + ": ";
        try {
            AuditReport report = ReportReader.read(output);
            if (report.dependencies() == 0) {
                return StepReport.couldNotCheck(
                        Reason.COULD_NOT_CHECK,
                        where + "the lock file names no dependency, so nothing was looked at. Name the folder of the"
                                + " application's package-lock.json in dependencyAudit.directory.",
                        Map.of("dependencies", 0L));
            }
            return judge(report, where, work, Allowances.on(today, work.step().allow()));
        } catch (UnreadableAudit e) {
            return StepReport.couldNotCheck(Reason.COULD_NOT_CHECK, where + e.getMessage(), Map.of());
        }
    }

    private static StepReport judge(AuditReport report, String where, DependencyAuditWork work, Allowances allowances) {
        List<Standing> counted = Standing.of(report.packages(), allowances::allow).stream()
                .sorted(Comparator.comparing(Standing::severity)
                        .reversed()
                        .thenComparing(one -> !one.cause())
                        .thenComparing(one -> one.found().name()))
                .toList();
        Map<Severity, Long> counts = new EnumMap<>(Severity.class);
        for (Severity severity : Severity.values()) {
            counts.put(
                    severity,
                    counted.stream().filter(one -> one.severity() == severity).count());
        }
        long allowed = report.packages().size() - counted.size();
        Map<String, Long> facts = facts(report, counts, allowed);
        String notes = allowances.told(report.packages(), allowed);
        if (counted.isEmpty()) {
            return StepReport.passed(
                    where + "no known vulnerability " + (allowed > 0 ? "that counts " : "") + "in "
                            + report.dependencies() + " dependencies." + notes,
                    facts);
        }
        String message = where + counted.size() + (counted.size() == 1 ? " package has" : " packages have")
                + " a known vulnerability (" + words(counts) + "), of " + report.dependencies() + " dependencies."
                + notes
                + " Worst: " + worst(counted) + ".";
        return fails(work.step().failAt(), counted)
                ? StepReport.failed(Reason.STEP_FAILED, message, facts)
                : StepReport.findings(message, facts);
    }

    private static boolean fails(AuditFailAt failAt, List<Standing> counted) {
        Optional<Severity> from =
                switch (failAt) {
                    case CRITICAL -> Optional.of(Severity.CRITICAL);
                    case HIGH -> Optional.of(Severity.HIGH);
                    case MODERATE -> Optional.of(Severity.MODERATE);
                    case LOW, UNRECOGNIZED -> Optional.of(Severity.LOW);
                    case NEVER -> Optional.empty();
                };
        return from.isPresent() && counted.getFirst().severity().compareTo(from.get()) >= 0;
    }

    private static Map<String, Long> facts(AuditReport report, Map<Severity, Long> counts, long allowed) {
        Map<String, Long> facts = new LinkedHashMap<>();
        worstFirst().forEach(severity -> facts.put(severity.text(), counts.get(severity)));
        facts.put("allowed", allowed);
        facts.put("dependencies", report.dependencies());
        return facts;
    }

    private static String words(Map<Severity, Long> counts) {
        return worstFirst().stream()
                .filter(severity -> counts.get(severity) > 0)
                .map(severity -> counts.get(severity) + " " + severity.text())
                .collect(Collectors.joining(", "));
    }

    private static List<Severity> worstFirst() {
        return List.of(Severity.values()).reversed();
    }

    private static String worst(List<Standing> counted) {
        List<String> told = new ArrayList<>();
        for (Standing one : counted.subList(0, Math.min(MOST_TOLD, counted.size()))) {
            String advisory = one.advisory() == null
                    ? ""
                    : ", " + one.advisory().id()
                            + (one.cause() ? " (" + one.advisory().title() + ")" : " of what it needs");
            told.add(AuditFailures.cleaned(one.found().name(), 100) + ", "
                    + one.severity().text() + advisory + ", " + one.found().fix());
        }
        return String.join("; ", told)
                + (counted.size() > MOST_TOLD ? "; and " + (counted.size() - MOST_TOLD) + " more" : "");
    }
}
