package dev.mainstay.core.runbook;

import dev.mainstay.api.runbook.MaintenanceRunSpec;
import dev.mainstay.api.runbook.Parameter;
import dev.mainstay.api.runbook.RunbookSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The values that a run has for the parameters of its Runbook. */
final class RunParameters {

    /** A parameter that is the whole of a text. */
    private static final Pattern WHOLE = Pattern.compile("\\$\\(params\\.([-a-z0-9]+)\\)");

    private static final String BEGINNING = "$(params.";

    private RunParameters() {}

    /** Why a run can't have them, in a sentence; empty when it can. */
    static Optional<String> refusal(RunbookSpec runbook, MaintenanceRunSpec run) {
        List<String> known = runbook.parameters().stream().map(Parameter::name).toList();
        List<String> unknown = run.parameters().keySet().stream()
                .sorted()
                .filter(name -> !known.contains(name))
                .map(name -> "\"" + name + "\"")
                .toList();
        if (!unknown.isEmpty()) {
            return Optional.of("spec.parameters has " + String.join(", ", unknown) + ", and Runbook "
                    + run.runbookRef().name()
                    + (known.isEmpty() ? " has no parameters" : " has only " + String.join(", ", known))
                    + ". Make a run without " + (unknown.size() == 1 ? "it." : "them."));
        }
        return runbook.parameters().stream()
                .filter(parameter -> parameter.required() && !run.parameters().containsKey(parameter.name()))
                .findFirst()
                .map(parameter -> "Runbook " + run.runbookRef().name() + " requires the parameter "
                        + parameter.name()
                        + ", and spec.parameters does not have it. Make a run that does.");
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
