package dev.mainstay.runner.step;

import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.StepReport;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Collects what a look at a database has found, and what it could not find out. */
final class Review {

    private static final int FIRST = 3;

    private final Map<String, Long> facts = new LinkedHashMap<>();
    private final List<String> lacking = new ArrayList<>();
    private final List<String> found = new ArrayList<>();
    private final List<String> remarks = new ArrayList<>();

    /** A number that was measured. */
    void fact(String name, long value) {
        facts.put(name, value);
    }

    /** Something that somebody should look at, in a sentence. */
    void finding(String sentence) {
        found.add(sentence);
    }

    /** Several of a kind: how many, and the first ones by name. */
    void findings(String what, List<String> names) {
        if (!names.isEmpty()) {
            found.add(what + " (" + names.size() + "): " + first(names) + ".");
        }
    }

    /** Something that could not be found out for want of a right, and what to do. */
    void lacks(String sentence) {
        lacking.add(sentence);
    }

    /** Something that is neither, and worth a sentence. */
    void remark(String sentence) {
        remarks.add(sentence);
    }

    /** The first of them. */
    static String first(List<String> names) {
        return names.stream().limit(FIRST).collect(Collectors.joining("; ")) + (names.size() > FIRST ? "; …" : "");
    }

    /** What came of it; what lacks comes first, and findings before remarks. */
    StepReport report(String nothing) {
        String message = Stream.of(
                        lacking,
                        found,
                        found.isEmpty() && lacking.isEmpty() ? List.of(nothing) : List.<String>of(),
                        remarks)
                .flatMap(List::stream)
                .collect(Collectors.joining(" "));
        if (!lacking.isEmpty()) {
            return StepReport.couldNotCheck(Reason.PERMISSION_DENIED, message, facts);
        }
        return found.isEmpty() ? StepReport.passed(message, facts) : StepReport.findings(message, facts);
    }
}
