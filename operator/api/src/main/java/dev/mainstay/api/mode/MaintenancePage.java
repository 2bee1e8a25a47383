package dev.mainstay.api.mode;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.mainstay.api.FieldRules;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;

/** What the page says, as text: nothing in it is taken for HTML. */
public record MaintenancePage(
        @JsonPropertyDescription("Its heading.") @Default("Under maintenance") @Size(min = 1, max = 128)
        String title,

        @JsonPropertyDescription("What follows the heading; lines stay apart.")
        @Default("We are working on it, and will be back soon.")
        @Size(max = 2048)
        String message,

        @JsonPropertyDescription("Who can be asked, such as an address; not shown when left out.")
        @Size(min = 1, max = 256)
        String contact,

        @JsonPropertyDescription(
                "Language of title and message, such as en, pt-BR or ar; it decides on the direction of writing.")
        @Default("en")
        @Size(max = 35)
        @ValidationRule(
                value = "self.matches('^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$')",
                message = "must be a language tag, such as en, pt-BR or ar")
        String language,

        @JsonPropertyDescription(
                "When clients are told to come again, in the header Retry-After; sooner when the end is nearer.")
        @Default("5m")
        @Size(min = 2, max = 32)
        @ValidationRule(value = FieldRules.POSITIVE_DURATION, message = FieldRules.POSITIVE_DURATION_MESSAGE)
        String retryAfter,

        @JsonPropertyDescription(
                "Paths that don't get the page but a bare status, such as the probe of a load balancer that would take all of it away.")
        @Size(max = 16)
        List<PassPath> passPaths) {

    /** What is said when nothing else is asked for. */
    public static final MaintenancePage DEFAULTS = new MaintenancePage(null, null, null, null, null, null);

    /** The heading. */
    @Override
    public String title() {
        return title == null ? "Under maintenance" : title;
    }

    /** What follows it. */
    @Override
    public String message() {
        return message == null ? "We are working on it, and will be back soon." : message;
    }

    /** Language of both; English when nothing is said. */
    @Override
    public String language() {
        return language == null ? "en" : language;
    }

    /** When clients are to come again; after five minutes when nothing is said. */
    @Override
    public String retryAfter() {
        return retryAfter == null ? "5m" : retryAfter;
    }

    /** The paths with an answer of their own; empty when there are none. */
    @Override
    public List<PassPath> passPaths() {
        return passPaths == null ? List.of() : passPaths;
    }
}
