package dev.mainstay.api.runbook;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.mainstay.api.FieldRules;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;

/** Which keys of a cache of the application are removed. */
@ValidationRule(
        value = "has(self.prefixes) != self.allowFlush",
        message = "must have either prefixes, or allowFlush: true, which empties the whole database")
public record CacheClearStep(
        @JsonPropertyDescription(
                "Name of the cache in spec.caches of the ManagedApplication; may be left out when it has only one.")
        @Size(min = 1, max = 63)
        @ValidationRule(value = FieldRules.LABEL_NAME, message = FieldRules.LABEL_NAME_MESSAGE)
        String cache,

        @JsonPropertyDescription(
                "Keys that begin with one of these are removed, a few hundred at a time. Each stands for "
                        + "itself: *, ? and [ have no meaning. Where the cache has a keyPrefix, each must begin with that.")
        @Size(min = 1, max = 16)
        List<@Size(min = 1, max = 256) String> prefixes,

        @JsonPropertyDescription(
                "true empties the whole database (FLUSHDB ASYNC), whoever wrote into it; refused where the cache has a "
                        + "keyPrefix.")
        @Default("false")
        Boolean allowFlush,

        @JsonPropertyDescription("true counts the keys, and removes none.") @Default("false")
        Boolean dryRun) {

    /** The prefixes; empty when the whole database is emptied. */
    @Override
    public List<String> prefixes() {
        return prefixes == null ? List.of() : prefixes;
    }

    @Override
    public Boolean allowFlush() {
        return Boolean.TRUE.equals(allowFlush);
    }

    @Override
    public Boolean dryRun() {
        return Boolean.TRUE.equals(dryRun);
    }
}
