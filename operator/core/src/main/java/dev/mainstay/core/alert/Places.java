package dev.mainstay.core.alert;

import dev.mainstay.api.SecretKeyReference;
import dev.mainstay.api.alert.NotificationDestination;
import dev.mainstay.core.naming.Names;
import java.util.List;

/** What tells destinations apart. */
final class Places {

    private Places() {}

    /**
     * Identifies the receiver, however one logs in there: whoever mends a password does not become another receiver, which would
     * have to be told that the alert is over at the first.
     */
    static String of(NotificationDestination destination) {
        if (destination.slack() != null) {
            return Names.digest("slack", key(destination.slack().urlSecretRef()));
        }
        if (destination.webhook() != null) {
            return Names.digest(
                    "webhook",
                    destination.webhook().url(),
                    key(destination.webhook().urlSecretRef()));
        }
        return destination.alertmanager() == null
                ? Names.digest("unknown")
                : Names.digest("alertmanager", destination.alertmanager().urls());
    }

    static boolean same(NotificationDestination one, NotificationDestination other) {
        return of(one).equals(of(other));
    }

    /** Whether all is the same, the way one logs in too; a default that the API server fills in is no difference. */
    static boolean equal(NotificationDestination one, NotificationDestination other) {
        return details(one).equals(details(other));
    }

    static boolean isAlertmanager(NotificationDestination destination) {
        return destination.alertmanager() != null;
    }

    private static List<String> details(NotificationDestination destination) {
        if (destination.webhook() != null) {
            return List.of(
                    of(destination),
                    key(destination.webhook().hmacSecretRef()),
                    key(destination.webhook().authorizationSecretRef()),
                    key(destination.webhook().caSecretRef()),
                    destination.webhook().maxAlerts().toString());
        }
        return destination.alertmanager() == null
                ? List.of(of(destination))
                : List.of(
                        of(destination),
                        key(destination.alertmanager().authorizationSecretRef()),
                        key(destination.alertmanager().caSecretRef()));
    }

    private static String key(SecretKeyReference reference) {
        return reference == null ? "" : reference.name() + "/" + reference.key();
    }
}
