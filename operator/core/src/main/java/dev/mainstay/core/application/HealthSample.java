package dev.mainstay.core.application;

import dev.mainstay.api.application.HealthCheck;
import dev.mainstay.core.application.ProbeAnswer.Answered;
import dev.mainstay.core.application.ProbeAnswer.Silent;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * One pass over the ready Pods of a workload.
 *
 * @param answers what came of asking each; empty when no Pod was ready
 */
public record HealthSample(List<ProbeAnswer> answers) {

    /** How many Pods are named at most. */
    private static final int NAMED = 3;

    public HealthSample {
        answers = List.copyOf(answers);
    }

    /** What a pass comes to. */
    public enum Outcome {
        /** All that answered did so with the wanted status. */
        GOOD,
        /** One answered with another status, or there was no ready Pod. */
        FAILED,
        /** None answered. */
        SILENT
    }

    /**
     * A pass in figures.
     *
     * @param outcome what it comes to
     * @param ready how many ready Pods were asked
     * @param wrong how many answered with each unwanted status
     * @param wrongly some of those Pods, with their answers, such as {@code web-0 (503)}
     * @param silent how many did not answer
     * @param why why most of those did not; null when all answered
     */
    public record Finding(
            Outcome outcome, int ready, Map<Integer, Long> wrong, List<String> wrongly, int silent, String why) {

        /** How many answered with an unwanted status. */
        public long answeredWrong() {
            return wrong.values().stream().mapToLong(Long::longValue).sum();
        }
    }

    /** What the pass found. */
    public Finding finding(HealthCheck check) {
        Map<Integer, Long> wrong = answers.stream()
                .filter(Answered.class::isInstance)
                .map(answer -> ((Answered) answer).status())
                .filter(status -> !status.equals(check.expectStatus()))
                .collect(Collectors.groupingBy(Function.identity(), TreeMap::new, Collectors.counting()));
        List<String> whys = answers.stream()
                .filter(Silent.class::isInstance)
                .map(answer -> ((Silent) answer).why())
                .toList();
        return new Finding(
                outcome(wrong, whys.size()), answers.size(), wrong, wrongly(check), whys.size(), mostFrequent(whys));
    }

    private List<String> wrongly(HealthCheck check) {
        return answers.stream()
                .filter(Answered.class::isInstance)
                .map(Answered.class::cast)
                .filter(answer -> answer.pod() != null && answer.status() != check.expectStatus())
                .map(answer -> answer.pod() + " (" + answer.status() + ")")
                .sorted()
                .limit(NAMED)
                .toList();
    }

    private Outcome outcome(Map<Integer, Long> wrong, int silent) {
        if (answers.isEmpty() || !wrong.isEmpty()) {
            return Outcome.FAILED;
        }
        return silent == answers.size() ? Outcome.SILENT : Outcome.GOOD;
    }

    private static String mostFrequent(List<String> whys) {
        TreeMap<String, Long> counted =
                whys.stream().collect(Collectors.groupingBy(Function.identity(), TreeMap::new, Collectors.counting()));
        return counted.entrySet().stream()
                .max(Comparator.comparing(Map.Entry<String, Long>::getValue)
                        .thenComparing(Map.Entry::getKey, Comparator.reverseOrder()))
                .map(Map.Entry::getKey)
                .orElse(null);
    }
}
