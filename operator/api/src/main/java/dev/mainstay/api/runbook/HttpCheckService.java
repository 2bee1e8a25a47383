package dev.mainstay.api.runbook;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.mainstay.api.FieldRules;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** A Service whose ready Pods are asked. */
public record HttpCheckService(
        @JsonPropertyDescription("Name of the Service, which is one of spec.services of the ManagedApplication.")
        @Required
        @Size(min = 1, max = 63)
        @ValidationRule(value = FieldRules.LABEL_NAME, message = FieldRules.LABEL_NAME_MESSAGE)
        String name,

        @JsonPropertyDescription(
                "Port of the Service: its name, or its number in quotes, such as \"80\". Left out: the only one that it has.")
        @Size(min = 1, max = 15)
        @ValidationRule(
                value = "self.matches('^[0-9]+$') ? int(self) >= 1 && int(self) <= 65535"
                        + " : self.matches('^[a-z0-9]([-a-z0-9]*[a-z0-9])?$')",
                message =
                        "must be the name of a port of the Service, such as http, or a number from 1 to 65535, such as"
                                + " \"80\"")
        String port,

        @JsonPropertyDescription(
                "How the Pods are asked: HTTP, or HTTPS, with which their certificate is not looked at, as with probes of"
                        + " Kubernetes. The steps certificateCheck, and httpCheck with url, look at it.")
        @Default("HTTP")
        HttpScheme scheme) {

    /** How they are asked; by HTTP when nothing is said. */
    @Override
    public HttpScheme scheme() {
        return scheme == null ? HttpScheme.HTTP : scheme;
    }
}
