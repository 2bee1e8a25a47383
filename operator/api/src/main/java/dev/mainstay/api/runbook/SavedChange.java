package dev.mainstay.api.runbook;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;

/** What a step changes, and what was there before. It is written down before anything is changed. */
public record SavedChange(
        @JsonPropertyDescription("Kind of the object.") ChangedKind kind,

        @JsonPropertyDescription("Its name.") @Size(max = 253)
        String name,

        @JsonPropertyDescription(
                "Its uid: one made again under the same name is left alone; absent for what the step makes.")
        @Size(max = 64)
        String uid,

        @JsonPropertyDescription(
                "The number that was there before, and is given back; absent for what the step makes, and is deleted.")
        Integer before,

        @JsonPropertyDescription("The number that the step writes; absent for what it makes.")
        Integer after,

        @JsonPropertyDescription(
                "true when it is given back at the end of the run at the latest; false when it stays, and only "
                        + "onFailure: Undo gives it back.")
        Boolean untilEnd,

        @JsonPropertyDescription("true when it was given back, or was left as somebody else had set it meanwhile.")
        Boolean givenBack) {

    /** Whether it does not outlive the run. */
    public boolean endsWithRun() {
        return Boolean.TRUE.equals(untilEnd);
    }

    /** Whether nothing is owed any more. */
    public boolean settled() {
        return Boolean.TRUE.equals(givenBack);
    }

    /** The same, given back at the end of the run at the latest. */
    public SavedChange withRun() {
        return new SavedChange(kind, name, uid, before, after, true, givenBack);
    }

    /** The same, with nothing owed any more. */
    public SavedChange back() {
        return new SavedChange(kind, name, uid, before, after, untilEnd, true);
    }

    /** For people: {@code Deployment web}. */
    public String text() {
        return kind.text() + " " + name;
    }
}
