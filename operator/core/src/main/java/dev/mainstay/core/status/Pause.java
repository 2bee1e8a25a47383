package dev.mainstay.core.status;

import dev.mainstay.api.Annotations;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.Optional;

/** The annotation that stops new work on an object. */
public final class Pause {

    private Pause() {}

    /** What to tell of an object's pause; empty when it is not paused. */
    public static Optional<String> message(HasMetadata object) {
        return Optional.ofNullable(object.getMetadata().getAnnotations())
                .map(annotations -> annotations.get(Annotations.PAUSED))
                .map(why -> object.getKind() + " " + object.getMetadata().getName() + " is paused"
                        + (why.isBlank() ? "" : ": \"" + why + "\"") + ". Remove its annotation " + Annotations.PAUSED
                        + " to go on.");
    }
}
