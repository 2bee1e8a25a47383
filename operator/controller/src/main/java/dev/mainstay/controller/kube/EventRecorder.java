package dev.mainstay.controller.kube;

import dev.mainstay.api.status.Condition;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.status.Severity;
import dev.mainstay.core.status.Transitions;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.MicroTime;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.api.model.events.v1.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells of transitions as Events: when the reason of an object's Ready condition changes, when it is finished, and when one
 * of a few other conditions becomes False.
 */
public final class EventRecorder {

    private static final Logger LOG = LoggerFactory.getLogger(EventRecorder.class);
    private static final DateTimeFormatter MICROSECONDS =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);
    private static final int NOTE_LENGTH = 1000;

    private final KubernetesClient client;
    private final String instance;
    private final Clock clock;

    /**
     * Creates a recorder.
     *
     * @param instance name of the operator's Pod
     */
    public EventRecorder(KubernetesClient client, String instance, Clock clock) {
        this.client = client;
        this.instance = instance;
        this.clock = clock;
    }

    /** Records what has changed for people between two sets of conditions of an object. Never fails. */
    public void transition(HasMetadata object, List<Condition> before, List<Condition> after) {
        Transitions.between(before, after).forEach(condition -> tell(object, condition.reason(), condition.message()));
    }

    /** Tells something once for a version of an object. Never fails. */
    public void tell(HasMetadata object, String reason, String message) {
        try {
            client.events()
                    .v1()
                    .events()
                    .resource(event(object, reason, message))
                    .create();
        } catch (KubernetesClientException e) {
            if (!ApiErrors.alreadyExists(e)) {
                LOG.atWarn()
                        .addKeyValue("kind", object.getKind())
                        .addKeyValue("namespace", object.getMetadata().getNamespace())
                        .addKeyValue("name", object.getMetadata().getName())
                        .addKeyValue("problem", e.getMessage())
                        .addKeyValue("event", message)
                        .log("an Event could not be recorded; the conditions tell the same");
            }
        }
    }

    /** The name is made of the object's version and the reason, so that a pass made twice tells each thing once. */
    private Event event(HasMetadata object, String reason, String message) {
        Instant now = clock.instant();
        String name = object.getMetadata().getName();
        String tail = "." + object.getMetadata().getResourceVersion() + "." + reason.toLowerCase(Locale.ROOT);
        return new EventBuilder()
                .withNewMetadata()
                .withName(name.substring(0, Math.min(name.length(), 253 - tail.length())) + tail)
                .withNamespace(object.getMetadata().getNamespace())
                .endMetadata()
                .withEventTime(new MicroTime(MICROSECONDS.format(now)))
                .withReportingController("mainstay.dev/operator")
                .withReportingInstance(instance)
                .withAction("Reconcile")
                .withReason(reason)
                .withType(normal(reason) ? "Normal" : "Warning")
                .withNote(message.substring(0, Math.min(message.length(), NOTE_LENGTH)))
                .withRegarding(new ObjectReferenceBuilder()
                        .withApiVersion(object.getApiVersion())
                        .withKind(object.getKind())
                        .withNamespace(object.getMetadata().getNamespace())
                        .withName(name)
                        .withUid(object.getMetadata().getUid())
                        .withResourceVersion(object.getMetadata().getResourceVersion())
                        .build())
                .build();
    }

    private static boolean normal(String reason) {
        return Reason.of(reason).map(Reason::severity).orElse(Severity.WARNING) == Severity.NORMAL;
    }
}
