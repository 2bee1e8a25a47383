package dev.mainstay.api.runbook;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.mainstay.api.FieldRules;
import dev.mainstay.api.application.HealthCheck;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;

/**
 * Who is asked over HTTP, and what is wanted of the answer: the ready Pods that spec.health of the application names, those of a
 * Service of the application, or one of its URLs.
 */
@ValidationRule(
        value = "!has(self.service) || !has(self.url)",
        message = "asks a Service or a URL, not both: leave service or url out, and use a step for each")
@ValidationRule(
        value = "!has(self.expectStatus) || !has(self.expectStatuses)",
        message = "expectStatus is one status and expectStatuses are several: give one of both fields")
@ValidationRule(
        value = "!has(self.maxLatencyMilliseconds) || !has(self.requestTimeout)"
                + " || !self.requestTimeout.matches('" + FieldRules.SHORT_DURATION_FORM + "')"
                + " || self.requestTimeout.size() == 0"
                + " || self.maxLatencyMilliseconds <= duration(self.requestTimeout).getSeconds() * 1000",
        message = "maxLatencyMilliseconds must not be longer than requestTimeout: nothing is waited for after that")
public record HttpCheckStep(
        @JsonPropertyDescription("A Service of the application, whose ready Pods are asked by the operator.")
        HttpCheckService service,

        @JsonPropertyDescription(
                "Name of a URL in spec.urls of the ManagedApplication, which is asked by a Job in its namespace.")
        @Size(min = 1, max = 63)
        @ValidationRule(value = FieldRules.LABEL_NAME, message = FieldRules.LABEL_NAME_MESSAGE)
        String url,

        @JsonPropertyDescription(
                "Path that is asked for, with its query. Left out: that of spec.health, with service / and with url that of the"
                        + " URL.")
        @Size(max = 256)
        @ValidationRule(value = HealthCheck.PATH, message = HealthCheck.PATH_MESSAGE)
        String path,

        @JsonPropertyDescription(
                "Status of the answer that is wanted. Left out, with expectStatuses too: that of spec.health, with service and"
                        + " url 200.")
        @Min(100)
        @Max(599)
        Integer expectStatus,

        @JsonPropertyDescription("Statuses of which the answer must have one.") @Size(min = 1, max = 16)
        List<@Min(100) @Max(599) Integer> expectStatuses,

        @JsonPropertyDescription(
                "Text that must be in the first 256 KiB of the answer's body, as it stands, in UTF-8. Not for secrets: everybody"
                        + " who may read the Runbook can read it.")
        @Size(min = 1, max = 256)
        String expectBody,

        @JsonPropertyDescription(
                "How many milliseconds may pass from the request until its answer is there: its status, and with expectBody its"
                        + " body. Left out: it is measured, and not judged.")
        @Min(1)
        @Max(60_000)
        Integer maxLatencyMilliseconds,

        @JsonPropertyDescription(
                "How long an answer is waited for. Left out: as long as spec.health says, with service and url 10s; or as"
                        + " maxLatencyMilliseconds says, if that is longer.")
        @Size(max = 32)
        @ValidationRule(
                value = FieldRules.SHORT_DURATION + " && duration(self) >= duration('1s')"
                        + " && duration(self) <= duration('60s')",
                message = "must be a duration from 1s to 60s, such as 5s")
        String requestTimeout) {

    /** The statuses of which the answer must have one; empty when nothing is said. */
    public List<Integer> statuses() {
        if (expectStatuses != null) {
            return expectStatuses;
        }
        return expectStatus == null ? List.of() : List.of(expectStatus);
    }
}
