package dev.mainstay.controller.alert;

import dev.mainstay.api.alert.AlertRule;
import dev.mainstay.api.alert.NotificationChannel;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.controller.alert.AlertSampler.Failing;
import dev.mainstay.core.alert.ChannelObservation.SourceTrouble;
import dev.mainstay.core.alert.FirstTargets;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/** The sources that do not answer the rules which are measured here. */
public final class RuleSources implements SourceTroubles {

    private final Supplier<Collection<Failing>> failing;
    private final BiFunction<String, String, Optional<ManagedApplication>> applications;

    /**
     * Looks at what is measured.
     *
     * @param failing what does not answer now
     * @param applications the application of a namespace and name; empty when there is none
     */
    public RuleSources(
            Supplier<Collection<Failing>> failing,
            BiFunction<String, String, Optional<ManagedApplication>> applications) {
        this.failing = failing;
        this.applications = applications;
    }

    @Override
    public List<SourceTrouble> of(NotificationChannel channel) {
        return failing.get().stream()
                .map(source ->
                        new SourceTrouble(source.source(), source.since(), source.why(), (int) source.rules().stream()
                                .filter(rule -> tells(rule, channel))
                                .count()))
                .filter(trouble -> trouble.rules() > 0)
                .toList();
    }

    private boolean tells(AlertRule rule, NotificationChannel channel) {
        String namespace = rule.getMetadata().getNamespace();
        return namespace.equals(channel.getMetadata().getNamespace())
                && FirstTargets.of(
                                rule,
                                applications
                                        .apply(
                                                namespace,
                                                rule.getSpec().applicationRef().name())
                                        .orElse(null))
                        .contains(channel.getMetadata().getName());
    }
}
