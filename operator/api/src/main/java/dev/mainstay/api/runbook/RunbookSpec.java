package dev.mainstay.api.runbook;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;

/** What is done, one step after the other. */
@ValidationRule(
        value = "self.steps.all(step, self.steps.exists_one(other, other.name == step.name))"
                + " && (!has(self.finally) || self.finally.all(step,"
                + " self.finally.exists_one(other, other.name == step.name)"
                + " && !self.steps.exists(other, other.name == step.name)))",
        message = "two steps have the same name: give each of steps and finally a name of its own")
@ValidationRule(
        value =
                "!has(self.parameters) || self.parameters.all(one, self.parameters.exists_one(other, other.name == one.name))",
        message = "two parameters have the same name")
public record RunbookSpec(
        @JsonPropertyDescription("What it is for, for people.") @Size(max = 256)
        String description,

        @JsonPropertyDescription("What a run may give its job steps; nothing else can be set in a run.") @Size(max = 16)
        List<Parameter> parameters,

        @JsonPropertyDescription(
                "For how long alerts on the application are not told while a run is under way. Left out, they are told.")
        MuteAlerts muteAlerts,

        @JsonPropertyDescription("The steps, in the order in which they are done.") @Required @Size(min = 1, max = 32)
        List<RunbookStep> steps,

        @JsonProperty("finally")
        @JsonPropertyDescription(
                "Steps that are done at the end of each run that has begun, also when it has failed or was cancelled.")
        @Size(max = 32)
        List<RunbookStep> finallySteps) {

    /** What a run may give; empty when that is nothing. */
    @Override
    public List<Parameter> parameters() {
        return parameters == null ? List.of() : parameters;
    }

    /** The steps. */
    @Override
    public List<RunbookStep> steps() {
        return steps == null ? List.of() : steps;
    }

    /** The steps at the end; empty when there are none. */
    @Override
    public List<RunbookStep> finallySteps() {
        return finallySteps == null ? List.of() : finallySteps;
    }
}
