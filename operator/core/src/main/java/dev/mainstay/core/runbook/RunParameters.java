package dev.mainstay.core.runbook;

import dev.mainstay.api.runbook.MaintenanceRunSpec;
import dev.mainstay.api.runbook.MaintenanceScheduleSpec;
import dev.mainstay.api.runbook.Parameter;
import dev.mainstay.api.runbook.RunbookSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The values that a run has for the parameters of its Runbook. */
final class RunParameters {

    /** A parameter that is the whole of a text. */
    private static final Pattern WHOLE = Pattern.compile("\\$\\(params\\.([-a-z0-9]+)\\)");

    private static final String BEGINNING = "$(params.";

    private RunParameters() {}

    /** Why a run can't have them, in a sentence; empty when it can. */
    static Optional<String> refusal(RunbookSpec runbook, MaintenanceRunSpec run) {
        List<String> unknown = unknown(runbook, run.parameters());
        List<String> lacking = lacking(runbook, run.parameters());
        return unknown.isEmpty()
                ? Optional.of(lacking)
                        .filter(names -> !names.isEmpty())
                        .map(names -> lacks(run.runbookRef().name(), names) + ". Make a run that does.")
                : Optional.of(surplus(runbook, run.runbookRef().name(), unknown) + ". Make a run without "
                        + (unknown.size() == 1 ? "it." : "them."));
    }

    /** Why no run of a schedule would have them, in sentences; empty when they would. */
    static Optional<String> misfit(RunbookSpec runbook, MaintenanceScheduleSpec schedule) {
        String name = schedule.runbookRef().name();
        List<String> unknown = unknown(runbook, given(schedule));
        List<String> lacking = lacking(runbook, given(schedule));
        List<String> told = new ArrayList<>();
        if (!unknown.isEmpty()) {
            told.add(surplus(runbook, name, unknown) + ". Take " + (unknown.size() == 1 ? "it" : "them")
                    + " out, or add " + (unknown.size() == 1 ? "it" : "them") + " to spec.parameters of the Runbook.");
        }
        if (!lacking.isEmpty()) {
            told.add(lacks(name, lacking) + ". Add " + (lacking.size() == 1 ? "it" : "them") + " with a value.");
        }
        return told.isEmpty() ? Optional.empty() : Optional.of(String.join(" ", told));
    }

    private static Map<String, String> given(MaintenanceScheduleSpec schedule) {
        return schedule.parameters() == null ? Map.of() : schedule.parameters();
    }

    private static List<String> unknown(RunbookSpec runbook, Map<String, String> given) {
        List<String> known = runbook.parameters().stream().map(Parameter::name).toList();
        return given.keySet().stream()
                .sorted()
                .filter(name -> !known.contains(name))
                .toList();
    }

    private static List<String> lacking(RunbookSpec runbook, Map<String, String> given) {
        return runbook.parameters().stream()
                .filter(Parameter::required)
                .map(Parameter::name)
                .filter(name -> !given.containsKey(name))
                .toList();
    }

    private static String surplus(RunbookSpec runbook, String name, List<String> unknown) {
        List<String> known = runbook.parameters().stream().map(Parameter::name).toList();
        return "spec.parameters has "
                + unknown.stream().map(one -> "\"" + one + "\"").collect(Collectors.joining(", "))
                + ", and Runbook " + name
                + (known.isEmpty() ? " has no parameters" : " has only " + String.join(", ", known));
    }

    private static String lacks(String runbook, List<String> lacking) {
        return "Runbook " + runbook + " requires the parameter" + (lacking.size() == 1 ? " " : "s ")
                + String.join(", ", lacking) + ", and spec.parameters does not have "
                + (lacking.size() == 1 ? "it" : "them");
    }

    /** The value of each parameter of the Runbook. */
    static Map<String, String> values(RunbookSpec runbook, MaintenanceRunSpec run) {
        Map<String, String> values = new TreeMap<>();
        runbook.parameters()
                .forEach(parameter -> values.put(
                        parameter.name(),
                        run.parameters()
                                .getOrDefault(
                                        parameter.name(),
                                        parameter.defaultValue() == null ? "" : parameter.defaultValue())));
        return values;
    }

    /** The parameter that a text is, and nothing else; empty when it is another text. */
    static Optional<String> named(String text) {
        Matcher matcher = WHOLE.matcher(text);
        return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    /** Whether a parameter is meant anywhere in a text. */
    static boolean mentioned(String text) {
        return text.contains(BEGINNING);
    }

    /** A value as Kubernetes is to take it: it would put variables into $(NAME) where no dollar sign is doubled. */
    static String literal(String value) {
        return value.replace("$", "$$");
    }
}
