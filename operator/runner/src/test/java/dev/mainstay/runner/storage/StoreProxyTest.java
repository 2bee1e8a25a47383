package dev.mainstay.runner.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.core.task.Task.StorageTarget;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StoreProxyTest {

    private static final String HTTP = "http://plain.example.org:3128";
    private static final String HTTPS = "http://secure.example.org:3129";

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            https://s3.example.org | true  | -                           | http://secure.example.org:3129
            -                      | true  | -                           | http://secure.example.org:3129
            http://minio.shop.svc  | true  | -                           | http://plain.example.org:3128
            http://minio.shop.svc  | true  | minio.shop.svc              | -
            http://minio.shop.svc  | true  | a.example, MINIO.shop.svc ,b | -
            http://minio.shop.svc  | true  | .svc                        | -
            http://minio.shop.svc  | true  | *.shop.svc                  | -
            http://minio.shop.svc  | true  | svc                         | -
            http://minio.shop.svc  | true  | *                           | -
            http://minio.shop.svc  | true  | vc,,other.svc               | http://plain.example.org:3128
            http://10.1.2.3:9000   | true  | 10.1.2.3                    | -
            -                      | true  | s3.eu-central-1.amazonaws.com | -
            -                      | false | backups.s3.eu-central-1.amazonaws.com | -
            http://minio.shop.svc  | false | backups.minio.shop.svc      | -
            """)
    void theSchemeOfTheStoreAndTheExceptionsDecide(
            String endpoint, boolean pathStyle, String exceptions, String expected) {
        Map<String, String> environment = exceptions == null
                ? Map.of("HTTP_PROXY", HTTP, "HTTPS_PROXY", HTTPS)
                : Map.of("HTTP_PROXY", HTTP, "HTTPS_PROXY", HTTPS, "NO_PROXY", exceptions);

        assertThat(StoreProxy.of(target(endpoint, pathStyle), environment).map(StoreProxy::where))
                .isEqualTo(java.util.Optional.ofNullable(expected));
    }

    @Test
    void anotherSchemesProxyIsNotUsed() {
        assertThat(StoreProxy.of(target("https://s3.example.org", true), Map.of("HTTP_PROXY", HTTP)))
                .isEmpty();
        assertThat(StoreProxy.of(target("http://s3.example.org", true), Map.of("HTTPS_PROXY", HTTPS)))
                .isEmpty();
    }

    @Test
    void aPasswordIsNotToldWhereItIs() {
        assertThat(StoreProxy.of(
                        target("https://s3.example.org", true),
                        Map.of("HTTPS_PROXY", "http://me:secret@secure.example.org:3129")))
                .hasValueSatisfying(proxy -> assertThat(proxy.where()).isEqualTo(HTTPS));
    }

    private static StorageTarget target(String endpoint, boolean pathStyle) {
        return new StorageTarget(
                "backups", "eu-central-1", endpoint, pathStyle, true, null, null, null, null, null, Map.of());
    }
}
