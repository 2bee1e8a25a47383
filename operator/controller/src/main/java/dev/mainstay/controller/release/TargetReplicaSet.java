package dev.mainstay.controller.release;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mainstay.core.rollback.PodTemplate;
import dev.mainstay.core.rollback.RevisionState;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Which of a Deployment's ReplicaSets makes the Pods of a template. */
public final class TargetReplicaSet {

    private TargetReplicaSet() {}

    /** The newest that runs the template; empty before it is made. */
    public static Optional<JsonNode> of(List<JsonNode> replicaSets, PodTemplate template) {
        return replicaSets.stream()
                .filter(replicaSet -> RevisionState.of(replicaSet).template().runsLike(template))
                .max(Comparator.comparingLong(
                        replicaSet -> RevisionState.of(replicaSet).number()));
    }
}
