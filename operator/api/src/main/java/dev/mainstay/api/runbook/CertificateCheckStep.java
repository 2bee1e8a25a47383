package dev.mainstay.api.runbook;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.mainstay.api.FieldRules;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;

/** Which certificates of the application are looked at, and how long they are to be valid. */
public record CertificateCheckStep(
        @JsonPropertyDescription(
                "Names of certificates in spec.certificates of the ManagedApplication; left out, all of them.")
        @Size(min = 1, max = 16)
        @ValidationRule(
                value = "self.all(name, name.matches('^[a-z0-9]([-a-z0-9]*[a-z0-9])?$'))",
                message = "each must be the name of a certificate in spec.certificates of the ManagedApplication:"
                        + " lower-case letters, digits and -, with a letter or a digit at both ends")
        List<@Size(min = 1, max = 63) String> certificates,

        @JsonPropertyDescription("A certificate that ends within this time is a finding.")
        @Default("30d")
        @Size(min = 2, max = 32)
        @ValidationRule(value = FieldRules.DURATION, message = FieldRules.DURATION_MESSAGE)
        String warnBefore,

        @JsonPropertyDescription(
                "A certificate that ends within this time fails the step; with 0s only one that has ended "
                        + "does. Not longer than warnBefore.")
        @Default("7d")
        @Size(min = 2, max = 32)
        @ValidationRule(value = FieldRules.DURATION, message = FieldRules.DURATION_MESSAGE)
        String failBefore,

        @JsonPropertyDescription(
                "true asks cert-manager to renew those that end within warnBefore, and waits for that, before they are "
                        + "looked at: where a Certificate of cert-manager has their Secret in spec.secretName, and "
                        + "certManager.renew is set in the chart's values.")
        @Default("false")
        Boolean renew) {

    /** The names; empty for all certificates. */
    @Override
    public List<String> certificates() {
        return certificates == null ? List.of() : certificates;
    }

    /** From when on it is a finding; 30 days when nothing is said. */
    @Override
    public String warnBefore() {
        return warnBefore == null ? "30d" : warnBefore;
    }

    /** Whether cert-manager is asked to renew them; not when nothing is said. */
    @Override
    public Boolean renew() {
        return Boolean.TRUE.equals(renew);
    }

    /** From when on it fails; 7 days when nothing is said. */
    @Override
    public String failBefore() {
        return failBefore == null ? "7d" : failBefore;
    }
}
