package dev.mainstay.api.alert;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.mainstay.api.SecretKeyReference;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;

/** The Alertmanagers of a cluster, each of which is told. */
public record AlertmanagerDestination(
        @JsonPropertyDescription("URLs before /api/v2/alerts of all members of the Alertmanager's cluster, such as"
                + " http://alertmanager-0.alertmanager.monitoring:9093. A message is taken when one of them has it.")
        @Required
        @Size(min = 1, max = 8)
        @ValidationRule(
                value = "self.all(one, one.matches(r'^https?://[^/?#@\\s]+(/[^?#\\s]*)?$') && isURL(one)"
                        + " && (url(one).getPort() == '' || int(url(one).getPort()) <= 65535))",
                message =
                        "each must be a URL with nothing but http or https, a host, maybe a port up to 65535 and maybe a path, such as"
                                + " http://alertmanager.monitoring:9093")
        List<@Size(min = 1, max = 512) String> urls,

        @JsonPropertyDescription(
                "The key of a Secret that holds what the header Authorization says, such as Bearer and a token.")
        SecretKeyReference authorizationSecretRef,

        @JsonPropertyDescription(
                "The key of a Secret that holds the certificates, as PEM, of the authorities that the server's is signed by.")
        SecretKeyReference caSecretRef) {

    /** The URLs. */
    @Override
    public List<String> urls() {
        return urls == null ? List.of() : urls;
    }
}
