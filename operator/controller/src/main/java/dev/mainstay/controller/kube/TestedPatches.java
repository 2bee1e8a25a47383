package dev.mainstay.controller.kube;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** JSON patches that test what they were made for: nothing is written over what somebody else wrote meanwhile. */
final class TestedPatches {

    private static final int UNPROCESSABLE = 422;
    private static final int TRIES = 5;

    private TestedPatches() {}

    /** What an object says of a patch that was not taken. */
    enum Found {
        /** What was to be written is there. */
        DONE,
        /** It still is what the patch was made for. */
        SAME,
        /** It is another one by now, or gone. */
        OTHER
    }

    /**
     * Sends a patch. A failed test and a value that is not valid have one code: which it was, the object itself tells.
     *
     * @param look looks at the object
     * @throws KubernetesClientException when it is not known whether it was written
     */
    static Written write(Runnable send, Supplier<Found> look) {
        try {
            send.run();
            return new Written.There();
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_FORBIDDEN) {
                return new Written.Rejected(true, ApiErrors.message(e));
            }
            if (ApiErrors.goneOrChanged(e)) {
                return new Written.Changed();
            }
            if (e.getCode() != UNPROCESSABLE && e.getCode() != HttpURLConnection.HTTP_BAD_REQUEST) {
                throw e;
            }
            return switch (look.get()) {
                case DONE -> new Written.There();
                case SAME -> new Written.Rejected(false, ApiErrors.message(e));
                case OTHER -> new Written.Changed();
            };
        }
    }

    /**
     * Sends the patch that fits what is there, which somebody else may change at any moment.
     *
     * @param fitting reads the object and makes the patch; empty when there is nothing to do
     * @return what the API server said if it refuses that
     */
    static Optional<String> change(Supplier<Optional<JsonNode>> fitting, Consumer<JsonNode> send) {
        for (int tries = 1; ; tries++) {
            Optional<JsonNode> patch = fitting.get();
            if (patch.isEmpty()) {
                return Optional.empty();
            }
            try {
                send.accept(patch.get());
                return Optional.empty();
            } catch (KubernetesClientException e) {
                // Entries of managedFields move whenever anybody writes, so a test may fail.
                boolean again = e.getCode() == UNPROCESSABLE || ApiErrors.goneOrChanged(e);
                if (again && tries < TRIES) {
                    continue;
                }
                if (again
                        || e.getCode() == HttpURLConnection.HTTP_FORBIDDEN
                        || e.getCode() == HttpURLConnection.HTTP_BAD_REQUEST) {
                    return Optional.of(ApiErrors.message(e));
                }
                throw e;
            }
        }
    }
}
