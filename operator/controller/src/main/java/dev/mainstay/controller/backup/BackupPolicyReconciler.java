package dev.mainstay.controller.backup;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.ObjectReference;
import dev.mainstay.api.backup.AttachedBackups;
import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.api.backup.BackupPolicyStatus;
import dev.mainstay.api.backup.DatabaseBackup;
import dev.mainstay.api.backup.DatabaseBackupSpec;
import dev.mainstay.api.status.Condition;
import dev.mainstay.controller.claims.ClaimLeases;
import dev.mainstay.controller.kube.DatabaseBackups;
import dev.mainstay.controller.kube.EventRecorder;
import dev.mainstay.controller.kube.StatusWriter;
import dev.mainstay.controller.kube.StatusWriter.Answer;
import dev.mainstay.controller.watch.Wakeups;
import dev.mainstay.core.backup.PolicyDecider;
import dev.mainstay.core.backup.PolicyDecision;
import dev.mainstay.core.backup.PolicyDecision.NewBackup;
import dev.mainstay.core.backup.PolicyObservation;
import dev.mainstay.core.backup.RestoreTestDecision;
import dev.mainstay.core.naming.Names;
import dev.mainstay.core.status.Reason;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Observes, decides, acts and reports on BackupPolicies. */
public final class BackupPolicyReconciler implements Reconciler<BackupPolicy> {

    private final DatabaseBackups backups;
    private final ClaimLeases leases;
    private final Preflights preflights;
    private final RestoreTests restoreTests;
    private final StatusWriter statuses;
    private final EventRecorder events;
    private final Wakeups wakeups;
    private final Clock clock;

    public BackupPolicyReconciler(
            DatabaseBackups backups,
            ClaimLeases leases,
            Preflights preflights,
            RestoreTests restoreTests,
            StatusWriter statuses,
            EventRecorder events,
            Wakeups wakeups,
            Clock clock) {
        this.backups = backups;
        this.leases = leases;
        this.preflights = preflights;
        this.restoreTests = restoreTests;
        this.statuses = statuses;
        this.events = events;
        this.wakeups = wakeups;
        this.clock = clock;
    }

    @Override
    public List<EventSource<?, BackupPolicy>> prepareEventSources(EventSourceContext<BackupPolicy> context) {
        return List.of(wakeups.policies(context.getPrimaryCache()));
    }

    @Override
    public UpdateControl<BackupPolicy> reconcile(BackupPolicy policy, Context<BackupPolicy> context) {
        wakeups.policySeen(policy, context.isPrimaryResourceDeleted());
        if (context.isPrimaryResourceDeleted()
                || policy.getMetadata().getDeletionTimestamp() != null
                || policy.unreadableStatus().isPresent()) {
            return UpdateControl.noUpdate();
        }
        if (!wakeups.filled()) {
            return UpdateControl.<BackupPolicy>noUpdate().rescheduleAfter(Wakeups.FILLING);
        }
        if (claimedElsewhere(policy)) {
            return UpdateControl.noUpdate();
        }
        Instant now = clock.instant();
        PolicyObservation seen = observe(policy);
        Preflights.Step preflight = preflights.act(policy, seen.application(), now);
        RestoreTestDecision test = restoreTests.decide(seen, now);
        PolicyDecision decision = decide(seen, preflight, test, now);
        decision.make().forEach(backup -> make(policy, backup));
        decision.remove().forEach(backups::remove);
        RestoreTests.Step step = restoreTests.act(seen, test, now);
        Instant wakeUp = earlier(
                earlier(decision.wakeUp(), preflight.wakeUp()),
                earlier(test == null ? null : test.wakeUp(), step.wakeUp()));
        return report(policy, step.told() == test ? decision : decide(seen, preflight, step.told(), now), wakeUp, now);
    }

    private static PolicyDecision decide(
            PolicyObservation seen, Preflights.Step preflight, RestoreTestDecision test, Instant now) {
        return PolicyDecider.decide(
                new PolicyObservation(
                        seen.policy(),
                        seen.application(),
                        seen.backups(),
                        preflight.status(),
                        preflight.attached(),
                        test),
                now);
    }

    /** Another release works on its application, and writes its status. */
    private boolean claimedElsewhere(BackupPolicy policy) {
        return policy.getSpec() != null
                && leases.otherRelease(
                                policy.getMetadata().getNamespace(),
                                policy.getSpec().applicationRef().name())
                        .isPresent();
    }

    private PolicyObservation observe(BackupPolicy policy) {
        String namespace = policy.getMetadata().getNamespace();
        return new PolicyObservation(
                policy,
                policy.getSpec() == null
                        ? null
                        : wakeups.application(
                                        namespace,
                                        policy.getSpec().applicationRef().name())
                                .orElse(null),
                wakeups.backupsOf(namespace, policy.getMetadata().getName()));
    }

    private void make(BackupPolicy policy, NewBackup wanted) {
        DatabaseBackup backup = new DatabaseBackup();
        backup.setMetadata(new ObjectMetaBuilder()
                .withName(wanted.name())
                .withNamespace(policy.getMetadata().getNamespace())
                .addToLabels(
                        Annotations.POLICY, Names.label(policy.getMetadata().getName()))
                .addToAnnotations(
                        wanted.slot() == null
                                ? Map.of()
                                : Map.of(Annotations.SLOT, wanted.slot().toString()))
                .build());
        backup.setSpec(
                new DatabaseBackupSpec(new ObjectReference(policy.getMetadata().getName()), null, wanted.reason()));
        backups.make(backup);
    }

    private UpdateControl<BackupPolicy> report(
            BackupPolicy policy, PolicyDecision decision, Instant wakeUp, Instant now) {
        BackupPolicyStatus status = decision.status();
        if (Objects.equals(status, policy.getStatus())) {
            return lookAgain(wakeUp, now);
        }
        if (statuses.write(policy, status) == Answer.CONFLICT) {
            return UpdateControl.<BackupPolicy>noUpdate().rescheduleAfter(StatusWriter.LOOK_AGAIN);
        }
        List<Condition> before =
                policy.getStatus() == null ? List.of() : policy.getStatus().conditions();
        events.transition(policy, before, status.conditions());
        tellOfAttached(policy, status.attached());
        return lookAgain(wakeUp, now);
    }

    private void tellOfAttached(BackupPolicy policy, AttachedBackups attached) {
        AttachedBackups before =
                policy.getStatus() == null ? null : policy.getStatus().attached();
        boolean done = attached != null && attached.key() != null && !attached.equals(before);
        if (done && attached.made() > 0) {
            events.tell(policy, Reason.ATTACHED.text(), attached.message());
        }
    }

    private static UpdateControl<BackupPolicy> lookAgain(Instant wakeUp, Instant now) {
        return wakeUp == null
                ? UpdateControl.noUpdate()
                : UpdateControl.<BackupPolicy>noUpdate().rescheduleAfter(Duration.between(now, wakeUp));
    }

    private static Instant earlier(Instant one, Instant other) {
        return one == null || other != null && other.isBefore(one) ? other : one;
    }
}
