package dev.mainstay.controller;

import dev.mainstay.controller.health.DefinitionMetrics;
import dev.mainstay.controller.health.HealthServer;
import dev.mainstay.controller.health.Heartbeats;
import dev.mainstay.controller.kube.Autoscalers;
import dev.mainstay.controller.kube.ClaimRelease;
import dev.mainstay.controller.kube.ClaimStore;
import dev.mainstay.controller.kube.ClusterIdentity;
import dev.mainstay.controller.kube.DatabaseBackups;
import dev.mainstay.controller.kube.Deployments;
import dev.mainstay.controller.kube.EventRecorder;
import dev.mainstay.controller.kube.ExecutionMarks;
import dev.mainstay.controller.kube.FinalizerRelease;
import dev.mainstay.controller.kube.HolderList;
import dev.mainstay.controller.kube.KubernetesClients;
import dev.mainstay.controller.kube.MaintenanceModes;
import dev.mainstay.controller.kube.ReleaseStore;
import dev.mainstay.controller.kube.ServedSchemas;
import dev.mainstay.controller.kube.Services;
import dev.mainstay.controller.kube.WorkloadScales;
import dev.mainstay.controller.mode.ModeRelease;
import dev.mainstay.controller.restore.RestoreEffects;
import dev.mainstay.controller.rollback.RollbackEffects;
import dev.mainstay.controller.runbook.RunRelease;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.BindException;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The operator's process. */
public final class OperatorMain {

    private static final Logger LOG;

    static {
        // Read once by the first logger that is made.
        System.setProperty(
                "org.slf4j.simpleLogger.defaultLogLevel", System.getenv().getOrDefault("MAINSTAY_LOG_LEVEL", "info"));
        LOG = LoggerFactory.getLogger(OperatorMain.class);
    }

    private OperatorMain() {}

    /**
     * Runs until it is stopped.
     *
     * @param args {@code --train} starts against a server of its own, up to the first status of each kind, and ends: what
     *     is loaded then goes into the image's ahead-of-time cache; {@code --release} takes the finalizers away and hands the
     *     applications back, before an uninstallation, and ends
     */
    public static void main(String[] args) throws IOException, GeneralSecurityException, InterruptedException {
        if (args.length == 1 && args[0].equals("--train")) {
            Training.run();
            return;
        }
        try {
            Settings settings = Settings.from(System.getenv());
            if (args.length == 1 && args[0].equals("--release")) {
                release(settings, Clock.systemUTC());
                return;
            }
            run(settings);
        } catch (BindException e) {
            fail("can't start: MAINSTAY_HTTP_PORT names a port that can't be listened at: " + e.getMessage());
        } catch (IllegalArgumentException | IllegalStateException e) {
            fail("can't start: " + e.getMessage());
        } catch (KubernetesClientException e) {
            fail("can't start, the API server does not answer as it should: " + found(e));
        }
    }

    private static void release(Settings settings, Clock clock) {
        try (KubernetesClient client = KubernetesClients.create(version())) {
            EventRecorder events = new EventRecorder(client, settings.podName(), clock);
            MaintenanceModes modes = new MaintenanceModes(client);
            ClaimStore claims =
                    new ClaimStore(client, settings.qualifiedRelease(), clock.instant(), new HolderList(client));
            new ModeRelease(
                            modes,
                            MaintenanceComposition.pass(
                                    client,
                                    settings,
                                    ModeRelease.surroundings(modes),
                                    modes,
                                    ModeRelease.claims(claims, clock),
                                    events),
                            settings.qualifiedRelease(),
                            clock)
                    .run(settings.watchNamespaces());
            // Before the finalizers: an operator that still runs would put them back, of applications that are its own.
            new ClaimRelease(client, settings.qualifiedRelease()).run(settings.watchNamespaces(), clock.instant());
            RollbackEffects rollbacks = new RollbackEffects(
                    new Deployments(client),
                    new Autoscalers(client),
                    new ReleaseStore(client),
                    modes,
                    new ExecutionMarks(client),
                    events);
            RestoreEffects restores = new RestoreEffects(
                    new WorkloadScales(client), new DatabaseBackups(client), modes, new ExecutionMarks(client), events);
            RunRelease runs = new RunRelease(
                    modes, new Services(client), new WorkloadScales(client), new Autoscalers(client), events);
            new FinalizerRelease(client, events, rollbacks::giveBack, restores::giveBack, runs::giveBack)
                    .run(settings.watchNamespaces());
        }
    }

    private static void run(Settings settings) throws IOException {
        long start = System.nanoTime();
        Clock clock = Clock.systemUTC();
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        Heartbeats heartbeats = new Heartbeats(registry, clock);
        KubernetesClient client = KubernetesClients.create(version());
        RequiredDefinitions.check(client);
        String clusterId = ClusterIdentity.of(client, settings.clusterId());
        MainstayOperator operator = new MainstayOperator(settings, client, clusterId, heartbeats, clock);
        OperatorMetrics.register(registry.getPrometheusRegistry(), operator.known(), operator::sent);
        Gauge.builder("mainstay.leader", operator, leader -> leader.leads() ? 1 : 0)
                .description("1 while this process is the one that works, 0 while it stands by.")
                .register(registry);
        DefinitionMetrics definitions = new DefinitionMetrics(OperatorMetrics.KINDS, new ServedSchemas(client)::read);
        registry.getPrometheusRegistry().register(definitions);
        HealthServer health = new HealthServer(settings.httpPort(), heartbeats::alive, operator::ready, registry);
        health.start();
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().name("stop").unstarted(() -> {
            operator.close();
            health.close();
            client.close();
        }));
        operator.start();
        // Not before it works: what is published of all kinds is the largest thing that it reads.
        ScheduledExecutorService looks = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("definitions").factory());
        looks.scheduleWithFixedDelay(definitions::look, 0, 1, TimeUnit.HOURS);
        LOG.atInfo()
                .addKeyValue("version", version())
                .addKeyValue("clusterId", clusterId)
                .addKeyValue("port", health.port())
                .addKeyValue("milliseconds", (System.nanoTime() - start) / 1_000_000)
                .log("started");
    }

    /** The client's own words, or those of what it stumbled over: a time that ran out says nothing by itself. */
    private static String found(Throwable problem) {
        if (problem.getMessage() != null) {
            return problem.getMessage();
        }
        return problem.getCause() == null ? problem.getClass().getSimpleName() : found(problem.getCause());
    }

    private static void fail(String message) {
        LOG.error(message);
        Runtime.getRuntime().halt(1);
    }

    /** The release, from the jar; {@code dev} when it runs from classes. */
    static String version() {
        String version = OperatorMain.class.getPackage().getImplementationVersion();
        return version == null ? "dev" : version;
    }
}
