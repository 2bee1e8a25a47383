package dev.mainstay.controller.watch;

import dev.mainstay.api.ObjectReference;
import dev.mainstay.api.alert.AlertMetric;
import dev.mainstay.api.alert.AlertRule;
import dev.mainstay.api.alert.NotificationChannel;
import dev.mainstay.api.backup.BackupPolicy;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** AlertRules and NotificationChannels, as {@link Wakeups} has the other kinds. */
public final class AlertWakeups {

    private static final String BY_APPLICATION = "by-application";
    private static final String BY_NAMESPACE = "by-namespace";
    private static final String BY_UID = "by-uid";

    private final SimpleInboundEventSource<AlertRule> ruleEvents =
            new SimpleInboundEventSource<>("woken-by-related-objects");
    private final SimpleInboundEventSource<NotificationChannel> channelEvents =
            new SimpleInboundEventSource<>("woken-by-related-objects");

    /** What rules have told channels of their messages, by uid and name of the channel. */
    private final Map<String, Map<String, Object>> deliveries = new ConcurrentHashMap<>();

    private final Map<String, Object> seen = new ConcurrentHashMap<>();

    private volatile IndexerResourceCache<AlertRule> rules;
    private volatile IndexerResourceCache<NotificationChannel> channels;

    private final Consumer<ResourceID> wakeApplication;

    AlertWakeups(Consumer<ResourceID> wakeApplication) {
        this.wakeApplication = wakeApplication;
    }

    /** Takes over the cache of the rules' controller; its events are to be added to that controller. */
    public SimpleInboundEventSource<AlertRule> rules(IndexerResourceCache<AlertRule> cache) {
        cache.addIndexer(
                BY_APPLICATION,
                rule -> rule.getSpec() == null
                        ? List.of()
                        : List.of(key(
                                rule.getMetadata().getNamespace(),
                                rule.getSpec().applicationRef().name())));
        cache.addIndexer(BY_NAMESPACE, rule -> List.of(rule.getMetadata().getNamespace()));
        cache.addIndexer(BY_UID, rule -> List.of(rule.getMetadata().getUid()));
        this.rules = cache;
        return ruleEvents;
    }

    /** Takes over the cache of the channels' controller; its events are to be added to that controller. */
    public SimpleInboundEventSource<NotificationChannel> channels(IndexerResourceCache<NotificationChannel> cache) {
        cache.addIndexer(BY_NAMESPACE, channel -> List.of(channel.getMetadata().getNamespace()));
        cache.addIndexer(BY_UID, channel -> List.of(channel.getMetadata().getUid()));
        this.channels = cache;
        return channelEvents;
    }

    /** All rules; none before this process watches. */
    public List<AlertRule> rules() {
        return rules == null ? List.of() : rules.list().toList();
    }

    /** The rule of that name; empty when there is none. */
    public Optional<AlertRule> rule(String namespace, String name) {
        return rules.get(new ResourceID(name, namespace));
    }

    /** The rule of that uid; empty when there is none. */
    public Optional<AlertRule> ruleOf(String uid) {
        return rules == null
                ? Optional.empty()
                : rules.byIndex(BY_UID, uid).stream().findFirst();
    }

    /** The rules of an application; none before this process watches. */
    public List<AlertRule> rulesOf(String namespace, String application) {
        return rules == null ? List.of() : rules.byIndex(BY_APPLICATION, key(namespace, application));
    }

    /** The rules of a namespace; none before this process watches. */
    public List<AlertRule> rulesOf(String namespace) {
        return rules == null ? List.of() : rules.byIndex(BY_NAMESPACE, namespace);
    }

    /** All channels; none before this process watches. */
    public List<NotificationChannel> channels() {
        return channels == null ? List.of() : channels.list().toList();
    }

    /** The channel of that name; empty when there is none. */
    public Optional<NotificationChannel> channel(String namespace, String name) {
        return channels.get(new ResourceID(name, namespace));
    }

    /** The channels of a namespace, by name; none before this process watches. */
    public Map<String, NotificationChannel> channelsOf(String namespace) {
        Map<String, NotificationChannel> named = new TreeMap<>();
        if (channels != null) {
            channels.byIndex(BY_NAMESPACE, namespace)
                    .forEach(channel -> named.put(channel.getMetadata().getName(), channel));
        }
        return named;
    }

    /**
     * Wakes the channels of which a rule tells something else than before: whether they take its messages; and its application
     * when it begins to fire or ends.
     */
    public void ruleSeen(AlertRule rule, boolean deleted) {
        if (rule.getSpec() != null && !unchanged(rule, deleted, Told.firing(rule))) {
            wakeApplication.accept(new ResourceID(
                    rule.getSpec().applicationRef().name(), rule.getMetadata().getNamespace()));
        }
        String uid = rule.getMetadata().getUid();
        Map<String, Object> told = deleted ? Map.of() : Told.deliveries(rule);
        Map<String, Object> before = Objects.requireNonNullElse(
                told.isEmpty() ? deliveries.remove(uid) : deliveries.put(uid, told), Map.of());
        Set<String> names = new TreeSet<>(told.keySet());
        names.addAll(before.keySet());
        names.stream()
                .filter(name -> !Objects.equals(told.get(name), before.get(name)))
                .forEach(name ->
                        wakeChannel(new ResourceID(name, rule.getMetadata().getNamespace())));
    }

    /**
     * Wakes the rules of a channel's namespace and the channels that rely on it when what they look at in it has changed:
     * which rules these are is not told by their specs alone, since applications name channels too, and channels each other.
     */
    public void channelSeen(NotificationChannel channel, boolean deleted) {
        List<Object> own = Arrays.asList(Told.generation(channel), Told.annotations(channel), Told.usable(channel));
        if (unchanged(channel, deleted, own)) {
            return;
        }
        String namespace = channel.getMetadata().getNamespace();
        rulesOf(namespace).forEach(rule -> wakeRule(ResourceID.fromResource(rule)));
        relyingOn(channel.getMetadata().getName(), channelsOf(namespace).values())
                .forEach(name -> wakeChannel(new ResourceID(name, namespace)));
    }

    /** Those that a channel stands in for, and for which they do: channels that stand in for each other in a circle all say so. */
    private static Set<String> relyingOn(String channel, Collection<NotificationChannel> all) {
        Set<String> relying = new TreeSet<>();
        Deque<String> open = new ArrayDeque<>(List.of(channel));
        while (!open.isEmpty()) {
            String name = open.pop();
            all.stream()
                    .filter(other -> other.getSpec() != null
                            && other.getSpec().fallback() != null
                            && other.getSpec().fallback().channel().equals(name))
                    .map(other -> other.getMetadata().getName())
                    .filter(relying::add)
                    .forEach(open::push);
        }
        relying.remove(channel);
        return relying;
    }

    /** Wakes the rules of an application of which a maintenance mode or a restore was changed, which may mute them. */
    void downtimeChanged(HasMetadata of, ObjectReference application) {
        applicationChanged(of.getMetadata().getNamespace(), application.name());
    }

    /** Wakes the rules of an application. */
    public void applicationChanged(String namespace, String application) {
        rulesOf(namespace, application).forEach(rule -> wakeRule(ResourceID.fromResource(rule)));
    }

    /** Wakes the rules that look at the backups of a policy's application when the policy was changed, or has a new one. */
    void policySeen(BackupPolicy policy, boolean deleted) {
        List<Object> own = Arrays.asList(Told.generation(policy), Told.annotations(policy), Told.by(policy));
        if (policy.getSpec() != null && !unchanged(policy, deleted, own)) {
            rulesOf(
                            policy.getMetadata().getNamespace(),
                            policy.getSpec().applicationRef().name())
                    .stream()
                    .filter(rule -> rule.getSpec().metric() == AlertMetric.BACKUP_AGE)
                    .forEach(rule -> wakeRule(ResourceID.fromResource(rule)));
        }
    }

    /** Wakes a rule of which something was learnt. */
    public void wakeRule(ResourceID rule) {
        ruleEvents.propagateEvent(rule);
    }

    /** Wakes a channel of which something was learnt. */
    public void wakeChannel(ResourceID channel) {
        channelEvents.propagateEvent(channel);
    }

    /** Wakes the rule or the channel of that uid: a message of it got further. */
    public void wake(String uid) {
        woken(rules, uid).forEach(this::wakeRule);
        woken(channels, uid).forEach(this::wakeChannel);
    }

    /** Waking on every pass would let two objects that look at each other wake each other for ever. */
    private boolean unchanged(HasMetadata object, boolean deleted, Object fingerprint) {
        String uid = object.getMetadata().getUid();
        return deleted ? seen.remove(uid) == null : fingerprint.equals(seen.put(uid, fingerprint));
    }

    private static <T extends HasMetadata> List<ResourceID> woken(IndexerResourceCache<T> cache, String uid) {
        return cache == null
                ? List.of()
                : cache.byIndex(BY_UID, uid).stream()
                        .map(ResourceID::fromResource)
                        .toList();
    }

    private static String key(String namespace, String application) {
        return namespace + "/" + application;
    }
}
