package dev.mainstay.core.runbook;

import dev.mainstay.api.application.Certificate;
import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.api.runbook.CertificateCheckStep;
import dev.mainstay.api.runbook.MaintenanceRun;
import dev.mainstay.api.runbook.RunStep;
import dev.mainstay.api.runbook.RunbookStep;
import dev.mainstay.api.runbook.StepOutcome;
import dev.mainstay.core.Durations;
import dev.mainstay.core.Texts;
import dev.mainstay.core.certificate.Issued;
import dev.mainstay.core.certificate.Renewals;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.CertificateCheckWork;
import dev.mainstay.core.task.CertificateCheckWork.Endpoint;
import dev.mainstay.core.task.CertificateCheckWork.Target;
import dev.mainstay.core.task.StepReport;
import dev.mainstay.core.task.Task.MountedSecret;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The certificates of an application are looked at. Which Secrets and which addresses stands in the application: whoever writes
 * a Runbook chooses among its certificates.
 */
public record CertificateCheckStepType() implements RunnerStepType {

    @Override
    public String name() {
        return "certificateCheck";
    }

    @Override
    public boolean is(RunbookStep step) {
        return step.certificateCheck() != null;
    }

    @Override
    public String does() {
        return "looks at the certificates in `spec.certificates` of the ManagedApplication, or at those of `certificates`: the"
                + " Secret that holds each, and what its endpoints serve; with `renew` cert-manager is asked before for those"
                + " that end soon ([more](steps/certificate-check.md))";
    }

    @Override
    public String judgedBy() {
        return "the time left: less than `failBefore` is Failed, less than `warnBefore` Findings. So are a wrong name, a"
                + " chain that is not trusted, and an endpoint that serves an older certificate than the Secret holds. An"
                + " endpoint that does not answer is CouldNotCheck";
    }

    @Override
    public Optional<Duration> timeout() {
        return Optional.of(Duration.ofMinutes(15));
    }

    @Override
    public String plan(StepTurn turn) {
        List<Certificate> certificates = meant(turn);
        return certificates.isEmpty()
                ? "Looks at certificates that ManagedApplication "
                        + turn.run().getSpec().applicationRef().name() + " does not name."
                : certificates.stream()
                        .map(CertificateCheckStepType::told)
                        .collect(Collectors.joining(
                                ", ",
                                "Looks at certificate ",
                                turn.step().certificateCheck().renew()
                                        ? "; before that cert-manager is asked to renew those that end within "
                                                + turn.step().certificateCheck().warnBefore() + "."
                                        : "; changes nothing."));
    }

    @Override
    public boolean changes() {
        return false;
    }

    @Override
    public Order order(StepTurn turn, List<BackupPolicy> policies) {
        CertificateCheckStep step = turn.step().certificateCheck();
        Optional<Order> wrong = unknown(turn).or(() -> backwards(step));
        if (wrong.isPresent()) {
            return wrong.get();
        }
        List<Target> targets = new ArrayList<>();
        for (Certificate certificate : meant(turn)) {
            targets.add(target(certificate, targets.size() + 1));
        }
        return new Order.Ready(new CertificateCheckWork(
                targets,
                Durations.parse(step.warnBefore()).toSeconds(),
                Durations.parse(step.failBefore()).toSeconds()));
    }

    @Override
    public Optional<Instant> begunAt(RunStep line, StepSeen seen) {
        return RunnerSteps.begunAt(line, ofRunner(seen));
    }

    @Override
    public Optional<StepResult> foreseen(StepTurn turn, StepSeen seen) {
        Optional<StepResult> bad = judge(turn, seen).bad();
        return bad.isPresent()
                ? bad
                : renewals(turn, seen).flatMap(Renewals::foreseen).map(StepResult::passed);
    }

    /** cert-manager first, so that the Job looks at what it has issued. */
    @Override
    public StepProgress judge(StepTurn turn, StepSeen seen) {
        StepProgress job = RunnerSteps.judge(this, turn, ofRunner(seen));
        Optional<Renewals> renewals = renewals(turn, seen);
        if (renewals.isEmpty()) {
            return job;
        }
        if (job instanceof StepProgress.Ended(StepResult result, boolean left)) {
            return new StepProgress.Ended(told(result, renewals.get()), left);
        }
        boolean made =
                seen instanceof StepSeen.OfCertificates found && found.runner().job() != null;
        return made
                ? job
                : switch (renewals.get().next()) {
                    case Renewals.Next.Ask ignored -> new StepProgress.Act();
                    case Renewals.Next.Wait(String message) -> new StepProgress.Wait(message);
                    case Renewals.Next.Look ignored -> job;
                };
    }

    /** Of one that is well nobody wants to know why it was not renewed, unless none can be. */
    private static StepResult told(StepResult result, Renewals renewals) {
        String why = result.outcome() == StepOutcome.PASSED && renewals.issued() instanceof Issued.Found
                ? ""
                : renewals.hindrances();
        String more = Stream.of(renewals.renewed(), why)
                .filter(text -> !text.isEmpty())
                .collect(Collectors.joining(" "));
        if (more.isEmpty()) {
            return result;
        }
        String note = Texts.cut(more, StepReport.LONGEST / 2, "…");
        return new StepResult(
                result.outcome(),
                result.reason(),
                Texts.cut(result.message(), StepReport.LONGEST - note.length() - 1, "…") + " " + note,
                result.measured());
    }

    private static StepSeen ofRunner(StepSeen seen) {
        return seen instanceof StepSeen.OfCertificates(StepSeen.OfRunner runner, var _) ? runner : seen;
    }

    private Optional<Renewals> renewals(StepTurn turn, StepSeen seen) {
        return seen instanceof StepSeen.OfCertificates(StepSeen.OfRunner runner, Issued issued)
                ? Optional.of(renewals(turn, issued, runner.at()))
                : Optional.empty();
    }

    /** What is to be asked of cert-manager, and what came of it; it may take half of the step's time. */
    public Renewals renewals(StepTurn turn, Issued issued, Instant now) {
        MaintenanceRun run = turn.run();
        Duration limit = Optional.ofNullable(turn.step().timeout())
                .map(Durations::parse)
                .or(this::timeout)
                .orElseThrow();
        return new Renewals(
                meant(turn).stream()
                        .filter(certificate -> certificate.secretRef() != null)
                        .map(certificate -> certificate.secretRef().name())
                        .toList(),
                run.getMetadata().getNamespace(),
                Durations.parse(turn.step().certificateCheck().warnBefore()),
                "By step " + turn.step().name() + " of MaintenanceRun "
                        + run.getMetadata().getName() + ", attempt " + turn.attempt() + " ("
                        + run.getMetadata().getUid() + ")",
                RunLines.of(turn).map(RunStep::attemptedAt).orElse(now),
                limit.dividedBy(2),
                issued,
                now);
    }

    private static Optional<Order> unknown(StepTurn turn) {
        String self = "ManagedApplication " + turn.application().getMetadata().getName();
        List<String> known = all(turn).stream().map(Certificate::name).toList();
        if (known.isEmpty()) {
            return Optional.of(new Order.Missing(
                    Reason.CERTIFICATE_NOT_FOUND,
                    self + " has no certificate in spec.certificates. Add those that are to be looked at."));
        }
        return turn.step().certificateCheck().certificates().stream()
                .filter(name -> !known.contains(name))
                .findFirst()
                .map(name -> new Order.Missing(
                        Reason.CERTIFICATE_NOT_FOUND,
                        "certificateCheck.certificates of the step has " + name + ", and " + self
                                + " has no certificate of that name (found: " + String.join(", ", known)
                                + "). Name one that it has, or add it there."));
    }

    private static Optional<Order> backwards(CertificateCheckStep step) {
        return Durations.parse(step.failBefore()).compareTo(Durations.parse(step.warnBefore())) <= 0
                ? Optional.empty()
                : Optional.of(
                        new Order.Missing(
                                Reason.INVALID_SPEC,
                                "certificateCheck.failBefore of the step is " + step.failBefore()
                                        + ", longer than warnBefore ("
                                        + step.warnBefore()
                                        + "): nothing would be a finding before it fails. Make one shorter, or the other longer."));
    }

    private static List<Certificate> all(StepTurn turn) {
        return turn.application() == null || turn.application().getSpec() == null
                ? List.of()
                : turn.application().getSpec().certificates();
    }

    private static List<Certificate> meant(StepTurn turn) {
        List<String> names = turn.step().certificateCheck().certificates();
        return all(turn).stream()
                .filter(certificate -> names.isEmpty() || names.contains(certificate.name()))
                .toList();
    }

    private static String told(Certificate certificate) {
        return Stream.concat(
                        Stream.ofNullable(certificate.secretRef()).map(secret -> "Secret " + secret.name()),
                        endpoints(certificate).stream().map(Endpoint::server))
                .collect(Collectors.joining(", ", certificate.name() + " (", ")"));
    }

    private static List<Endpoint> endpoints(Certificate certificate) {
        return certificate.endpoints().stream()
                .map(endpoint -> new Endpoint(endpoint.host(), endpoint.port(), endpoint.serverName()))
                .toList();
    }

    private static Target target(Certificate certificate, int number) {
        return new Target(
                certificate.name(),
                certificate.secretRef() == null
                        ? null
                        : MountedSecret.ofKey(
                                "certificate-" + number,
                                certificate.secretRef().name(),
                                "certificate",
                                certificate.secretRef().key()),
                endpoints(certificate),
                certificate.caSecretRef() == null
                        ? null
                        : MountedSecret.ofKey(
                                "certificate-ca-" + number,
                                certificate.caSecretRef().name(),
                                "ca",
                                certificate.caSecretRef().key()));
    }
}
