package dev.mainstay.runner.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.Task.MountedSecret;
import dev.mainstay.core.task.Task.StorageTarget;
import dev.mainstay.runner.task.TaskFailure;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.util.Map;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.s3.model.S3Exception;

class StorageErrorsTest {

    private final StorageErrors errors = new StorageErrors(
            new StorageTarget(
                    "shop-backups",
                    "eu-central-1",
                    "https://s3.example.org",
                    true,
                    true,
                    new MountedSecret("s3", "shop-s3", Map.of("accessKeyId", "id", "secretAccessKey", "key")),
                    null,
                    null,
                    null,
                    null,
                    Map.of()),
            "shop",
            "nightly",
            null);

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            403 | AccessDenied          | STORAGE_DENIED      | false | Allow s3:PutObject on shop-backups/a/data.000 for the access key in Secret shop/shop-s3 (keys id, key)
            403 |                       | STORAGE_DENIED      | false | Allow s3:PutObject
            403 | InvalidAccessKeyId    | STORAGE_DENIED      | false | correct key id in Secret shop/shop-s3
            404 | XAdminUserNotFound    | STORAGE_DENIED      | false | correct key id in Secret shop/shop-s3
            403 | SignatureDoesNotMatch | STORAGE_DENIED      | false | correct key key in Secret shop/shop-s3), or spec.storage.s3.region (eu-central-1) or pathStyle (true)
            403 | RequestTimeTooSkewed  | STORAGE_DENIED      | true  | clocks
            400 | ExpiredToken          | STORAGE_DENIED      | true  | renew key sessionToken in Secret shop/shop-s3
            400 | AuthorizationHeaderMalformed | STORAGE_DENIED | false | another region
            301 | PermanentRedirect     | STORAGE_DENIED      | false | another region
            404 | NoSuchBucket          | STORAGE_DENIED      | false | There is no bucket shop-backups
            400 | InvalidBucketName     | STORAGE_DENIED      | false | spec.storage.s3.bucket
            400 | SomethingNew          | STORAGE_DENIED      | false | Check bucket, endpoint
            500 | InternalError         | STORAGE_UNREACHABLE | true  | answered 500 InternalError
            503 | SlowDown              | STORAGE_UNREACHABLE | true  | answered 503 SlowDown
            429 | TooManyRequests       | STORAGE_UNREACHABLE | true  | answered 429
            501 | NotImplemented        | STORAGE_UNREACHABLE | false | answered 501
            """)
    void anAnswerTellsWhatToCorrect(int status, String code, Reason reason, boolean mayPass, String advice) {
        S3Exception answer = (S3Exception) S3Exception.builder()
                .statusCode(status)
                .awsErrorDetails(AwsErrorDetails.builder().errorCode(code).build())
                .build();

        TaskFailure failure = errors.failure(StoreOperation.WRITE, "a/data.000", answer);

        assertThat(failure.reason()).isEqualTo(reason);
        assertThat(failure).hasMessageContaining(advice);
        assertThat(failure).hasMessageStartingWith("BackupPolicy shop/nightly, spec.storage.s3");
        assertThat(StorageErrors.isTransient(answer)).isEqualTo(mayPass);
    }

    static Stream<Arguments> silence() {
        return Stream.of(
                Arguments.of(
                        new UnknownHostException("s3.example.org"), Reason.STORAGE_UNREACHABLE, true, "no address"),
                Arguments.of(new ConnectException("refused"), Reason.STORAGE_UNREACHABLE, true, "refused"),
                Arguments.of(new SocketTimeoutException("slow"), Reason.STORAGE_UNREACHABLE, true, "in time"),
                Arguments.of(
                        new SSLHandshakeException("PKIX", new CertificateException("unknown")),
                        Reason.STORAGE_UNREACHABLE,
                        false,
                        "caSecretRef"),
                Arguments.of(
                        new SSLHandshakeException("Unsupported"), Reason.STORAGE_UNREACHABLE, true, "http or https"));
    }

    @ParameterizedTest
    @MethodSource("silence")
    void silenceTellsWhatToLookAt(Exception cause, Reason reason, boolean mayPass, String advice) {
        SdkClientException error = SdkClientException.create("Unable to execute HTTP request", cause);

        TaskFailure failure = errors.failure(StoreOperation.LIST, "", error);

        assertThat(failure.reason()).isEqualTo(reason);
        assertThat(failure).hasMessageContaining(advice);
        assertThat(StorageErrors.isTransient(error)).isEqualTo(mayPass);
    }
}
