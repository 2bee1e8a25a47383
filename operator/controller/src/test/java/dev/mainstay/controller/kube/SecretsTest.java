package dev.mainstay.controller.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mainstay.api.SecretKeyReference;
import dev.mainstay.core.alert.SecretSeen;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Each outcome of reading a key of a Secret. */
class SecretsTest {

    private static final SecretKeyReference URL = new SecretKeyReference("slack", "url");
    private static final String VALUE = "https://hooks.example.org/T0/B0/very-secret";

    @AutoClose
    private final AnsweringApi api = new AnsweringApi();

    private final Secrets secrets = new Secrets(api.client());

    @Test
    void givenAValue_whenItIsRead_thenItComesWithoutSpacesAroundAndIsInNothingThatIsPrinted() {
        has("\"url\": \"" + base64(" " + VALUE + "\n") + "\"");

        Secrets.Read read = secrets.read("shop", URL);

        assertThat(read.value()).contains(VALUE);
        assertThat(read.seen()).isEqualTo(new SecretSeen.Present());
        assertThat(read.toString()).doesNotContain("secret");
    }

    @Test
    void givenNoSecret_whenItIsRead_thenItIsNotFound() {
        assertThat(secrets.read("shop", URL).seen()).isEqualTo(new SecretSeen.NotFound());
    }

    @Test
    void givenAnotherKey_whenItIsRead_thenTheKeyIsMissing() {
        has("\"other\": \"" + base64("a") + "\"");

        assertThat(secrets.read("shop", URL).seen()).isEqualTo(new SecretSeen.KeyMissing());
    }

    @Test
    void givenASecretWithoutData_whenItIsRead_thenTheKeyIsMissing() {
        api.says(
                "GET secrets/slack",
                "{\"apiVersion\": \"v1\", \"kind\": \"Secret\", \"metadata\": {\"name\": \"slack\"}}");

        assertThat(secrets.read("shop", URL).seen()).isEqualTo(new SecretSeen.KeyMissing());
    }

    @Test
    void givenNothingButSpaces_whenItIsRead_thenItIsBlankAndHasNoValue() {
        for (String value : new String[] {"", " ", "\r\n\t"}) {
            has("\"url\": \"" + base64(value) + "\"");

            assertThat(secrets.read("shop", URL).seen()).isEqualTo(new SecretSeen.Blank());
            assertThat(secrets.read("shop", URL).value()).isEmpty();
        }
    }

    @Test
    void givenNoRight_whenItIsRead_thenItIsForbidden() {
        api.refuses("GET secrets/slack", 403, "secrets is forbidden");

        assertThat(secrets.read("shop", URL).seen()).isEqualTo(new SecretSeen.Forbidden("secrets is forbidden"));
    }

    @Test
    void givenAnApiServerThatFails_whenItIsRead_thenThatIsNoAnswer() {
        api.refuses("GET secrets/slack", 500, "etcd is away");

        assertThatThrownBy(() -> secrets.read("shop", URL)).isInstanceOf(KubernetesClientException.class);
    }

    private void has(String data) {
        api.says(
                "GET secrets/slack",
                "{\"apiVersion\": \"v1\", \"kind\": \"Secret\", \"metadata\": {\"name\": \"slack\"}, \"data\": {" + data
                        + "}}");
    }

    private static String base64(String value) {
        return Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8));
    }
}
