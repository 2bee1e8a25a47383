package dev.mainstay.core.claims;

import java.util.List;
import java.util.function.Function;

/** What each operation claims while it works, and whether it is one of those that others make room for. */
public enum Operation {
    BACKUP(false, name -> List.of(Claim.sharedDatabase(name))),
    RESTORE_TEST_ON_SAME_SERVER(false, name -> List.of(Claim.sharedDatabase(name))),
    /** From the plan to the verification: the old database is in use. */
    RESTORE_ASIDE(true, name -> List.of(Claim.sharedDatabase(name), Claim.swap(name))),
    /** From entering maintenance to leaving it. */
    RESTORE_SWAP(true, name -> List.of(Claim.database(name), Claim.swap(name), Claim.workloads())),
    RESTORE_NEW_DATABASE(true, name -> List.of(Claim.sharedDatabase(name))),
    RESTORE_INTO_EMPTY(true, name -> List.of(Claim.database(name))),
    ROLLBACK(true, ignored -> List.of(Claim.workloads())),
    /** Only while it stops workloads and while it gives them back; modes themselves are joined. */
    MODE_CHANGE(false, ignored -> List.of(Claim.workloads())),
    STEP_SCALE(false, ignored -> List.of(Claim.workloads())),
    STEP_RESTART(false, ignored -> List.of(Claim.workloads())),
    STEP_CACHE_CLEAR(false, name -> List.of(Claim.cache(name))),
    STEP_DATABASE_MAINTAIN(false, name -> List.of(Claim.database(name))),
    /** Reviews, checks, {@code job}, {@code manual}, {@code notify}. */
    STEP_OTHER(false, ignored -> List.of());

    private final boolean emergency;
    private final Function<String, List<Claim>> claims;

    Operation(boolean emergency, Function<String, List<Claim>> claims) {
        this.emergency = emergency;
        this.claims = claims;
    }

    /** Whether others are asked to make room for it: it is somebody's way out of an outage. */
    public boolean emergency() {
        return emergency;
    }

    /**
     * What it claims.
     *
     * @param name name of the database or cache that it works on; passed over by those that work on none
     */
    public List<Claim> claims(String name) {
        return claims.apply(name);
    }
}
