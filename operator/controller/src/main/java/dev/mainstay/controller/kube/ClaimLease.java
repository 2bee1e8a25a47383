package dev.mainstay.controller.kube;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.mainstay.api.Annotations;
import dev.mainstay.core.claims.Claims;
import dev.mainstay.core.claims.ExecutedRequests;
import dev.mainstay.core.task.TaskJson;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** How the Lease of an application's claims is read. */
public final class ClaimLease {

    private ClaimLease() {}

    /** The release that works on the application; empty when none says so. */
    public static Optional<String> release(Lease lease) {
        return annotation(lease, Annotations.RELEASE);
    }

    /** When a release that was uninstalled handed the application back; empty when none did. */
    public static Optional<Instant> releasedAt(Lease lease) {
        return annotation(lease, Annotations.RELEASED_AT).flatMap(text -> {
            try {
                return Optional.of(Instant.parse(text));
            } catch (DateTimeException e) {
                return Optional.empty();
            }
        });
    }

    /** What is granted and who waits; empty when nothing is written, or not in a way that this version can read. */
    public static Optional<Claims> claims(Lease lease) {
        return annotation(lease, Annotations.GRANTS).flatMap(json -> {
            try {
                return Optional.ofNullable(TaskJson.mapper().readValue(json, Claims.class));
            } catch (JsonProcessingException e) {
                return Optional.empty();
            }
        });
    }

    /** The requests that were carried out; none when nothing is written, or not in a way that this version can read. */
    public static ExecutedRequests executed(Lease lease) {
        return annotation(lease, Annotations.EXECUTED)
                .map(json -> {
                    try {
                        return TaskJson.mapper().readValue(json, ExecutedRequests.class);
                    } catch (JsonProcessingException e) {
                        return null;
                    }
                })
                .orElse(ExecutedRequests.NONE);
    }

    private static Optional<String> annotation(Lease lease, String name) {
        Map<String, String> annotations = lease.getMetadata().getAnnotations();
        return annotations == null ? Optional.empty() : Optional.ofNullable(annotations.get(name));
    }
}
