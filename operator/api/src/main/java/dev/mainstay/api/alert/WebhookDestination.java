package dev.mainstay.api.alert;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.mainstay.api.SecretKeyReference;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** A server that takes the webhook of Alertmanager. */
@ValidationRule(
        value = "has(self.url) != has(self.urlSecretRef)",
        message = "must have exactly one of url and urlSecretRef: the URL itself, or the key of a Secret that holds it")
public record WebhookDestination(
        @JsonPropertyDescription("The URL that messages are posted to, without credentials in it.")
        @Size(min = 1, max = 512)
        @ValidationRule(value = WebhookDestination.URL, message = WebhookDestination.URL_MESSAGE)
        String url,

        @JsonPropertyDescription("The key of a Secret that holds the URL, where the URL is a password too.")
        SecretKeyReference urlSecretRef,

        @JsonPropertyDescription(
                "The key of a Secret with which each message is signed: the header X-Mainstay-Signature-256 has sha256= and the"
                        + " HMAC-SHA256 of the body in hexadecimal.")
        SecretKeyReference hmacSecretRef,

        @JsonPropertyDescription(
                "The key of a Secret that holds what the header Authorization says, such as Bearer and a token.")
        SecretKeyReference authorizationSecretRef,

        @JsonPropertyDescription(
                "The key of a Secret that holds the certificates, as PEM, of the authorities that the server's is signed by.")
        SecretKeyReference caSecretRef,

        @JsonPropertyDescription("How many alerts one message may hold; more are counted in truncatedAlerts.")
        @Default("50")
        @Min(1)
        @Max(500)
        Integer maxAlerts) {

    /** A URL that messages can be posted to. */
    public static final String URL = "self.matches(r'^https?://[^/?#@\\s]+([/?][^#\\s]*)?$') && isURL(self)"
            + " && (url(self).getPort() == '' || int(url(self).getPort()) <= 65535)";

    public static final String URL_MESSAGE =
            "must be a URL of http or https with a host, maybe a port up to 65535, a path and a query, and no user, such as"
                    + " https://alerts.example.org/hook: a secret part goes into urlSecretRef or authorizationSecretRef";

    /** How many alerts; 50 when nothing is said. */
    @Override
    public Integer maxAlerts() {
        return maxAlerts == null ? Integer.valueOf(50) : maxAlerts;
    }
}
