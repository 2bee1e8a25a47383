package dev.mainstay.controller.mode;

import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.mode.MaintenanceMode;
import java.util.List;
import java.util.Optional;

/** What else there is in a namespace, as the caches have it, or the API server. */
public interface ModeSurroundings {

    /** The application of that name; empty when there is none. */
    Optional<ManagedApplication> application(String namespace, String name);

    /** The modes of the namespace. */
    List<MaintenanceMode> modes(String namespace);

    /** The release of Mainstay that works on an application, if it is another one. */
    Optional<String> otherRelease(String namespace, String application);
}
