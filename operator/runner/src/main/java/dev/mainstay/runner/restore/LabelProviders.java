package dev.mainstay.runner.restore;

import static dev.mainstay.runner.postgres.Identifiers.quoted;

import dev.mainstay.runner.postgres.ServerSession;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/** Which providers of security labels a server has loaded. No catalog has them, so one is tried to be used, in vain. */
final class LabelProviders {

    /** What the server says of a provider that it has not loaded; of one that it has, that there is no such schema. */
    private static final String NOT_LOADED = "22023";

    private final ServerSession server;
    private final Map<String, Boolean> known = new HashMap<>();

    LabelProviders(ServerSession server) {
        this.server = server;
    }

    /** Whether it is loaded. */
    boolean loads(String provider) {
        return known.computeIfAbsent(provider, this::tried);
    }

    private boolean tried(String provider) {
        try {
            server.execute(
                    "SECURITY LABEL FOR " + quoted(provider) + " ON SCHEMA \"mainstay: no such schema\" IS NULL");
            return true;
        } catch (SQLException e) {
            return !NOT_LOADED.equals(e.getSQLState());
        }
    }
}
