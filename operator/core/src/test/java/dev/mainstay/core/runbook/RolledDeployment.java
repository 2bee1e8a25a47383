package dev.mainstay.core.runbook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mainstay.api.Annotations;
import dev.mainstay.api.schedule.KnownDeployment;
import dev.mainstay.core.rollback.DeploymentState;
import dev.mainstay.core.rollback.PodTemplate;
import dev.mainstay.core.rollback.RevisionState;
import dev.mainstay.core.task.TaskJson;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** A Deployment with its ReplicaSets as a cluster has them: each template is a revision, and one that comes again a new number. */
final class RolledDeployment {

    private record ReplicaSet(JsonNode template, TreeSet<Long> numbers) {}

    final String name;
    private String uid;
    private int generation;
    private int observed;
    private int replicas;
    private boolean paused;
    private boolean complete;
    private Instant completeSince;
    private JsonNode template;
    private ObjectNode annotations;
    private List<ReplicaSet> replicaSets = new ArrayList<>();
    private int kept = 10;

    RolledDeployment(String name, Instant now) {
        this.name = name;
        create("1", now);
    }

    private void create(String version, Instant now) {
        uid = "uid-" + name + "-" + now;
        generation = 0;
        observed = 0;
        replicas = 2;
        paused = false;
        replicaSets = new ArrayList<>();
        annotations = TaskJson.mapper().createObjectNode();
        deploy(version);
        seen();
        done(now);
    }

    /** It is made again under its name, and was rolled out at once. */
    void recreate(String version, Instant now) {
        create(version, now);
    }

    /** It is made again under its name, paused. */
    void recreatePaused(Instant now) {
        create("1", now);
        replicaSets.clear();
        paused = true;
        complete = false;
    }

    void delete() {
        uid = null;
    }

    /** Somebody writes a template; its controller is yet to see it. */
    void deploy(String version) {
        write(templateOf(version, null));
    }

    void restart(Instant now) {
        write(templateOf(version(), now.toString()));
    }

    /** A RollbackRequest writes a template. */
    void rollBack(String version, String request) {
        write(templateOf(version, null));
        annotations.put(Annotations.ROLLED_BACK_BY, request);
        annotations.put(Annotations.ROLLED_BACK_TO, new PodTemplate(template).hash());
    }

    void scale(int wanted) {
        replicas = wanted;
        generation++;
    }

    void pause(boolean on) {
        paused = on;
        generation++;
    }

    /** So many old ReplicaSets are left. */
    void keep(int limit) {
        kept = limit;
    }

    /** Its controller sees it as it is. */
    void seen() {
        if (uid == null || observed == generation) {
            return;
        }
        observed = generation;
        ReplicaSet own = replicaSets.stream()
                .filter(replicaSet -> replicaSet.template().equals(template))
                .findFirst()
                .orElse(null);
        if (own == null && paused) {
            return;
        }
        if (own == null) {
            own = new ReplicaSet(template, new TreeSet<>());
            replicaSets.add(own);
        }
        if (own.numbers().isEmpty() || own.numbers().last() < newest()) {
            own.numbers().add(newest() + 1);
        }
    }

    /** Its Pods are there. */
    void done(Instant now) {
        seen();
        complete = true;
        completeSince = now;
        while (replicaSets.size() > kept + 1) {
            replicaSets.stream()
                    .filter(replicaSet -> !replicaSet.template().equals(template))
                    .min((one, other) ->
                            Long.compare(one.numbers().last(), other.numbers().last()))
                    .ifPresent(replicaSets::remove);
        }
    }

    /** As a schedule sees it that knew that of it. */
    RolloutSeen seen(KnownDeployment known) {
        if (uid == null) {
            return RolloutSeen.missing(name);
        }
        DeploymentState state = state();
        return known != null && RolloutSeen.asKnown(state, known)
                ? RolloutSeen.of(state, known)
                : RolloutSeen.of(
                        state,
                        replicaSets.stream().map(RolledDeployment::revision).toList());
    }

    private DeploymentState state() {
        ObjectNode json = TaskJson.mapper().createObjectNode();
        ObjectNode metadata = json.putObject("metadata");
        metadata.put("name", name).put("uid", uid).put("generation", generation);
        metadata.set("annotations", annotations.deepCopy());
        if (newest() > 0) {
            metadata.withObject("/annotations").put("deployment.kubernetes.io/revision", "" + newest());
        }
        ObjectNode spec = json.putObject("spec");
        spec.put("replicas", replicas).put("paused", paused).set("template", template);
        ObjectNode status = json.putObject("status");
        status.put("observedGeneration", observed)
                .put("replicas", replicas)
                .put("updatedReplicas", complete ? replicas : 0)
                .put("availableReplicas", replicas);
        status.putArray("conditions")
                .addObject()
                .put("type", "Progressing")
                .put("reason", complete ? "NewReplicaSetAvailable" : "ReplicaSetUpdated")
                .put("lastUpdateTime", completeSince.toString());
        return new DeploymentState(json);
    }

    private static RevisionState revision(ReplicaSet replicaSet) {
        return new RevisionState(
                replicaSet.numbers().last(), replicaSet.numbers(), 0, new PodTemplate(replicaSet.template()));
    }

    private void write(JsonNode to) {
        if (!to.equals(template) || generation == 0) {
            complete = false;
        }
        template = to;
        generation++;
    }

    private long newest() {
        return replicaSets.stream()
                .flatMap(replicaSet -> replicaSet.numbers().stream())
                .max(Long::compare)
                .orElse(0L);
    }

    private String version() {
        return new PodTemplate(template).version();
    }

    private JsonNode templateOf(String version, String restartedAt) {
        ObjectNode json = TaskJson.mapper().createObjectNode();
        json.putObject("spec")
                .putArray("containers")
                .addObject()
                .put("name", name)
                .put("image", name + ":" + version);
        if (restartedAt != null) {
            json.putObject("metadata").putObject("annotations").put(Annotations.RESTARTED_AT, restartedAt);
        }
        return json;
    }
}
