package dev.mainstay.core.status;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Every reason that a condition, an event, an attempt or a task's result can carry: what it means, how grave it is and
 * what to do next. docs/reference/reasons.md is made from this list.
 */
public enum Reason {
    READY(Severity.NORMAL, "Everything the object names was found.", "Nothing."),
    SUCCEEDED(Severity.NORMAL, "The operation is complete.", "Nothing."),
    IN_PROGRESS(Severity.NORMAL, "The operation is running.", "Wait."),
    STARTING(Severity.NORMAL, "The Job was made; its container has not started yet.", "Wait."),
    RETRYING(
            Severity.WARNING,
            "An attempt failed for a reason that may pass; another one follows.",
            "Read the message of the last attempt in status.attempts, or of the step in status.steps."),
    SETTLING(
            Severity.WARNING,
            "An attempt ended without telling its result; it is being made sure that its path holds either a whole"
                    + " backup or nothing.",
            "Wait."),
    BACKING_UP(Severity.NORMAL, "The database in use is backed up before it is replaced.", "Wait."),
    SAFETY_BACKUP_FAILED(
            Severity.WARNING,
            "The backup of the database in use, which the restore makes before it replaces it, did not succeed.",
            "Read the status of the DatabaseBackup that the message names."),
    VERIFYING(Severity.NORMAL, "The backup is committed and being read back.", "Wait."),
    PAUSED(Severity.NORMAL, "The annotation mainstay.dev/paused stops new work.", "Remove the annotation to go on."),
    SUSPENDED(Severity.NORMAL, "spec.suspend stops the schedule.", "Set spec.suspend to false to go on."),
    MISSED(
            Severity.WARNING,
            "Nothing ran the schedule at this slot: the operator was away, or the slot could not be handled in time.",
            "Look at the operator. Raise spec.startingDeadline if a later start is of use."),
    STILL_RUNNING(
            Severity.WARNING,
            "An earlier backup of the policy, or run of the schedule, was not finished when this slot came.",
            "Let the schedule run less often, or find out why that takes so long."),
    OUTSIDE_WINDOW(
            Severity.NORMAL,
            "The slot of a MaintenanceSchedule came while none of its windows was open.",
            "Nothing if it starts later; if slots are skipped so, move them into a window, or raise spec.startingDeadline."),
    FROZEN(
            Severity.NORMAL,
            "The slot of a MaintenanceSchedule came in a freeze.",
            "Nothing; the message names the freeze and its end. What can't wait is run by hand."),
    WOULD_OVERRUN(
            Severity.NORMAL,
            "A window is open, and closes, or a freeze begins, before a run could end that takes spec.estimatedDuration.",
            "Nothing if it starts later; if slots are skipped so, move them, or let the window stay open for longer."),
    WINDOW_OVERRIDDEN(
            Severity.WARNING,
            "A slot of a MaintenanceSchedule is run, or will be, outside of its windows or in a freeze, since spec.mustRunBefore"
                    + " leaves no later one.",
            "Run it by hand at a better time before, or move spec.mustRunBefore."),
    WINDOWS_KEPT(Severity.NORMAL, "No slot has to break windows or freezes for spec.mustRunBefore.", "Nothing."),
    RESTORED(Severity.NORMAL, "The newest restore test restored a backup, and found in it what it should.", "Nothing."),
    NOT_TESTED(
            Severity.NORMAL,
            "No restore test of the policy has ended yet.",
            "Wait for the slot that the message names."),
    FRESH(Severity.NORMAL, "The newest good backup is as new as the schedule promises.", "Nothing."),
    STALE(
            Severity.ERROR,
            "Two slots have passed without a good backup, or the first day of a policy has; or two slots of its restore tests"
                    + " without one that passed.",
            "Read lastFailure and lastSkipped of the policy, or those of restoreTest, mend that, and have a backup made now."),
    CONCURRENCY_LIMIT(
            Severity.NORMAL,
            "As many Jobs run as the release allows; this one waits for its place.",
            "Wait, or raise limits.jobs in the chart's values."),
    HEALTHY(
            Severity.NORMAL,
            "The application's ready Pods answer as spec.health wants; the message says if some were silent.",
            "Nothing."),
    UNHEALTHY(
            Severity.ERROR,
            "As many passes in a row as failureThreshold says found a ready Pod that answers with another status than"
                    + " spec.health wants.",
            "Read the logs of the Pods. If they are well, correct spec.health of the ManagedApplication."),
    NO_READY_PODS(
            Severity.ERROR,
            "As many passes in a row as failureThreshold says failed, and the newest found no ready Pod of the workload that"
                    + " spec.health names.",
            "Look at the workload's Pods and their events."),
    UNREACHABLE(
            Severity.WARNING,
            "Pods are ready, and none answers the operator: its way to them is closed, or spec.health names the wrong port."
                    + " Nothing is known of their health.",
            "Let the operator reach the port of the Pods, through NetworkPolicies and a mesh, or correct spec.health."),
    ANSWERED(Severity.NORMAL, "A ready Pod answered the operator, well or not.", "Nothing."),
    HEALTH_PENDING(Severity.NORMAL, "Too few passes over the Pods were made to tell their health.", "Wait."),
    SCALED_TO_ZERO(
            Severity.NORMAL,
            "The workload that spec.health names is scaled to zero, so there is no Pod to ask.",
            "Nothing, if that is wanted; else scale it up."),

    APPLICATION_NOT_FOUND(
            Severity.ERROR,
            "The ManagedApplication that applicationRef names does not exist in this namespace.",
            "Create it, or correct spec.applicationRef.name."),
    POLICY_NOT_FOUND(
            Severity.ERROR,
            "The BackupPolicy that policyRef names does not exist in this namespace.",
            "Create it, or delete this object and make one that names an existing policy."),
    DATABASE_NOT_FOUND(
            Severity.ERROR,
            "The ManagedApplication has no database of the name that the policy asks for, or several and the policy"
                    + " names none; or the server has none of the name that the ManagedApplication gives.",
            "Correct spec.database of the BackupPolicy, or spec.databases of the ManagedApplication, as the message says."),
    CACHE_NOT_FOUND(
            Severity.ERROR,
            "The application has no cache of that name, or several and the step names none.",
            "Correct spec.caches of the ManagedApplication, or cache in the step of the Runbook."),
    CERTIFICATE_NOT_FOUND(
            Severity.ERROR,
            "The application has no certificate of that name, or none at all.",
            "Correct spec.certificates of the ManagedApplication, or certificates in the step of the Runbook."),
    WORKLOAD_NOT_FOUND(
            Severity.ERROR,
            "A workload that is named does not exist in this namespace, or is not one of the application's.",
            "Create it, or correct spec.workloads."),
    WORKLOAD_UNSUITABLE(
            Severity.ERROR,
            "A workload can't be stopped: something else would start it again at once, or its data would be lost. Or it can't be"
                    + " restarted: nothing would replace its Pods.",
            "Do what the message says, or leave that workload as it is."),
    WORKLOAD_RUNS_ON(
            Severity.ERROR,
            "Pods of a workload that was told to stop are still there after the time that they may take.",
            "Look at the Pods that the message names: a finalizer, a volume or a lost node keeps them. Then make another"
                    + " request."),
    INVALID_SPEC(
            Severity.ERROR,
            "A field has a value that this version of Mainstay does not know or can't work with.",
            "Correct the field that the message names, or upgrade Mainstay if a newer version wrote the object."),
    SERVICE_ACCOUNT_NOT_ALLOWED(
            Severity.ERROR,
            "The ServiceAccount of the job template does not exist or was not released for Jobs by an administrator.",
            "Have an administrator label it mainstay.dev/allow-jobs=true, or leave serviceAccountName out."),
    FOREIGN_JOB(
            Severity.ERROR,
            "A Job of the name that is needed exists and belongs to something else.",
            "Delete that Job, if nobody needs it."),
    FORBIDDEN(
            Severity.ERROR,
            "The API server refused something that the operator needs to do.",
            "Install the chart's roles for this namespace, or mend the policy that refuses."),

    CONNECTION_FAILED(
            Severity.ERROR,
            "The database server could not be reached.",
            "Check host and port (directHost and directPort where they are set) in the ManagedApplication, the server, and"
                    + " network policies."),
    AUTHENTICATION_FAILED(
            Severity.ERROR,
            "The database server refused the user or the password.",
            "Correct the Secret that credentialsSecretRef names."),
    PERMISSION_DENIED(
            Severity.ERROR,
            "The database role may not read everything that is to be backed up.",
            "Grant it what the message names; pg_read_all_data is usually enough."),
    VERSION_UNSUPPORTED(
            Severity.ERROR,
            "The runner image has no pg_dump, or for a restore test in its own Pod no server, of the server's major version.",
            "Build the images runner and runner-postgres with that major in PG_MAJORS."),
    LOCK_TIMEOUT(
            Severity.WARNING,
            "A table stayed locked for longer than lockWaitTimeout, or a database for longer than the 5 s that a restore waits.",
            "Find the session that holds the lock and end it, or raise spec.lockWaitTimeout of a backup."),
    DUMP_FAILED(Severity.ERROR, "pg_dump ended with an error.", "Read status.failure.logTail."),
    CREDENTIALS_MISSING(
            Severity.ERROR,
            "A Secret, or a key in it, is not there.",
            "Create the Secret with the keys that the message names."),
    STORAGE_UNREACHABLE(
            Severity.ERROR,
            "The S3 store could not be reached, or answered with an error of its own.",
            "Check endpoint, region and certificate authority in the policy, the store, and network policies."),
    STORAGE_DENIED(
            Severity.ERROR,
            "The S3 store refused the access key, the bucket or an operation.",
            "Correct the Secret or the bucket's policy, as the message says."),
    OWNED_BY_OTHER(
            Severity.ERROR,
            "The path in the bucket belongs to another cluster or another database.",
            "Use another prefix, or take the path over with spec.storage.adopt."),
    RETAINED(
            Severity.WARNING,
            "The store keeps what retention would remove: its object lock or a legal hold stands.",
            "Nothing; it is removed when the store lets go. To have it sooner, end the hold."),
    SIZE_DROPPED(
            Severity.WARNING,
            "The newest backup has less than half of the size that was usual before it.",
            "See whether data is missing in the database, before retention thins out the older backups."),
    PASSED(
            Severity.NORMAL,
            "What was looked at found nothing that keeps backups, or a restore, from succeeding.",
            "Nothing."),
    GAPS_FOUND(
            Severity.ERROR,
            "Something was found that will keep backups, or a restore, from succeeding.",
            "Read the ConfigMap or the field that the message names: each gap says what to run or to correct."),
    NO_RESTORE_ROLE(
            Severity.WARNING,
            "A database of the application has no adminSecretRef, without which it can't be restored.",
            "Make a role for restores, and name a Secret with its name and password in adminSecretRef."),
    APPLIED(Severity.NORMAL, "What no rule of the policy's retention keeps was removed.", "Nothing."),
    DRY_RUN(
            Severity.NORMAL,
            "spec.retention.dryRun is true: it is told what would be removed, and nothing is.",
            "Read the plan in the log of the newest backup's Job, then set spec.retention.dryRun to false."),
    EXPIRED(
            Severity.NORMAL,
            "The backup's data is not in the bucket any more: no rule of the policy's retention kept it.",
            "Nothing. The object tells that there was a backup; delete it when nobody needs that."),
    REMOVING(
            Severity.NORMAL,
            "The object is being deleted, and its data is removed first, as its policy and its annotation ask for.",
            "Wait, ten minutes at most."),
    ATTACHED(
            Severity.NORMAL,
            "Backups were found in the bucket that had no DatabaseBackup, and each has one now.",
            "Nothing."),
    ATTACHING(
            Severity.NORMAL,
            "The DatabaseBackup stands for a backup in the bucket and never runs; its policy looks there for what its status"
                    + " is to tell.",
            "Wait."),
    DATA_REMOVED(Severity.NORMAL, "The data of a deleted DatabaseBackup is gone from the bucket.", "Nothing."),
    DATA_RETAINED(
            Severity.WARNING,
            "A DatabaseBackup was deleted whose data should have been removed, and was not.",
            "Remove it by hand, as the message says, or leave it to retention."),
    UPLOAD_FAILED(
            Severity.ERROR,
            "The store stopped taking data in the middle of a backup.",
            "Check the store; the attempt is repeated."),
    VERIFICATION_FAILED(
            Severity.ERROR,
            "What was read back from the store is not what was written, or a restored copy is not what was promised of it.",
            "Where the message names an object of the bucket, take the store for broken until you know better; a backup that"
                    + " is damaged no longer counts. Where it names rows, tables or a query of a copy, compare them with the"
                    + " database in use."),
    IDENTITY_LOST(
            Severity.WARNING,
            "The backup is encrypted, and the Pod that could have read it in full ended before it had: it is proven by hash"
                    + " only.",
            "Nothing; the next backup is read in full again. To prove this one, restore it with a key of yours."),
    CLAIMED(
            Severity.WARNING,
            "Another operation works on what this one needs of the application; it waits for its turn.",
            "Wait. status.operations of the ManagedApplication shows who works and who waits. If the one in the way does"
                    + " not exist, delete the Lease of the application's claims: it is made anew from what exists."),
    MANAGED_BY_ANOTHER_RELEASE(
            Severity.WARNING,
            "Another release of Mainstay works on the application, and has said nothing of this object for a minute.",
            "If that release is gone, delete the Lease that the message names; this one takes over."),
    PREEMPTED(
            Severity.WARNING,
            "A restore or a rollback needed what this backup or run had, and emergencies go first.",
            "Nothing; the schedule's next slot runs. To have a backup sooner, create a DatabaseBackup afterwards. Make another"
                    + " run, if it is still wanted: what this one had changed is given back."),
    ANOTHER_RUNNER(
            Severity.WARNING,
            "Another program of Mainstay holds this database for itself, from this cluster or from another.",
            "Wait; the attempt is repeated. pg_locks in the database that adminDatabase names tells who holds it."),
    DEADLINE_EXCEEDED(
            Severity.ERROR,
            "The attempt took longer than the policy's timeout, or its container started after pendingTimeout.",
            "Raise the field that the message names, or find out what was slow."),
    POD_FAILED(
            Severity.ERROR,
            "The Pod ended without telling a result: killed, evicted or deleted.",
            "Look at the node, and at the memory limit in jobTemplate.resources."),
    UNSCHEDULABLE(
            Severity.ERROR,
            "No node took the Pod within pendingTimeout.",
            "Make room, or correct jobTemplate: nodeSelector, tolerations, affinity, resources."),
    IMAGE_PULL_FAILED(
            Severity.ERROR,
            "The runner image could not be pulled within pendingTimeout.",
            "Check the image in the chart's values, the registry, and jobTemplate.imagePullSecrets."),
    QUOTA_EXCEEDED(
            Severity.ERROR,
            "The Job got no Pod: a quota, an admission policy, or a class named in spec.jobTemplate that does not exist.",
            "The command in the message tells which. Raise the quota, or correct spec.jobTemplate."),
    RELEASE_KEPT(
            Severity.NORMAL,
            "A release that was seen to work, other than the one that runs, can be gone back to.",
            "Nothing."),
    NO_EARLIER_RELEASE(
            Severity.NORMAL,
            "Only what runs now was seen to work: there is nothing to go back to.",
            "Nothing; it comes with the next release that works."),
    NO_RELEASE(
            Severity.WARNING,
            "No state of the application was seen to work for long enough.",
            "See why, in the message. A request with allowUnverified: true goes back to a state that was never verified."),
    NO_OP(
            Severity.NORMAL,
            "What was asked for is deployed already; nothing was changed.",
            "Nothing; the message says if its rollout is not complete."),
    WOULD_ROLL_BACK(
            Severity.NORMAL,
            "spec.dryRun is true: it is told what would be done, and nothing was.",
            "Read status.workloads, and make the same request without dryRun."),
    ROLLING_BACK(Severity.NORMAL, "The target is being written into the Deployments.", "Wait."),
    VERIFYING_ROLLBACK(
            Severity.NORMAL,
            "The target is in place; it is looked at until it has worked for spec.verify.stableFor.",
            "Wait. status.checks says what is looked at."),
    RESTORING_PREVIOUS(Severity.WARNING, "The target does not work, and what ran before is being put back.", "Wait."),
    REVISION_NOT_FOUND(
            Severity.ERROR,
            "There is no state of the revision, version or image that was asked for.",
            "Ask for one of those that the message names."),
    CONFLICT(
            Severity.ERROR,
            "Somebody else changed the same Deployment while it was rolled back; it was left as it is.",
            "See whether what runs now is wanted, and make another request if it is not."),
    REVERTED(
            Severity.ERROR,
            "Somebody put the former state back while it was rolled back, or the selectors of Services during maintenance.",
            "Change it at its source: the repository, pipeline or person that the message names."),
    NO_SERVICES(
            Severity.ERROR,
            "spec.services of the ManagedApplication names no Service, so that there is nothing to lead to a page.",
            "Name the Services through which the application is reached in spec.services of the ManagedApplication."),
    SERVICE_NOT_FOUND(
            Severity.ERROR,
            "A Service that the ManagedApplication names does not exist.",
            "Create it, or take it out of spec.services of the ManagedApplication."),
    SERVICE_UNSUITABLE(
            Severity.ERROR,
            "A Service can't lead to a page, or can't be asked: it has no selector, no address of its own, or ports that do"
                    + " not fit.",
            "Do what the message says, or take the Service out of spec.services of the ManagedApplication."),
    PAGE_NOT_READY(
            Severity.ERROR,
            "The Pods of the maintenance page do not become ready.",
            "Read the message, and look at these Pods with the command in it."),
    NAME_TAKEN(Severity.ERROR, "Another object has the name that the page needs.", "Delete or rename it."),
    ENTERING_MAINTENANCE(Severity.NORMAL, "The page is started, and the Services are led to it.", "Wait."),
    IN_MAINTENANCE(Severity.NORMAL, "The Services lead to the page.", "Delete the MaintenanceMode when you are done."),
    LEAVING_MAINTENANCE(Severity.NORMAL, "The Services are led back, and the page goes.", "Wait."),
    MAINTENANCE_ENDED(Severity.NORMAL, "The maintenance mode is over.", "Nothing."),
    REJECTED(
            Severity.ERROR,
            "The API server, or an admission policy, does not take a change.",
            "Read what it said in the message, and mend that. Of a rollback: ask for another target with spec.to."),
    VERIFY_FAILED(
            Severity.ERROR,
            "The target was put in place and does not work.",
            "Read status.checks. Ask for an older target with spec.to, or mend what keeps this one from working."),
    INCONCLUSIVE(
            Severity.WARNING,
            "The target was put in place, and nothing tells whether it works.",
            "Look at it, as the message says; nothing is changed any more."),
    DEPLOYMENT_PAUSED(
            Severity.ERROR,
            "A Deployment is paused, so that nothing written into it takes effect.",
            "Run the command of the message, and make another request."),
    FOREIGN_CONTROLLER(
            Severity.ERROR,
            "The Deployment is run by another controller that decides on its template.",
            "Roll back with that controller's own command."),
    GIT_OPS_SELF_HEAL(
            Severity.ERROR,
            "An Argo CD Application heals the Deployment, so what a rollback writes would be undone within seconds.",
            "Pause the healing with the command in the message and make another request; let it heal again when the repository"
                    + " says what is to run."),
    KIND_UNSUPPORTED(
            Severity.ERROR,
            "Workloads of this kind can't be rolled back by this version of Mainstay.",
            "Leave it out of spec.workloads, or use the command of the message."),
    QUOTA_TOO_SMALL(
            Severity.ERROR,
            "A ResourceQuota has no room for the Pods that the rolling update would make before it removes others.",
            "Run one of the commands of the message, and make another request."),
    CONFIG_CHANGED(
            Severity.ERROR,
            "A ConfigMap that the target reads has another content than it had then, and spec.strictConfig is true.",
            "Put the content back, or make a request without strictConfig."),
    TOO_MANY_ROLLBACKS(
            Severity.ERROR,
            "Three rollbacks of the application were carried out within an hour.",
            "Find out what is wrong. Deleting one of the requests that the message names lets another one begin."),
    PLAN_LOST(
            Severity.ERROR,
            "The ControllerRevision that holds what a rollback or a run does is gone.",
            "See what runs, or was done, as the message says, and make another request."),
    BACKUP_NOT_FOUND(
            Severity.ERROR,
            "There is no good backup as spec.source asks for it.",
            "Ask for one of those that the message names."),
    FOREIGN_SOURCE(
            Severity.ERROR,
            "The backup is one of another application, policy or cluster.",
            "See that it is the right one, and make a request with allowForeignSource: true."),
    RESTORE_BLOCKED(
            Severity.ERROR,
            "The plan found what would keep the restore from succeeding; nothing was changed.",
            "Do what the message and status.plan.findings say, and make another request."),
    WOULD_RESTORE(
            Severity.NORMAL,
            "spec.dryRun is true: it is told what would be done, and nothing was.",
            "Read status.plan, and make the same request without dryRun."),
    PLANNING_RESTORE(Severity.NORMAL, "The backup and the server are looked at; nothing is changed yet.", "Wait."),
    RESTORING_COPY(
            Severity.NORMAL,
            "The backup is restored into a database of its own and verified there; the one in use is not touched.",
            "Wait."),
    RESTORING_INTO_EMPTY(
            Severity.NORMAL,
            "The backup is restored into the database itself, which is empty; nobody sees any of it before it is verified.",
            "Wait."),
    STOPPING_WORKLOADS(
            Severity.NORMAL, "The workloads are stopped and the CronJobs suspended, so that nobody writes.", "Wait."),
    SWAPPING(Severity.NORMAL, "The restored copy is being put in the place of the database.", "Wait."),
    STARTING_WORKLOADS(Severity.NORMAL, "The workloads and CronJobs are given back as they were.", "Wait."),
    CHECKING_HEALTH(
            Severity.NORMAL,
            "The restored database is in place; the application's Pods are asked how they are.",
            "Wait."),
    GIVING_BACK(
            Severity.WARNING,
            "The restore has failed or was cancelled; what it changed is being given back as it was.",
            "Wait. The message says what it came to."),
    KEPT(
            Severity.NORMAL,
            "The database that a restore has replaced is kept under another name, and takes up its server's disk.",
            "Nothing while the restore may have to be undone; afterwards drop it, by the statement in the message."),
    PUT_BACK(
            Severity.NORMAL,
            "The database that a restore had kept is in its place again, by a later RestoreRequest.",
            "Nothing."),
    GONE(
            Severity.NORMAL,
            "The server has no database any more of the name under which a restore had kept one.",
            "Nothing, if that was meant: the restore can't be undone by source.previousOf any more."),
    RESTORED_UNHEALTHY(
            Severity.ERROR,
            "The restored database is in place, and the application did not become healthy with it.",
            "Look at the Pods. The command of status.undoCommand, or a request with source.previousOf, puts the database"
                    + " before it back."),
    RESTORE_FAILED(
            Severity.ERROR,
            "pg_restore could not restore the backup in full; the database in use was not touched.",
            "Read the message and the log of the Job that it names."),
    DATABASE_EXISTS(
            Severity.ERROR,
            "A database has the name of the one that is to be made.",
            "Choose another name. Where Mainstay chose it, drop that database if nobody needs it."),
    DATABASE_NOT_EMPTY(
            Severity.ERROR,
            "A restore of mode: IntoEmpty found tables or other objects in the database that it was to fill.",
            "Take away what the message names if nobody needs it, or restore with mode: Swap or NewDatabase."),
    DATABASE_TOO_LARGE(
            Severity.ERROR,
            "The backup's database is larger than a restore test may restore beside the database in use.",
            "Raise spec.verification.restoreTest.target.sameServer.maxDatabaseBytes of the BackupPolicy, or have it restored"
                    + " on another server."),
    DATABASE_IN_USE(
            Severity.ERROR,
            "A kept database that is to be dropped has sessions, prepared transactions or logical replication slots.",
            "Find out who uses it, as the message says: it may be needed. Then end that, and make another run."),
    ROLE_MISSING(
            Severity.ERROR,
            "The server lacks roles that own something in the backup or were granted something.",
            "Make them, map them with spec.roles.mapping, or let the restore make them with spec.roles.createMissing."),
    EXTENSION_MISSING(
            Severity.ERROR,
            "The backup needs an extension that is not installed on the server.",
            "Install it on the server; test backups with such an extension on a target.server, not in a target.pod."),
    IDENTITY_WRONG(
            Severity.ERROR,
            "The backup is encrypted, and the key that was given does not open it, or none was given.",
            "Name the Secret with the right key in spec.identitySecretRef."),
    FREE_SPACE_UNKNOWN(
            Severity.ERROR,
            "Nothing tells whether the server has room for what is restored, beside what it has.",
            "Look at the server's disk, and make the request with acceptUnknownFreeSpace: true."),
    DISK_FULL(
            Severity.ERROR,
            "The disk is full that a copy was restored to; what had been restored was taken back, and the database in use was not touched.",
            "Make room on the server; for a restore test in its own Pod, raise target.pod.size."),
    SERVER_FAILED(
            Severity.ERROR,
            "The PostgreSQL that a restore test starts in its own Pod did not start, or ended in the middle.",
            "Look at the memory limit in jobTemplate.resources, and at the log of the Pod's container postgresql."),
    WRITES_DURING_RESTORE(
            Severity.ERROR,
            "Somebody used the database after it was closed for the swap; it was left in place.",
            "Find out who may do that (a superuser can), and make another request."),
    RUNBOOK_NOT_FOUND(
            Severity.ERROR,
            "The Runbook that spec.runbookRef names does not exist in this namespace.",
            "Create it, or delete this run and make one that names an existing Runbook."),
    REQUESTER_MISSING(
            Severity.ERROR,
            "A step has to be approved by somebody else than the one who asked for the run, and it does not say who that was.",
            "Make a run that names you in spec.requestedBy."),
    WOULD_RUN(
            Severity.NORMAL,
            "spec.dryRun is true: it is told what each step would do, and nothing was done.",
            "Read status.steps, and make the same run without dryRun."),
    WAITING_FOR_APPROVAL(
            Severity.NORMAL,
            "A step waits for a person.",
            "Do what the step says, or decide, and set the annotation that the message names."),
    SCALED(
            Severity.NORMAL,
            "A step of a MaintenanceRun has changed how many Pods of a workload are wanted, or has given that back.",
            "Nothing. status.steps of the run, which the event names, has what was there before."),
    APPROVAL_REJECTED(Severity.WARNING, "A person has rejected a step.", "Ask who it was; the message has the name."),
    APPROVAL_EXPIRED(
            Severity.WARNING,
            "Nobody has approved a step in time.",
            "Make another run if it is still wanted; approval.expiresAfter of the step says how long it waits."),
    FINDINGS(
            Severity.WARNING,
            "Each step of the run did what it should, and one found something that somebody should look at.",
            "Read the message of that step in status.steps."),
    CUSTOM_JOBS_NOT_ALLOWED(
            Severity.ERROR,
            "A step of type job is to run in a namespace whose administrator has not allowed that.",
            "Have an administrator run the command of the message, or do without the step."),
    CERTIFICATE_ENDS(
            Severity.ERROR,
            "A certificate of the application has ended, ends within failBefore of the step, or is not valid yet.",
            "Renew it, or restart what still serves an older one, as the message of the step says."),
    ENDPOINT_UNREACHABLE(
            Severity.ERROR,
            "An endpoint of a certificate, or a URL, could not be reached, did not answer in time, or does not speak TLS.",
            "Check host and port in spec.certificates or spec.urls of the ManagedApplication, the server, and network"
                    + " policies."),
    URL_NOT_FOUND(
            Severity.ERROR,
            "The application has no URL of that name.",
            "Correct spec.urls of the ManagedApplication, or httpCheck.url in the step of the Runbook."),
    ANSWER_WRONG(
            Severity.ERROR,
            "What was asked over HTTP answered otherwise than the step wants: another status, another body, or too late.",
            "Look at what serves it. If it is well, correct the step of the Runbook."),
    CERTIFICATE_REFUSED(
            Severity.ERROR,
            "A URL shows a certificate that its clients refuse: it has ended, is made out to another name, or is signed by"
                    + " nobody whom they trust.",
            "Renew the certificate, or name its authority in caSecretRef of the URL in spec.urls of the ManagedApplication."),
    PARAMETERS_WRONG(
            Severity.ERROR,
            "A run or a schedule gives a parameter that its Runbook does not have, or lacks one that it requires.",
            "Make a run with the parameters that the message names, or mend spec.parameters of the schedule or of its Runbook."),
    RESTARTING(Severity.NORMAL, "A step of a MaintenanceRun restarts a workload.", "Nothing."),
    STEP_FAILED(
            Severity.ERROR,
            "A step of the run failed.",
            "Read the message of that step in status.steps, mend it, and make another run."),
    COULD_NOT_CHECK(
            Severity.ERROR,
            "A step of the run could not find out what it was to find out.",
            "Read the message of that step in status.steps, mend it, and make another run."),

    METRICS_NOT_CONFIGURED(
            Severity.ERROR,
            "The ManagedApplication does not say where what an AlertRule watches is measured: spec.metrics, its labels or"
                    + " spec.workloads.",
            "Add to the ManagedApplication what the message names."),
    HEALTH_NOT_CONFIGURED(
            Severity.ERROR,
            "An AlertRule watches the health of an application that has no spec.health.",
            "Add spec.health to the ManagedApplication, or delete the rule."),
    FREE_QUERIES_NOT_ALLOWED(
            Severity.ERROR,
            "An AlertRule has a query of its own, and this release of Mainstay takes none.",
            "Use spec.metric, or have alerts.allowFreeQueries set in the chart's values."),
    RESOURCES_NOT_SET(
            Severity.ERROR,
            "An AlertRule watches Cpu or Memory, and a container has neither a limit nor a request to measure it by.",
            "Give the container that the message names a limit or a request."),

    RATE_LIMITED(
            Severity.WARNING,
            "A receiver of messages on alerts takes no more of them for now.",
            "Wait: all that has come up by then is sent as one message. If it comes again and again, let fewer rules tell this"
                    + " channel."),
    RECEIVER_FAILED(
            Severity.WARNING,
            "A receiver of messages on alerts answered that it is in trouble; the message is sent again.",
            "Look at the receiver and its log."),
    RECEIVER_UNREACHABLE(
            Severity.WARNING,
            "A receiver of messages on alerts could not be reached, or did not answer in time; the message is sent again.",
            "Check the URL, network policies and the receiver."),
    RECEIVER_REFUSED(
            Severity.ERROR,
            "A receiver of messages on alerts refused one, and would refuse it again.",
            "Do what the message says, then try the channel with the annotation mainstay.dev/test-send."),
    CREDENTIALS_UNSUITABLE(
            Severity.ERROR,
            "What stands in a Secret can't be what it is meant to be.",
            "Put the right value under the key that the message names."),
    REMEDIATION_DISABLED(
            Severity.WARNING,
            "An alert fires, and nothing is done about it, since an annotation, the ConfigMap mainstay-remediation, or a change"
                    + " of spec.remediation stops that.",
            "Remove what the message names to have something done."),
    NOT_MEASURED(
            Severity.WARNING,
            "An alert fires, and nothing is done about it, since no whole and new value was measured.",
            "Look at the conditions Evaluated and DataAvailable of the AlertRule, and at the source of the metric."),
    RECOVERING(
            Severity.NORMAL,
            "An alert fires, and nothing is done about it, since the value is good again.",
            "Nothing. The alert ends when it has been good for spec.keepFiringFor."),
    JUST_STARTED(
            Severity.NORMAL,
            "An alert fires, and nothing is done about it yet, since the operator has not measured for spec.pendingFor.",
            "Wait."),
    UNDER_MAINTENANCE(
            Severity.NORMAL,
            "An alert fires, and nothing is done about it, since the application is under maintenance or its alerts are muted.",
            "Nothing. What the message names ends by itself, or by whoever has begun it."),
    ALERT_STORM(
            Severity.WARNING,
            "An alert fires, and nothing is done about it, since more than 30 % of all alert rules fire at once.",
            "Look for what they have in common: a node, a network, a Prometheus."),
    COOLING_DOWN(
            Severity.NORMAL,
            "An alert fires, and nothing more is done about it within spec.remediation.cooldown after the last attempt.",
            "Wait."),
    ATTEMPTS_EXHAUSTED(
            Severity.ERROR,
            "An alert fires still, and as many attempts were made as spec.remediation.maxAttempts allows.",
            "Look at the application, and at status.remediation.attempts of the AlertRule."),
    STOPPED_BY_PERSON(
            Severity.NORMAL,
            "An alert fires, and nothing more is done about it, since a person has ended the last attempt.",
            "Nothing. When the alert has ended and fires again, something is done again."),
    ROLLOUT_UNDER_WAY(
            Severity.NORMAL,
            "An alert fires, and nothing is done about it, since a Deployment of the application is rolled out or paused.",
            "Wait, or look at the rollout: kubectl rollout status."),
    REMEDIATING(
            Severity.WARNING,
            "An alert fires, and a MaintenanceRun is made, or would be made, to do something about it.",
            "Look at status.remediation of the AlertRule, and at the run that it names."),
    REMEDIATED(
            Severity.NORMAL,
            "It is known what came of an attempt to do something about an alert.",
            "Read the message."),
    REPLAYED(
            Severity.ERROR,
            "The request is a copy of one that was carried out before, or comes from a backup of the cluster's objects.",
            "Make a request of another name if it is wanted again."),
    DUPLICATE(
            Severity.WARNING,
            "A request of the same name and spec was carried out before; nothing was changed.",
            "Make a request of another name if it is wanted again."),
    NOT_AFTER_MISSING(
            Severity.ERROR,
            "A program applies the request and may do so again, and spec.notAfter is missing.",
            "Set spec.notAfter in a request of another name, or make one by hand."),
    TOO_LATE(
            Severity.ERROR,
            "The request could not begin by spec.notAfter, or within an hour of its creation.",
            "Make another request if it is still wanted."),
    CANCELLED(
            Severity.WARNING,
            "The annotation mainstay.dev/cancel ended it; or the time of a schedule's run was over; or a backup's Pod was told to stop, and the attempt is repeated.",
            "Nothing. If it is wanted after all, create another object."),
    ALREADY_FINISHED(
            Severity.WARNING,
            "The annotation mainstay.dev/cancel was set on a backup that had ended before, or it came too late to stop it.",
            "Remove the annotation; the message says what became of the backup."),
    NO_DATA(
            Severity.WARNING,
            "The source of an alert rule answered and has no value now; spec.noData says what that means for the alert.",
            "Look whether what the rule watches still runs and is still scraped; status.query tells what is asked."),
    NEVER_MATCHED(
            Severity.WARNING,
            "The source of an alert rule answered, and has had no value since the rule asks for it.",
            "Look for a mistake in names: status.query tells what is asked, spec.metrics of the ManagedApplication by which names."),
    PARTIAL_DATA(
            Severity.WARNING,
            "Only a part of what a value is made from was there. Such a value may begin an alert and never ends one.",
            "Do what the message says."),
    SOURCE_FAILED(
            Severity.WARNING,
            "The source of an alert rule did not answer, or with an error; spec.onError says what that means for the alert.",
            "Look at the source that the message names; all rules that ask it have the same trouble."),
    QUERY_FAILED(
            Severity.ERROR,
            "What an alert rule asks can't be answered, though its source can be reached.",
            "Correct what the message names."),
    CHANNEL_NOT_FOUND(
            Severity.ERROR,
            "A NotificationChannel that is named does not exist in this namespace.",
            "Create it, or correct the name where the message says."),
    NOBODY_TO_TELL(
            Severity.WARNING,
            "An alert rule has nobody to tell.",
            "Name channels in spec.notify of the AlertRule or of its ManagedApplication."),
    NOT_DELIVERED(
            Severity.WARNING,
            "A channel has not taken a message.",
            "Read the message, and status.notifications of the AlertRule."),
    NOTHING_SENT(
            Severity.NORMAL,
            "Nothing was sent to the channel yet, so nobody knows whether it takes messages.",
            "Annotate it with mainstay.dev/test-send and a new value, and see whether the message arrives."),
    TEST_NOT_TAKEN(
            Severity.ERROR,
            "The message that mainstay.dev/test-send asked for was not taken.",
            "Read status.lastTest, mend what it names, and set the annotation to another value."),
    NO_CHANNEL_FOUND(
            Severity.ERROR,
            "None of the NotificationChannels exists that an alert rule names; those of its application are told in their place.",
            "Create them, or correct the names where the message says. It says too who is told until then."),
    FALLBACK_LOOP(
            Severity.ERROR,
            "Channels stand in for each other in a circle, so that nobody is told when none of them takes a message.",
            "Remove spec.fallback of one of the channels that the message names, or name a channel that is none of them."),
    ACKNOWLEDGES_NOTHING(
            Severity.WARNING,
            "The annotation mainstay.dev/acknowledge names another episode than the one under way, or none.",
            "Use the command in the message, which names the episode under way."),
    ALERT_FIRING(
            Severity.WARNING,
            "What an alert rule watches for has lasted for spec.pendingFor, and the alert fires.",
            "Do what spec.runbookUrl says, and acknowledge it: status.episode is its number."),
    ALERT_RESOLVED(
            Severity.NORMAL,
            "An alert that fired is over; the message says why, and status.lastResolved too.",
            "Nothing, unless the reason is one of the rule: then nothing says that what it watched is good again."),
    MESSAGE_CUT(
            Severity.WARNING,
            "A receiver takes no message as long as this one was, so a part of it was left out.",
            "Look at the AlertRule for what was left out. Shorten what the message names, or let fewer rules tell this channel."),
    MESSAGE_TOO_LARGE(
            Severity.ERROR,
            "A receiver refuses a message since it is too large for it.",
            "Raise what the receiver takes, or do what the message says to make messages smaller."),
    INTERNAL_ERROR(
            Severity.ERROR, "Something that should not happen.", "Report it with the message and the Job's log.");

    private final String text;
    private final Severity severity;
    private final String meaning;
    private final String nextStep;

    Reason(Severity severity, String meaning, String nextStep) {
        this.text = Arrays.stream(name().split("_"))
                .map(word -> word.charAt(0) + word.substring(1).toLowerCase(Locale.ROOT))
                .collect(Collectors.joining());
        this.severity = severity;
        this.meaning = meaning;
        this.nextStep = nextStep;
    }

    /** The word that stands in conditions and events. */
    public String text() {
        return text;
    }

    /** How grave it is. */
    public Severity severity() {
        return severity;
    }

    /** What it means, in a sentence. */
    public String meaning() {
        return meaning;
    }

    /** What to do about it, in a sentence. */
    public String nextStep() {
        return nextStep;
    }

    /** The reason of that word; empty for a word of another version. */
    public static Optional<Reason> of(String text) {
        return Arrays.stream(values())
                .filter(reason -> reason.text.equals(text))
                .findFirst();
    }
}
