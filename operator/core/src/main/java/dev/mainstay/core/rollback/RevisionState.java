package dev.mainstay.core.rollback;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A ReplicaSet that a Deployment controls: one state in its own history, never seen to work as far as that tells.
 *
 * @param number its newest number; 0 when it has none that can be read
 * @param numbers that one and those it had before (kubernetes issue 51315)
 * @param replicas how many Pods it is to have
 * @param template what its Pods are made of, without hash labels
 */
public record RevisionState(long number, Set<Long> numbers, int replicas, PodTemplate template) {

    /** The state of a ReplicaSet. */
    public static RevisionState of(JsonNode replicaSet) {
        JsonNode annotations = replicaSet.path("metadata").path("annotations");
        String newest = annotations.path("deployment.kubernetes.io/revision").asText("");
        String former =
                annotations.path("deployment.kubernetes.io/revision-history").asText("");
        Set<Long> numbers = Stream.concat(Stream.of(newest), Arrays.stream(former.split(",")))
                .map(RevisionState::number)
                .filter(number -> number > 0)
                .collect(Collectors.toSet());
        return new RevisionState(
                number(newest),
                numbers,
                replicaSet.path("spec").path("replicas").asInt(0),
                new PodTemplate(replicaSet.path("spec").path("template")).withoutHashLabels());
    }

    /** As a number: as texts 9 would come after 10 (kubernetes issue 49701). */
    private static long number(String text) {
        try {
            return Long.parseLong(text.strip());
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
