package dev.mainstay.core.certificate;

import dev.mainstay.core.Durations;
import dev.mainstay.core.certificate.CertificateCheck.Limits;
import dev.mainstay.core.certificate.Looked.Held;
import dev.mainstay.core.certificate.Looked.Served;
import dev.mainstay.core.certificate.Remark.Level;
import dev.mainstay.core.certificate.SeenChain.Trust;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What is to be told of one certificate of the application. What several places have alike is told once. */
record LookedJudge(Looked looked, Limits limits, String application, Instant now) {

    /** Where something was seen. */
    private record Place(String where, SeenChain chain, String serverName) {}

    List<Remark> remarks() {
        List<Remark> remarks = new ArrayList<>();
        troubles(remarks);
        dates(remarks);
        looked.endpoints().forEach(endpoint -> difference(endpoint).ifPresent(remarks::add));
        names(remarks);
        trust(remarks);
        keys(remarks);
        return remarks;
    }

    static Stream<SeenChain> chains(Looked looked) {
        return places(looked).map(Place::chain);
    }

    /** Where there is something to judge: the Secret first. */
    private static Stream<Place> places(Looked looked) {
        return Stream.concat(
                        Stream.ofNullable(looked.secret())
                                .map(secret -> new Place("in " + secret.secret(), secret.chain(), null)),
                        looked.endpoints().stream()
                                .map(endpoint ->
                                        new Place("at " + endpoint.server(), endpoint.chain(), endpoint.serverName())))
                .filter(place -> place.chain() != null);
    }

    private void troubles(List<Remark> remarks) {
        Held secret = looked.secret();
        if (secret != null && secret.chain() == null) {
            remarks.add(new Remark(
                    Level.FINDING,
                    head() + ": " + secret.trouble() + " Mend the Secret, or correct secretRef in " + field() + "."));
        }
        for (Served endpoint : looked.endpoints()) {
            if (endpoint.chain() == null) {
                remarks.add(new Remark(
                        Level.COULD_NOT_CHECK,
                        head() + " at " + endpoint.server() + ": " + endpoint.trouble()
                                + " Mend what stands in the way, or correct endpoints in " + field() + "."));
            }
        }
    }

    private void dates(List<Remark> remarks) {
        for (Map.Entry<SeenCertificate, List<Place>> seen : counting().entrySet()) {
            date(seen.getKey(), seen.getValue()).ifPresent(remarks::add);
        }
    }

    private Optional<Remark> date(SeenCertificate certificate, List<Place> places) {
        String which = which(certificate, places);
        if (certificate.from().isAfter(now)) {
            return Optional.of(new Remark(
                    Level.FAILED,
                    which + " is not valid before " + certificate.from() + ", in "
                            + Words.time(Duration.between(now, certificate.from()))
                            + ": clients refuse it until then. Put one in its place that is valid."));
        }
        Duration left = Duration.between(now, certificate.until());
        if (left.isNegative() || left.isZero()) {
            return Optional.of(new Remark(
                    Level.FAILED,
                    which + " has ended at " + certificate.until() + ", " + Words.time(left) + " ago. "
                            + advice(certificate, places)));
        }
        boolean fails = left.compareTo(limits.fail()) < 0;
        return fails || left.compareTo(limits.warn()) < 0
                ? Optional.of(new Remark(
                        fails ? Level.FAILED : Level.FINDING,
                        which + " ends at " + certificate.until() + ", in " + Words.time(left) + ", which is within "
                                + (fails ? "failBefore (" : "warnBefore (")
                                + Durations.format(fails ? limits.fail() : limits.warn()) + "). "
                                + advice(certificate, places)))
                : Optional.empty();
    }

    private String which(SeenCertificate certificate, List<Place> places) {
        boolean leaf = places.stream().anyMatch(place -> place.chain().leaf().equals(certificate));
        return head()
                + (leaf ? " " : ": that of " + Words.name(certificate.subject()) + " in the chain ")
                + told(places);
    }

    /** Where all that have it have a newer one to serve, it is renewed already. */
    private String advice(SeenCertificate certificate, List<Place> places) {
        boolean renewed = looked.secret() != null
                && looked.secret().chain() != null
                && looked.secret().chain().counting().stream().noneMatch(certificate::equals)
                && places.stream().allMatch(place -> outdated(place.chain().leaf()));
        return renewed
                ? "Restart what serves it: " + looked.secret().secret() + " holds a newer one."
                : "Renew it, or find out why what renews it did not.";
    }

    private boolean outdated(SeenCertificate served) {
        SeenCertificate held = looked.secret().chain().leaf();
        return held.newerThan(served) && !held.from().isAfter(now);
    }

    /** Whether an endpoint serves what the Secret holds. One that is not valid yet is not to be served yet. */
    private Optional<Remark> difference(Served endpoint) {
        if (endpoint.chain() == null
                || looked.secret() == null
                || looked.secret().chain() == null) {
            return Optional.empty();
        }
        SeenCertificate served = endpoint.chain().leaf();
        SeenCertificate held = looked.secret().chain().leaf();
        if (served.equals(held) || held.from().isAfter(now)) {
            return Optional.empty();
        }
        boolean outdated = outdated(served);
        return Optional.of(new Remark(
                Level.FINDING,
                head() + " at " + endpoint.server() + " is " + (outdated ? "an older one" : "another one") + " ("
                        + serial(served) + ") than " + looked.secret().secret() + " holds (" + serial(held) + "): "
                        + (outdated
                                ? "restart what serves it."
                                : "something else serves there. Correct secretRef or endpoints in " + field() + ".")));
    }

    private static String serial(SeenCertificate certificate) {
        return "serial " + certificate.serial() + ", from " + certificate.from() + " to " + certificate.until();
    }

    /** What the Secret holds is to fit too: it is served after the next restart. */
    private void names(List<Remark> remarks) {
        List<String> asked =
                looked.endpoints().stream().map(Served::serverName).distinct().toList();
        for (String name : asked) {
            Map<SeenCertificate, List<Place>> leaves = places(looked)
                    .filter(place ->
                            place.serverName() == null || place.serverName().equals(name))
                    .collect(Collectors.groupingBy(
                            place -> place.chain().leaf(), LinkedHashMap::new, Collectors.toList()));
            leaves.forEach((leaf, places) -> {
                if (!leaf.madeOutTo(name)) {
                    remarks.add(new Remark(
                            Level.FINDING,
                            head() + " " + told(places) + " is made out to " + Words.names(leaf.names())
                                    + ", and not to " + name
                                    + ": clients refuse it. Have one issued to that name, or correct serverName in "
                                    + field() + "."));
                }
            });
        }
    }

    private void trust(List<Remark> remarks) {
        Map<Remark, List<Place>> troubles = new LinkedHashMap<>();
        places(looked).forEach(place -> {
            Optional<Remark> trouble =
                    switch (place.chain().trust()) {
                        case Trust.Refused(String why) ->
                            Optional.of(new Remark(Level.FINDING, "is not trusted: " + why));
                        case Trust.Unknown(String why) ->
                            Optional.of(new Remark(Level.COULD_NOT_CHECK, "may be trusted or not: " + why));
                        case Trust.NotAsked _, Trust.Path _ -> Optional.empty();
                    };
            trouble.ifPresent(found -> troubles.computeIfAbsent(found, ignored -> new ArrayList<>())
                    .add(place));
        });
        troubles.forEach((trouble, places) ->
                remarks.add(new Remark(trouble.level(), head() + " " + told(places) + " " + trouble.text())));
    }

    private void keys(List<Remark> remarks) {
        counting().forEach((certificate, places) -> {
            if (certificate.weak()) {
                remarks.add(new Remark(
                        Level.FINDING,
                        which(certificate, places) + " has a key of " + certificate.bits() + " bits ("
                                + certificate.algorithm() + "), which is too small. Renew it with a larger one."));
            }
        });
    }

    /** The certificates whose time counts, and where each is. */
    private Map<SeenCertificate, List<Place>> counting() {
        Map<SeenCertificate, List<Place>> seen = new LinkedHashMap<>();
        places(looked)
                .forEach(place -> place.chain().counting().stream()
                        .distinct()
                        .forEach(certificate -> seen.computeIfAbsent(certificate, ignored -> new ArrayList<>())
                                .add(place)));
        return seen;
    }

    private static String told(List<Place> places) {
        return places.stream().map(Place::where).collect(Collectors.joining(" and "));
    }

    private String head() {
        return "Certificate " + looked.name();
    }

    private String field() {
        return "spec.certificates[" + looked.name() + "] of ManagedApplication " + application;
    }
}
