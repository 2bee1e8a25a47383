package dev.mainstay.core.certificate;

import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.StepReport;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What follows from a look at the certificates of an application.
 *
 * @param looked what was found
 * @param limits from when on the days left are too few
 * @param application the ManagedApplication's name
 * @param now the time
 */
public record CertificateCheck(List<Looked> looked, Limits limits, String application, Instant now) {

    /** Of how many ends are told when there is not room for all. */
    private static final int SOONEST = 3;

    /** Room for what is said of those that don't fit. */
    private static final int FOR_THE_REST = 330;

    /**
     * From when on the time left is too short.
     *
     * @param warn for a finding
     * @param fail for a failure
     */
    public record Limits(Duration warn, Duration fail) {}

    /** What it comes to: the worst comes first, and at the end how long each is valid. */
    public StepReport report() {
        List<Remark> remarks = looked.stream()
                .flatMap(one -> new LookedJudge(one, limits, application, now).remarks().stream())
                .sorted(Comparator.comparing(Remark::level))
                .toList();
        String message = message(remarks);
        if (remarks.isEmpty()) {
            return StepReport.passed(message, facts());
        }
        return switch (remarks.getFirst().level()) {
            case FAILED -> StepReport.failed(Reason.CERTIFICATE_ENDS, message, facts());
            case COULD_NOT_CHECK -> StepReport.couldNotCheck(whyNot(), message, facts());
            case FINDING -> StepReport.findings(message, facts());
        };
    }

    /** What does not fit is counted by how grave it is, and left to the numbers that are measured. */
    private String message(List<Remark> remarks) {
        String whole = Stream.concat(remarks.stream().map(Remark::text), Stream.of(summary(looked.size())))
                .filter(text -> !text.isEmpty())
                .collect(Collectors.joining(" "));
        if (whole.length() <= StepReport.LONGEST) {
            return whole;
        }
        String ends = summary(SOONEST);
        List<String> told = new ArrayList<>();
        int room = StepReport.LONGEST - FOR_THE_REST - ends.length();
        for (Remark remark : remarks) {
            room -= remark.text().length() + 1;
            if (room < 0) {
                break;
            }
            told.add(remark.text());
        }
        List<Remark> rest = remarks.subList(told.size(), remarks.size());
        if (!rest.isEmpty()) {
            told.add(rest.size() + (told.isEmpty() ? "" : " more") + (rest.size() == 1 ? " remark is" : " remarks are")
                    + " left out (" + counts(rest) + ").");
        }
        told.add("The days left of each stand under measured, in status.steps and in the run's report"
                + " (status.report.configMap); for the rest name fewer in certificateCheck.certificates of the step.");
        told.add(ends);
        return String.join(" ", told);
    }

    private static String counts(List<Remark> remarks) {
        return Stream.of(Remark.Level.values())
                .map(level -> Map.entry(
                        level,
                        remarks.stream().filter(one -> one.level() == level).count()))
                .filter(count -> count.getValue() > 0)
                .map(count -> count.getValue() + " " + count.getKey().outcome().text())
                .collect(Collectors.joining(", "));
    }

    private Reason whyNot() {
        return looked.stream().flatMap(one -> one.endpoints().stream()).anyMatch(endpoint -> endpoint.chain() == null)
                ? Reason.ENDPOINT_UNREACHABLE
                : Reason.CREDENTIALS_MISSING;
    }

    /** The end of each of so many, the next one first. */
    private String summary(int most) {
        Map<String, Instant> ends = new LinkedHashMap<>();
        for (Looked one : looked) {
            counting(one)
                    .map(SeenCertificate::until)
                    .min(Comparator.naturalOrder())
                    .ifPresent(end -> ends.put(one.name(), end));
        }
        return ends.entrySet().stream()
                .sorted(Map.Entry.comparingByValue())
                .limit(most)
                .map(end -> end.getKey() + " " + end.getValue()
                        + (now.isBefore(end.getValue())
                                ? " (" + Words.time(Duration.between(now, end.getValue())) + " left)"
                                : ""))
                .collect(Collectors.collectingAndThen(
                        Collectors.joining(", "),
                        list -> list.isEmpty()
                                ? ""
                                : "Valid until: " + list
                                        + (ends.size() > most ? " and " + (ends.size() - most) + " more" : "") + "."));
    }

    private Map<String, Long> facts() {
        Map<String, Long> facts = new LinkedHashMap<>();
        facts.put(
                "certificates",
                all().map(SeenCertificate::fingerprint).distinct().count());
        facts.put(
                "endpoints",
                looked.stream()
                        .map(Looked::endpoints)
                        .mapToLong(Collection::size)
                        .sum());
        all().map(SeenCertificate::until)
                .min(Comparator.naturalOrder())
                .ifPresent(end -> facts.put("leastDaysLeft", days(end)));
        if (looked.size() > 1) {
            looked.forEach(one -> counting(one)
                    .map(SeenCertificate::until)
                    .min(Comparator.naturalOrder())
                    .ifPresent(end -> facts.put("daysLeft." + one.name(), days(end))));
        }
        return facts;
    }

    private long days(Instant end) {
        return Math.floorDiv(
                Duration.between(now, end).toSeconds(), Duration.ofDays(1).toSeconds());
    }

    private Stream<SeenCertificate> all() {
        return looked.stream().flatMap(CertificateCheck::counting);
    }

    private static Stream<SeenCertificate> counting(Looked one) {
        return LookedJudge.chains(one).flatMap(chain -> chain.counting().stream());
    }
}
