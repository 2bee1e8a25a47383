package dev.mainstay.api.claims;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import java.time.Instant;
import java.util.List;

/** What an operation was granted of its application. The record of all of them is made anew from these, if it is lost. */
public record HeldClaim(
        @JsonPropertyDescription("The ManagedApplication.") @Size(max = 253)
        String application,

        @JsonPropertyDescription("Name of the database in it.") @Size(max = 63)
        String database,

        @JsonPropertyDescription(
                "What of it was granted, where this depends on what is done: workloads, database/<name>, cache/<name>.")
        @Size(max = 8)
        List<String> resources,

        @JsonPropertyDescription("When it was granted; absent while it is waited for.")
        Instant grantedAt,

        @JsonPropertyDescription("Who is in the way; absent once all that is needed is granted.")
        WaitingFor waitingFor) {

    /** Of an operation that always claims the same. */
    public HeldClaim(String application, String database, Instant grantedAt, WaitingFor waitingFor) {
        this(application, database, null, grantedAt, waitingFor);
    }

    /** What of it was granted; never null. */
    @Override
    public List<String> resources() {
        return resources == null ? List.of() : resources;
    }
}
