package dev.mainstay.controller.kube;

import dev.mainstay.core.restore.Declined;
import dev.mainstay.core.status.Reason;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.Optional;
import java.util.Set;

/** What the API server means by an error. */
public final class ApiErrors {

    private static final int UNPROCESSABLE = 422;

    private ApiErrors() {}

    /**
     * Whether a create was refused because there is an object of that name. The code 409 alone does not say so: a namespace's
     * ResourceQuota that was written at the same moment gives it as well, and nothing was created (kubernetes issue 67761).
     */
    public static boolean alreadyExists(KubernetesClientException e) {
        return e.getStatus() != null && "AlreadyExists".equals(e.getStatus().getReason());
    }

    /** Whether a create was refused because the namespace is being deleted. */
    public static boolean namespaceEnds(KubernetesClientException e) {
        return e.getStatus() != null
                && e.getStatus().getDetails() != null
                && e.getStatus().getDetails().getCauses().stream()
                        .anyMatch(cause -> "NamespaceTerminating".equals(cause.getReason()));
    }

    /** Whether a write was refused because the object is gone, or is not the one that it was decided for any more. */
    public static boolean goneOrChanged(KubernetesClientException e) {
        return e.getCode() == HttpURLConnection.HTTP_NOT_FOUND || e.getCode() == HttpURLConnection.HTTP_CONFLICT;
    }

    /** What the API server said when it refused a right; empty for any other failure. */
    public static Optional<String> refusal(RuntimeException e) {
        return e instanceof KubernetesClientException refused && refused.getCode() == HttpURLConnection.HTTP_FORBIDDEN
                ? Optional.of(message(refused))
                : Optional.empty();
    }

    /** What the API server said, or became of the way to it; empty for a failure of another kind. */
    public static Optional<String> failure(RuntimeException e) {
        return e instanceof KubernetesClientException failed ? Optional.of(message(failed)) : Optional.empty();
    }

    /** What the API server said when it did not take an object, for whatever rule; empty for any other failure. */
    public static Optional<String> rejection(KubernetesClientException e) {
        return Set.of(HttpURLConnection.HTTP_BAD_REQUEST, HttpURLConnection.HTTP_FORBIDDEN, UNPROCESSABLE)
                        .contains(e.getCode())
                ? Optional.of(message(e))
                : Optional.empty();
    }

    /** Has something done; why the API server did not do it, if it did not. */
    public static Optional<Declined> declined(Runnable what) {
        try {
            what.run();
            return Optional.empty();
        } catch (KubernetesClientException e) {
            String said = message(e);
            boolean quota = refusal(e).isPresent() && said.contains("exceeded quota");
            return Optional.of(new Declined(
                    quota ? Reason.QUOTA_EXCEEDED : refusal(e).isPresent() ? Reason.FORBIDDEN : Reason.REJECTED,
                    quota || rejection(e).isEmpty(),
                    said));
        }
    }

    /** The same of a failure that may be another one. */
    public static Optional<String> rejection(RuntimeException e) {
        return e instanceof KubernetesClientException answered ? rejection(answered) : Optional.empty();
    }

    /** What the API server said, as far as it said something. */
    public static String message(KubernetesClientException e) {
        return e.getStatus() == null || e.getStatus().getMessage() == null
                ? e.getMessage()
                : e.getStatus().getMessage();
    }

    /** The same of a failure that may be another one. */
    public static String message(RuntimeException e) {
        return e instanceof KubernetesClientException answered ? message(answered) : e.getMessage();
    }
}
