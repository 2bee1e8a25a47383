package dev.mainstay.controller.alert;

import dev.mainstay.api.alert.AlertRule;
import dev.mainstay.api.alert.NotificationChannel;
import dev.mainstay.api.alert.NotificationChannelStatus;
import dev.mainstay.controller.kube.EventRecorder;
import dev.mainstay.controller.kube.OwnUser;
import dev.mainstay.controller.kube.Secrets;
import dev.mainstay.controller.kube.StatusWriter;
import dev.mainstay.controller.kube.StatusWriter.Answer;
import dev.mainstay.controller.watch.Wakeups;
import dev.mainstay.core.alert.AlertObstacle;
import dev.mainstay.core.alert.ChannelDecider;
import dev.mainstay.core.alert.ChannelDecision;
import dev.mainstay.core.alert.ChannelDeliveries;
import dev.mainstay.core.alert.ChannelObservation;
import dev.mainstay.core.alert.ChannelSecrets;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiFunction;

/** Observes, decides, acts and reports on NotificationChannels. */
public final class NotificationChannelReconciler implements Reconciler<NotificationChannel> {

    /** When to look again for a Secret that is not there: nobody tells of it, since no Secrets are watched. */
    static final Duration SECRETS_AGAIN = Duration.ofSeconds(30);

    private final Secrets secrets;
    private final OwnUser user;
    private final SourceTroubles troubles;
    private final Outbox outbox;
    private final StatusWriter statuses;
    private final EventRecorder events;
    private final Wakeups wakeups;
    private final Clock clock;
    private final BiFunction<ChannelObservation, Instant, ChannelDecision> decider;

    public NotificationChannelReconciler(
            Secrets secrets,
            OwnUser user,
            SourceTroubles troubles,
            Outbox outbox,
            StatusWriter statuses,
            EventRecorder events,
            Wakeups wakeups,
            Clock clock) {
        this(secrets, user, troubles, outbox, statuses, events, wakeups, clock, ChannelDecider::decide);
    }

    NotificationChannelReconciler(
            Secrets secrets,
            OwnUser user,
            SourceTroubles troubles,
            Outbox outbox,
            StatusWriter statuses,
            EventRecorder events,
            Wakeups wakeups,
            Clock clock,
            BiFunction<ChannelObservation, Instant, ChannelDecision> decider) {
        this.secrets = secrets;
        this.user = user;
        this.troubles = troubles;
        this.outbox = outbox;
        this.statuses = statuses;
        this.events = events;
        this.wakeups = wakeups;
        this.clock = clock;
        this.decider = decider;
    }

    @Override
    public List<EventSource<?, NotificationChannel>> prepareEventSources(
            EventSourceContext<NotificationChannel> context) {
        return List.of(wakeups.alerts().channels(context.getPrimaryCache()));
    }

    @Override
    public UpdateControl<NotificationChannel> reconcile(
            NotificationChannel channel, Context<NotificationChannel> context) {
        wakeups.alerts().channelSeen(channel, context.isPrimaryResourceDeleted());
        if (context.isPrimaryResourceDeleted() || channel.getMetadata().getDeletionTimestamp() != null) {
            outbox.hand(channel.getMetadata().getUid(), List.of(), List.of());
            return UpdateControl.noUpdate();
        }
        if (channel.unreadableStatus().isPresent()) {
            return UpdateControl.noUpdate();
        }
        if (!wakeups.filled()) {
            return UpdateControl.<NotificationChannel>noUpdate().rescheduleAfter(Wakeups.FILLING);
        }
        if (statuses.isOutdated(channel)) {
            return UpdateControl.<NotificationChannel>noUpdate().rescheduleAfter(StatusWriter.LOOK_AGAIN);
        }
        Instant now = clock.instant();
        ChannelObservation seen = observe(channel);
        return report(seen, decider.apply(seen, now), now);
    }

    private ChannelObservation observe(NotificationChannel channel) {
        String namespace = channel.getMetadata().getNamespace();
        Optional<AlertObstacle> obstacle = ChannelSecrets.obstacle(
                channel, key -> secrets.read(namespace, key).seen(), user::name);
        List<AlertRule> rules = wakeups.alerts().rulesOf(namespace);
        return new ChannelObservation(
                channel,
                wakeups.alerts().channelsOf(namespace),
                obstacle.orElse(null),
                troubles.of(channel),
                outbox.deliveries(channel.getMetadata().getUid()),
                ChannelDeliveries.taken(channel.getMetadata().getName(), rules),
                ChannelDeliveries.trouble(channel.getMetadata().getName(), rules)
                        .orElse(null));
    }

    /** What is handed over is in the status before: a process that ends in between finds there what it has to send. */
    private UpdateControl<NotificationChannel> report(ChannelObservation seen, ChannelDecision decision, Instant now) {
        NotificationChannel channel = seen.channel();
        NotificationChannelStatus status = decision.status();
        if (!Objects.equals(status, channel.getStatus())) {
            if (statuses.write(channel, status) != Answer.WRITTEN) {
                return UpdateControl.<NotificationChannel>noUpdate().rescheduleAfter(StatusWriter.LOOK_AGAIN);
            }
            events.transition(
                    channel,
                    Optional.ofNullable(channel.getStatus())
                            .map(NotificationChannelStatus::conditions)
                            .orElse(List.of()),
                    status.conditions());
        }
        outbox.hand(channel.getMetadata().getUid(), decision.messages(), decision.open());
        return next(seen, decision, now)
                .map(left -> UpdateControl.<NotificationChannel>noUpdate().rescheduleAfter(left))
                .orElseGet(UpdateControl::noUpdate);
    }

    /** A moment that has passed already must not keep the process busy. */
    private static Optional<Duration> next(ChannelObservation seen, ChannelDecision decision, Instant now) {
        Optional<Duration> decided = Optional.ofNullable(decision.wakeUp())
                .map(then -> Duration.between(now, then))
                .map(left -> left.isPositive() ? left : StatusWriter.LOOK_AGAIN);
        return seen.obstacle() == null
                ? decided
                : Optional.of(decided.filter(left -> left.compareTo(SECRETS_AGAIN) < 0)
                        .orElse(SECRETS_AGAIN));
    }
}
