package dev.mainstay.api.claims;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import java.time.Instant;

/** What an operation was granted of its application. The record of all of them is made anew from these, if it is lost. */
public record HeldClaim(
        @JsonPropertyDescription("The ManagedApplication.") @Size(max = 253)
        String application,

        @JsonPropertyDescription("Name of the database in it.") @Size(max = 63)
        String database,

        @JsonPropertyDescription("When it was granted; absent while it is waited for.")
        Instant grantedAt,

        @JsonPropertyDescription("Who is in the way; absent once it is granted.")
        WaitingFor waitingFor) {}
