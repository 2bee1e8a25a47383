package dev.mainstay.runner.restore;

import dev.mainstay.core.task.Task;
import dev.mainstay.core.task.TaskKind;

/** What messages call the object that a restore is done for, and its fields. */
final class OrderWords {

    private OrderWords() {}

    /** The object: a RestoreRequest, or the BackupPolicy whose backup is tested. */
    static String object(Task task) {
        return (isTest(task) ? "BackupPolicy " : "RestoreRequest ")
                + task.origin().namespace() + "/" + task.restore().request();
    }

    /** The field that names the secret key. */
    static String identity(Task task) {
        return (isTest(task) ? "spec.verification.restoreTest." : "spec.") + "identitySecretRef";
    }

    /** The field that says what the copy must hold. */
    static String verification(Task task) {
        return isTest(task) ? "spec.verification.restoreTest" : "spec.verify";
    }

    /** What was restored. */
    static String restored(Task task) {
        return task.restore().intoEmpty() ? "what was restored" : "the copy";
    }

    /** Whether the server is one that was started for the task. */
    static boolean isInPod(Task task) {
        return task.restore() != null
                && task.restore().test() != null
                && task.restore().test().pod() != null;
    }

    private static boolean isTest(Task task) {
        return task.kind() == TaskKind.RESTORE_TEST;
    }
}
