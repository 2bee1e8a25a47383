package dev.mainstay.core.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ValueNode;
import dev.mainstay.api.workload.StoppableKind;
import dev.mainstay.api.workload.StoppedWorkload;
import dev.mainstay.core.rollback.JsonPatch;

/**
 * A workload that is to be stopped or given back, under the condition that it is the one that was seen, as it was seen.
 *
 * @param seen the workload
 * @param value its replicas, or whether it is suspended
 */
public record ScaleChange(WorkloadSeen seen, ValueNode value) {

    /** Stops a workload. */
    static ScaleChange stop(WorkloadSeen seen) {
        return new ScaleChange(seen, seen.kind() == StoppableKind.CRON_JOB ? BooleanNode.TRUE : IntNode.valueOf(0));
    }

    /** Gives a workload what it had. */
    static ScaleChange back(WorkloadSeen seen, StoppedWorkload saved) {
        return new ScaleChange(
                seen, seen.kind() == StoppableKind.CRON_JOB ? BooleanNode.FALSE : IntNode.valueOf(saved.replicas()));
    }

    /** Whether a workload is as this would make it. */
    public boolean doneIn(WorkloadSeen now) {
        return now.exists()
                && now.uid().equals(seen.uid())
                && now.json().path("spec").path(seen.field()).equals(value);
    }

    /** Whether a workload is still the one that this was decided for, as it was then. */
    public boolean fits(WorkloadSeen now) {
        return now.exists()
                && now.uid().equals(seen.uid())
                && generation(now).equals(generation(seen))
                && now.json().path("spec").path(seen.field()).equals(there());
    }

    /** The JSON Patch, which fails if somebody else was faster. */
    public JsonNode patch() {
        String path = "/spec/" + seen.field();
        ArrayNode patch = JsonNodeFactory.instance.arrayNode();
        patch.add(JsonPatch.operation(
                "test", "/metadata/uid", seen.json().path("metadata").path("uid")));
        // What else was read of it, such as what becomes of its volumes, was decided on too.
        if (!generation(seen).isMissingNode()) {
            patch.add(JsonPatch.operation("test", "/metadata/generation", generation(seen)));
        }
        if (there().isMissingNode()) {
            patch.add(JsonPatch.operation("add", path, value));
        } else {
            patch.add(JsonPatch.operation("test", path, there()));
            patch.add(JsonPatch.operation("replace", path, value));
        }
        return patch;
    }

    private static JsonNode generation(WorkloadSeen workload) {
        return workload.json().path("metadata").path("generation");
    }

    private JsonNode there() {
        return seen.json().path("spec").path(seen.field());
    }

    /** For people: {@code spec.replicas 0}. */
    public String text() {
        return "spec." + seen.field() + " " + value.asText();
    }
}
