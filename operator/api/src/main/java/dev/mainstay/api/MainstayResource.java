package dev.mainstay.api;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import java.util.Optional;

/**
 * What all kinds of the group {@code mainstay.dev} share: they are namespaced, and one whose spec or status can't be
 * read (an object of a newer version, say) is still an object with a name, so that the list or watch it came in goes on
 * and its owner can be told. See {@link dev.mainstay.api.json.TolerantReading}.
 *
 * @param <S> the spec's record
 * @param <T> the status' record
 */
public abstract class MainstayResource<S, T> extends CustomResource<S, T> implements Namespaced {

    /** The API group of every kind. */
    public static final String GROUP = "mainstay.dev";

    /** The only served version. */
    public static final String VERSION = "v1alpha1";

    @JsonIgnore
    private String unreadableSpec;

    @JsonIgnore
    private String unreadableStatus;

    /** Why the spec could not be read, in one sentence that names the field; empty when it was read. */
    public Optional<String> unreadableSpec() {
        return Optional.ofNullable(unreadableSpec);
    }

    /** Why the status could not be read; an object with such a status must not be written, since that would erase it. */
    public Optional<String> unreadableStatus() {
        return Optional.ofNullable(unreadableStatus);
    }

    /** Notes why the spec could not be read; for the reader only. */
    public void markUnreadableSpec(String why) {
        this.unreadableSpec = why;
    }

    /** Notes why the status could not be read; for the reader only. */
    public void markUnreadableStatus(String why) {
        this.unreadableStatus = why;
    }
}
