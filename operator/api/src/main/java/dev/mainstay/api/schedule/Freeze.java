package dev.mainstay.api.schedule;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.mainstay.api.FieldRules;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.time.Instant;

/** A time in which maintenance may not be done, whatever windows say: between two moments, or again and again. */
@ValidationRule(
        value = "has(self.from) && has(self.to) && !has(self.cron) && !has(self.duration)"
                + " || has(self.cron) && has(self.duration) && !has(self.from) && !has(self.to)",
        message = "needs either from and to, or cron and duration")
@ValidationRule(
        value = "!has(self.from) || !has(self.to) || self.from < self.to",
        message = "to must be later than from")
public record Freeze(
        @JsonPropertyDescription("Name by which messages call it.")
        @Required
        @Size(min = 1, max = 63)
        @ValidationRule(value = FieldRules.LABEL_NAME, message = FieldRules.LABEL_NAME_MESSAGE)
        String name,

        @JsonPropertyDescription("From this moment on; for one that comes once.")
        Instant from,

        @JsonPropertyDescription("Up to this moment, which is free again.")
        Instant to,

        @JsonPropertyDescription("When it begins: a cron expression of 5 fields; for one that comes again and again.")
        @Size(min = 1, max = 128)
        String cron,

        @JsonPropertyDescription("How long it lasts then, in elapsed time.")
        @Size(min = 2, max = 32)
        @ValidationRule(value = FieldRules.POSITIVE_DURATION, message = FieldRules.POSITIVE_DURATION_MESSAGE)
        String duration) {}
