package dev.mainstay.runner.storage;

import dev.mainstay.core.task.Task;
import dev.mainstay.runner.task.StopSignal;
import dev.mainstay.runner.task.TaskContext;
import java.time.Duration;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * The bucket, for three ways of using it.
 *
 * @param quick tells within seconds what is wrong; for checks before the work
 * @param patient outlives a restart of the store; for the work
 * @param cleanup goes on after the task was told to stop, for a few seconds
 */
public record Stores(ObjectStore quick, ObjectStore patient, ObjectStore cleanup) {

    /** The bucket of the task; throws a TaskFailure of CredentialsMissing when a Secret isn't there. */
    public static Stores open(TaskContext context) {
        Task task = context.task();
        StoreProxy proxy = StoreProxy.of(task.storage(), System.getenv()).orElse(null);
        S3Client client = S3Clients.create(
                task.storage(), context.secrets(), context.settings().storeSilence(), proxy, context.clock());
        Duration silence = context.settings().storeSilence();
        StorageErrors errors = new StorageErrors(
                task.storage(), task.origin().namespace(), task.origin().policy(), proxy);
        Patience patience = new Patience(
                context.settings().retries(),
                Duration.ofMillis(200),
                context.settings().retryWait());
        return new Stores(
                new S3ObjectStore(client, task.storage(), errors, Patience.SHORT, silence, context.stop()),
                new S3ObjectStore(client, task.storage(), errors, patience, silence, context.stop()),
                new S3ObjectStore(client, task.storage(), errors, Patience.SHORT, silence, new StopSignal()));
    }
}
