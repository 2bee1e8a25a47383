package dev.mainstay.core.certificate;

import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.StepReport;
import java.time.Duration;
import java.time.Instant;
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
        String message = Stream.concat(remarks.stream().map(Remark::text), Stream.of(summary()))
                .filter(text -> !text.isEmpty())
                .collect(Collectors.joining(" "));
        if (remarks.isEmpty()) {
            return StepReport.passed(message, facts());
        }
        return switch (remarks.getFirst().level()) {
            case FAILED -> StepReport.failed(Reason.CERTIFICATE_ENDS, message, facts());
            case COULD_NOT_CHECK -> StepReport.couldNotCheck(whyNot(), message, facts());
            case FINDING -> StepReport.findings(message, facts());
        };
    }

    private Reason whyNot() {
        return looked.stream().flatMap(one -> one.endpoints().stream()).anyMatch(endpoint -> endpoint.chain() == null)
                ? Reason.ENDPOINT_UNREACHABLE
                : Reason.CREDENTIALS_MISSING;
    }

    /** The end of each, the next one first. */
    private String summary() {
        Map<String, Instant> ends = new LinkedHashMap<>();
        for (Looked one : looked) {
            counting(one)
                    .map(SeenCertificate::until)
                    .min(Comparator.naturalOrder())
                    .ifPresent(end -> ends.put(one.name(), end));
        }
        return ends.entrySet().stream()
                .sorted(Map.Entry.comparingByValue())
                .map(end -> end.getKey() + " " + end.getValue()
                        + (now.isBefore(end.getValue())
                                ? " (" + Words.time(Duration.between(now, end.getValue())) + " left)"
                                : ""))
                .collect(Collectors.collectingAndThen(
                        Collectors.joining(", "), list -> list.isEmpty() ? "" : "Valid until: " + list + "."));
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
                .ifPresent(end -> facts.put(
                        "leastDaysLeft",
                        Math.floorDiv(
                                Duration.between(now, end).toSeconds(),
                                Duration.ofDays(1).toSeconds())));
        return facts;
    }

    private Stream<SeenCertificate> all() {
        return looked.stream().flatMap(CertificateCheck::counting);
    }

    private static Stream<SeenCertificate> counting(Looked one) {
        return LookedJudge.chains(one).flatMap(chain -> chain.counting().stream());
    }
}
