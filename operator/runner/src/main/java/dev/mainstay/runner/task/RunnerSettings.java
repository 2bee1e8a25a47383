package dev.mainstay.runner.task;

import dev.mainstay.core.task.Task;
import java.nio.file.Path;
import java.time.Duration;

/**
 * How the program is set up. In an image all of it is as {@link #ofImage()} says; tests put other places in.
 *
 * @param secretsFolder folder with the mounted Secrets
 * @param terminationMessage file that takes the result
 * @param postgresFolder folder with the PostgreSQL programs, in {@code <major>/bin}
 * @param serverFolder folder that a task shares with a server of its own
 * @param partBytes size of an upload's parts; S3 takes no less than 5 MiB
 * @param partsPerSegment most parts of one object; 900 stays below the limit of 1,000 that some stores have (databasus
 *     issue 617)
 * @param concurrency parts that are on their way at once; memory is {@code partBytes × (concurrency + 1)}
 * @param databaseLockWait how long a lock on the database is waited for
 * @param storeSilence how long a store may say nothing within an answer, before it is asked again
 * @param retryWait longest wait between two tries of one call to the store
 * @param retries how often a call to the store is tried once the upload has begun
 */
public record RunnerSettings(
        Path secretsFolder,
        Path terminationMessage,
        Path postgresFolder,
        Path serverFolder,
        int partBytes,
        int partsPerSegment,
        int concurrency,
        Duration databaseLockWait,
        Duration storeSilence,
        Duration retryWait,
        int retries) {

    private static final int MEBIBYTE = 1024 * 1024;

    /** The settings of the image, with places taken from system properties {@code mainstay.*} where given. */
    public static RunnerSettings ofImage() {
        return new RunnerSettings(
                Path.of(System.getProperty("mainstay.secrets", Task.SECRETS_FOLDER)),
                Path.of(System.getProperty("mainstay.terminationMessage", Task.TERMINATION_MESSAGE_PATH)),
                Path.of(System.getProperty("mainstay.postgres", "/usr/lib/postgresql")),
                Path.of(System.getProperty("mainstay.server", Task.SERVER_FOLDER)),
                Integer.getInteger("mainstay.partBytes", 16 * MEBIBYTE),
                900,
                4,
                Duration.ofSeconds(30),
                Duration.ofSeconds(60),
                Duration.ofSeconds(15),
                Integer.getInteger("mainstay.retries", 10));
    }
}
