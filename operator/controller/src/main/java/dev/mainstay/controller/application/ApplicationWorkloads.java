package dev.mainstay.controller.application;

import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.application.Workload;
import dev.mainstay.api.application.WorkloadKind;
import dev.mainstay.controller.kube.KubernetesClients;
import dev.mainstay.core.application.ApplicationObservation.WorkloadObservation;
import dev.mainstay.core.rollback.DeploymentState;
import dev.mainstay.core.rollback.Ledger;
import dev.mainstay.core.task.TaskJson;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The workloads that applications name, from a cache of each kind. */
public final class ApplicationWorkloads {

    private static final String BY_WORKLOAD = "by-workload";

    private volatile InformerEventSource<Deployment, ManagedApplication> deployments;
    private volatile InformerEventSource<StatefulSet, ManagedApplication> statefulSets;

    /** The caches, to be added to the applications' controller: a workload that changes wakes those that name it. */
    List<EventSource<?, ManagedApplication>> prepare(EventSourceContext<ManagedApplication> context) {
        context.getPrimaryCache().addIndexer(BY_WORKLOAD, ApplicationWorkloads::keys);
        deployments = informer(Deployment.class, WorkloadKind.DEPLOYMENT, context);
        statefulSets = informer(StatefulSet.class, WorkloadKind.STATEFUL_SET, context);
        return List.of(deployments, statefulSets);
    }

    /** What is seen of those of an application's workloads that exist. */
    Map<Workload, WorkloadObservation> seen(ManagedApplication application) {
        Map<Workload, WorkloadObservation> found = new HashMap<>();
        if (application.getSpec() != null) {
            for (Workload workload : application.getSpec().workloads()) {
                find(application, workload).ifPresent(object -> found.put(workload, seen(object)));
            }
        }
        return found;
    }

    /** What is seen of the workload whose Pods are asked for their health; null when it does not exist. */
    WorkloadObservation ofHealth(ManagedApplication application) {
        return application
                .getSpec()
                .healthWorkload()
                .flatMap(workload -> find(application, workload))
                .map(ApplicationWorkloads::seen)
                .orElse(null);
    }

    /** Those of an application's Deployments that exist, in the order of its spec. */
    public List<DeploymentState> deployments(ManagedApplication application) {
        return Ledger.deployments(application.getSpec()).stream()
                .flatMap(name -> deployment(application, name).stream())
                .map(deployment -> new DeploymentState(TaskJson.mapper().valueToTree(deployment)))
                .toList();
    }

    /** What in its Deployments is waited for: a change, that its controller has seen it, and that it is rolled out or no more. */
    List<?> rollouts(ManagedApplication application) {
        return application.getSpec() == null
                ? List.of()
                : Ledger.deployments(application.getSpec()).stream()
                        .flatMap(name -> deployment(application, name).stream())
                        .map(deployment -> List.of(
                                deployment.getMetadata().getUid(),
                                deployment.getMetadata().getGeneration(),
                                observed(deployment),
                                atRest(deployment)))
                        .toList();
    }

    private Optional<Deployment> deployment(ManagedApplication application, String name) {
        return deployments.get(new ResourceID(name, application.getMetadata().getNamespace()));
    }

    /** A workload of an application: a Deployment or a StatefulSet; empty when it does not exist. */
    public Optional<HasMetadata> find(ManagedApplication application, Workload workload) {
        ResourceID id =
                new ResourceID(workload.name(), application.getMetadata().getNamespace());
        return switch (workload.kind()) {
            case DEPLOYMENT -> deployments.get(id).map(HasMetadata.class::cast);
            case STATEFUL_SET -> statefulSets.get(id).map(HasMetadata.class::cast);
            case UNRECOGNIZED -> Optional.empty();
        };
    }

    /** What a decision looks at in a workload. */
    static WorkloadObservation seen(HasMetadata workload) {
        return switch (workload) {
            case Deployment deployment ->
                seen(
                        workload,
                        deployment.getSpec().getTemplate(),
                        deployment.getSpec().getReplicas());
            case StatefulSet statefulSet ->
                seen(
                        workload,
                        statefulSet.getSpec().getTemplate(),
                        statefulSet.getSpec().getReplicas());
            default -> throw new IllegalArgumentException(workload.getKind() + " is no workload of an application");
        };
    }

    private static WorkloadObservation seen(HasMetadata workload, PodTemplateSpec template, Integer replicas) {
        String image = template.getSpec().getContainers().isEmpty()
                ? null
                : template.getSpec().getContainers().getFirst().getImage();
        String templateVersion = template.getMetadata() == null
                ? null
                : version(template.getMetadata().getLabels());
        return new WorkloadObservation(
                templateVersion, version(workload.getMetadata().getLabels()), image, replicas == null ? 1 : replicas);
    }

    private static String version(Map<String, String> labels) {
        return labels == null ? null : labels.get("app.kubernetes.io/version");
    }

    private static <R extends HasMetadata> InformerEventSource<R, ManagedApplication> informer(
            Class<R> type, WorkloadKind kind, EventSourceContext<ManagedApplication> context) {
        return new InformerEventSource<>(
                InformerEventSourceConfiguration.from(type, ManagedApplication.class)
                        .withName(kind.text().toLowerCase(Locale.ROOT))
                        .withNamespacesInheritedFromController()
                        .withInformerListLimit(KubernetesClients.LIST_PAGE)
                        .withSecondaryToPrimaryMapper(workload -> naming(context.getPrimaryCache(), workload, kind))
                        .withPrimaryToSecondaryMapper((ManagedApplication application) -> named(application, kind))
                        .withOnUpdateFilter((was, is) -> !Objects.equals(
                                        was.getMetadata().getGeneration(),
                                        is.getMetadata().getGeneration())
                                || !Objects.equals(
                                        was.getMetadata().getLabels(),
                                        is.getMetadata().getLabels())
                                || observed(was) != observed(is)
                                || atRest(was) != atRest(is))
                        .build(),
                context);
    }

    /** A Deployment in trouble changes its status many times a second; all that counts is whether it is rolled out. */
    private static boolean atRest(HasMetadata workload) {
        if (!(workload instanceof Deployment deployment) || deployment.getStatus() == null) {
            return false;
        }
        DeploymentStatus status = deployment.getStatus();
        int wanted = Objects.requireNonNullElse(deployment.getSpec().getReplicas(), 1);
        return observed(workload)
                && Stream.of(status.getReplicas(), status.getUpdatedReplicas(), status.getAvailableReplicas())
                        .allMatch(count -> Objects.requireNonNullElse(count, 0) == wanted);
    }

    private static boolean observed(HasMetadata workload) {
        return workload instanceof Deployment deployment
                && deployment.getStatus() != null
                && Objects.equals(
                        deployment.getStatus().getObservedGeneration(),
                        deployment.getMetadata().getGeneration());
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
