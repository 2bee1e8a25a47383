package dev.mainstay.core.claims;

import java.time.Instant;

/** What becomes of a request. */
public sealed interface ClaimAnswer {

    /** It may begin; it is granted since then. */
    record Granted(Instant since) implements ClaimAnswer {}

    /** What it needs is part of what its maker has. */
    record Inherited(Holder from) implements ClaimAnswer {}

    /** It waits, most of all for this one. */
    record Wait(Holder holder, Instant since) implements ClaimAnswer {}

    /** Its maker was not granted as much; it should have been refused when it was planned. */
    record Exceeds(Holder parent) implements ClaimAnswer {}
}
