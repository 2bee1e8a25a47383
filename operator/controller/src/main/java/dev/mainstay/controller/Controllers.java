package dev.mainstay.controller;

import dev.mainstay.controller.health.Heartbeats;
import dev.mainstay.controller.kube.KubernetesClients;
import dev.mainstay.controller.kube.LeaderLease;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.ConfigurationServiceOverrider;
import io.javaoperatorsdk.operator.api.config.ControllerConfigurationOverrider;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfigurationBuilder;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.processing.retry.GenericRetry;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The controllers as the framework runs them: watches, retries, threads, and the one that leads. */
final class Controllers {

    private static final Logger LOG = LoggerFactory.getLogger(Controllers.class);

    private static final int THREADS = 16;
    private static final Duration LONGEST_SILENCE = Duration.ofMinutes(10);
    private static final Duration LONGEST_RETRY = Duration.ofMinutes(5);
    private static final Duration LAST_PASS = Duration.ofSeconds(20);
    private static final Duration CACHE_SYNC = Duration.ofMinutes(5);

    private final Settings settings;
    private final LeaderLease lease;
    private final Operator operator;
    private final AtomicBoolean stopping = new AtomicBoolean();
    private volatile boolean leading;

    Controllers(Settings settings, KubernetesClient client, Heartbeats heartbeats) {
        this.settings = settings;
        this.lease = new LeaderLease(client, settings.namespace(), settings.leaseName(), settings.podName());
        this.operator = new Operator(overrider -> configure(overrider, client, heartbeats));
    }

    /** Begins to watch, as soon as it leads. */
    void start() {
        operator.start();
    }

    /** Whether this process is the one that works: there may be others that stand by. */
    boolean leads() {
        return !settings.leaderElection() || leading;
    }

    /** Whether its caches are filled, or it stands by for a leader that works. */
    boolean ready() {
        if (settings.leaderElection() && !leading) {
            return true;
        }
        return WatchHealth.synced(operator);
    }

    /** Stops taking work and finishes the running passes; whether that was not done before. */
    boolean stop() {
        if (!stopping.compareAndSet(false, true)) {
            return false;
        }
        operator.stop();
        return true;
    }

    /** Gives the Lease up. */
    void release() {
        if (settings.leaderElection()) {
            lease.release();
        }
    }

    <P extends HasMetadata> void register(Reconciler<P> reconciler, Class<P> kind) {
        operator.register(
                reconciler, (ControllerConfigurationOverrider<P> overrider) -> configureController(overrider, kind));
    }

    private <P extends HasMetadata> void configureController(
            ControllerConfigurationOverrider<P> overrider, Class<P> kind) {
        overrider
                .withName(kind.getSimpleName().toLowerCase(Locale.ROOT))
                .withFieldManager("mainstay")
                // Five attempts within 18 seconds, then silence for ten hours, is the default.
                .withRetry(GenericRetry.defaultLimitedExponentialRetry()
                        .withoutMaxAttempts()
                        .setInitialInterval(1_000)
                        .setIntervalMultiplier(2)
                        .setMaxInterval(LONGEST_RETRY.toMillis()))
                .withReconciliationMaxInterval(LONGEST_SILENCE)
                .withGenerationAware(false)
                .withOnUpdateFilter(WakingUpdates::wakes)
                .withTriggerReconcilerOnAllEvents(true)
                .withInformerListLimit(KubernetesClients.LIST_PAGE)
                .withItemStore(new SlimItemStore<>());
        if (settings.watchNamespaces().isEmpty()) {
            overrider.watchingAllNamespaces();
        } else {
            overrider.settingNamespaces(settings.watchNamespaces());
        }
    }

    private void configure(ConfigurationServiceOverrider overrider, KubernetesClient client, Heartbeats heartbeats) {
        overrider
                .withKubernetesClient(client)
                .withCloseClientOnStop(false)
                .withConcurrentReconciliationThreads(THREADS)
                .withReconciliationTerminationTimeout(LAST_PASS)
                .withCacheSyncTimeout(CACHE_SYNC)
                .withStopOnInformerErrorDuringStartup(true)
                .withMetrics(heartbeats)
                .withInformerStoppedHandler((informer, problem) -> {
                    if (stopping.get()) {
                        return;
                    }
                    LOG.atError()
                            .addKeyValue("type", informer.getApiTypeClass().getSimpleName())
                            .addKeyValue("problem", String.valueOf(problem))
                            .log("a watch ended for good; the process is started again");
                    halt();
                });
        if (settings.leaderElection()) {
            Duration held = settings.leaseDuration();
            overrider.withLeaderElectionConfiguration(LeaderElectionConfigurationBuilder.aLeaderElectionConfiguration(
                            settings.leaseName())
                    .withLeaseNamespace(settings.namespace())
                    .withIdentity(settings.podName())
                    .withLeaseDuration(held)
                    .withRenewDeadline(held.multipliedBy(2).dividedBy(3))
                    .withRetryPeriod(held.dividedBy(7))
                    // The default calls exit inside a callback that stop() waits for: a deadlock
                    // (java-operator-sdk issues 1614, 2496).
                    .withExitOnStopLeading(false)
                    .withLeaderCallbacks(new LeaderCallbacks(() -> leading = true, this::stopLeading, leader -> {}))
                    .build());
        }
    }

    private void stopLeading() {
        if (!stopping.get()) {
            LOG.atError()
                    .addKeyValue("lease", settings.namespace() + "/" + settings.leaseName())
                    .log("the Lease was not renewed in time, since the API server or this process was too slow, or"
                            + " another one took it; the process is started again");
        }
        halt();
    }

    /** Another one leads, or a watch is lost: what is in memory is of no use. Every effect is safe to be cut off. */
    private void halt() {
        if (!stopping.get()) {
            Runtime.getRuntime().halt(1);
        }
    }
}
