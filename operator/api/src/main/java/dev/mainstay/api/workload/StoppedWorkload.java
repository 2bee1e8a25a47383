package dev.mainstay.api.workload;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;

/** One workload that is stopped, and what it had before. It is written down before anything is changed. */
public record StoppedWorkload(
        @JsonPropertyDescription("Kind of the workload.") StoppableKind kind,

        @JsonPropertyDescription("Its name.") @Size(max = 253)
        String name,

        @JsonPropertyDescription("Its uid: one made again under the same name is left alone.") @Size(max = 64)
        String uid,

        @JsonPropertyDescription(
                "How many replicas it had before, and gets back; absent for a CronJob. It gets none back that had none.")
        Integer replicas,

        @JsonPropertyDescription("Whether the CronJob was suspended before; absent for other kinds.")
        Boolean suspend,

        @JsonPropertyDescription(
                "How often somebody else started it again, and it was stopped again; absent before it was "
                        + "stopped first.")
        Integer redone,

        @JsonPropertyDescription("Who started it again last, as its managedFields tell; absent when nobody did.")
        @Size(max = 256)
        String startedBy,

        @JsonPropertyDescription(
                "true when it has back what it had, or was left as somebody else had set it meanwhile.")
        Boolean givenBack) {

    /** Whether nothing is owed to it any more. */
    public boolean settled() {
        return Boolean.TRUE.equals(givenBack);
    }

    /** Whether it is of this kind and name; one made again under its name is too. */
    public boolean names(StoppableKind otherKind, String otherName) {
        return kind == otherKind && name.equals(otherName);
    }

    /** The same, stopped once more. */
    public StoppedWorkload redone(int times) {
        return new StoppedWorkload(kind, name, uid, replicas, suspend, times, startedBy, givenBack);
    }

    /** The same, stopped once more after somebody had started it again. */
    public StoppedWorkload redone(int times, String writer) {
        return new StoppedWorkload(kind, name, uid, replicas, suspend, times, writer, givenBack);
    }

    /** The same, with nothing owed to it any more. */
    public StoppedWorkload back() {
        return new StoppedWorkload(kind, name, uid, replicas, suspend, redone, startedBy, true);
    }

    /** For people: {@code Deployment web}. */
    public String text() {
        return kind.text() + " " + name;
    }
}
