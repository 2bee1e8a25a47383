package dev.mainstay.core.task;

import dev.mainstay.core.task.Task.MadeBy;
import dev.mainstay.core.task.TaskResult.CommittedBackup;
import java.time.Instant;

/**
 * A committed backup as its manifest and its proofs tell of it.
 *
 * @param folder name of its folder in the policy's
 * @param name name of the DatabaseBackup that it was made for
 * @param uid its uid
 * @param attempt number of the attempt
 * @param madeBy who made that object
 * @param keepUntil until when it is kept at least; null for one made by its policy
 * @param startedAt when the attempt began
 * @param backup what is committed
 */
public record StoredManifest(
        String folder,
        String name,
        String uid,
        int attempt,
        MadeBy madeBy,
        Instant keepUntil,
        Instant startedAt,
        CommittedBackup backup) {}
