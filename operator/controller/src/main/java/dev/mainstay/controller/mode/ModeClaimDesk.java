package dev.mainstay.controller.mode;

import dev.mainstay.api.mode.MaintenanceMode;
import dev.mainstay.core.claims.ClaimAnswer;
import java.time.Instant;
import java.util.Optional;

/** Where a mode asks for the workloads of its application before it changes them. */
public interface ModeClaimDesk {

    /** Asks for them; empty when somebody else asked at the same moment. */
    Optional<ClaimAnswer> ask(MaintenanceMode mode, Instant now);

    /** Lets go of them, or of the place among those who wait; whether that is done. */
    boolean letGo(MaintenanceMode mode);
}
