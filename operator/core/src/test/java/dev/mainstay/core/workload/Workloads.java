package dev.mainstay.core.workload;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.mainstay.api.workload.StoppableKind;
import dev.mainstay.api.workload.StoppedWorkload;
import dev.mainstay.core.rollback.AutoscalerState;
import dev.mainstay.core.task.TaskJson;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Objects for the tests of stopping and giving back. */
public final class Workloads {

    private Workloads() {}

    public static JsonNode json(String text) {
        try {
            return TaskJson.mapper().readTree(text.replace('\'', '"'));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    /** A Deployment whose controllers have seen all, with Pods of its own. */
    public static WorkloadSeen deployment(String name, int replicas, String... pods) {
        return new WorkloadSeen(
                StoppableKind.DEPLOYMENT,
                name,
                json("""
                {'metadata': {'name': '%1$s', 'uid': 'uid-%1$s', 'generation': 4, 'managedFields': [
                   {'manager': 'somebody', 'operation': 'Update', 'subresource': 'scale', 'time': '2026-03-29T00:00:00Z',
                    'fieldsV1': {'f:spec': {'f:replicas': {}}}}]},
                 'spec': {'replicas': %2$d}, 'status': {'observedGeneration': 4, 'readyReplicas': %3$d}}
                """.formatted(name, replicas, pods.length)),
                List.of(replicaSet(name, "uid-" + name, replicas)),
                Stream.of(pods)
                        .map(pod -> pod(pod, "ReplicaSet", "uid-rs-" + name))
                        .toList(),
                null);
    }

    /** What KEDA makes of its ScaledObject {@code web-so} of a Deployment {@code web}. */
    public static AutoscalerState scaledByKeda(String deployment) {
        return new AutoscalerState(json("""
                {'metadata': {'name': 'hpa', 'ownerReferences': [
                   {'apiVersion': 'keda.sh/v1alpha1', 'kind': 'ScaledObject', 'name': '%1$s-so'}]},
                 'spec': {'scaleTargetRef': {'kind': 'Deployment', 'name': '%1$s'}}}
                """.formatted(deployment)));
    }

    public static JsonNode replicaSet(String name, String owner, int replicas) {
        return json("""
                {'metadata': {'name': '%1$s-1', 'uid': 'uid-rs-%1$s', 'generation': 2,
                   'ownerReferences': [{'controller': true, 'kind': 'Deployment', 'uid': '%2$s'}]},
                 'spec': {'replicas': %3$d}, 'status': {'observedGeneration': 2}}
                """.formatted(name, owner, replicas));
    }

    public static JsonNode pod(String name, String ownerKind, String owner) {
        return json("""
                {'metadata': {'name': '%s', 'ownerReferences': [{'controller': true, 'kind': '%s', 'uid': '%s'}]},
                 'status': {'phase': 'Running'}}
                """.formatted(name, ownerKind, owner));
    }

    public static WorkloadSeen statefulSet(String name, int replicas, String spec, JsonNode... pods) {
        return new WorkloadSeen(
                StoppableKind.STATEFUL_SET,
                name,
                json("""
                {'metadata': {'name': '%1$s', 'uid': 'uid-%1$s', 'generation': 1}, 'spec': {'replicas': %2$d%3$s},
                 'status': {'observedGeneration': 1}}
                """.formatted(name, replicas, spec.isEmpty() ? "" : ", " + spec)),
                List.of(),
                List.of(pods),
                null);
    }

    public static WorkloadSeen cronJob(String name, boolean suspended, String... running) {
        return new WorkloadSeen(
                StoppableKind.CRON_JOB,
                name,
                json("""
                {'metadata': {'name': '%1$s', 'uid': 'uid-%1$s', 'generation': 1}, 'spec': {'suspend': %2$s},
                 'status': {'active': %3$s}}
                """.formatted(
                                name,
                                suspended,
                                TaskJson.write(Stream.of(running)
                                        .map(job -> Map.of("name", job))
                                        .toList()))),
                List.of(),
                List.of(),
                null);
    }

    public static StoppedWorkload line(String name, int replicas, Integer redone) {
        return new StoppedWorkload(StoppableKind.DEPLOYMENT, name, "uid-" + name, replicas, null, redone, null, null);
    }

    public static StoppedWorkload cronLine(String name, boolean suspend, Integer redone) {
        return new StoppedWorkload(StoppableKind.CRON_JOB, name, "uid-" + name, null, suspend, redone, null, null);
    }
}
