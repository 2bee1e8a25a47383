package dev.mainstay.core.application;

import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.status.Condition;
import dev.mainstay.core.status.Conditions;
import dev.mainstay.core.status.Reason;
import java.util.Objects;
import java.util.Optional;

/** A job template of which no Job can be made. */
public final class JobTemplateRefusal {

    private static final String FIELD = ", spec.jobTemplate: ";

    private JobTemplateRefusal() {}

    /** Tells it in the words that a person can act on; what the API server said comes last, since it may be cut. */
    public static String message(ManagedApplication application, String said) {
        return self(application) + "correct it; the API server takes no Job made of it: " + said;
    }

    /** What an application's status tells of it, as long as its spec is still the one that was told of. */
    public static Optional<String> told(ManagedApplication application) {
        if (application.getStatus() == null
                || !Objects.equals(
                        application.getStatus().observedGeneration(),
                        application.getMetadata().getGeneration())) {
            return Optional.empty();
        }
        return Conditions.find(application.getStatus().conditions(), "Stalled")
                .filter(condition -> Reason.INVALID_SPEC.text().equals(condition.reason()))
                .map(Condition::message)
                .filter(message -> message.startsWith(self(application)));
    }

    private static String self(ManagedApplication application) {
        return "ManagedApplication " + application.getMetadata().getName() + FIELD;
    }
}
