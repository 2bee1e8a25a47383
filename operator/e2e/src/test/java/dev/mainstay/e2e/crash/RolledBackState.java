package dev.mainstay.e2e.crash;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mainstay.api.Annotations;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.rollback.RollbackRequest;
import dev.mainstay.e2e.harness.ClusterClient;
import dev.mainstay.e2e.harness.TestNamespace;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.apps.ControllerRevision;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What is left of a rollback, without what differs between any two runs.
 *
 * @param request its status
 * @param deployments version, generation and field managers by name: each change of a template counts one generation
 * @param releases the kept releases from oldest to newest: version, and who went away from it
 * @param plans how many plans are kept
 */
record RolledBackState(JsonNode request, Map<String, String> deployments, List<String> releases, int plans) {

    static RolledBackState of(TestNamespace namespace) {
        Map<String, String> deployments = new TreeMap<>();
        namespace
                .list(Deployment.class)
                .forEach(deployment -> deployments.put(deployment.getMetadata().getName(), told(deployment)));
        List<ControllerRevision> revisions = namespace.list(ControllerRevision.class);
        return new RolledBackState(
                status(namespace),
                deployments,
                revisions.stream()
                        .filter(RolledBackState::isRelease)
                        .sorted((one, other) -> Long.compare(one.getRevision(), other.getRevision()))
                        .map(RolledBackState::told)
                        .toList(),
                (int) revisions.stream()
                        .filter(revision -> !isRelease(revision))
                        .count());
    }

    /** Newest versions of all that a rollback writes. */
    static Map<String, String> versions(TestNamespace namespace) {
        Map<String, String> versions = new TreeMap<>();
        Stream.of(
                        namespace.list(RollbackRequest.class),
                        namespace.list(ManagedApplication.class),
                        namespace.list(Deployment.class),
                        namespace.list(ControllerRevision.class))
                .flatMap(List::stream)
                .map(HasMetadata.class::cast)
                .forEach(object -> versions.put(
                        object.getKind() + "/" + object.getMetadata().getName(),
                        object.getMetadata().getResourceVersion()));
        return versions;
    }

    /** Finalizers of the requests. */
    static List<String> finalizers(TestNamespace namespace) {
        return namespace.list(RollbackRequest.class).stream()
                .flatMap(request -> request.getMetadata().getFinalizers().stream())
                .toList();
    }

    /** Names of the requests that stand in a record of claims. */
    static List<String> claims(TestNamespace namespace) {
        return namespace.list(Lease.class).stream()
                .map(lease -> lease.getMetadata().getAnnotations().getOrDefault(Annotations.GRANTS, ""))
                .filter(value -> value.contains("RollbackRequest"))
                .toList();
    }

    /** What was told of a request more than once. */
    static List<String> eventsTwice(TestNamespace namespace) {
        return namespace.list(Event.class).stream()
                .filter(event -> "RollbackRequest".equals(event.getRegarding().getKind()))
                .collect(Collectors.groupingBy(
                        event -> event.getReason() + ": " + event.getNote(),
                        TreeMap::new,
                        Collectors.summingInt(
                                event -> event.getDeprecatedCount() == null ? 1 : event.getDeprecatedCount())))
                .entrySet()
                .stream()
                .filter(entry -> entry.getValue() > 1)
                .map(Map.Entry::toString)
                .toList();
    }

    private static boolean isRelease(ControllerRevision revision) {
        return revision.getMetadata().getLabels().containsKey(Annotations.RELEASE_OF);
    }

    private static String told(ControllerRevision release) {
        Map<String, String> facts = release.getMetadata().getAnnotations();
        return facts.get(Annotations.RELEASE_VERSION) + " " + facts.get(Annotations.RELEASE_HASH) + " left by "
                + facts.get(Annotations.MARKED_BAD_BY);
    }

    private static String told(Deployment deployment) {
        return deployment.getSpec().getTemplate().getMetadata().getLabels().get("app.kubernetes.io/version")
                + ", generation " + deployment.getMetadata().getGeneration() + ", managed by "
                + deployment.getMetadata().getManagedFields().stream()
                        .map(ManagedFieldsEntry::getManager)
                        .distinct()
                        .sorted()
                        .toList();
    }

    private static JsonNode status(TestNamespace namespace) {
        ObjectNode status = (ObjectNode) ClusterClient.get()
                .client()
                .getKubernetesSerialization()
                .convertValue(namespace.find(RollbackRequest.class, DisturbedRollback.REQUEST), ObjectNode.class)
                .path("status");
        // How far each Deployment was when the first one failed is a matter of moments.
        status.withArray("checks").forEach(check -> {
            if (!check.path("verdict").asText().equals("Fail")) {
                ((ObjectNode) check).remove(List.of("verdict", "message"));
            }
        });
        status.withArray("workloads").forEach(workload -> ((ObjectNode) workload).remove("uid"));
        status.withArray("conditions")
                .forEach(condition -> ((ObjectNode) condition)
                        .put("message", neutral(condition.path("message").asText())));
        return EndState.neutral(status, namespace.name());
    }

    private static String neutral(String message) {
        return message.replaceAll("verified in [0-9a-z]+", "verified in some time")
                .replaceAll("Pod [-a-z0-9]+", "Pod some");
    }
}
