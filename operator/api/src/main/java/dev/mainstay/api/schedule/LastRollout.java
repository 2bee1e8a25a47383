package dev.mainstay.api.schedule;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The newest rollout that was taken up, and what is known of the Deployments since. */
public record LastRollout(
        @JsonPropertyDescription("When it came: when it was complete, or with rollout: Started when it had begun. "
                + "Before the first one, since when the Deployments are looked at.")
        Instant at,

        @JsonPropertyDescription("The Deployments that were rolled out; empty before the first rollout.")
        @Size(max = 32)
        List<@Size(max = 253) String> changed,

        @JsonPropertyDescription("All Deployments that are looked at. None of these revisions has a run any more.")
        @Size(max = 32)
        List<KnownDeployment> workloads) {

    /** The Deployments that were rolled out; empty when there are none. */
    @Override
    public List<String> changed() {
        return changed == null ? List.of() : changed;
    }

    /** All Deployments that are looked at; empty when there are none. */
    @Override
    public List<KnownDeployment> workloads() {
        return workloads == null ? List.of() : workloads;
    }

    /** What is known of a Deployment; empty when it was not looked at. */
    public Optional<KnownDeployment> workload(String name) {
        return workloads().stream()
                .filter(workload -> workload.name().equals(name))
                .findFirst();
    }
}
