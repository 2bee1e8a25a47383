package dev.mainstay.api.rollback;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** What is gone back to: exactly one of the fields. */
@ValidationRule(
        value = "[has(self.lastKnownGood), has(self.revision), has(self.image), has(self.version)]"
                + ".filter(given, given).size() == 1",
        message = "must have exactly one of lastKnownGood, revision, image and version")
public record RollbackTarget(
        @JsonPropertyDescription(
                "The newest release that was seen to work, that runs something else than runs now, and that "
                        + "no earlier rollback went away from.")
        LastKnownGood lastKnownGood,

        @JsonPropertyDescription(
                "A revision of one Deployment, as kubectl rollout history counts them; older numbers of a "
                        + "state that has a newer one are understood too.")
        @Min(1)
        Long revision,

        @JsonPropertyDescription(
                "The image that a container of the Deployment had, such as registry.example/shop:1.4.2.")
        @Size(min = 1, max = 512)
        String image,

        @JsonPropertyDescription("The version that the release had, such as 1.4.2.") @Size(min = 1, max = 128)
        String version) {

    /** What holds when nothing is said. */
    public static final RollbackTarget LAST_KNOWN_GOOD = new RollbackTarget(new LastKnownGood(), null, null, null);

    /** The last known good; there is nothing to say about it. */
    public record LastKnownGood() {}
}
