package dev.mainstay.core.runbook;

import dev.mainstay.api.alert.NotificationChannel;
import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.api.backup.DatabaseBackup;
import dev.mainstay.api.mode.MaintenanceMode;
import dev.mainstay.api.restore.RestoreRequest;
import dev.mainstay.api.rollback.RollbackRequest;
import dev.mainstay.api.workload.StoppedWorkload;
import dev.mainstay.core.alert.Delivery;
import dev.mainstay.core.backup.BackupObservation.ServiceAccountObservation;
import dev.mainstay.core.backup.JobObservation;
import dev.mainstay.core.certificate.Issued;
import dev.mainstay.core.metrics.MetricSample;
import dev.mainstay.core.rollback.AutoscalerState;
import dev.mainstay.core.rollback.PodTemplate;
import dev.mainstay.core.rollback.RollbackDecision;
import dev.mainstay.core.rollback.ServiceState;
import dev.mainstay.core.workload.WorkloadSeen;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/** What is known of that which a step looks at or has made. */
public sealed interface StepSeen {

    /** Nothing was looked at. */
    record Nothing() implements StepSeen {}

    /**
     * Of a backup.
     *
     * @param policy the policy; null when there is none
     * @param made what the attempt has made; null when it has made nothing
     * @param others all backups of the policy
     */
    record OfBackup(BackupPolicy policy, DatabaseBackup made, List<DatabaseBackup> others) implements StepSeen {}

    /** What the Pods answered. */
    record OfHttp(HttpSeen found) implements StepSeen {}

    /** The workloads that are restarted, in the order of the application's spec. */
    record OfRestart(List<RestartedWorkload> workloads) implements StepSeen {}

    /**
     * The workloads whose Pods are evicted, in the order of the application's spec.
     *
     * @param at when they were looked at
     */
    record OfEviction(List<EvictedWorkload> workloads, Instant at) implements StepSeen {}

    /** Of a Job of one's own. */
    record OfJob(CustomJobSeen found) implements StepSeen {}

    /**
     * Of a rollback.
     *
     * @param made what the attempt has made; null when it has made nothing, or somebody has deleted it
     * @param rejection what the API server says when it would not take it; null when it would, or has
     */
    record OfRollback(RollbackRequest made, String rejection) implements StepSeen {}

    /** Of a rollback, for a dry run: what would become of the RollbackRequest at once, or why the API server would not take it. */
    record OfRehearsal(RollbackDecision decision, String rejection) implements StepSeen {}

    /** Of a maintenance mode, for a dry run: the Services of the application. */
    record OfServices(List<ServiceState> services) implements StepSeen {}

    /**
     * Of a Job that the runner works in.
     *
     * @param job what is seen of it; null when there is none
     * @param account whether it may run under the ServiceAccount that the application names; looked at while there is none
     * @param place whether there is a place for it; looked at while there is none
     * @param policies the BackupPolicies of the application
     * @param template the pod template of the workload that the step wants; null when there is none; looked at while there is no
     *     Job
     * @param restores the restores of its namespace, where the step wants them; looked at while there is no Job
     * @param databases the names of databases that any ManagedApplication has in its spec, where the step wants restores
     * @param at when that was looked at
     */
    record OfRunner(
            JobObservation job,
            ServiceAccountObservation account,
            boolean place,
            List<BackupPolicy> policies,
            PodTemplate template,
            List<RestoreRequest> restores,
            Set<String> databases,
            Instant at)
            implements StepSeen {

        /** Of a step that wants no restores. */
        public OfRunner(
                JobObservation job,
                ServiceAccountObservation account,
                boolean place,
                List<BackupPolicy> policies,
                PodTemplate template,
                Instant at) {
            this(job, account, place, policies, template, List.of(), Set.of(), at);
        }

        /** Of a step that wants no workload, and no restores. */
        public OfRunner(
                JobObservation job,
                ServiceAccountObservation account,
                boolean place,
                List<BackupPolicy> policies,
                Instant at) {
            this(job, account, place, policies, null, at);
        }

        /** What the runner's order is made of. */
        RunnerObjects objects() {
            return new RunnerObjects(policies, template, restores, databases, at);
        }
    }

    /**
     * Of certificates that cert-manager is asked to renew before a Job looks at them.
     *
     * @param runner of the Job
     * @param issued the Certificates of the namespace
     */
    record OfCertificates(OfRunner runner, Issued issued) implements StepSeen {}

    /**
     * Of a workload that is scaled.
     *
     * @param workload the workload; null when the application has none of that name
     * @param autoscalers the autoscalers of its namespace
     * @param stopped what maintenance modes keep stopped of the application
     */
    record OfScale(WorkloadSeen workload, List<AutoscalerState> autoscalers, List<StoppedWorkload> stopped)
            implements StepSeen {}

    /**
     * What the Prometheus answered.
     *
     * @param now to the query as of now
     * @param before to the query as of then; null where that is not asked
     */
    record OfMetric(MetricSample now, MetricSample before) implements StepSeen {}

    /**
     * Of a message.
     *
     * @param channel the channel; null when there is none
     * @param delivery how far the message of the attempt is; null when it was not handed over yet
     */
    record OfNotify(NotificationChannel channel, Delivery delivery) implements StepSeen {}

    /** Of the maintenance mode that the step makes; null when there is none. */
    record OfMode(MaintenanceMode mode) implements StepSeen {}
}
