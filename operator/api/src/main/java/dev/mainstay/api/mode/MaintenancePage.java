package dev.mainstay.api.mode;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.mainstay.api.FieldRules;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;

/**
 * What the page says, as text: nothing in it is taken for HTML. No default is in the definition: what a mode leaves out is as
 * its application has it.
 */
public record MaintenancePage(
        @JsonPropertyDescription("Its heading: Under maintenance, when nothing is said.") @Size(min = 1, max = 128)
        String title,

        @JsonPropertyDescription(
                "What follows the heading; lines stay apart. We are working on it, and will be back soon, "
                        + "when nothing is said.")
        @Size(max = 2048)
        String message,

        @JsonPropertyDescription("Who can be asked, such as an address; not shown when left out.")
        @Size(min = 1, max = 256)
        String contact,

        @JsonPropertyDescription(
                "Language of title and message, such as en, pt-BR or ar; it decides on the direction of writing. "
                        + "English when nothing is said.")
        @Size(max = 35)
        @ValidationRule(
                value = "self.matches('^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$')",
                message = "must be a language tag, such as en, pt-BR or ar")
        String language,

        @JsonPropertyDescription(
                "When clients are told to come again, in the header Retry-After; sooner when the end is nearer. "
                        + "After 5m when nothing is said.")
        @Size(min = 2, max = 32)
        @ValidationRule(value = FieldRules.POSITIVE_DURATION, message = FieldRules.POSITIVE_DURATION_MESSAGE)
        String retryAfter,

        @JsonPropertyDescription(
                "Paths that don't get the page but a bare status, such as the probe of a load balancer that would take all of it away.")
        @Size(max = 16)
        List<PassPath> passPaths) {

    /** Nothing is said. */
    public static final MaintenancePage NONE = new MaintenancePage(null, null, null, null, null, null);

    /** What is said where nothing else is. */
    public static final MaintenancePage DEFAULTS = new MaintenancePage(
            "Under maintenance", "We are working on it, and will be back soon.", null, "en", "5m", List.of());

    /** This page, with what it says nothing of as another one has it. */
    public MaintenancePage orElse(MaintenancePage other) {
        return new MaintenancePage(
                title == null ? other.title : title,
                message == null ? other.message : message,
                contact == null ? other.contact : contact,
                language == null ? other.language : language,
                retryAfter == null ? other.retryAfter : retryAfter,
                passPaths == null ? other.passPaths : passPaths);
    }
}
