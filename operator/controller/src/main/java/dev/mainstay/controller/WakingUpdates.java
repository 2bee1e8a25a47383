package dev.mainstay.controller;

import dev.mainstay.controller.watch.Told;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.Objects;

/** Which updates of an object of ours have it looked at. */
final class WakingUpdates {

    private WakingUpdates() {}

    /**
     * A status is written by this operator alone; what others change is the spec, annotations, or its deletion. Of its own
     * writes those count that tell another object something, once the cache that it looks into has them.
     */
    static boolean wakes(HasMetadata was, HasMetadata is) {
        return changedByOthers(was, is) || !Told.by(was).equals(Told.by(is));
    }

    private static boolean changedByOthers(HasMetadata was, HasMetadata is) {
        return !Objects.equals(
                        was.getMetadata().getGeneration(), is.getMetadata().getGeneration())
                || !Objects.equals(
                        was.getMetadata().getAnnotations(), is.getMetadata().getAnnotations())
                || !Objects.equals(
                        was.getMetadata().getDeletionTimestamp(),
                        is.getMetadata().getDeletionTimestamp());
    }
}
