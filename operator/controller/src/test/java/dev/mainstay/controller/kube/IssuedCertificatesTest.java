package dev.mainstay.controller.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mainstay.core.certificate.Issued;
import dev.mainstay.core.certificate.IssuedCertificate;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Instant;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the API server answers about cert-manager's Certificates, and what that means. */
class IssuedCertificatesTest {

    private static final String LIST = "GET shop/certificates";
    private static final String STATUS = "PATCH web/status";
    private static final Instant NOW = Instant.parse("2026-03-29T03:00:00Z");
    private static final String ITEM = """
            {"apiVersion":"cert-manager.io/v1","kind":"Certificate",
             "metadata":{"name":"web","namespace":"shop","resourceVersion":"77","generation":3},
             "spec":{"secretName":"shop-tls"},"status":{"conditions":[]}}""";

    @AutoClose
    private final AnsweringApi api = new AnsweringApi();

    private final IssuedCertificates certificates = new IssuedCertificates(api.client());

    private IssuedCertificate found() {
        api.says(LIST, "{\"items\":[" + ITEM + "]}");
        return ((Issued.Found) certificates.read("shop")).certificates().getFirst();
    }

    @Test
    void givenAClusterWithoutTheirDefinition_whenTheyAreRead_thenTheyAreUnknown() {
        assertThat(certificates.read("shop")).isEqualTo(new Issued.Unknown());
    }

    @Test
    void givenNoRight_whenTheyAreRead_thenWhatTheServerSaidIsKept() {
        api.refuses(LIST, 403, "not allowed");

        assertThat(certificates.read("shop")).isEqualTo(new Issued.Forbidden("not allowed"));
    }

    @Test
    void givenAServerThatFails_whenTheyAreRead_thenItIsTriedAgain() {
        api.refuses(LIST, 500, "out of order");

        assertThatThrownBy(() -> certificates.read("shop")).isInstanceOf(KubernetesClientException.class);
    }

    @Test
    void givenOne_whenItIsAskedFor_thenItsStatusIsWrittenUnlessSomebodyElseHasWrittenIt() {
        IssuedCertificate web = found();
        assertThat(web.name()).isEqualTo("web");
        api.says(STATUS, ITEM);

        assertThat(certificates.ask("shop", web, "By a test", NOW)).isEqualTo(new Written.There());

        assertThat(api.sent())
                .singleElement()
                .satisfies(sent -> assertThat(sent.what()).isEqualTo(STATUS))
                .satisfies(sent -> assertThat(sent.body())
                        .contains("\"resourceVersion\":\"77\"", "\"type\":\"Issuing\"", "\"message\":\"By a test\"")
                        .doesNotContain("\"spec\""));
    }

    @ParameterizedTest
    @CsvSource({
        "409, Changed[]",
        "404, Changed[]",
        "403, 'Rejected[forbidden=true, message=no]'",
        "422, 'Rejected[forbidden=false, message=no]'"
    })
    void givenAnAnswer_whenItIsAskedFor_thenItMeans(int code, String written) {
        IssuedCertificate web = found();
        api.refuses(STATUS, code, "no");

        assertThat(certificates.ask("shop", web, "By a test", NOW)).hasToString(written);
    }
}
