package dev.mainstay.core.runbook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mainstay.api.Annotations;

/** What restarts a workload: a JSON Merge Patch, which takes nothing away that somebody else writes at the same moment. */
public final class RestartPatch {

    private RestartPatch() {}

    /** The patch. It fails on a workload that was made again under the same name. */
    public static JsonNode of(RestartedWorkload seen, StepTurn turn) {
        ObjectNode patch = JsonNodeFactory.instance.objectNode();
        ObjectNode metadata = patch.putObject("metadata");
        metadata.put("uid", seen.json().path("metadata").path("uid").asText());
        metadata.putObject("annotations").put(Annotations.RESTARTED_BY, RestartStepType.attempt(turn));
        patch.putObject("spec")
                .putObject("template")
                .putObject("metadata")
                .putObject("annotations")
                .put(Annotations.RESTARTED_AT, RestartStepType.attemptedAt(turn).toString());
        return patch;
    }
}
