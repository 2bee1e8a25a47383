package dev.mainstay.api.runbook;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.mainstay.api.FieldRules;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** One step: exactly one of the fields that say what is done, and how it is done. */
@ValidationRule(
        value =
                "[has(self.backup), has(self.httpCheck), has(self.maintenanceMode), has(self.scale), has(self.restart),"
                        + " has(self.rollback), has(self.cacheReview), has(self.cacheClear), has(self.job), has(self.manual),"
                        + " has(self.metricCheck), has(self.databaseReview), has(self.databaseMaintain),"
                        + " has(self.certificateCheck), has(self.dependencyAudit), has(self.notify)].filter(given, given).size() == 1",
        message = "must have exactly one of backup, httpCheck, maintenanceMode, scale, restart, rollback, cacheReview,"
                + " cacheClear, job, manual, metricCheck, databaseReview, databaseMaintain, certificateCheck,"
                + " dependencyAudit and notify")
@ValidationRule(
        value = "!has(self.manual) || !has(self.timeout) && self.retries == 0",
        message =
                "a manual step waits for a person, as long as approval.expiresAfter says: leave timeout and retries out")
@ValidationRule(
        value = "!has(self.rollback) || self.retries == 0",
        message = "a rollback is not tried again, since what it left is to be looked at first: leave retries out")
public record RunbookStep(
        @JsonPropertyDescription("Name of the step, by which it is approved.")
        @Required
        @Size(min = 1, max = 63)
        @ValidationRule(value = FieldRules.LABEL_NAME, message = FieldRules.LABEL_NAME_MESSAGE)
        String name,

        @JsonPropertyDescription("Makes a backup, and waits for its end.")
        BackupStep backup,

        @JsonPropertyDescription(
                "Asks the application's own ready Pods, those of its Services, or one of its URLs over HTTP.")
        HttpCheckStep httpCheck,

        @JsonPropertyDescription("Leads the application's Services to its maintenance page, or back.")
        MaintenanceModeStep maintenanceMode,

        @JsonPropertyDescription("Changes how many Pods of a workload are wanted, and waits until they are ready.")
        ScaleStep scale,

        @JsonPropertyDescription("Has the Pods of workloads replaced by new ones, and waits for that.")
        RestartStep restart,

        @JsonPropertyDescription("Makes a RollbackRequest, and waits for its outcome.")
        RollbackStep rollback,

        @JsonPropertyDescription("Looks at a cache of the application and at its server, and changes nothing.")
        CacheReviewStep cacheReview,

        @JsonPropertyDescription("Removes keys from a cache of the application.")
        CacheClearStep cacheClear,

        @JsonPropertyDescription("Runs a Job of its own template, in namespaces that an administrator allows that in.")
        JobStep job,

        @JsonPropertyDescription("Waits for a person who does something, and says so.")
        ManualStep manual,

        @JsonPropertyDescription("Asks the application's Prometheus, and compares the value.")
        MetricCheckStep metricCheck,

        @JsonPropertyDescription("Looks at a database of the application and at its server, and changes nothing.")
        DatabaseReviewStep databaseReview,

        @JsonPropertyDescription("Ends idle sessions, reindexes, vacuums or analyzes in a database of the application.")
        DatabaseMaintainStep databaseMaintain,

        @JsonPropertyDescription(
                "Looks at the certificates of the application, where they are kept and where they are served.")
        CertificateCheckStep certificateCheck,

        @JsonPropertyDescription("Has npm audit look for known vulnerabilities in the application's npm dependencies.")
        DependencyAuditStep dependencyAudit,

        @JsonProperty("notify")
        @JsonPropertyDescription("Tells a NotificationChannel something, and waits until it has taken that.")
        NotifyStep notifyStep,

        @JsonPropertyDescription(
                "How long one attempt may take. Left out: as long as the table in docs/maintenance-runs.md says for its type.")
        @Size(min = 2, max = 32)
        @ValidationRule(value = FieldRules.POSITIVE_DURATION, message = FieldRules.POSITIVE_DURATION_MESSAGE)
        String timeout,

        @JsonPropertyDescription(
                "How often it is tried again when it has failed or could not check; after 10 seconds, and after "
                        + "twice as long each time, up to 5 minutes.")
        @Default("0")
        @Min(0)
        @Max(10)
        Integer retries,

        @JsonPropertyDescription(
                "What becomes of the run when the step has failed, or could not check: Stop leaves the "
                        + "steps after it out, except those with when: OnFailure or Always, and goes to finally; Continue goes on; "
                        + "Undo does as Stop does, and first gives back what this step and those before it have changed.")
        @Default("Stop")
        StepFailurePolicy onFailure,

        @JsonPropertyDescription(
                "When the step is done: OnSuccess, unless a step before it has stopped the run; OnFailure, "
                        + "only if a step before it has failed or could not check; or Always. Left out: OnSuccess in "
                        + "steps, Always in finally.")
        StepCondition when,

        @JsonPropertyDescription(
                "The step waits until somebody other than the one who asked for the run has approved it, with the "
                        + "annotation mainstay.dev/approve.")
        Approval approval) {

    /** How often it is tried again; never when nothing is said. */
    @Override
    public Integer retries() {
        return retries == null ? Integer.valueOf(0) : retries;
    }

    /** What becomes of the run; it stops when nothing is said. */
    @Override
    public StepFailurePolicy onFailure() {
        return onFailure == null ? StepFailurePolicy.STOP : onFailure;
    }
}
