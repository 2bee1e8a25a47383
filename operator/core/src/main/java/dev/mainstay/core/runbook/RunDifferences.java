package dev.mainstay.core.runbook;

import dev.mainstay.api.runbook.RunStep;
import dev.mainstay.api.runbook.StepOutcome;
import dev.mainstay.core.runbook.RunDifference.Kind;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * In what the steps of a run differ from those of the run before, by their names, the most important first: what they came to, the
 * worst first; then steps that are new or gone; then what was measured, of steps that need a look first.
 */
final class RunDifferences {

    private final Map<String, RunStep> before;
    private final Map<String, RunStep> after;
    private final List<String> first;

    private RunDifferences(List<RunStep> before, List<RunStep> after, List<String> first) {
        this.before = byName(before);
        this.after = byName(after);
        this.first = first;
    }

    /**
     * All of them.
     *
     * @param first the steps that came to Findings for the first time
     */
    static List<RunDifference> of(List<RunStep> before, List<RunStep> after, List<String> first) {
        return new RunDifferences(before, after, first).all();
    }

    private List<RunDifference> all() {
        List<RunDifference> found = new ArrayList<>();
        after.values().forEach(line -> found.addAll(of(line)));
        before.values().stream()
                .filter(line -> !after.containsKey(line.name()))
                .map(line -> new RunDifference(line.name(), Kind.STEP_GONE, null, word(line), null, null))
                .forEach(found::add);
        // The sort is stable: what is alike stays in the order of the steps.
        return found.stream()
                .sorted(Comparator.comparing(RunDifference::kind)
                        .thenComparing(this::badness, Comparator.reverseOrder()))
                .toList();
    }

    private List<RunDifference> of(RunStep line) {
        RunStep then = before.get(line.name());
        Stream<RunDifference> finding = first.contains(line.name())
                ? Stream.of(new RunDifference(line.name(), Kind.FIRST_FINDINGS, null, null, null, null))
                : Stream.of();
        if (then == null) {
            return Stream.concat(
                            finding,
                            Stream.of(new RunDifference(line.name(), Kind.NEW_STEP, null, null, word(line), null)))
                    .toList();
        }
        Stream<RunDifference> result = then.outcome() == line.outcome()
                ? Stream.of()
                : Stream.of(new RunDifference(line.name(), Kind.RESULT, null, word(then), word(line), null));
        return Stream.of(result, finding, facts(then, line))
                .flatMap(Function.identity())
                .toList();
    }

    /** Where one of the two has measured nothing, that is told by what it came to. */
    private static Stream<RunDifference> facts(RunStep then, RunStep line) {
        Map<String, BigDecimal> before = Decimals.of(then);
        Map<String, BigDecimal> after = Decimals.of(line);
        if (before.isEmpty() || after.isEmpty()) {
            return Stream.of();
        }
        TreeSet<String> names = new TreeSet<>(before.keySet());
        names.addAll(after.keySet());
        return names.stream()
                .filter(name -> !Objects.equals(before.get(name), after.get(name)))
                .map(name -> RunDifference.measured(line.name(), name, before.get(name), after.get(name)));
    }

    private int badness(RunDifference difference) {
        RunStep line = after.get(difference.step());
        StepOutcome outcome = line == null ? StepOutcome.SKIPPED : line.outcome();
        return switch (outcome) {
            case FAILED -> 3;
            case COULD_NOT_CHECK, UNRECOGNIZED -> 2;
            case FINDINGS -> 1;
            case PASSED, SKIPPED -> 0;
            case null -> 0;
        };
    }

    private static String word(RunStep line) {
        return line.outcome() == null ? "not done" : line.outcome().text();
    }

    private static Map<String, RunStep> byName(List<RunStep> lines) {
        return lines.stream()
                .collect(Collectors.toMap(RunStep::name, Function.identity(), (one, other) -> one, LinkedHashMap::new));
    }
}
