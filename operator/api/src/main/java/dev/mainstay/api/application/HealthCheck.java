package dev.mainstay.api.application;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.mainstay.api.FieldRules;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** What the ready Pods of one workload are asked over HTTP, again and again, to tell whether the application is healthy. */
@ValidationRule(
        value = "!self.timeout.matches('" + FieldRules.SHORT_DURATION_FORM + "')"
                + " || !self.interval.matches('" + FieldRules.SHORT_DURATION_FORM + "')"
                + " || self.timeout.size() == 0 || self.interval.size() == 0"
                + " || duration(self.timeout) <= duration(self.interval)",
        message = "timeout must not be longer than interval: shorten it, or ask less often")
public record HealthCheck(
        @JsonPropertyDescription("Name of the workload whose Pods are asked, as in workloads.")
        @Required
        @Size(min = 1, max = 253)
        @ValidationRule(value = FieldRules.OBJECT_NAME, message = FieldRules.OBJECT_NAME_MESSAGE)
        String workload,

        @JsonPropertyDescription("Path that is asked for, with its query.")
        @Default("/")
        @Size(max = 256)
        @ValidationRule(value = HealthCheck.PATH, message = HealthCheck.PATH_MESSAGE)
        String path,

        @JsonPropertyDescription(
                "Port of the Pods: the name that a container gives it, or its number in quotes, such as \"8080\".")
        @Required
        @Size(min = 1, max = 15)
        @ValidationRule(
                value = "self.matches('^[0-9]+$') ? int(self) >= 1 && int(self) <= 65535"
                        + " : self.matches('^[a-z0-9]([-a-z0-9]*[a-z0-9])?$')",
                message = "must be the name of a container's port, such as http, or a number from 1 to 65535, such as"
                        + " \"8080\"")
        String port,

        @JsonPropertyDescription("Status of the answer of a healthy Pod. Redirects are not followed.")
        @Default("200")
        @Min(100)
        @Max(599)
        Integer expectStatus,

        @JsonPropertyDescription("How long a Pod may take to answer.")
        @Default("5s")
        @Size(max = 32)
        @ValidationRule(
                value = FieldRules.SHORT_DURATION + " && duration(self) >= duration('1s')"
                        + " && duration(self) <= duration('60s')",
                message = "must be a duration from 1s to 60s, such as 5s")
        String timeout,

        @JsonPropertyDescription("How long after a pass over all ready Pods the next one begins.")
        @Default("30s")
        @Size(max = 32)
        @ValidationRule(
                value = FieldRules.SHORT_DURATION + " && duration(self) >= duration('5s')"
                        + " && duration(self) <= duration('1h')",
                message = "must be a duration from 5s to 1h, such as 30s")
        String interval,

        @JsonPropertyDescription("How many passes must fail in a row before the application is not healthy, or find "
                + "all Pods silent before it is unreachable.")
        @Default("3")
        @Min(1)
        @Max(20)
        Integer failureThreshold) {

    /** A path with its query. */
    public static final String PATH =
            "self.matches('^/([A-Za-z0-9._~:/?@!$&()*+,;=-]|%[0-9A-Fa-f]{2})*$') && !self.startsWith('//')";

    public static final String PATH_MESSAGE =
            "must be a path alone, such as /api/health: it begins with one slash, has no host and no #, and"
                    + " what URLs don't allow is written as % and two digits";

    /** The path; {@code /} when none is given. */
    @Override
    public String path() {
        return path == null ? "/" : path;
    }

    /** The status; 200 when none is given. */
    @Override
    public Integer expectStatus() {
        return expectStatus == null ? Integer.valueOf(200) : expectStatus;
    }

    /** The time for an answer; five seconds when none is given. */
    @Override
    public String timeout() {
        return timeout == null ? "5s" : timeout;
    }

    /** The time between passes; 30 seconds when none is given. */
    @Override
    public String interval() {
        return interval == null ? "30s" : interval;
    }

    /** The passes it takes; three when none are given. */
    @Override
    public Integer failureThreshold() {
        return failureThreshold == null ? Integer.valueOf(3) : failureThreshold;
    }
}
