package dev.mainstay.core.alert;

import dev.mainstay.api.alert.AlertRule;
import dev.mainstay.api.application.ManagedApplication;
import java.util.List;

/** Who is told of a rule's alert as soon as it fires. */
public final class FirstTargets {

    private FirstTargets() {}

    /**
     * The names of the channels.
     *
     * @param application the application that the rule names; null when there is none
     */
    public static List<String> of(AlertRule rule, ManagedApplication application) {
        return AlertTarget.of(rule, application).orElse(List.of()).stream()
                .filter(AlertTarget::isFirst)
                .map(AlertTarget::channel)
                .toList();
    }
}
