package dev.mainstay.runner.storage;

import dev.mainstay.core.task.Task.StorageTarget;
import dev.mainstay.runner.task.Authorities;
import dev.mainstay.runner.task.MountedSecrets;
import dev.mainstay.runner.task.TaskFailure;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import javax.net.ssl.TrustManager;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProviderChain;
import software.amazon.awssdk.auth.credentials.ContainerCredentialsProvider;
import software.amazon.awssdk.auth.credentials.WebIdentityTokenFileCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.http.apache5.ProxyConfiguration;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.S3Configuration;

/** Makes the client of a bucket. */
final class S3Clients {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    private static final int MOST_CONNECTIONS = 32;

    private S3Clients() {}

    /**
     * A client.
     *
     * @param silence how long the store may say nothing
     * @param proxy through which the store is reached; null when it is reached directly
     * @throws TaskFailure of CredentialsMissing when a Secret or key isn't there
     */
    static S3Client create(
            StorageTarget target, MountedSecrets secrets, Duration silence, StoreProxy proxy, Clock clock) {
        S3ClientBuilder builder = S3Client.builder()
                .region(Region.of(target.region()))
                .forcePathStyle(target.pathStyle())
                .credentialsProvider(credentials(target, secrets, clock))
                .httpClient(httpClient(target, secrets, silence, proxy))
                // Tries again in a way of its own, see Patience.
                .overrideConfiguration(o -> o.retryStrategy(DefaultRetryStrategy.doNotRetry()));
        if (target.checksumsWhenRequiredOnly()) {
            // What newer SDKs add by themselves is refused by several stores (velero issue 8742).
            builder.requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                    .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                    .serviceConfiguration(S3Configuration.builder()
                            .chunkedEncodingEnabled(false)
                            .build());
        }
        if (target.endpoint() != null) {
            builder.endpointOverride(URI.create(target.endpoint()));
        }
        return builder.build();
    }

    private static AwsCredentialsProvider credentials(StorageTarget target, MountedSecrets secrets, Clock clock) {
        if (target.credentials() == null) {
            return AwsCredentialsProviderChain.builder()
                    .addCredentialsProvider(WebIdentityTokenFileCredentialsProvider.create())
                    .addCredentialsProvider(ContainerCredentialsProvider.create())
                    .build();
        }
        RereadingCredentials provider = new RereadingCredentials(secrets, target.credentials(), clock);
        provider.resolveCredentials();
        return provider;
    }

    private static SdkHttpClient httpClient(
            StorageTarget target, MountedSecrets secrets, Duration silence, StoreProxy proxy) {
        Apache5HttpClient.Builder builder = Apache5HttpClient.builder()
                .proxyConfiguration(configuration(proxy))
                .connectionTimeout(CONNECT_TIMEOUT)
                .socketTimeout(silence)
                .maxConnections(MOST_CONNECTIONS);
        if (target.certificateAuthority() != null) {
            TrustManager[] managers = Authorities.of(target.certificateAuthority(), secrets);
            builder.tlsTrustManagersProvider(() -> managers);
        }
        return builder.build();
    }

    private static ProxyConfiguration configuration(StoreProxy proxy) {
        ProxyConfiguration.Builder builder =
                ProxyConfiguration.builder().useEnvironmentVariableValues(false).useSystemPropertyValues(false);
        if (proxy != null) {
            builder.endpoint(URI.create(proxy.where()));
            String user = proxy.address().getUserInfo();
            if (user != null) {
                String[] parts = user.split(":", 2);
                builder.username(parts[0])
                        .password(parts.length > 1 ? parts[1] : "")
                        .preemptiveBasicAuthenticationEnabled(true);
            }
        }
        return builder.build();
    }
}
