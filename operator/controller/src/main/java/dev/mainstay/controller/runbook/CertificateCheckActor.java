package dev.mainstay.controller.runbook;

import dev.mainstay.controller.kube.IssuedCertificates;
import dev.mainstay.controller.kube.Written;
import dev.mainstay.core.certificate.Issued;
import dev.mainstay.core.certificate.IssuedCertificate;
import dev.mainstay.core.certificate.Renewals;
import dev.mainstay.core.runbook.CertificateCheckStepType;
import dev.mainstay.core.runbook.StepSeen;
import dev.mainstay.core.runbook.StepTurn;
import dev.mainstay.core.status.Reason;
import java.time.Clock;
import java.time.Instant;

/** Asks cert-manager to renew what ends soon, where the step says so; what looks at the certificates is the runner's Job. */
final class CertificateCheckActor implements StepActor {

    private static final CertificateCheckStepType TYPE = new CertificateCheckStepType();

    private final RunnerActor runner;
    private final IssuedCertificates certificates;
    private final Clock clock;

    CertificateCheckActor(RunnerActor runner, IssuedCertificates certificates, Clock clock) {
        this.runner = runner;
        this.certificates = certificates;
        this.clock = clock;
    }

    @Override
    public StepSeen look(StepTurn turn) {
        return with(turn, runner.look(turn));
    }

    @Override
    public StepSeen foresee(StepTurn turn) {
        return with(turn, runner.foresee(turn));
    }

    private StepSeen with(StepTurn turn, StepSeen seen) {
        return turn.step().certificateCheck().renew() && seen instanceof StepSeen.OfRunner found
                ? new StepSeen.OfCertificates(found, issued(turn))
                : seen;
    }

    private Issued issued(StepTurn turn) {
        return certificates.read(turn.run().getMetadata().getNamespace());
    }

    @Override
    public void act(StepTurn turn) {
        if (!turn.step().certificateCheck().renew()) {
            runner.act(turn);
            return;
        }
        Instant now = clock.instant();
        Renewals renewals = TYPE.renewals(turn, issued(turn), now);
        switch (renewals.next()) {
            case Renewals.Next.Ask(var due) -> due.forEach(certificate -> ask(turn, certificate, renewals.who(), now));
            case Renewals.Next.Wait ignored -> {}
            case Renewals.Next.Look ignored -> runner.act(turn);
        }
    }

    /** Of one that somebody has written meanwhile the next look tells. */
    private void ask(StepTurn turn, IssuedCertificate certificate, String who, Instant now) {
        if (certificates.ask(turn.run().getMetadata().getNamespace(), certificate, who, now)
                instanceof Written.Rejected(boolean forbidden, String said)) {
            throw new StepRefused(
                    forbidden ? Reason.FORBIDDEN : Reason.REJECTED,
                    "cert-manager can't be asked to renew Certificate " + certificate.name() + ": " + said
                            + (forbidden
                                    ? ". Set certManager.renew in the chart's values, or take renew out of the step."
                                    : ". Mend what it names, or take renew out of the step."));
        }
    }

    @Override
    public void leave(StepTurn turn) {
        runner.leave(turn);
    }
}
