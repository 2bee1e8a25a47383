package dev.mainstay.controller.application;

import dev.mainstay.api.alert.AlertRule;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.application.ManagedApplicationStatus;
import dev.mainstay.controller.claims.ApplicationClaims;
import dev.mainstay.controller.claims.ClaimLeases;
import dev.mainstay.controller.kube.EventRecorder;
import dev.mainstay.controller.kube.StatusWriter;
import dev.mainstay.controller.kube.StatusWriter.Answer;
import dev.mainstay.controller.readiness.RestoreLooks;
import dev.mainstay.controller.release.ReleaseCache;
import dev.mainstay.controller.release.ReleaseKeeper;
import dev.mainstay.controller.watch.Wakeups;
import dev.mainstay.core.application.ApplicationDecider;
import dev.mainstay.core.application.ApplicationObservation;
import dev.mainstay.core.application.FiringAlerts;
import dev.mainstay.core.application.HealthDecider;
import dev.mainstay.core.application.RestoreReady;
import dev.mainstay.core.claims.Claims;
import dev.mainstay.core.readiness.ReadinessDecision;
import dev.mainstay.core.rollback.CriticalAlerts;
import dev.mainstay.core.rollback.Ledger;
import dev.mainstay.core.rollback.LedgerObservation;
import dev.mainstay.core.rollback.RollbackClaims;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Tells whether what an application names exists, which version it is, and whether it is healthy. */
public final class ManagedApplicationReconciler implements Reconciler<ManagedApplication> {

    private final ApplicationWorkloads workloads;
    private final HealthSampler health;
    private final JobTemplateCheck template;
    private final ClaimLeases leases;
    private final ApplicationClaims claims;
    private final ReleaseCache releases;
    private final ReleaseKeeper keeper;
    private final RestoreLooks looks;
    private final StatusWriter statuses;
    private final EventRecorder events;
    private final Wakeups wakeups;
    private final Clock clock;

    public ManagedApplicationReconciler(
            ApplicationWorkloads workloads,
            HealthSampler health,
            JobTemplateCheck template,
            ClaimLeases leases,
            ApplicationClaims claims,
            ReleaseCache releases,
            ReleaseKeeper keeper,
            RestoreLooks looks,
            StatusWriter statuses,
            EventRecorder events,
            Wakeups wakeups,
            Clock clock) {
        this.workloads = workloads;
        this.health = health;
        this.template = template;
        this.leases = leases;
        this.claims = claims;
        this.releases = releases;
        this.keeper = keeper;
        this.looks = looks;
        this.statuses = statuses;
        this.events = events;
        this.wakeups = wakeups;
        this.clock = clock;
    }

    @Override
    public List<EventSource<?, ManagedApplication>> prepareEventSources(
            EventSourceContext<ManagedApplication> context) {
        List<EventSource<?, ManagedApplication>> sources = new ArrayList<>(workloads.prepare(context));
        sources.add(wakeups.applications(context.getPrimaryCache()));
        sources.add(leases.prepare(context));
        sources.add(releases.prepare(context));
        return sources;
    }

    @Override
    public UpdateControl<ManagedApplication> reconcile(
            ManagedApplication application, Context<ManagedApplication> context) {
        wakeups.applicationSeen(application, context.isPrimaryResourceDeleted(), workloads.rollouts(application));
        if (context.isPrimaryResourceDeleted()) {
            template.forget(application);
            return UpdateControl.noUpdate();
        }
        if (application.unreadableStatus().isPresent()) {
            return UpdateControl.noUpdate();
        }
        if (!wakeups.filled()) {
            return UpdateControl.<ManagedApplication>noUpdate().rescheduleAfter(Wakeups.FILLING);
        }
        Optional<Claims> standing = claims.keep(application);
        if (standing.isEmpty()) {
            return UpdateControl.noUpdate();
        }
        Instant now = clock.instant();
        LedgerObservation ledger = ledger(application, standing.get());
        Ledger.Decision decision = Ledger.decide(ledger, now);
        if (decision.record()) {
            keeper.record(ledger, now);
        } else if (releases.needsTidying(application)) {
            keeper.tidy(application);
        }
        ReadinessDecision restores = looks.act(application, standing.get(), now);
        ManagedApplicationStatus status = ApplicationDecider.decide(
                observe(application, standing.get(), ledger, decision, restores.ready()), now);
        Duration next = report(application, status, earlier(decision.lookAgain(), restores.lookAgain(), now));
        return next == null
                ? UpdateControl.noUpdate()
                : UpdateControl.<ManagedApplication>noUpdate().rescheduleAfter(next);
    }

    private static Duration earlier(Duration one, Instant other, Instant now) {
        Duration until = other == null ? null : Duration.between(now, other);
        return one == null || until != null && until.compareTo(one) < 0 ? until : one;
    }

    /** When to look again; null when nothing is waited for. */
    private Duration report(ManagedApplication application, ManagedApplicationStatus status, Duration next) {
        if (Objects.equals(status, application.getStatus())) {
            return next;
        }
        if (statuses.write(application, status) != Answer.WRITTEN) {
            return StatusWriter.LOOK_AGAIN;
        }
        events.transition(
                application,
                application.getStatus() == null
                        ? List.of()
                        : application.getStatus().conditions(),
                status.conditions());
        return next;
    }

    private LedgerObservation ledger(ManagedApplication application, Claims standing) {
        return application.getSpec() == null
                ? LedgerObservation.none(application)
                : new LedgerObservation(
                        application,
                        workloads.deployments(application),
                        releases.of(application),
                        HealthDecider.working(application, workloads.ofHealth(application), health.streak(application)),
                        standing.grants().stream()
                                .anyMatch(grant -> grant.holder().kind().equals(RollbackClaims.KIND)),
                        CriticalAlerts.firing(alerts(application)));
    }

    private List<AlertRule> alerts(ManagedApplication application) {
        return wakeups.alerts()
                .rulesOf(
                        application.getMetadata().getNamespace(),
                        application.getMetadata().getName());
    }

    private ApplicationObservation observe(
            ManagedApplication application,
            Claims standing,
            LedgerObservation ledger,
            Ledger.Decision decision,
            RestoreReady restoreReady) {
        return new ApplicationObservation(
                application,
                workloads.seen(application),
                standing,
                health.streak(application),
                ledger.recorded(),
                decision,
                wakeups.modesOf(
                        application.getMetadata().getNamespace(),
                        application.getMetadata().getName()),
                FiringAlerts.names(alerts(application)),
                restoreReady,
                template.refusal(application).orElse(null));
    }
}
