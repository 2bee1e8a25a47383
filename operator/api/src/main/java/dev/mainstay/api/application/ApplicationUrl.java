package dev.mainstay.api.application;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.mainstay.api.FieldRules;
import dev.mainstay.api.SecretKeyReference;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** A URL at which the application, or something that it needs, is reached. */
@ValidationRule(
        value = "!has(self.caSecretRef) || self.url.startsWith('https://')",
        message = "caSecretRef says who is trusted with https: write the URL with https://, or leave caSecretRef out")
@ValidationRule(
        value = "!has(self.caSecretRef) || self.caSecretRef.key != 'tls.key'",
        message = "caSecretRef.key must not be tls.key, which holds a private key: name the key of the authority's"
                + " certificate, such as ca.crt")
public record ApplicationUrl(
        @JsonPropertyDescription("Name by which steps of Runbooks call this URL.")
        @Required
        @Size(min = 1, max = 63)
        @ValidationRule(value = FieldRules.LABEL_NAME, message = FieldRules.LABEL_NAME_MESSAGE)
        String name,

        @JsonPropertyDescription(
                "The URL as Pods of the application's namespace reach it, such as https://shop.example.org/api/health. Not for"
                        + " secrets: everybody who may read the ManagedApplication can read it.")
        @Required
        @Size(min = 1, max = 512)
        @ValidationRule(
                value = "self.matches(r'^https?://[^/?#@\\s]+(/([A-Za-z0-9._~:/?@!$&()*+,;=-]|%[0-9A-Fa-f]{2})*)?$')"
                        + " && isURL(self) && (url(self).getPort() == '' || int(url(self).getPort()) <= 65535)",
                message =
                        "must be http or https, a host, maybe a port up to 65535 and maybe a path with its query, such as"
                                + " https://shop.example.org/api/health: it has no user, no password and no #")
        String url,

        @JsonPropertyDescription(
                "Certificate authority that signed what is served there, for https. Left out, one that is publicly known.")
        SecretKeyReference caSecretRef) {}
