package dev.mainstay.core.claims;

import java.time.Instant;
import java.util.Locale;

/** What becomes of a request. */
public sealed interface ClaimAnswer {

    /** It may begin; it is granted since then. */
    record Granted(Instant since) implements ClaimAnswer {}

    /** What it needs is part of what its maker has. */
    record Inherited(Holder from) implements ClaimAnswer {}

    /** It waits, most of all for this one. */
    record Wait(Holder holder, Instant since, Doing doing) implements ClaimAnswer {

        /** For one that works. */
        public Wait(Holder holder, Instant since) {
            this(holder, since, Doing.WORKS);
        }

        /** The same for a holder that waits for a person, and works on nothing until then. */
        public Wait awaitingPerson() {
            return new Wait(holder, since, Doing.AWAITS_PERSON);
        }

        /**
         * What the other one does, and how to look at it, in the beginning of a sentence.
         *
         * @param what what both want, such as {@code the workloads of ManagedApplication shop}
         * @param namespace that of the application
         */
        public String told(String what, String namespace) {
            return holder
                    + switch (doing) {
                        case WORKS -> " works on " + what;
                        case WAITS_AHEAD -> " waits for " + what + " too, and came before this one";
                        case AWAITS_PERSON ->
                            " has " + what + ", and waits for a person: approve it, reject it or cancel it";
                    }
                    + " (kubectl describe " + holder.kind().toLowerCase(Locale.ROOT) + " " + holder.name()
                    + " --namespace " + namespace + ")";
        }
    }

    /** What the one does that is waited for. */
    enum Doing {
        /** It has what is wanted, and works. */
        WORKS,
        /** It has nothing yet. */
        WAITS_AHEAD,
        /** It has what is wanted, and waits for a person. */
        AWAITS_PERSON
    }

    /** Its maker was not granted as much; it should have been refused when it was planned. */
    record Exceeds(Holder parent) implements ClaimAnswer {}
}
