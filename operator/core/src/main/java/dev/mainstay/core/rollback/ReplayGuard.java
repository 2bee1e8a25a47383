package dev.mainstay.core.rollback;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.rollback.RollbackOutcome;
import dev.mainstay.api.rollback.RollbackRequest;
import dev.mainstay.core.claims.ExecutedRequests;
import dev.mainstay.core.claims.ExecutedRequests.ExecutedRequest;
import dev.mainstay.core.rollback.RollbackDecision.End;
import dev.mainstay.core.status.Reason;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Keeps a request that was carried out, or was meant for another time, from being carried out when it appears again: from a
 * repository, from a backup of the cluster's objects, in a cluster that is made anew.
 */
final class ReplayGuard {

    private static final Duration VALID = Duration.ofHours(1);

    /** Beginnings of what Argo CD, Flux and Helm leave on what they apply. */
    private static final Set<String> APPLIERS = Set.of(
            "argocd.argoproj.io/",
            "kustomize.toolkit.fluxcd.io/",
            "helm.toolkit.fluxcd.io/",
            "meta.helm.sh/",
            "helm.sh/chart");

    private ReplayGuard() {}

    /** Why it is not carried out; empty when nothing speaks against it. */
    static Optional<End> refusal(RollbackRequest request, ExecutedRequests executed, Instant now) {
        ObjectMeta metadata = request.getMetadata();
        Map<String, String> annotations = metadata.getAnnotations() == null ? Map.of() : metadata.getAnnotations();
        Map<String, String> labels = metadata.getLabels() == null ? Map.of() : metadata.getLabels();
        String executedBy = annotations.get(Annotations.EXECUTED_BY);
        if (executedBy != null && !executedBy.equals(metadata.getUid())) {
            return refused(
                    Reason.REPLAYED,
                    "It is a copy of a request that was carried out before (annotation " + Annotations.EXECUTED_BY
                            + "). To roll back again, make a request of another name.");
        }
        if (labels.containsKey("velero.io/restore-name")) {
            return refused(
                    Reason.REPLAYED,
                    "It comes from a backup of the cluster's objects (label velero.io/restore-name). To roll back, make a"
                            + " request of another name.");
        }
        if (request.getSpec().notAfter() == null && applied(labels, annotations)) {
            return refused(
                    Reason.NOT_AFTER_MISSING,
                    "It is applied by a program that may apply it again at any time, and says not until when it is meant."
                            + " Set spec.notAfter in a request of another name, or make one by hand.");
        }
        Instant notAfter = request.getSpec().notAfter() == null
                ? Instant.parse(metadata.getCreationTimestamp()).plus(VALID)
                : request.getSpec().notAfter();
        Optional<ExecutedRequest> before = executed.before(RollbackClaims.executed(request));
        if (before.isPresent()) {
            return Optional.of(new End(
                    RollbackOutcome.DUPLICATE,
                    Reason.DUPLICATE,
                    "A RollbackRequest of the same name and spec was carried out before (uid "
                            + before.get().uid()
                            + "). Nothing was changed. To roll back again, make a request of another name."));
        }
        boolean asked = request.getStatus() != null && request.getStatus().claim() != null;
        if (!asked && now.isAfter(notAfter)) {
            return refused(
                    Reason.TOO_LATE,
                    "It was meant to begin by " + notAfter
                            + (request.getSpec().notAfter() == null
                                    ? ", one hour after its creation"
                                    : " (spec.notAfter)")
                            + ", and nothing could begin it. Nothing was changed. Make another request if it is still wanted.");
        }
        return Optional.empty();
    }

    private static boolean applied(Map<String, String> labels, Map<String, String> annotations) {
        return Stream.concat(labels.keySet().stream(), annotations.keySet().stream())
                .anyMatch(key -> APPLIERS.stream().anyMatch(key::startsWith));
    }

    private static Optional<End> refused(Reason reason, String message) {
        return Optional.of(new End(RollbackOutcome.REFUSED, reason, message));
    }
}
