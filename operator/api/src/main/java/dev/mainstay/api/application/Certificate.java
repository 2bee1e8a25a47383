package dev.mainstay.api.application;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.mainstay.api.FieldRules;
import dev.mainstay.api.SecretKeyReference;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;

/** A certificate that the application uses: where it is kept, where it is served, or both. */
@ValidationRule(
        value = "has(self.secretRef) || has(self.endpoints)",
        message = "must have secretRef, endpoints or both: where the certificate is kept, and where it is served")
@ValidationRule(
        value = "!has(self.caSecretRef) || self.caSecretRef.key != 'tls.key'",
        message = "caSecretRef.key must not be tls.key, which holds a private key: name the key of the authority's"
                + " certificate, such as ca.crt")
public record Certificate(
        @JsonPropertyDescription("Name by which steps of Runbooks call this certificate.")
        @Required
        @Size(min = 1, max = 63)
        @ValidationRule(value = FieldRules.LABEL_NAME, message = FieldRules.LABEL_NAME_MESSAGE)
        String name,

        @JsonPropertyDescription("The Secret that holds it.")
        CertificateSecret secretRef,

        @JsonPropertyDescription(
                "Where it is served, over TLS from the first byte on. With secretRef it is to be the one of that Secret.")
        @Size(min = 1, max = 8)
        List<CertificateEndpoint> endpoints,

        @JsonPropertyDescription(
                "Certificate authority that signed it. Left out, one that is publicly known; of a certificate without endpoints "
                        + "it is not judged then who signed it.")
        SecretKeyReference caSecretRef) {

    /** The endpoints; empty when none are named. */
    @Override
    public List<CertificateEndpoint> endpoints() {
        return endpoints == null ? List.of() : endpoints;
    }
}
