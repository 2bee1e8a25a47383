package dev.mainstay.core.runbook;

import dev.mainstay.core.http.HttpReply;
import dev.mainstay.core.http.HttpReply.Answered;
import dev.mainstay.core.http.HttpVerdict;
import dev.mainstay.core.http.HttpVerdict.Kind;
import dev.mainstay.core.runbook.HttpSeen.PodReply;
import dev.mainstay.core.status.Reason;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What follows from the answers of Pods.
 *
 * @param question what they were asked
 * @param pods what each answered
 * @param namespace their namespace
 */
record PodAnswers(HttpQuestion question, List<PodReply> pods, String namespace) {

    /** How many Pods are named at most. */
    private static final int NAMED = 3;

    /** One that answered wrong fails it; silence alone says nothing of the Pods. */
    StepResult result() {
        if (pods.isEmpty()) {
            return StepResult.failed(
                            Reason.NO_READY_PODS,
                            "No Pod of " + question.whose() + " is ready. Look at its Pods and their events.")
                    .measured(Map.of("pods", 0L));
        }
        List<PodReply> wrong = of(Kind.WRONG);
        List<PodReply> unknown = of(Kind.UNKNOWN);
        return judged(wrong, unknown).measured(facts(wrong));
    }

    private StepResult judged(List<PodReply> wrong, List<PodReply> unknown) {
        if (!wrong.isEmpty()) {
            return StepResult.failed(
                    question.service() == null ? Reason.UNHEALTHY : Reason.ANSWER_WRONG,
                    told(wrong) + (unknown.isEmpty() ? "" : " And " + silent(unknown))
                            + " Read their logs: kubectl logs"
                            + " --namespace " + namespace + " "
                            + wrong.getFirst().pod());
        }
        if (unknown.size() == pods.size()) {
            return StepResult.couldNotCheck(Reason.UNREACHABLE, silent(unknown));
        }
        String good = of(Kind.GOOD).stream()
                .map(pod -> verdict(pod).text())
                .distinct()
                .sorted()
                .collect(Collectors.joining(" and "));
        return unknown.isEmpty()
                ? StepResult.passed(all() + " answered " + question.text() + " with " + good + ".")
                : StepResult.findings("The others answered with " + good + ", and " + silent(unknown));
    }

    /** Where nothing but statuses is wrong, these alone are told. */
    private String told(List<PodReply> wrong) {
        boolean statuses = wrong.stream().allMatch(this::anotherStatus);
        String of = (wrong.size() == pods.size() ? (wrong.size() == 1 ? "" : "All ") : wrong.size() + " of ") + all()
                + " answered " + question.text();
        String named = wrong.stream()
                .limit(NAMED)
                .map(pod -> pod.pod() + " ("
                        + (statuses
                                ? String.valueOf(((Answered) pod.reply()).status())
                                : verdict(pod).text())
                        + ")")
                .collect(Collectors.joining(", "));
        String more = wrong.size() > NAMED ? " and " + (wrong.size() - NAMED) + " more" : "";
        return of
                + (statuses
                        ? " with " + statuses(wrong) + " instead of "
                                + question.wanted().statuses().stream()
                                        .map(String::valueOf)
                                        .collect(Collectors.joining(" or "))
                        : " otherwise than wanted")
                + ": " + named + more + ".";
    }

    private boolean anotherStatus(PodReply pod) {
        return pod.reply() instanceof Answered answered
                && answered.elsewhere() == null
                && !question.wanted().statuses().contains(answered.status());
    }

    private static String statuses(List<PodReply> wrong) {
        return wrong.stream()
                .map(pod -> ((Answered) pod.reply()).status())
                .distinct()
                .sorted()
                .map(String::valueOf)
                .collect(Collectors.joining(" or "));
    }

    private String silent(List<PodReply> unknown) {
        return unknown.size() + " of " + all() + " did not answer " + question.text() + ": " + mostFrequent(unknown)
                + ".";
    }

    private String mostFrequent(List<PodReply> unknown) {
        TreeMap<String, Long> counted = unknown.stream()
                .map(this::why)
                .collect(Collectors.groupingBy(Function.identity(), TreeMap::new, Collectors.counting()));
        return counted.entrySet().stream()
                .max(Comparator.comparing(Map.Entry<String, Long>::getValue)
                        .thenComparing(Map.Entry::getKey, Comparator.reverseOrder()))
                .map(Map.Entry::getKey)
                .orElseThrow();
    }

    private String why(PodReply pod) {
        return verdict(pod).text()
                + (pod.reply() instanceof HttpReply.Late
                        ? ". Let NetworkPolicies and the mesh let the operator's Pods in, or give it more time with"
                                + " httpCheck.requestTimeout of the step"
                        : "");
    }

    private String all() {
        return pods.size() + (pods.size() == 1 ? " ready Pod of " : " ready Pods of ") + question.whose();
    }

    private List<PodReply> of(Kind kind) {
        return pods.stream().filter(pod -> verdict(pod).kind() == kind).toList();
    }

    private HttpVerdict verdict(PodReply pod) {
        return HttpVerdict.of(question.wanted(), pod.reply());
    }

    /** The status of one that is wrong, where there is one; the time of the slowest. */
    private Map<String, Long> facts(List<PodReply> wrong) {
        List<Answered> answered = answered(pods.stream());
        Map<String, Long> facts = new LinkedHashMap<>();
        facts.put("pods", (long) pods.size());
        facts.put("answered", (long) answered.size());
        Stream.concat(answered(wrong.stream()).stream(), answered.stream())
                .findFirst()
                .ifPresent(one -> facts.put("status", (long) one.status()));
        answered.stream()
                .map(Answered::millis)
                .max(Comparator.naturalOrder())
                .ifPresent(slowest -> facts.put("latencyMilliseconds", slowest));
        return facts;
    }

    private static List<Answered> answered(Stream<PodReply> pods) {
        return pods.map(PodReply::reply)
                .filter(Answered.class::isInstance)
                .map(Answered.class::cast)
                .toList();
    }
}
