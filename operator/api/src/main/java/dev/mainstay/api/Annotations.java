package dev.mainstay.api;

/** Annotations and labels of the group, spelled once. */
public final class Annotations {

    /** Stops new work on the object; the value is the reason. On a ManagedApplication it stops all of the application. */
    public static final String PAUSED = "mainstay.dev/paused";

    /** On a BackupPolicy: each new value makes one backup now. On a MaintenanceSchedule: one run. */
    public static final String RUN_NOW = "mainstay.dev/run-now";

    /** On a BackupPolicy: at each new value its place in the bucket is looked through for backups that have no object. */
    public static final String ATTACH = "mainstay.dev/attach";

    /**
     * On a DatabaseBackup, set by its policy: where its data was found. It never runs; its status tells what its policy has
     * found there.
     */
    public static final String ATTACHED_FROM = "mainstay.dev/attached-from";

    /** On a DatabaseBackup, set by its policy, or a MaintenanceRun, set by its schedule: the slot that it was made for. */
    public static final String SLOT = "mainstay.dev/slot";

    /** On a MaintenanceRun, set by its schedule: identifies the rollout that it was made for. */
    public static final String ROLLOUT = "mainstay.dev/rollout";

    /** On a DatabaseBackup, set by a restore: the RestoreRequest before whose swap it was made. */
    public static final String MADE_BEFORE = "mainstay.dev/made-before-restore";

    /** On a DatabaseBackup, set by a step of a run: the MaintenanceRun. */
    public static final String MADE_BY_RUN = "mainstay.dev/made-by-run";

    /** In the pod template of a workload: when the attempt began that restarted it last. */
    public static final String RESTARTED_AT = "mainstay.dev/restarted-at";

    /** On a workload: the attempt of a run's step that restarted it last. */
    public static final String RESTARTED_BY = "mainstay.dev/restarted-by";

    /** On a MaintenanceRun: {@code <step>@<user>}, by that user, lets the step go on that waits for a person. */
    public static final String APPROVE = "mainstay.dev/approve";

    /** On a MaintenanceRun: {@code <step>@<user>}, by that user, has the step fail that waits for a person. */
    public static final String REJECT = "mainstay.dev/reject";

    /** On an AlertRule: {@code <episode>@<user>}, by that user, ends the escalation of that episode. */
    public static final String ACKNOWLEDGE = "mainstay.dev/acknowledge";

    /** On a NotificationChannel: each new value sends one message, to see whether it arrives. */
    public static final String TEST_SEND = "mainstay.dev/test-send";

    /** Finalizer of an AlertRule while a channel does not know yet that its alert is over. */
    public static final String ALERT_FINALIZER = "mainstay.dev/open-notifications";

    /** On a MaintenanceRun, set by its schedule: no step begins after this moment, but those of finally. */
    public static final String STOP_AFTER = "mainstay.dev/stop-after";

    /** On an operation that is not finished: ends it, and the object stays; the value is the reason. */
    public static final String CANCEL = "mainstay.dev/cancel";

    /** On a DatabaseBackup: {@code "true"} is the second key of {@code deletionPolicy: Delete}. */
    public static final String ALLOW_DATA_DELETION = "mainstay.dev/allow-data-deletion";

    /** On an object that is being deleted: {@code "true"} ends what its deletion waits for. */
    public static final String FORCE_RELEASE = "mainstay.dev/force-release";

    /** On a Namespace, set by an administrator: {@code "true"} lets steps of runs make Jobs of a template of their own there. */
    public static final String ALLOW_CUSTOM_JOBS = "mainstay.dev/allow-custom-jobs";

    /** Finalizer of a DatabaseBackup whose data goes with it. */
    public static final String DATA_FINALIZER = "mainstay.dev/stored-data";

    /** On a ServiceAccount, set by an administrator: {@code "true"} lets Jobs of Mainstay run under it. */
    public static final String ALLOW_JOBS = "mainstay.dev/allow-jobs";

    /** Label of a DatabaseBackup: the name of its BackupPolicy, cut with a hash tail when longer than a label may be. */
    public static final String POLICY = "mainstay.dev/policy";

    /** Label of a MaintenanceRun: the name of its MaintenanceSchedule, cut with a hash tail when longer than a label may be. */
    public static final String SCHEDULE = "mainstay.dev/schedule";

    /** Label of every Job and Pod of ours: the uid of the object that it works for. */
    public static final String OWNER_UID = "mainstay.dev/owner-uid";

    /** Label of every Job and Pod of ours: the kind of task in it. */
    public static final String TASK = "mainstay.dev/task";

    /** Label of every Job and Pod of ours: the number of the attempt. */
    public static final String ATTEMPT = "mainstay.dev/attempt";

    /** Label of Jobs and Pods that dump: the database's server, as a hash. */
    public static final String SERVER = "mainstay.dev/server";

    /** Label of the Lease of an application's claims. */
    public static final String CLAIMS = "mainstay.dev/claims";

    /** On that Lease: what is granted and who waits, as JSON. */
    public static final String GRANTS = "mainstay.dev/grants";

    /** On that Lease: the release of Mainstay that works on the application, as {@code namespace/name}. */
    public static final String RELEASE = "mainstay.dev/release";

    /** On that Lease: the requests that were carried out, as JSON. */
    public static final String EXECUTED = "mainstay.dev/executed";

    /** On that Lease: when a release that was uninstalled handed the application back. */
    public static final String RELEASED_AT = "mainstay.dev/released-at";

    /** Label of a ControllerRevision that holds a release: the application, cut with a hash tail where it is too long. */
    public static final String RELEASE_OF = "mainstay.dev/release-of";

    /** On such a ControllerRevision: what identifies the release. */
    public static final String RELEASE_HASH = "mainstay.dev/release-hash";

    /** On such a ControllerRevision: the release's version, for people. */
    public static final String RELEASE_VERSION = "mainstay.dev/release-version";

    /** On such a ControllerRevision: when the release was last seen to work for long enough. */
    public static final String VERIFIED_AT = "mainstay.dev/verified-at";

    /** On such a ControllerRevision: what was looked at until then. */
    public static final String PROOF = "mainstay.dev/proof";

    /** On such a ControllerRevision: the RollbackRequest that went away from the release since. */
    public static final String MARKED_BAD_BY = "mainstay.dev/marked-bad-by";

    /** On a request, before its first effect: its own uid. A copy of it under another uid never acts. */
    public static final String EXECUTED_BY = "mainstay.dev/executed-by";

    /** On a Deployment: the RollbackRequest that wrote its template last. */
    public static final String ROLLED_BACK_BY = "mainstay.dev/rolled-back-by";

    /** On a Deployment: identifies the template that a RollbackRequest wrote last. */
    public static final String ROLLED_BACK_TO = "mainstay.dev/rolled-back-to";

    /** On a Deployment: the uid of the RollbackRequest that keeps Flux from putting its template back. */
    public static final String HELD_BY = "mainstay.dev/held-by";

    /** Finalizer of a RollbackRequest that has something to give back. */
    public static final String ROLLBACK_FINALIZER = "mainstay.dev/rollback";

    /** Finalizer of a MaintenanceMode whose Services may lead to the page. */
    public static final String MODE_FINALIZER = "mainstay.dev/maintenance-mode";

    /** Finalizer of a MaintenanceRun that has something to give back. */
    public static final String RUN_FINALIZER = "mainstay.dev/maintenance-run";

    /** Finalizer of a RestoreRequest that has something to give back. */
    public static final String RESTORE_FINALIZER = "mainstay.dev/restore";

    /** Label of the Pods of a maintenance page, and the one that the selectors of its Services have: the application. */
    public static final String PAGE = "mainstay.dev/maintenance-page";

    /** On the Deployment of a page: a hash of what it was made from. */
    public static final String PAGE_HASH = "mainstay.dev/maintenance-page-hash";

    /** On a Service that leads to a page: its selector before, such as {@code app=web}. */
    public static final String SELECTOR = "mainstay.dev/maintenance-selector";

    /**
     * On an AlertRule, or on a ManagedApplication for all of its rules: {@code disabled} has nothing done about alerts but to tell of
     * them.
     */
    public static final String REMEDIATION = "mainstay.dev/remediation";

    /** Label of a MaintenanceRun that was made about an alert: the name of its AlertRule, cut with a hash tail where it is too long. */
    public static final String ALERT_RULE = "mainstay.dev/alert-rule";

    /** On such a MaintenanceRun: {@code <uid of the AlertRule>/<episode>/<attempt>}, by which it is told from one of another's. */
    public static final String ALERT_ATTEMPT = "mainstay.dev/alert-attempt";

    private Annotations() {}
}
