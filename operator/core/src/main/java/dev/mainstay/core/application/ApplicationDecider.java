package dev.mainstay.core.application;

import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.application.ManagedApplicationSpec;
import dev.mainstay.api.application.ManagedApplicationStatus;
import dev.mainstay.api.application.Workload;
import dev.mainstay.api.application.WorkloadKind;
import dev.mainstay.api.claims.OperationState;
import dev.mainstay.api.claims.OperationStatus;
import dev.mainstay.api.status.Condition;
import dev.mainstay.core.application.ApplicationObservation.WorkloadObservation;
import dev.mainstay.core.claims.Claim;
import dev.mainstay.core.claims.Claims;
import dev.mainstay.core.claims.Holder;
import dev.mainstay.core.rollback.Images;
import dev.mainstay.core.rollback.Ledger;
import dev.mainstay.core.status.Conditions;
import dev.mainstay.core.status.Pause;
import dev.mainstay.core.status.Reason;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What is known of a ManagedApplication: a pure function. */
public final class ApplicationDecider {

    private static final int MOST_OPERATIONS = 32;

    private ApplicationDecider() {}

    /** The whole status. */
    public static ManagedApplicationStatus decide(ApplicationObservation observation, Instant now) {
        ManagedApplication application = observation.application();
        List<Condition> before = application.getStatus() == null
                ? List.of()
                : application.getStatus().conditions();
        Conditions conditions = new Conditions(before, application.getMetadata().getGeneration(), now);
        ApplicationMaintenance.tell(observation.modes(), before, conditions);
        if (application.unreadableSpec().isPresent()) {
            conditions.stalled(
                    Reason.INVALID_SPEC,
                    "spec can't be read by this version of Mainstay: "
                            + application.unreadableSpec().get() + ". Correct it, or upgrade Mainstay.");
            return status(observation, conditions, null);
        }
        ManagedApplicationSpec spec = application.getSpec();
        judge(application, observation, conditions);
        HealthDecider.tell(application, observation.healthWorkload(), observation.health(), conditions);
        Ledger.RollbackReady ready = observation.ledger().ready();
        if (ready != null) {
            conditions.set("RollbackReady", ready.status(), ready.reason(), ready.message());
        }
        RestoreReady restore = observation.restoreReady();
        if (restore.status() != null) {
            conditions.set("RestoreReady", restore.status(), restore.reason(), restore.message());
        }
        return status(observation, conditions, version(spec, observation));
    }

    private static void judge(
            ManagedApplication application, ApplicationObservation observation, Conditions conditions) {
        ManagedApplicationSpec spec = application.getSpec();
        Optional<Workload> unknown = spec.workloads().stream()
                .filter(workload -> workload.kind() == WorkloadKind.UNRECOGNIZED)
                .findFirst();
        if (unknown.isPresent()) {
            conditions.stalled(
                    Reason.INVALID_SPEC,
                    "spec.workloads names " + unknown.get().name()
                            + " with a kind that this version of Mainstay does not know; it knows Deployment and"
                            + " StatefulSet. Correct it, or upgrade Mainstay.");
            return;
        }
        if (observation.templateRefusal() != null) {
            conditions.stalled(
                    Reason.INVALID_SPEC, JobTemplateRefusal.message(application, observation.templateRefusal()));
            return;
        }
        List<Workload> missing = spec.workloads().stream()
                .filter(workload -> !observation.workloads().containsKey(workload))
                .toList();
        if (missing.isEmpty()) {
            Pause.message(application)
                    .ifPresentOrElse(
                            message -> conditions.ready(Reason.PAUSED, message),
                            () -> conditions.ready(
                                    Reason.READY,
                                    "Workloads found: " + spec.workloads().size() + ". Databases named: "
                                            + spec.databases().size() + "."));
            return;
        }
        String names = missing.stream()
                .map(workload -> workload.kind().text() + " " + workload.name())
                .collect(Collectors.joining(", "));
        conditions.stalled(
                Reason.WORKLOAD_NOT_FOUND,
                "spec.workloads names what does not exist in this namespace: " + names
                        + ". Create it, or correct the name; it is looked for again when it appears.");
    }

    private static ManagedApplicationStatus status(
            ApplicationObservation observation, Conditions conditions, String version) {
        return new ManagedApplicationStatus(
                observation.application().getMetadata().getGeneration(),
                conditions.list(),
                version,
                operations(observation.claims()),
                Ledger.summaries(observation.releases()),
                observation.ledger().candidate(),
                observation.restoreReady().found(),
                // A column of kubectl shows an empty list as [].
                observation.firingAlerts().isEmpty() ? null : observation.firingAlerts());
    }

    private static List<OperationStatus> operations(Claims claims) {
        Stream<OperationStatus> working = claims.grants().stream()
                .map(grant -> operation(
                        grant.holder(),
                        grant.makeRoomFor() == null ? OperationState.ACTIVE : OperationState.MAKING_ROOM,
                        grant.claims(),
                        grant.grantedAt()));
        Stream<OperationStatus> waiting = claims.waiting().stream()
                .map(entry -> operation(entry.holder(), OperationState.WAITING, entry.claims(), entry.since()));
        return Stream.concat(working, waiting).limit(MOST_OPERATIONS).toList();
    }

    private static OperationStatus operation(Holder holder, OperationState state, List<Claim> claims, Instant since) {
        return new OperationStatus(
                holder.kind(),
                holder.name(),
                state,
                claims.stream().map(Claim::toString).toList(),
                since.truncatedTo(ChronoUnit.SECONDS));
    }

    private static String version(ManagedApplicationSpec spec, ApplicationObservation observation) {
        if (spec.workloads().isEmpty()) {
            return null;
        }
        WorkloadObservation first = observation.workloads().get(spec.workloads().getFirst());
        if (first == null) {
            return null;
        }
        if (first.templateVersion() != null) {
            return first.templateVersion();
        }
        return first.version() != null ? first.version() : Images.tag(first.image());
    }
}
