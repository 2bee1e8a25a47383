package dev.mainstay.api.mode;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** One path that is answered with a status of its own. */
public record PassPath(
        @JsonPropertyDescription("The path, without a query; it must be the whole path of the request.")
        @Required
        @Size(min = 1, max = 256)
        @ValidationRule(
                value = "self.matches('^/([A-Za-z0-9._~:/@!$&()*+,;=-]|%[0-9A-Fa-f]{2})*$')",
                message = "must be a path alone, such as /healthz: it begins with a slash and has no query")
        String path,

        @JsonPropertyDescription("Status of the answer.") @Default("200") @Min(200) @Max(599)
        Integer status) {

    /** The status; 200 when none is given. */
    @Override
    public Integer status() {
        return status == null ? Integer.valueOf(200) : status;
    }
}
