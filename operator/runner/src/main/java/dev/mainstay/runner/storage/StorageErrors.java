package dev.mainstay.runner.storage;

import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.Task.MountedSecret;
import dev.mainstay.core.task.Task.StorageTarget;
import dev.mainstay.runner.task.TaskFailure;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * What an error of the store means for a person: which field or Secret is to be corrected. Stores differ in their codes;
 * the table goes by code first, then by status.
 */
public final class StorageErrors {

    private static final Set<String> TRANSIENT_CODES = Set.of(
            "RequestTimeout",
            "SlowDown",
            "Throttling",
            "ThrottlingException",
            "RequestLimitExceeded",
            "TooManyRequests",
            "OperationAborted",
            "ConditionalRequestConflict",
            // The credentials are read again from their files before the next try (wal-g issue 2297).
            "ExpiredToken",
            "ExpiredTokenException",
            // The client has learnt the store's time from the answer.
            "RequestTimeTooSkewed");
    private static final int FIRST_SERVER_ERROR = 500;
    private static final int NOT_IMPLEMENTED = 501;
    private static final int TOO_MANY_REQUESTS = 429;

    private final StorageTarget target;
    private final String policy;
    private final String namespace;
    private final StoreProxy proxy;

    /**
     * @param target the bucket
     * @param namespace namespace of the policy
     * @param policy name of the policy
     * @param proxy through which the store is reached; null when it is reached directly
     */
    StorageErrors(StorageTarget target, String namespace, String policy, StoreProxy proxy) {
        this.proxy = proxy;
        this.target = target;
        this.namespace = namespace;
        this.policy = "BackupPolicy " + namespace + "/" + policy + ", spec.storage.s3";
    }

    /** Whether the same call may well succeed in a moment. */
    public static boolean isTransient(Throwable error) {
        Optional<AwsServiceException> answer = find(error, AwsServiceException.class);
        if (answer.isPresent()) {
            int status = answer.get().statusCode();
            return TRANSIENT_CODES.contains(code(answer.get()))
                    || status == TOO_MANY_REQUESTS
                    || status >= FIRST_SERVER_ERROR && status != NOT_IMPLEMENTED;
        }
        return (error instanceof SdkException || error instanceof UncheckedIOException)
                && find(error, TaskFailure.class).isEmpty()
                && find(error, CertificateException.class).isEmpty()
                && noCredentials(error).isEmpty();
    }

    /** The failure that an error means. */
    public TaskFailure failure(StoreOperation operation, String key, Throwable error) {
        Optional<TaskFailure> own = find(error, TaskFailure.class);
        if (own.isPresent()) {
            return own.get();
        }
        Optional<AwsServiceException> answer = find(error, AwsServiceException.class);
        if (answer.isPresent()) {
            return answered(operation, key, answer.get());
        }
        return noCredentials(error).map(this::withoutCredentials).orElseGet(() -> unanswered(error));
    }

    private TaskFailure answered(StoreOperation operation, String key, AwsServiceException answer) {
        int status = answer.statusCode();
        // A proxy that opens no tunnel answers in the store's place.
        if (proxy != null && answer.requestId() == null && code(answer).isEmpty()) {
            return new TaskFailure(
                    Reason.STORAGE_UNREACHABLE,
                    policy + where() + ": the answer to an attempt to " + operation.verb() + " " + name(key) + " was "
                            + (status + " " + code(answer)).strip()
                            + ", without a store's code and request id: it may be the proxy's. "
                            + (status == HttpURLConnection.HTTP_PROXY_AUTH
                                    ? "It asks for a name and password: put them into"
                                    : "Allow the store's host and port there, correct")
                            + " proxy in the values of Mainstay's chart, or name the host in proxy.exceptions.");
        }
        if (status >= FIRST_SERVER_ERROR || status == TOO_MANY_REQUESTS) {
            return new TaskFailure(
                    Reason.STORAGE_UNREACHABLE,
                    policy + where() + ": the store answered " + status + " " + code(answer) + " to an attempt to "
                            + operation.verb() + " " + name(key) + ". Look at the store.");
        }
        if (isLocked(answer)) {
            return new TaskFailure(
                    Reason.RETAINED,
                    policy + where() + ": the store keeps " + name(key) + " (" + status + " " + code(answer)
                            + "): its object lock or a legal hold stands.");
        }
        return new TaskFailure(
                Reason.STORAGE_DENIED,
                policy + where() + ": the store refused to " + operation.verb() + " " + name(key) + " (" + status + " "
                        + code(answer) + "). " + advice(operation, key, answer));
    }

    /** There is no code for it: stores say AccessDenied, and why in the message only. */
    private static boolean isLocked(AwsServiceException answer) {
        String message = answer.awsErrorDetails() == null
                ? null
                : answer.awsErrorDetails().errorMessage();
        return message != null && message.toLowerCase(Locale.ROOT).contains("object lock");
    }

    private String advice(StoreOperation operation, String key, AwsServiceException answer) {
        return switch (code(answer)) {
            case "NoSuchBucket" ->
                "There is no bucket " + target.bucket() + ": create it, or correct spec.storage.s3.bucket.";
            case "InvalidBucketName" ->
                "The store takes no bucket of the name " + target.bucket() + ": correct spec.storage.s3.bucket.";
            // The last one is versitygw's.
            case "InvalidAccessKeyId", "NoSuchAccessKey", "XAdminUserNotFound" ->
                "It does not know the access key: correct " + keyOf("accessKeyId") + ".";
            case "SignatureDoesNotMatch" ->
                "The secret access key does not belong to the access key (correct " + keyOf("secretAccessKey")
                        + "), or spec.storage.s3.region (" + target.region() + ") or pathStyle (" + target.pathStyle()
                        + ") is not what the store expects.";
            case "ExpiredToken", "ExpiredTokenException", "InvalidToken" ->
                "The session token is no longer good: renew " + keyOf("sessionToken") + ".";
            case "PermanentRedirect",
                    "TemporaryRedirect",
                    "AuthorizationHeaderMalformed",
                    "IllegalLocationConstraint" ->
                "The bucket is in another region: correct spec.storage.s3.region (" + target.region()
                        + ") or endpoint.";
            case "InvalidTag" -> "Correct spec.storage.s3.tags.";
            case "InvalidStorageClass" ->
                "It has no storage class " + target.storageClass() + ": correct spec.storage.s3.storageClass.";
            case "RequestTimeTooSkewed" -> "The clocks of this node and of the store differ: set them.";
            case "AccessDenied", "AllAccessDisabled", "Forbidden" -> allow(operation, key);
            case String code when code.startsWith("KMS") -> "Correct spec.storage.s3.serverSideEncryption.kmsKeyId.";
            default ->
                answer.statusCode() == 403 || answer.statusCode() == 401
                        ? allow(operation, key)
                        : "Check bucket, endpoint, region and pathStyle.";
        };
    }

    private String allow(StoreOperation operation, String key) {
        boolean ofBucket = operation == StoreOperation.LIST || operation == StoreOperation.LIST_UPLOADS;
        return "Allow " + operation.permission() + " on " + target.bucket() + (ofBucket ? "" : "/" + key) + " for the "
                + (target.credentials() == null ? "Pod's identity." : "access key in " + secret() + ".");
    }

    /** The Pod may have an identity that nobody gives keys for, so what was said to it is told. */
    private TaskFailure withoutCredentials(String said) {
        return new TaskFailure(
                Reason.CREDENTIALS_MISSING,
                policy
                        + ": there is no credentialsSecretRef, and the Pod's ServiceAccount has no identity that gives it an"
                        + " access key. Give one of the two. (" + said + ")");
    }

    private TaskFailure unanswered(Throwable error) {
        return new TaskFailure(Reason.STORAGE_UNREACHABLE, policy + where() + ": " + found(error));
    }

    private String found(Throwable error) {
        if (proxy != null) {
            Optional<String> proxies = ofTheProxy(error);
            if (proxies.isPresent()) {
                return proxies.get() + " Correct proxy in the values of Mainstay's chart, or name the store's host in"
                        + " proxy.exceptions.";
            }
        }
        if (find(error, UnknownHostException.class).isPresent()) {
            return "no address is known for the host of this endpoint"
                    + (target.pathStyle()
                            ? ". Correct spec.storage.s3.endpoint."
                            : " (with pathStyle: false the host's name begins with the bucket's). Correct"
                                    + " spec.storage.s3.endpoint, or set pathStyle.");
        }
        if (find(error, CertificateException.class).isPresent()) {
            return "the store's certificate is not trusted or not made out to this host. Put the authority that signed"
                    + " it into the Secret of spec.storage.s3.caSecretRef.";
        }
        if (find(error, SSLException.class).isPresent()) {
            return "no TLS connection came about: " + root(error) + ". Check whether endpoint should be http or https.";
        }
        if (find(error, ConnectException.class).isPresent()) {
            return "the connection was refused. Check host and port of the endpoint, the store, and network policies.";
        }
        if (find(error, SocketTimeoutException.class).isPresent()) {
            return "the store did not answer in time. Check the endpoint, the store, and network policies.";
        }
        return "the connection broke: " + root(error) + ". Look at the store."
                + (plain() ? " If it speaks TLS, spec.storage.s3.endpoint begins with https." : "");
    }

    /** What is wrong with the proxy itself: it is the only host whose name and port are looked for from here. */
    private Optional<String> ofTheProxy(Throwable error) {
        if (find(error, UnknownHostException.class).isPresent()) {
            return Optional.of("no address is known for the proxy's host.");
        }
        if (find(error, ConnectException.class).isPresent()) {
            return Optional.of("the proxy refused the connection.");
        }
        return Optional.empty();
    }

    /** A server that awaits a TLS handshake hangs up on a plain request. */
    private boolean plain() {
        return target.endpoint() != null && target.endpoint().startsWith("http:");
    }

    private String where() {
        return " (bucket " + target.bucket() + " at " + (target.endpoint() == null ? "AWS" : target.endpoint())
                + (proxy == null ? "" : " through the proxy " + proxy.where()) + ")";
    }

    private String secret() {
        MountedSecret secret = target.credentials();
        return "Secret " + namespace + "/" + secret.name() + " (keys "
                + String.join(", ", secret.keys().values().stream().sorted().toList()) + ")";
    }

    private String keyOf(String purpose) {
        MountedSecret secret = target.credentials();
        return secret == null
                ? "the Pod's identity"
                : "key " + secret.keys().getOrDefault(purpose, purpose) + " in Secret " + namespace + "/"
                        + secret.name();
    }

    private static String name(String key) {
        return key.isEmpty() ? "the bucket" : key;
    }

    static String code(AwsServiceException answer) {
        String code = answer.awsErrorDetails() == null
                ? null
                : answer.awsErrorDetails().errorCode();
        return code == null ? "" : code;
    }

    /** What the client said when it found no credentials; empty when that is not what is wrong. */
    private static Optional<String> noCredentials(Throwable error) {
        return causes(error)
                .map(Throwable::getMessage)
                .filter(message -> message != null && message.contains("Unable to load credentials"))
                .map(message -> message.replaceFirst("(?s)^.* : \\[(.*)\\]$", "$1"))
                .findFirst();
    }

    private static String root(Throwable error) {
        Throwable root = causes(error).reduce((first, second) -> second).orElse(error);
        return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
    }

    private static <T extends Throwable> Optional<T> find(Throwable error, Class<T> type) {
        return causes(error).filter(type::isInstance).map(type::cast).findFirst();
    }

    private static Stream<Throwable> causes(Throwable error) {
        return Stream.iterate(error, cause -> cause != null, Throwable::getCause)
                .limit(20);
    }
}
