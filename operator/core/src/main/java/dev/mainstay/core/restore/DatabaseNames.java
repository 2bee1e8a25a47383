package dev.mainstay.core.restore;

import dev.mainstay.core.naming.Names;
import java.nio.charset.StandardCharsets;

/**
 * Names of the databases that a restore makes: pure functions of the request, so that making twice makes once. PostgreSQL cuts
 * a name after 63 bytes without a word, which would make two names one.
 */
public final class DatabaseNames {

    private static final int LONGEST = 63;
    private static final String BEFORE = "_before_";

    private DatabaseNames() {}

    /** The copy beside: {@code ecommerce_restore_1a2b3c4d}. */
    static String copy(String database, String uid) {
        return named(database, "_restore_" + Names.digest(uid));
    }

    /** The database that was replaced: {@code ecommerce_before_1a2b3c4d}. */
    public static String previous(String database, String uid) {
        return named(database, BEFORE + Names.digest(uid));
    }

    /** Whether a restore of that database has given the name to one that it replaced. */
    public static boolean isPrevious(String database, String name) {
        int tail = name.lastIndexOf(BEFORE);
        return tail > 0 && name.equals(named(database, name.substring(tail)));
    }

    private static String named(String database, String tail) {
        String beginning = database;
        while ((beginning + tail).getBytes(StandardCharsets.UTF_8).length > LONGEST) {
            beginning = beginning.substring(0, beginning.offsetByCodePoints(beginning.length(), -1));
        }
        return beginning + tail;
    }
}
