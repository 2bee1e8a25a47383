package dev.mainstay.runner.storage;

import dev.mainstay.core.task.Task.MountedSecret;
import dev.mainstay.runner.task.MountedSecrets;
import dev.mainstay.runner.task.TaskFailure;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;

/**
 * The access key of the mounted Secret, read again while the task runs: a session token that is renewed in the Secret
 * outlives an upload of many hours (VictoriaMetrics issue 9280, cube issue 11622).
 */
final class RereadingCredentials implements AwsCredentialsProvider {

    private static final Duration GOOD_FOR = Duration.ofSeconds(3);

    private final MountedSecrets secrets;
    private final MountedSecret secret;
    private final Clock clock;
    private AwsCredentials last;
    private Instant readAt = Instant.MIN;

    RereadingCredentials(MountedSecrets secrets, MountedSecret secret, Clock clock) {
        this.secrets = secrets;
        this.secret = secret;
        this.clock = clock;
    }

    @Override
    public synchronized AwsCredentials resolveCredentials() {
        Instant now = clock.instant();
        if (last != null && now.isBefore(readAt.plus(GOOD_FOR))) {
            return last;
        }
        try {
            last = read();
        } catch (TaskFailure missing) {
            // A Secret that vanishes in the middle of an upload doesn't end it: the store judges the key we have.
            if (last == null) {
                throw missing;
            }
        }
        readAt = now;
        return last;
    }

    private AwsCredentials read() {
        String id = secrets.value(secret, "accessKeyId");
        String key = secrets.value(secret, "secretAccessKey");
        return secret.keys().containsKey("sessionToken")
                ? AwsSessionCredentials.create(
                        id, key, secrets.value(secret, "sessionToken").strip())
                : AwsBasicCredentials.create(id, key);
    }
}
