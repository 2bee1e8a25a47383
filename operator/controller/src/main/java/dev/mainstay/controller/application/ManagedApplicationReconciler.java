package dev.mainstay.controller.application;

import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.application.ManagedApplicationStatus;
import dev.mainstay.api.application.Workload;
import dev.mainstay.api.application.WorkloadKind;
import dev.mainstay.controller.claims.ApplicationClaims;
import dev.mainstay.controller.claims.ClaimLeases;
import dev.mainstay.controller.kube.EventRecorder;
import dev.mainstay.controller.kube.KubernetesClients;
import dev.mainstay.controller.kube.StatusWriter;
import dev.mainstay.controller.kube.StatusWriter.Answer;
import dev.mainstay.controller.watch.Wakeups;
import dev.mainstay.core.application.ApplicationDecider;
import dev.mainstay.core.application.ApplicationObservation;
import dev.mainstay.core.application.ApplicationObservation.WorkloadObservation;
import dev.mainstay.core.claims.Claims;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Tells whether what an application names exists, and which version it is. */
public final class ManagedApplicationReconciler implements Reconciler<ManagedApplication> {

    private static final String BY_WORKLOAD = "by-workload";

    private final JobTemplateCheck template;
    private final ClaimLeases leases;
    private final ApplicationClaims claims;
    private final StatusWriter statuses;
    private final EventRecorder events;
    private final Wakeups wakeups;
    private final Clock clock;

    private InformerEventSource<Deployment, ManagedApplication> deployments;
    private InformerEventSource<StatefulSet, ManagedApplication> statefulSets;

    public ManagedApplicationReconciler(
            JobTemplateCheck template,
            ClaimLeases leases,
            ApplicationClaims claims,
            StatusWriter statuses,
            EventRecorder events,
            Wakeups wakeups,
            Clock clock) {
        this.template = template;
        this.leases = leases;
        this.claims = claims;
        this.statuses = statuses;
        this.events = events;
        this.wakeups = wakeups;
        this.clock = clock;
    }

    @Override
    public List<EventSource<?, ManagedApplication>> prepareEventSources(
            EventSourceContext<ManagedApplication> context) {
        IndexerResourceCache<ManagedApplication> applications = context.getPrimaryCache();
        applications.addIndexer(BY_WORKLOAD, application -> keys(application));
        SimpleInboundEventSource<ManagedApplication> woken = wakeups.applications(applications);
        deployments = informer(Deployment.class, WorkloadKind.DEPLOYMENT, context);
        statefulSets = informer(StatefulSet.class, WorkloadKind.STATEFUL_SET, context);
        return List.of(woken, deployments, statefulSets, leases.prepare(context));
    }

    @Override
    public UpdateControl<ManagedApplication> reconcile(
            ManagedApplication application, Context<ManagedApplication> context) {
        wakeups.applicationSeen(application, context.isPrimaryResourceDeleted());
        if (context.isPrimaryResourceDeleted() || application.unreadableStatus().isPresent()) {
            return UpdateControl.noUpdate();
        }
        if (!wakeups.filled()) {
            return UpdateControl.<ManagedApplication>noUpdate().rescheduleAfter(Wakeups.FILLING);
        }
        Optional<Claims> standing = claims.keep(application);
        if (standing.isEmpty()) {
            return UpdateControl.noUpdate();
        }
        ManagedApplicationStatus status =
                ApplicationDecider.decide(observe(application, standing.get()), clock.instant());
        if (Objects.equals(status, application.getStatus())) {
            return UpdateControl.noUpdate();
        }
        if (statuses.write(application, status) != Answer.WRITTEN) {
            return UpdateControl.<ManagedApplication>noUpdate().rescheduleAfter(StatusWriter.LOOK_AGAIN);
        }
        events.transition(
                application,
                application.getStatus() == null
                        ? List.of()
                        : application.getStatus().conditions(),
                status.conditions());
        return UpdateControl.noUpdate();
    }

    private ApplicationObservation observe(ManagedApplication application, Claims standing) {
        Map<Workload, WorkloadObservation> found = new HashMap<>();
        if (application.getSpec() != null) {
            for (Workload workload : application.getSpec().workloads()) {
                ResourceID id = new ResourceID(
                        workload.name(), application.getMetadata().getNamespace());
                switch (workload.kind()) {
                    case DEPLOYMENT ->
                        deployments
                                .get(id)
                                .ifPresent(deployment -> found.put(
                                        workload,
                                        seen(deployment, deployment.getSpec().getTemplate())));
                    case STATEFUL_SET ->
                        statefulSets
                                .get(id)
                                .ifPresent(statefulSet -> found.put(
                                        workload,
                                        seen(statefulSet, statefulSet.getSpec().getTemplate())));
                    case UNRECOGNIZED -> {}
                }
            }
        }
        return new ApplicationObservation(
                application, found, standing, template.refusal(application).orElse(null));
    }

    private static WorkloadObservation seen(HasMetadata workload, PodTemplateSpec template) {
        String image = template.getSpec().getContainers().isEmpty()
                ? null
                : template.getSpec().getContainers().getFirst().getImage();
        String templateVersion = template.getMetadata() == null
                ? null
                : version(template.getMetadata().getLabels());
        return new WorkloadObservation(
                templateVersion, version(workload.getMetadata().getLabels()), image);
    }

    private static String version(Map<String, String> labels) {
        return labels == null ? null : labels.get("app.kubernetes.io/version");
    }

    private <R extends HasMetadata> InformerEventSource<R, ManagedApplication> informer(
            Class<R> type, WorkloadKind kind, EventSourceContext<ManagedApplication> context) {
        return new InformerEventSource<>(
                InformerEventSourceConfiguration.from(type, ManagedApplication.class)
                        .withName(kind.text().toLowerCase(java.util.Locale.ROOT))
                        .withNamespacesInheritedFromController()
                        .withInformerListLimit(KubernetesClients.LIST_PAGE)
                        .withSecondaryToPrimaryMapper(workload -> naming(context.getPrimaryCache(), workload, kind))
                        .withPrimaryToSecondaryMapper((ManagedApplication application) -> named(application, kind))
                        .withOnUpdateFilter((was, is) -> !Objects.equals(
                                        was.getMetadata().getGeneration(),
                                        is.getMetadata().getGeneration())
                                || !Objects.equals(
                                        was.getMetadata().getLabels(),
                                        is.getMetadata().getLabels()))
                        .build(),
                context);
    }

    private static Set<ResourceID> naming(
            IndexerResourceCache<ManagedApplication> applications, HasMetadata workload, WorkloadKind kind) {
        String key = workload.getMetadata().getNamespace() + "/" + kind.text() + "/"
                + workload.getMetadata().getName();
        return applications.byIndex(BY_WORKLOAD, key).stream()
                .map(ResourceID::fromResource)
                .collect(Collectors.toSet());
    }

    private static Set<ResourceID> named(ManagedApplication application, WorkloadKind kind) {
        return application.getSpec() == null
                ? Set.of()
                : application.getSpec().workloads().stream()
                        .filter(workload -> workload.kind() == kind)
                        .map(workload -> new ResourceID(
                                workload.name(), application.getMetadata().getNamespace()))
                        .collect(Collectors.toSet());
    }

    private static List<String> keys(ManagedApplication application) {
        return application.getSpec() == null
                ? List.of()
                : application.getSpec().workloads().stream()
                        .map(workload -> application.getMetadata().getNamespace() + "/"
                                + workload.kind().text() + "/" + workload.name())
                        .toList();
    }
}
