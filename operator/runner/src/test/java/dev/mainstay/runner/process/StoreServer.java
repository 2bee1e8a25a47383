package dev.mainstay.runner.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.awaitility.Awaitility;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.SdkHttpConfigurationOption;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ObjectLockLegalHoldStatus;
import software.amazon.awssdk.services.s3.model.S3Object;
import software.amazon.awssdk.utils.AttributeMap;

/** A real S3 server in a temporary folder. */
final class StoreServer {

    static final String BUCKET = "shop-backups";
    static final String ACCESS_KEY = "rootkey";
    static final String SECRET_KEY = "rootsecret-rootsecret";
    /** A user that may read and list, and nothing else. */
    static final String READER = "reader";

    static final String READER_SECRET = "readersecret-readersecret";

    private static final Map<String, String> ROOT =
            Map.of("ROOT_ACCESS_KEY", ACCESS_KEY, "ROOT_SECRET_KEY", SECRET_KEY);

    /** A user that may do all but delete. */
    static final String KEEPER = "keeper";

    static final String KEEPER_SECRET = "keepersecret-keepersecret";

    private final Map<String, String> statements = new TreeMap<>();
    private final Path folder;
    private final boolean tls;
    private final String domain;
    private final int port = Programs.freePort();
    private final S3Client client;
    private Process process;

    StoreServer(boolean tls) {
        this(tls, null);
    }

    /**
     * @param domain of which each bucket is a host; null when it isn't
     */
    StoreServer(boolean tls, String domain) {
        this.domain = domain;
        this.tls = tls;
        try {
            folder = Files.createTempDirectory("mainstay-store-");
            Programs.deleteAtExit(folder);
            Files.createDirectories(folder.resolve("data"));
            Files.createDirectories(folder.resolve("iam"));
            if (tls) {
                new CertificateAuthority(folder).issue("tls", "/CN=store", "subjectAltName=IP:127.0.0.1,DNS:localhost");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        client = S3Client.builder()
                .region(Region.US_EAST_1)
                .endpointOverride(URI.create(endpoint()))
                .forcePathStyle(true)
                .credentialsProvider(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create(ACCESS_KEY, SECRET_KEY)))
                .httpClient(Apache5HttpClient.builder()
                        .buildWithDefaults(AttributeMap.builder()
                                .put(SdkHttpConfigurationOption.TRUST_ALL_CERTIFICATES, true)
                                .build()))
                .build();
        start();
        client.createBucket(r -> r.bucket(BUCKET));
    }

    String endpoint() {
        return (tls ? "https" : "http") + "://127.0.0.1:" + port;
    }

    Path authority() {
        return folder.resolve("ca.crt");
    }

    void start() {
        List<String> command = new ArrayList<>(List.of(
                Programs.versitygw().toString(),
                "--port",
                "127.0.0.1:" + port,
                "--iam-dir",
                folder.resolve("iam").toString()));
        if (tls) {
            command.addAll(List.of(
                    "--cert",
                    folder.resolve("tls.crt").toString(),
                    "--key",
                    folder.resolve("tls.key").toString()));
        }
        if (domain != null) {
            command.addAll(List.of("--virtual-domain", domain));
        }
        command.addAll(List.of("posix", folder.resolve("data").toString()));
        try {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD);
            builder.environment().putAll(ROOT);
            process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Programs.endAtExit(process);
        Awaitility.await().atMost(Duration.ofSeconds(60)).ignoreExceptions().until(() -> client.listBuckets() != null);
    }

    void kill() {
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Makes the user who may only read. */
    void addReader() {
        addUser(READER, READER_SECRET, "\"s3:GetObject\", \"s3:ListBucket\"");
    }

    /** Makes the user who may not delete. */
    void addKeeper() {
        addUser(
                KEEPER,
                KEEPER_SECRET,
                "\"s3:GetObject\", \"s3:ListBucket\", \"s3:PutObject\", \"s3:PutObjectTagging\","
                        + " \"s3:AbortMultipartUpload\", \"s3:ListBucketMultipartUploads\"");
    }

    private synchronized void addUser(String user, String secret, String actions) {
        if (statements.containsKey(user)) {
            return;
        }
        user(user, secret);
        statements.put(user, """
                {"Effect": "Allow", "Principal": "%s", "Action": [%s],
                 "Resource": ["arn:aws:s3:::shop-backups", "arn:aws:s3:::shop-backups/*"]}
                """.formatted(user, actions));
        policy("{\"Version\": \"2012-10-17\", \"Statement\": [" + String.join(", ", statements.values()) + "]}");
    }

    /** Sets the bucket's policy. */
    void policy(String policy) {
        client.putBucketPolicy(r -> r.bucket(BUCKET).policy(policy));
    }

    /** Makes a user who may do nothing yet. */
    void user(String user, String secret) {
        Programs.run(
                ROOT,
                List.of(
                        Programs.versitygw().toString(),
                        "admin",
                        "--access",
                        ACCESS_KEY,
                        "--secret",
                        SECRET_KEY,
                        "--endpoint-url",
                        endpoint(),
                        "create-user",
                        "--access",
                        user,
                        "--secret",
                        secret,
                        "--role",
                        "user"));
    }

    int port() {
        return port;
    }

    void put(String key, String text) {
        client.putObject(r -> r.bucket(BUCKET).key(key), RequestBody.fromString(text));
    }

    void createBucketWithLocks(String bucket) {
        client.createBucket(r -> r.bucket(bucket).objectLockEnabledForBucket(true));
    }

    /** Puts an object under a legal hold, or ends it. */
    void hold(String bucket, String key, boolean on) {
        client.putObjectLegalHold(r -> r.bucket(bucket)
                .key(key)
                .legalHold(h -> h.status(on ? ObjectLockLegalHoldStatus.ON : ObjectLockLegalHoldStatus.OFF)));
    }

    List<String> keys(String prefix) {
        return keysIn(BUCKET, prefix);
    }

    List<String> keysIn(String bucket, String prefix) {
        return client.listObjectsV2Paginator(r -> r.bucket(bucket).prefix(prefix)).contents().stream()
                .map(S3Object::key)
                .toList();
    }

    String read(String key) {
        return client.getObjectAsBytes(r -> r.bucket(BUCKET).key(key)).asUtf8String();
    }

    byte[] bytes(String key) {
        return client.getObjectAsBytes(r -> r.bucket(BUCKET).key(key)).asByteArray();
    }

    List<String> openUploads(String prefix) {
        return client.listMultipartUploads(r -> r.bucket(BUCKET)).uploads().stream()
                .map(upload -> upload.key())
                .filter(key -> key.startsWith(prefix))
                .toList();
    }

    /** The file behind an object: what the store believes to have is what is on its disk. */
    Path file(String key) {
        return folder.resolve("data").resolve(BUCKET).resolve(key);
    }
}
