package dev.mainstay.runner.step;

import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.StepReport;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Collects what was done to a database, and what could not be. */
final class Upkeep {

    private final Map<String, Long> facts = new LinkedHashMap<>();
    private final List<String> failed = new ArrayList<>();
    private final List<String> found = new ArrayList<>();
    private final List<String> done = new ArrayList<>();
    private final List<String> remarks = new ArrayList<>();
    private Reason reason;

    /** A number that was measured. */
    void fact(String name, long value) {
        facts.put(name, value);
    }

    /** Something that was done, in a sentence. */
    void done(String sentence) {
        done.add(sentence);
    }

    /** Something that somebody should look at. */
    void finding(String sentence) {
        found.add(sentence);
    }

    /** Something that is neither, and worth a sentence. */
    void remark(String sentence) {
        remarks.add(sentence);
    }

    /** Something that could not be done, and what to do; the first one says why the step has failed. */
    void failure(Reason why, String sentence) {
        reason = reason == null ? why : reason;
        failed.add(sentence);
    }

    /** Something stands against all that was still to be done. */
    StepReport couldNotCheck(Reason why, String sentence) {
        return StepReport.couldNotCheck(why, words(List.of(sentence)), facts);
    }

    StepReport report() {
        if (!failed.isEmpty()) {
            return StepReport.failed(reason, words(failed), facts);
        }
        if (!found.isEmpty()) {
            return StepReport.findings(words(List.of()), facts);
        }
        return done.isEmpty() ? nothing() : StepReport.passed(words(List.of()), facts);
    }

    private StepReport nothing() {
        StepReport skipped = StepReport.skipped(words(List.of("There was nothing to be done.")));
        return new StepReport(skipped.outcome(), skipped.reason(), skipped.message(), facts);
    }

    private String words(List<String> first) {
        return Stream.of(first, found, done, remarks).flatMap(List::stream).collect(Collectors.joining(" "));
    }
}
