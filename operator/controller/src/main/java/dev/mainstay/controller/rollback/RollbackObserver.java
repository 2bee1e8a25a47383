package dev.mainstay.controller.rollback;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mainstay.api.application.ApplicationService;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.rollback.RollbackPhase;
import dev.mainstay.api.rollback.RollbackRequest;
import dev.mainstay.controller.claims.ClaimLeases;
import dev.mainstay.controller.kube.ArgoApplications;
import dev.mainstay.controller.kube.Autoscalers;
import dev.mainstay.controller.kube.ClaimLease;
import dev.mainstay.controller.kube.ConfigMaps;
import dev.mainstay.controller.kube.Deployments;
import dev.mainstay.controller.kube.MaintenanceModes;
import dev.mainstay.controller.kube.Quotas;
import dev.mainstay.controller.kube.ReleaseStore;
import dev.mainstay.controller.kube.Services;
import dev.mainstay.controller.release.TargetReplicaSet;
import dev.mainstay.controller.watch.Wakeups;
import dev.mainstay.core.claims.ExecutedRequests;
import dev.mainstay.core.mode.ModePages;
import dev.mainstay.core.rollback.ArgoApplication;
import dev.mainstay.core.rollback.CriticalAlerts;
import dev.mainstay.core.rollback.DeploymentOwner;
import dev.mainstay.core.rollback.DeploymentState;
import dev.mainstay.core.rollback.Ledger;
import dev.mainstay.core.rollback.OtherRollbacks;
import dev.mainstay.core.rollback.PageState;
import dev.mainstay.core.rollback.PlanInputs;
import dev.mainstay.core.rollback.RevisionState;
import dev.mainstay.core.rollback.RollbackClaims;
import dev.mainstay.core.rollback.RollbackDecider;
import dev.mainstay.core.rollback.RollbackMaintenance;
import dev.mainstay.core.rollback.RollbackObservation;
import dev.mainstay.core.rollback.RollbackPlan;
import dev.mainstay.core.rollback.RollbackPlan.PlannedWorkload;
import dev.mainstay.core.rollback.Sampled;
import dev.mainstay.core.rollback.ServiceState;
import dev.mainstay.core.rollback.StoredRelease;
import dev.mainstay.core.rollback.TargetPod;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/** Gathers what is known about a RollbackRequest: what it writes to is read from the API server, not from a cache. */
public final class RollbackObserver {

    private final Deployments deployments;
    private final ReleaseStore releases;
    private final ConfigMaps configMaps;
    private final Autoscalers autoscalers;
    private final ArgoApplications argoApplications;
    private final Quotas quotas;
    private final Services services;
    private final MaintenanceModes modes;
    private final ClaimLeases leases;
    private final Wakeups wakeups;
    private final RollbackSampler sampler;
    private final AtomicReference<Instant> began = new AtomicReference<>();

    public RollbackObserver(
            Deployments deployments,
            ReleaseStore releases,
            ConfigMaps configMaps,
            Autoscalers autoscalers,
            ArgoApplications argoApplications,
            Quotas quotas,
            Services services,
            MaintenanceModes modes,
            ClaimLeases leases,
            Wakeups wakeups,
            RollbackSampler sampler) {
        this.deployments = deployments;
        this.releases = releases;
        this.configMaps = configMaps;
        this.autoscalers = autoscalers;
        this.argoApplications = argoApplications;
        this.quotas = quotas;
        this.services = services;
        this.modes = modes;
        this.leases = leases;
        this.wakeups = wakeups;
        this.sampler = sampler;
    }

    /** Observes. */
    public RollbackObservation observe(RollbackRequest request, Instant now) {
        String namespace = request.getMetadata().getNamespace();
        if (request.getSpec() == null || RollbackClaims.ended(request)) {
            return of(
                    request,
                    null,
                    null,
                    ExecutedRequests.NONE,
                    List.of(),
                    null,
                    null,
                    held(request),
                    Map.of(),
                    List.of(),
                    Sampled.NOTHING,
                    List.of());
        }
        String name = request.getSpec().applicationRef().name();
        ManagedApplication application = wakeups.application(namespace, name).orElse(null);
        List<RollbackRequest> others = wakeups.rollbacksOf(namespace, name).stream()
                .filter(other -> !other.getMetadata()
                        .getUid()
                        .equals(request.getMetadata().getUid()))
                .toList();
        boolean plans = RollbackDecider.plans(request) && application != null && application.getSpec() != null;
        boolean mayHavePlan = RollbackClaims.granted(request);
        RollbackPlan plan = mayHavePlan ? releases.plan(request).orElse(null) : null;
        List<DeploymentState> found = plan == null
                ? List.of()
                : plan.workloads().stream()
                        .flatMap(workload -> deployments.read(namespace, workload.name()).stream())
                        .toList();
        return of(
                request,
                application,
                leases.otherRelease(namespace, name).orElse(null),
                leases.of(namespace, name).map(ClaimLease::executed).orElse(ExecutedRequests.NONE),
                others,
                plans && plan == null ? inputs(request, application, others) : null,
                plan,
                found,
                pods(namespace, plan, found, now),
                verifies(request) ? services(application) : List.of(),
                verifies(request) ? sampled(request, application) : Sampled.NOTHING,
                RollbackMaintenance.looksAtModes(request) ? pages(namespace, name, now) : List.of());
    }

    private Sampled sampled(RollbackRequest request, ManagedApplication application) {
        return sampler.of(request, application)
                .with(CriticalAlerts.check(wakeups.alerts()
                        .rulesOf(
                                request.getMetadata().getNamespace(),
                                request.getSpec().applicationRef().name())));
    }

    private List<PageState> pages(String namespace, String application, Instant now) {
        Instant since = began.updateAndGet(before -> before == null ? now : before);
        return modes.list(namespace).stream()
                .filter(mode -> mode.getSpec() != null
                        && application.equals(mode.getSpec().applicationRef().name()))
                .map(mode -> ModePages.of(mode, since, now))
                .toList();
    }

    /** What Flux may be kept from. */
    private List<DeploymentState> held(RollbackRequest request) {
        return request.getStatus() == null || request.getStatus().phase() != RollbackPhase.HOLDING
                ? List.of()
                : request.getStatus().workloads().stream()
                        .flatMap(line -> deployments.read(request.getMetadata().getNamespace(), line.name()).stream())
                        .toList();
    }

    private static RollbackObservation of(
            RollbackRequest request,
            ManagedApplication application,
            String otherRelease,
            ExecutedRequests executed,
            List<RollbackRequest> others,
            PlanInputs inputs,
            RollbackPlan plan,
            List<DeploymentState> found,
            Map<String, List<TargetPod>> pods,
            List<ServiceState> services,
            Sampled sampled,
            List<PageState> pages) {
        return new RollbackObservation(
                request,
                application,
                otherRelease,
                executed,
                others,
                inputs,
                plan,
                found,
                pods,
                services,
                sampled,
                pages);
    }

    private static boolean verifies(RollbackRequest request) {
        return request.getStatus() != null && request.getStatus().phase() == RollbackPhase.VERIFYING;
    }

    private PlanInputs inputs(RollbackRequest request, ManagedApplication application, List<RollbackRequest> others) {
        String namespace = application.getMetadata().getNamespace();
        List<DeploymentState> found = new ArrayList<>();
        Map<String, List<RevisionState>> revisions = new HashMap<>();
        for (String name : Ledger.deployments(application.getSpec())) {
            Optional<DeploymentState> deployment = deployments.read(namespace, name);
            deployment.ifPresent(state -> {
                found.add(state);
                revisions.put(
                        name,
                        deployments.replicaSets(namespace, state).stream()
                                .map(RevisionState::of)
                                .toList());
            });
        }
        List<StoredRelease> stored = releases.releases(application);
        Set<String> maps = new TreeSet<>();
        stored.forEach(release -> release.release()
                .workloads()
                .forEach(workload -> maps.addAll(workload.template().configMaps())));
        return new PlanInputs(
                found,
                stored,
                revisions,
                autoscalers.list(namespace),
                argo(namespace, found),
                configMaps.hashes(namespace, maps),
                OtherRollbacks.left(others),
                quotas.list(namespace),
                request.getSpec().dryRun() ? services(application) : List.of());
    }

    private Map<String, ArgoApplication> argo(String namespace, List<DeploymentState> found) {
        Map<String, ArgoApplication> applications = new HashMap<>();
        found.forEach(deployment -> DeploymentOwner.of(deployment, namespace)
                .flatMap(argoApplications::read)
                .ifPresent(application -> applications.put(deployment.name(), application)));
        return applications;
    }

    private List<ServiceState> services(ManagedApplication application) {
        return application == null || application.getSpec() == null
                ? List.of()
                : application.getSpec().services().stream()
                        .map(ApplicationService::name)
                        .distinct()
                        .map(name -> services.read(application.getMetadata().getNamespace(), name))
                        .toList();
    }

    private Map<String, List<TargetPod>> pods(
            String namespace, RollbackPlan plan, List<DeploymentState> found, Instant now) {
        Map<String, List<TargetPod>> pods = new HashMap<>();
        for (DeploymentState deployment : found) {
            Optional<PlannedWorkload> workload = plan.workload(deployment.name());
            if (workload.isEmpty()
                    || !deployment.template().runsLike(workload.get().to())) {
                continue;
            }
            Optional<JsonNode> replicaSet = TargetReplicaSet.of(
                    deployments.replicaSets(namespace, deployment),
                    workload.get().to());
            replicaSet.ifPresent(target -> pods.put(
                    deployment.name(),
                    Stream.concat(
                                    TargetPod.missing(target, now).stream(),
                                    deployments.pods(namespace, target).stream().map(pod -> TargetPod.of(pod, now)))
                            .toList()));
        }
        return pods;
    }
}
