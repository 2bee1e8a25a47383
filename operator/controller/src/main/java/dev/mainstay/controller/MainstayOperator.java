package dev.mainstay.controller;

import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.api.backup.DatabaseBackup;
import dev.mainstay.api.mode.MaintenanceMode;
import dev.mainstay.api.restore.RestoreRequest;
import dev.mainstay.api.rollback.RollbackRequest;
import dev.mainstay.api.runbook.MaintenanceRun;
import dev.mainstay.api.runbook.MaintenanceSchedule;
import dev.mainstay.api.runbook.Runbook;
import dev.mainstay.controller.application.ApplicationWorkloads;
import dev.mainstay.controller.application.HealthLook;
import dev.mainstay.controller.application.HealthPass;
import dev.mainstay.controller.application.HealthProbe;
import dev.mainstay.controller.application.HealthSampler;
import dev.mainstay.controller.application.HttpLook;
import dev.mainstay.controller.application.HttpProbe;
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
import dev.mainstay.controller.kube.MaintenanceModes;
import dev.mainstay.controller.kube.Namespaces;
import dev.mainstay.controller.kube.PodLogs;
import dev.mainstay.controller.kube.Quotas;
import dev.mainstay.controller.kube.ReadyPods;
import dev.mainstay.controller.kube.ReleaseStore;
import dev.mainstay.controller.kube.ServiceAccounts;
import dev.mainstay.controller.kube.Services;
import dev.mainstay.controller.kube.StatusWriter;
import dev.mainstay.controller.kube.WorkloadScales;
import dev.mainstay.controller.kube.WorkloadTemplates;
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
import dev.mainstay.controller.runbook.JobActor;
import dev.mainstay.controller.runbook.NotifyActor;
import dev.mainstay.controller.runbook.RunbookReconciler;
import dev.mainstay.controller.runbook.RunnerActor;
import dev.mainstay.controller.task.RunnerPods;
import dev.mainstay.controller.watch.Wakeups;
import dev.mainstay.core.backup.PolicyMetric.Sample;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Clock;
import java.util.List;

/** The operator, composed: controllers and their ports. */
public final class MainstayOperator implements AutoCloseable {

    private final Controllers controllers;
    private final Wakeups wakeups = new Wakeups();
    private final ProgressSampler sampler;
    private final HealthPass healthPass;
    private final HttpLook httpLook;
    private final HealthSampler health;
    private final PrometheusClient prometheus = new PrometheusClient();
    private final RollbackSampler rollbackSampler;
    private final AlertComposition alerts;

    /** Composes everything; nothing is asked of the API server yet. */
    public MainstayOperator(
            Settings settings, KubernetesClient client, String clusterId, Heartbeats heartbeats, Clock clock) {
        this.controllers = new Controllers(settings, client, heartbeats);
        this.sampler = new ProgressSampler(new PodLogs(client), clock);
        ApplicationWorkloads workloads = new ApplicationWorkloads();
        ReadyPods readyPods = new ReadyPods(client);
        this.healthPass = new HealthPass(new HealthProbe(), readyPods);
        this.httpLook = new HttpLook(healthPass, new HttpProbe(), readyPods, new Services(client), workloads);
        this.health = new HealthSampler(healthPass, workloads, wakeups);
        this.rollbackSampler = new RollbackSampler(healthPass, prometheus, workloads, wakeups, clock);
        EventRecorder events = new EventRecorder(client, settings.podName(), clock);
        this.alerts = new AlertComposition(settings, client, prometheus, workloads, wakeups, events, clock);
        StatusWriter statuses = new StatusWriter(client);
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
        ExecutionMarks marks = new ExecutionMarks(client);
        Preflights preflights = new Preflights(
                accounts,
                jobClient,
                policyJobs,
                places,
                jobs,
                new PodLogs(client),
                new ConfigMaps(client),
                new Attachments(backups, statuses),
                marks,
                wakeups,
                clusterId);
        StoredDataDeletion deletion =
                new StoredDataDeletion(jobs, jobClient, places, new Finalizers(client), statuses, events);
        Deployments deployments = new Deployments(client);
        ReleaseStore releases = new ReleaseStore(client);
        ConfigMaps configMaps = new ConfigMaps(client);
        Autoscalers autoscalers = new Autoscalers(client);
        MaintenanceModes modes = new MaintenanceModes(client);
        controllers.register(
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
        controllers.register(
                new BackupPolicyReconciler(backups, leases, preflights, restoreTests, statuses, events, wakeups, clock),
                BackupPolicy.class);
        controllers.register(
                new DatabaseBackupReconciler(
                        observer, jobCaches, places, jobs, jobClient, deletion, claims, statuses, events, wakeups,
                        clock),
                DatabaseBackup.class);
        RollbackObserver rollbacks = new RollbackObserver(
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
                rollbackSampler);
        controllers.register(
                new RollbackRequestReconciler(
                        rollbacks,
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
        controllers.register(
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
        controllers.register(
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
        controllers.register(new RunbookReconciler(statuses, events, wakeups, clock), Runbook.class);
        controllers.register(
                MaintenanceComposition.schedules(client, workloads, leases, statuses, events, wakeups, clock),
                MaintenanceSchedule.class);
        controllers.register(
                MaintenanceComposition.runs(
                        client,
                        httpLook,
                        prometheus,
                        rollbacks,
                        new JobActor(
                                settings.namespace(),
                                new Namespaces(client),
                                accounts,
                                jobClient,
                                jobCaches,
                                places,
                                clock),
                        new NotifyActor(alerts.outbox(), wakeups.alerts()::channel),
                        new RunnerActor(
                                accounts,
                                new WorkloadTemplates(client),
                                jobClient,
                                jobCaches,
                                places,
                                jobs,
                                holders,
                                wakeups,
                                clusterId,
                                clock),
                        leases,
                        claims,
                        marks,
                        statuses,
                        events,
                        wakeups,
                        clock),
                MaintenanceRun.class);
        alerts.register(controllers, leases, statuses, events);
    }

    /** Begins to watch, as soon as it leads. */
    public void start() {
        sampler.start();
        controllers.start();
        wakeups.cachesAreFilled();
    }

    /** The objects that are known, for what is measured of them. */
    public Wakeups known() {
        return wakeups;
    }

    /** How many requests with messages on alerts ended how. */
    public List<Sample> sent() {
        return alerts.outbox().sent();
    }

    /** Whether it is the one that works: there may be others that stand by. */
    public boolean leads() {
        return controllers.leads();
    }

    /** Whether its caches are filled, or it stands by for a leader that works. */
    public boolean ready() {
        return controllers.ready();
    }

    /** Stops taking work, finishes the running passes, and gives the Lease up. */
    @Override
    public void close() {
        if (!controllers.stop()) {
            return;
        }
        sampler.close();
        health.close();
        rollbackSampler.close();
        alerts.close();
        healthPass.close();
        httpLook.close();
        prometheus.close();
        controllers.release();
    }
}
