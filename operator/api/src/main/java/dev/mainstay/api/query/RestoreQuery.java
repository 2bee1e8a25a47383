package dev.mainstay.api.query;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/** A question to the restored copy, and what its answer must be. */
public record RestoreQuery(
        @JsonPropertyDescription("Name of the query, for messages.") @Required @Size(min = 1, max = 63)
        String name,

        @JsonPropertyDescription("A SELECT that answers one value; it runs in a transaction that may only read.")
        @Required
        @Size(min = 1, max = 2048)
        String sql,

        @JsonPropertyDescription("What the value must be.") @Required
        Expectation expect) {

    /** How the answer is compared. Both are compared as numbers, or with Equals as text where one is no number. */
    public record Expectation(
            @JsonPropertyDescription("Equals, GreaterThan or LessThan.") @Required
            ExpectationOperator operator,

            @JsonPropertyDescription("What the answer is compared with.") @Required @Size(min = 1, max = 256)
            String value) {}
}
