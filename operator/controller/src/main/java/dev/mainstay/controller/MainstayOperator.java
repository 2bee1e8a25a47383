package dev.mainstay.controller;

import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.api.backup.DatabaseBackup;
import dev.mainstay.api.mode.MaintenanceMode;
import dev.mainstay.api.restore.RestoreRequest;
import dev.mainstay.api.rollback.RollbackRequest;
import dev.mainstay.api.runbook.MaintenanceRun;
import dev.mainstay.api.runbook.Runbook;
import dev.mainstay.controller.application.ApplicationWorkloads;
import dev.mainstay.controller.application.HealthLook;
import dev.mainstay.controller.application.HealthPass;
import dev.mainstay.controller.application.HealthProbe;
import dev.mainstay.controller.application.HealthSampler;
import dev.mainstay.controller.application.JobTemplateCheck;
import dev.mainstay.controller.application.ManagedApplicationReconciler;
import dev.mainstay.controller.backup.Attachments;
import dev.mainstay.controller.backup.BackupJobs;
import dev.mainstay.controller.backup.BackupObserver;
import dev.mainstay.controller.backup.BackupPolicyReconciler;
import dev.mainstay.controller.backup.DatabaseBackupReconciler;
import dev.mainstay.controller.backup.JobCaches;
import dev.mainstay.controller.backup.JobPlaces;
import dev.mainstay.controller.backup.PolicyJobs;
import dev.mainstay.controller.backup.Preflights;
import dev.mainstay.controller.backup.ProgressSampler;
import dev.mainstay.controller.backup.RestoreTests;
import dev.mainstay.controller.backup.StoredDataDeletion;
import dev.mainstay.controller.claims.ApplicationClaims;
import dev.mainstay.controller.claims.ClaimLeases;
import dev.mainstay.controller.health.Heartbeats;
import dev.mainstay.controller.kube.ArgoApplications;
import dev.mainstay.controller.kube.Autoscalers;
import dev.mainstay.controller.kube.ClaimStore;
import dev.mainstay.controller.kube.ConfigMaps;
import dev.mainstay.controller.kube.DatabaseBackups;
import dev.mainstay.controller.kube.Deployments;
import dev.mainstay.controller.kube.EventRecorder;
import dev.mainstay.controller.kube.ExecutionMarks;
import dev.mainstay.controller.kube.Finalizers;
import dev.mainstay.controller.kube.HolderList;
import dev.mainstay.controller.kube.JobClient;
import dev.mainstay.controller.kube.KubernetesClients;
import dev.mainstay.controller.kube.LeaderLease;
import dev.mainstay.controller.kube.MaintenanceModes;
import dev.mainstay.controller.kube.PodLogs;
import dev.mainstay.controller.kube.Quotas;
import dev.mainstay.controller.kube.ReadyPods;
import dev.mainstay.controller.kube.ReleaseStore;
import dev.mainstay.controller.kube.ServiceAccounts;
import dev.mainstay.controller.kube.Services;
import dev.mainstay.controller.kube.StatusWriter;
import dev.mainstay.controller.kube.WorkloadScales;
import dev.mainstay.controller.metrics.PrometheusClient;
import dev.mainstay.controller.mode.CachedSurroundings;
import dev.mainstay.controller.mode.MaintenanceModeReconciler;
import dev.mainstay.controller.mode.StoredClaims;
import dev.mainstay.controller.readiness.RestoreLooks;
import dev.mainstay.controller.release.ReleaseCache;
import dev.mainstay.controller.release.ReleaseKeeper;
import dev.mainstay.controller.restore.RestoreEffects;
import dev.mainstay.controller.restore.RestoreObserver;
import dev.mainstay.controller.restore.RestoreRequestReconciler;
import dev.mainstay.controller.rollback.RollbackEffects;
import dev.mainstay.controller.rollback.RollbackObserver;
import dev.mainstay.controller.rollback.RollbackRequestReconciler;
import dev.mainstay.controller.rollback.RollbackSampler;
import dev.mainstay.controller.runbook.RunbookReconciler;
import dev.mainstay.controller.runbook.RunnerActor;
import dev.mainstay.controller.task.RunnerPods;
import dev.mainstay.controller.watch.Wakeups;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.ConfigurationServiceOverrider;
import io.javaoperatorsdk.operator.api.config.ControllerConfigurationOverrider;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfigurationBuilder;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.processing.retry.GenericRetry;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The operator, composed: controllers, their ports, and the framework's settings. */
public final class MainstayOperator implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(MainstayOperator.class);

    private static final int THREADS = 16;
    private static final Duration LONGEST_SILENCE = Duration.ofMinutes(10);
    private static final Duration LONGEST_RETRY = Duration.ofMinutes(5);
    private static final Duration LAST_PASS = Duration.ofSeconds(20);
    private static final Duration CACHE_SYNC = Duration.ofMinutes(5);

    private final Settings settings;
    private final Operator operator;
    private final Wakeups wakeups = new Wakeups();
    private final ProgressSampler sampler;
    private final HealthPass healthPass;
    private final HealthSampler health;
    private final PrometheusClient prometheus = new PrometheusClient();
    private final RollbackSampler rollbackSampler;
    private final LeaderLease lease;
    private final AtomicBoolean stopping = new AtomicBoolean();
    private volatile boolean leading;

    /** Composes everything; nothing is asked of the API server yet. */
    public MainstayOperator(
            Settings settings, KubernetesClient client, String clusterId, Heartbeats heartbeats, Clock clock) {
        this.settings = settings;
        this.lease = new LeaderLease(client, settings.namespace(), settings.leaseName(), settings.podName());
        this.sampler = new ProgressSampler(new PodLogs(client), clock);
        this.operator = new Operator(overrider -> configure(overrider, client, heartbeats));
        ApplicationWorkloads workloads = new ApplicationWorkloads();
        this.healthPass = new HealthPass(new HealthProbe(), new ReadyPods(client));
        this.health = new HealthSampler(healthPass, workloads, wakeups);
        this.rollbackSampler = new RollbackSampler(healthPass, prometheus, workloads, wakeups, clock);
        StatusWriter statuses = new StatusWriter(client);
        EventRecorder events = new EventRecorder(client, settings.podName(), clock);
        JobCaches jobCaches = new JobCaches(wakeups);
        JobPlaces places = new JobPlaces(
                jobCaches,
                settings.limitJobs(),
                settings.limitJobsPerNamespace(),
                settings.limitDumpsPerServer(),
                clock);
        HolderList holders = new HolderList(client);
        ClaimStore claims = new ClaimStore(client, settings.qualifiedRelease(), clock.instant(), holders);
        ClaimLeases leases = new ClaimLeases(claims);
        JobClient jobClient = new JobClient(client);
        ServiceAccounts accounts = new ServiceAccounts(client);
        BackupObserver observer =
                new BackupObserver(accounts, jobClient, jobCaches, places, wakeups, sampler, leases, clusterId);
        RunnerPods pods = new RunnerPods(
                settings.runnerImage(),
                settings.runnerPostgresImage(),
                settings.runnerImagePullPolicy(),
                settings.proxies());
        BackupJobs jobs = new BackupJobs(pods);
        PolicyJobs policyJobs = new PolicyJobs(jobClient, jobCaches);
        RestoreTests restoreTests =
                new RestoreTests(accounts, policyJobs, jobClient, places, jobs, statuses, wakeups, clusterId);
        DatabaseBackups backups = new DatabaseBackups(client);
        Preflights preflights = new Preflights(
                accounts,
                jobClient,
                policyJobs,
                places,
                jobs,
                new PodLogs(client),
                new ConfigMaps(client),
                new Attachments(backups, statuses),
                wakeups,
                clusterId);
        StoredDataDeletion deletion =
                new StoredDataDeletion(jobs, jobClient, places, new Finalizers(client), statuses, events);
        Deployments deployments = new Deployments(client);
        ReleaseStore releases = new ReleaseStore(client);
        ConfigMaps configMaps = new ConfigMaps(client);
        Autoscalers autoscalers = new Autoscalers(client);
        ExecutionMarks marks = new ExecutionMarks(client);
        MaintenanceModes modes = new MaintenanceModes(client);
        register(
                new ManagedApplicationReconciler(
                        workloads,
                        health,
                        new JobTemplateCheck(pods, jobClient::invalid, clock),
                        leases,
                        new ApplicationClaims(leases, claims, holders, wakeups),
                        new ReleaseCache(),
                        new ReleaseKeeper(deployments, configMaps, releases),
                        new RestoreLooks(accounts, jobClient, jobCaches, places, jobs, wakeups, clusterId),
                        statuses,
                        events,
                        wakeups,
                        clock),
                ManagedApplication.class);
        register(
                new BackupPolicyReconciler(backups, leases, preflights, restoreTests, statuses, events, wakeups, clock),
                BackupPolicy.class);
        register(
                new DatabaseBackupReconciler(
                        observer, jobCaches, places, jobs, jobClient, deletion, claims, statuses, events, wakeups,
                        clock),
                DatabaseBackup.class);
        register(
                new RollbackRequestReconciler(
                        new RollbackObserver(
                                deployments,
                                releases,
                                configMaps,
                                autoscalers,
                                new ArgoApplications(client, settings.argoNamespace()),
                                new Quotas(client),
                                new Services(client),
                                modes,
                                leases,
                                wakeups,
                                rollbackSampler),
                        new RollbackEffects(deployments, autoscalers, releases, modes, marks, events),
                        releases,
                        claims,
                        marks,
                        new Finalizers(client),
                        statuses,
                        events,
                        wakeups,
                        clock),
                RollbackRequest.class);
        WorkloadScales scales = new WorkloadScales(client);
        HealthLook looks = new HealthLook(healthPass, workloads);
        register(
                new RestoreRequestReconciler(
                        new RestoreObserver(
                                accounts,
                                jobClient,
                                jobCaches,
                                sampler,
                                modes,
                                scales,
                                autoscalers,
                                looks,
                                leases,
                                wakeups,
                                clusterId),
                        new RestoreEffects(scales, new DatabaseBackups(client), modes, marks, events),
                        jobCaches,
                        places,
                        jobs,
                        jobClient,
                        claims,
                        marks,
                        new Finalizers(client),
                        statuses,
                        events,
                        wakeups,
                        clock),
                RestoreRequest.class);
        register(
                new MaintenanceModeReconciler(
                        MaintenanceComposition.pass(
                                client,
                                settings,
                                new CachedSurroundings(wakeups, leases, claims),
                                modes,
                                new StoredClaims(claims),
                                events),
                        wakeups,
                        clock),
                MaintenanceMode.class);
        register(new RunbookReconciler(statuses, events, wakeups, clock), Runbook.class);
        register(
                MaintenanceComposition.runs(
                        client,
                        looks,
                        new RunnerActor(accounts, jobClient, jobCaches, places, jobs, wakeups, clusterId, clock),
                        leases,
                        marks,
                        statuses,
                        events,
                        wakeups,
                        clock),
                MaintenanceRun.class);
    }

    /** Begins to watch, as soon as it leads. */
    public void start() {
        sampler.start();
        operator.start();
        wakeups.cachesAreFilled();
    }

    /** The applications that are known, for what is measured of them. */
    public List<ManagedApplication> applications() {
        return wakeups.applications();
    }

    /** The policies that are known, for what is measured of them. */
    public List<BackupPolicy> policies() {
        return wakeups.policies();
    }

    /** The maintenance modes that are known, for what is measured of them. */
    public List<MaintenanceMode> modes() {
        return wakeups.modes();
    }

    /** The restores that are known, for what is measured of them. */
    public List<RestoreRequest> restores() {
        return wakeups.restores();
    }

    /** Whether it is the one that works: there may be others that stand by. */
    public boolean leads() {
        return !settings.leaderElection() || leading;
    }

    /** Whether its caches are filled, or it stands by for a leader that works. */
    public boolean ready() {
        if (settings.leaderElection() && !leading) {
            return true;
        }
        return WatchHealth.synced(operator);
    }

    /** Stops taking work, finishes the running passes, and gives the Lease up. */
    @Override
    public void close() {
        if (!stopping.compareAndSet(false, true)) {
            return;
        }
        operator.stop();
        sampler.close();
        health.close();
        rollbackSampler.close();
        healthPass.close();
        prometheus.close();
        if (settings.leaderElection()) {
            lease.release();
        }
    }

    private <P extends HasMetadata> void register(Reconciler<P> reconciler, Class<P> kind) {
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
