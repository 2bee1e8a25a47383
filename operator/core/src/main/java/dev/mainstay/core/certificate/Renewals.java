package dev.mainstay.core.certificate;

import dev.mainstay.core.Durations;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What is to be asked of cert-manager before certificates are looked at, and what came of it. An attempt asks once for each, by
 * a condition that stays in its status, however often it is looked at.
 *
 * @param secrets the Secrets that are looked at
 * @param namespace in which they are
 * @param limit one that ends within this time is to be renewed
 * @param who who asks: the attempt
 * @param since when the attempt began
 * @param patience for how long it is waited for
 * @param issued what is known of cert-manager's Certificates
 * @param now the time
 */
public record Renewals(
        List<String> secrets,
        String namespace,
        Duration limit,
        String who,
        Instant since,
        Duration patience,
        Issued issued,
        Instant now) {

    /** What is next. */
    public sealed interface Next {

        /** These are to be asked for. */
        record Ask(List<IssuedCertificate> certificates) implements Next {}

        /** It is waited for. */
        record Wait(String message) implements Next {}

        /** The certificates are to be looked at. */
        record Look() implements Next {}
    }

    /** How it stands about the certificate of a Secret. */
    private sealed interface State {

        /** There is time left. */
        record Fine() implements State {}

        /** It is to be asked for. */
        record Due(IssuedCertificate certificate) implements State {}

        /** It is being issued. */
        record Waits(String message) implements State {}

        /** It was renewed in this attempt. */
        record Renewed(String message) implements State {}

        /** It can't be renewed, or was not. */
        record Not(String message) implements State {}
    }

    /** Where the Certificates of a namespace are. */
    public static String path(String namespace) {
        return "/apis/cert-manager.io/v1/namespaces/" + namespace + "/certificates";
    }

    /** What is next. */
    public Next next() {
        List<State> states = states();
        List<IssuedCertificate> due =
                of(states, State.Due.class, State.Due::certificate).toList();
        if (!due.isEmpty()) {
            return new Next.Ask(due);
        }
        String waits = of(states, State.Waits.class, State.Waits::message).collect(Collectors.joining(" "));
        return waits.isEmpty() ? new Next.Look() : new Next.Wait(waits);
    }

    /** What would be asked for, and what stands against it; empty when nothing is to be told. */
    public Optional<String> foreseen() {
        List<State> states = states();
        return Optional.of(Stream.of(
                                of(
                                        states,
                                        State.Due.class,
                                        due -> "cert-manager would be asked to renew "
                                                + text(due.certificate())
                                                + ", which ends at "
                                                + due.certificate().until().orElseThrow()
                                                + "."),
                                of(states, State.Waits.class, State.Waits::message),
                                Stream.of(hindrances()))
                        .flatMap(Function.identity())
                        .filter(text -> !text.isEmpty())
                        .collect(Collectors.joining(" ")))
                .filter(text -> !text.isEmpty());
    }

    /** What was renewed; nothing when it is empty. */
    public String renewed() {
        return of(states(), State.Renewed.class, State.Renewed::message).collect(Collectors.joining(" "));
    }

    /** Why something was not renewed; nothing when it is empty. */
    public String hindrances() {
        return switch (issued) {
            case Issued.Unknown ignored ->
                "Nobody was asked for a renewal (renew: true): this cluster has no Certificates of cert-manager. Install it,"
                        + " or take renew out of the step.";
            case Issued.Forbidden(String said) ->
                "Nobody was asked for a renewal (renew: true), since the operator may not: " + said
                        + ". Set certManager.renew in the chart's values.";
            case Issued.Found ignored ->
                of(states(), State.Not.class, State.Not::message).collect(Collectors.joining(" "));
        };
    }

    private static <S extends State, T> Stream<T> of(List<State> states, Class<S> kind, Function<S, T> what) {
        return states.stream().filter(kind::isInstance).map(kind::cast).map(what);
    }

    private List<State> states() {
        return issued instanceof Issued.Found(List<IssuedCertificate> found)
                ? secrets.stream()
                        .distinct()
                        .map(secret -> state(
                                secret,
                                found.stream()
                                        .filter(one -> secret.equals(one.secret()))
                                        .toList()))
                        .toList()
                : List.of();
    }

    private State state(String secret, List<IssuedCertificate> found) {
        if (found.isEmpty()) {
            return new State.Not("Nobody was asked to renew what is in Secret " + secret
                    + ": no Certificate of cert-manager has it in spec.secretName.");
        }
        if (found.size() > 1) {
            return new State.Not("Nobody was asked to renew what is in Secret " + secret + ": "
                    + found.stream().map(IssuedCertificate::name).collect(Collectors.joining(" and "))
                    + ", Certificates of cert-manager, all have it in spec.secretName. Leave it to one of them.");
        }
        IssuedCertificate certificate = found.getFirst();
        Optional<Instant> asked = certificate.askedAt(who);
        if (asked.isPresent()) {
            return asked(certificate, asked.get());
        }
        return certificate.until().filter(this::tooSoon).isPresent() ? due(certificate) : new State.Fine();
    }

    private boolean tooSoon(Instant until) {
        return Duration.between(now, until).compareTo(limit) < 0;
    }

    private State asked(IssuedCertificate certificate, Instant asked) {
        String begin = "cert-manager was asked at " + asked + " to renew " + text(certificate);
        if (certificate.issuing()) {
            return waits(certificate, begin + ", and is at it", begin, asked);
        }
        return certificate.failedSince(asked)
                ? new State.Not(begin + ", and could not" + said(certificate) + " " + command(certificate))
                : new State.Renewed(
                        "cert-manager has renewed " + text(certificate) + ", as it was asked to at " + asked + ".");
    }

    private State due(IssuedCertificate certificate) {
        if (certificate.issuing()) {
            String begin = "cert-manager is about to renew " + text(certificate);
            return waits(certificate, begin, begin, since);
        }
        Optional<Duration> life = certificate.life().filter(whole -> whole.compareTo(limit) <= 0);
        return life.isPresent()
                ? new State.Not("cert-manager was not asked to renew " + text(certificate)
                        + ", which is valid for " + Words.time(life.get())
                        + " in all: a new one would be within warnBefore (" + Durations.format(limit)
                        + ") as well. Make warnBefore shorter.")
                : new State.Due(certificate);
    }

    private State waits(IssuedCertificate certificate, String waiting, String begin, Instant from) {
        return now.isBefore(from.plus(patience))
                ? new State.Waits(waiting + said(certificate))
                : new State.Not(begin + ", and has not done it within " + Durations.format(patience) + said(certificate)
                        + " " + command(certificate));
    }

    private static String text(IssuedCertificate certificate) {
        return "Certificate " + certificate.name() + " (Secret " + certificate.secret() + ")";
    }

    private static String said(IssuedCertificate certificate) {
        String told = certificate.told().strip();
        return told.isEmpty() ? "." : ": " + Words.message(told) + (told.endsWith(".") ? "" : ".");
    }

    private String command(IssuedCertificate certificate) {
        return "kubectl describe certificates.cert-manager.io " + certificate.name() + " --namespace " + namespace
                + " tells more.";
    }
}
