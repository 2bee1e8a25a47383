package dev.mainstay.core.rollback;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.application.ReleaseProof;
import dev.mainstay.api.rollback.RollbackRequest;
import dev.mainstay.core.rollback.Planning.Result;
import dev.mainstay.core.rollback.Release.ReleasedWorkload;
import dev.mainstay.core.task.TaskJson;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Deployments, releases and requests of a shop, as tests need them. */
final class Deploys {

    static final Instant NOW = Instant.parse("2026-03-29T03:00:00Z");
    static final String UID = "6a8bd8f6-1a55-4c39-a1ad-7d5b9ddcb84b";

    private Deploys() {}

    static JsonNode json(String text) {
        try {
            return TaskJson.mapper().readTree(text.replace('\'', '"'));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    /** A template of a version. */
    static PodTemplate template(String name, String version) {
        return new PodTemplate(json("""
                {'metadata': {'labels': {'app': '%1$s', 'app.kubernetes.io/version': '%2$s'}},
                 'spec': {'containers': [{'name': '%1$s', 'image': 'registry.example/%1$s:%2$s'}]}}
                """.formatted(name, version)));
    }

    /** A Deployment that is rolled out, with two Pods. */
    static DeploymentState deployment(String name, String version) {
        return deployment(name, template(name, version), "{}", "{}", "{}");
    }

    /** The same with other fields in metadata, spec and status. */
    static DeploymentState deployment(String name, PodTemplate template, String metadata, String spec, String status) {
        ObjectNode deployment = (ObjectNode) json("""
                {'metadata': {'name': '%s', 'uid': '%s', 'generation': 3,
                  'annotations': {'deployment.kubernetes.io/revision': '42'}},
                 'spec': {'replicas': 2, 'selector': {'matchLabels': {'app': '%1$s'}}},
                 'status': {'observedGeneration': 3, 'replicas': 2, 'updatedReplicas': 2, 'availableReplicas': 2}}
                """.formatted(name, UID + "-" + name));
        merge(deployment.withObject("/metadata"), metadata);
        merge(deployment.withObject("/spec"), spec);
        merge(deployment.withObject("/status"), status);
        deployment.withObject("/spec").set("template", template.json());
        return new DeploymentState(deployment);
    }

    private static void merge(ObjectNode into, String fields) {
        json(fields).properties().forEach(field -> into.set(field.getKey(), field.getValue()));
    }

    /** A release of web and worker of one version, the higher the number the newer. */
    static StoredRelease release(long number, String version, String markedBad) {
        return release(number, markedBad, template("web", version), template("worker", version));
    }

    static StoredRelease release(long number, String markedBad, PodTemplate web, PodTemplate worker) {
        Release release = new Release(
                web.version(),
                NOW.minusSeconds(86_400 - number),
                ReleaseProof.HEALTH,
                List.of(
                        new ReleasedWorkload("web", "" + number, web, Map.of()),
                        new ReleasedWorkload("worker", "" + number, worker, Map.of())),
                Map.of(),
                List.of());
        return new StoredRelease(
                new RecordedRelease(
                        "shop-release-" + number,
                        number,
                        release.hash(),
                        release.version(),
                        release.verifiedAt(),
                        release.proof(),
                        markedBad),
                release);
    }

    static PlanInputs inputs(List<DeploymentState> deployments, StoredRelease... releases) {
        return inputs(deployments, List.of(releases), Map.of(), List.of(), Map.of());
    }

    static PlanInputs inputs(
            List<DeploymentState> deployments,
            List<StoredRelease> releases,
            Map<String, List<RevisionState>> revisions,
            List<AutoscalerState> autoscalers,
            Map<String, String> configMaps) {
        return new PlanInputs(
                deployments, releases, revisions, autoscalers, Map.of(), configMaps, Set.of(), List.of(), List.of());
    }

    static RevisionState revision(long number, String history, PodTemplate template) {
        ObjectNode replicaSet = (ObjectNode) json("""
                {'metadata': {'annotations': {'deployment.kubernetes.io/revision': '%d',
                  'deployment.kubernetes.io/revision-history': '%s'}}, 'spec': {}}
                """.formatted(number, history));
        replicaSet.withObject("/spec").set("template", template.json());
        return RevisionState.of(replicaSet);
    }

    static ManagedApplication application() {
        return application("[{name: web}, {name: worker}]");
    }

    static ManagedApplication application(String workloads) {
        return Serialization.unmarshal("""
                apiVersion: mainstay.dev/v1alpha1
                kind: ManagedApplication
                metadata: {name: shop, namespace: shop, uid: uid-of-shop, generation: 1}
                spec: {workloads: %s}
                """.formatted(workloads), ManagedApplication.class);
    }

    /** A request of the last minute; more of its spec as YAML in one line. */
    static RollbackRequest request(String... more) {
        List<String> fields = new ArrayList<>(List.of("applicationRef: {name: shop}", "reason: errors"));
        fields.addAll(List.of(more));
        return Serialization.unmarshal("""
                apiVersion: mainstay.dev/v1alpha1
                kind: RollbackRequest
                metadata: {name: shop-1, namespace: shop, uid: uid-of-request, generation: 1,
                  creationTimestamp: "2026-03-29T02:59:30Z"}
                spec: {%s}
                """.formatted(String.join(", ", fields)), RollbackRequest.class);
    }

    /** Why nothing is planned. */
    static Result.Ended ended(Result result) {
        assertThat(result).isInstanceOf(Result.Ended.class);
        return (Result.Ended) result;
    }

    /** From where to where each Deployment goes. */
    static List<String> story(RollbackPlan plan) {
        return plan.workloads().stream()
                .map(workload -> workload.name() + " " + workload.from().version() + " → "
                        + workload.to().version())
                .toList();
    }
}
