package dev.mainstay.api;

/** Annotations and labels of the group, spelled once. */
public final class Annotations {

    /** Stops new work on the object; the value is the reason. On a ManagedApplication it stops all of the application. */
    public static final String PAUSED = "mainstay.dev/paused";

    /** On a BackupPolicy: each new value makes one backup now. */
    public static final String RUN_NOW = "mainstay.dev/run-now";

    /** On a DatabaseBackup, set by its policy: the slot of the schedule that it was made for. */
    public static final String SLOT = "mainstay.dev/slot";

    /** On a DatabaseBackup that is not finished: ends it, and the object stays; the value is the reason. */
    public static final String CANCEL = "mainstay.dev/cancel";

    /** On a DatabaseBackup: {@code "true"} is the second key of {@code deletionPolicy: Delete}. */
    public static final String ALLOW_DATA_DELETION = "mainstay.dev/allow-data-deletion";

    /** On an object that is being deleted: {@code "true"} ends what its deletion waits for. */
    public static final String FORCE_RELEASE = "mainstay.dev/force-release";

    /** Finalizer of a DatabaseBackup whose data goes with it. */
    public static final String DATA_FINALIZER = "mainstay.dev/stored-data";

    /** On a ServiceAccount, set by an administrator: {@code "true"} lets Jobs of Mainstay run under it. */
    public static final String ALLOW_JOBS = "mainstay.dev/allow-jobs";

    /** Label of a DatabaseBackup: the name of its BackupPolicy, cut with a hash tail when longer than a label may be. */
    public static final String POLICY = "mainstay.dev/policy";

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

    /** On that Lease: when a release that was uninstalled handed the application back. */
    public static final String RELEASED_AT = "mainstay.dev/released-at";

    private Annotations() {}
}
