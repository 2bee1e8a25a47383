package dev.mainstay.core.claims;

import dev.mainstay.api.Annotations;
import dev.mainstay.core.claims.ExecutedRequests.ExecutedRequest;
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
public final class ReplayGuard {

    private static final Duration VALID = Duration.ofHours(1);

    /** Beginnings of what Argo CD, Flux and Helm leave on what they apply. */
    private static final Set<String> APPLIERS = Set.of(
            "argocd.argoproj.io/",
            "kustomize.toolkit.fluxcd.io/",
            "helm.toolkit.fluxcd.io/",
            "meta.helm.sh/",
            "helm.sh/chart");

    private ReplayGuard() {}

    /**
     * A request that is to act once.
     *
     * @param metadata its metadata
     * @param self how it is recognised when it is made again
     * @param notAfter when it is not to begin any more; null when it doesn't say
     * @param asked whether it has asked for what it claims, which it did in time
     * @param again what one does who wants it again, such as {@code roll back}
     */
    public record Candidate(ObjectMeta metadata, ExecutedRequest self, Instant notAfter, boolean asked, String again) {}

    /**
     * Why a request is not carried out.
     *
     * @param duplicate whether the same one was
     * @param reason the reason
     * @param message what was found and what to do
     */
    public record Refusal(boolean duplicate, Reason reason, String message) {}

    /** Why it is not carried out; empty when nothing speaks against it. */
    public static Optional<Refusal> refusal(Candidate request, ExecutedRequests executed, Instant now) {
        ObjectMeta metadata = request.metadata();
        Map<String, String> annotations = metadata.getAnnotations() == null ? Map.of() : metadata.getAnnotations();
        Map<String, String> labels = metadata.getLabels() == null ? Map.of() : metadata.getLabels();
        String executedBy = annotations.get(Annotations.EXECUTED_BY);
        if (executedBy != null && !executedBy.equals(metadata.getUid())) {
            return refused(
                    Reason.REPLAYED,
                    "It is a copy of a request that was carried out before (annotation " + Annotations.EXECUTED_BY
                            + "). To " + request.again() + " again, make a request of another name.");
        }
        if (labels.containsKey("velero.io/restore-name")) {
            return refused(
                    Reason.REPLAYED,
                    "It comes from a backup of the cluster's objects (label velero.io/restore-name). To "
                            + request.again() + ", make a request of another name.");
        }
        if (request.notAfter() == null && applied(labels, annotations)) {
            return refused(
                    Reason.NOT_AFTER_MISSING,
                    "It is applied by a program that may apply it again at any time, and says not until when it is meant."
                            + " Set spec.notAfter in a request of another name, or make one by hand.");
        }
        Instant notAfter = beginsBy(metadata, request.notAfter()).orElseThrow();
        Optional<ExecutedRequest> before = executed.before(request.self());
        if (before.isPresent()) {
            return Optional.of(new Refusal(
                    true,
                    Reason.DUPLICATE,
                    "A " + request.self().kind() + " of the same name and spec was carried out before (uid "
                            + before.get().uid()
                            + "). Nothing was changed. To " + request.again()
                            + " again, make a request of another name."));
        }
        if (!request.asked() && now.isAfter(notAfter)) {
            return refused(
                    Reason.TOO_LATE,
                    "It was meant to begin by " + notAfter
                            + (request.notAfter() == null ? ", one hour after its creation" : " (spec.notAfter)")
                            + ", and nothing could begin it. Nothing was changed. Make another request if it is still wanted.");
        }
        return Optional.empty();
    }

    /**
     * When a request is to have begun; empty for one that no API server has made.
     *
     * @param notAfter what it says itself; null when it says nothing
     */
    public static Optional<Instant> beginsBy(ObjectMeta metadata, Instant notAfter) {
        return Optional.ofNullable(notAfter)
                .or(() -> Optional.ofNullable(metadata.getCreationTimestamp())
                        .map(created -> Instant.parse(created).plus(VALID)));
    }

    /** Whether a request carries what is written on it before its first effect: its own uid, and its finalizer. */
    public static boolean marked(ObjectMeta metadata, String finalizer) {
        return metadata.getAnnotations() != null
                && metadata.getUid().equals(metadata.getAnnotations().get(Annotations.EXECUTED_BY))
                && metadata.getFinalizers().contains(finalizer);
    }

    private static boolean applied(Map<String, String> labels, Map<String, String> annotations) {
        return Stream.concat(labels.keySet().stream(), annotations.keySet().stream())
                .anyMatch(key -> APPLIERS.stream().anyMatch(key::startsWith));
    }

    private static Optional<Refusal> refused(Reason reason, String message) {
        return Optional.of(new Refusal(false, reason, message));
    }
}
