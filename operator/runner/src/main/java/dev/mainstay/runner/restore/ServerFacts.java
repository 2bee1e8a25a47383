package dev.mainstay.runner.restore;

import dev.mainstay.runner.postgres.ServerSession;
import dev.mainstay.runner.restore.TocSelection.Extensions;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a restore needs to know of a server and of the role that restores.
 *
 * @param version such as {@code 17.6}
 * @param superuser whether the role is one
 * @param createsDatabases whether it may make databases
 * @param createsRoles whether it may make roles
 * @param tablespaces names of the tablespaces that it may use
 */
record ServerFacts(
        String version,
        int major,
        boolean standby,
        boolean superuser,
        boolean createsDatabases,
        boolean createsRoles,
        boolean endsSessions,
        Extensions extensions,
        Set<String> tablespaces) {

    private static final int FIRST_WITH_TRUST = 13;

    static ServerFacts of(ServerSession server) {
        int major = server.major();
        String trusted = major < FIRST_WITH_TRUST ? "false" : "v.trusted";
        Extensions extensions = new Extensions(
                new TreeSet<>(server.rows("SELECT name FROM pg_available_extensions", row -> row.getString(1))),
                new TreeSet<>(server.rows(
                        "SELECT e.name FROM pg_available_extensions e JOIN pg_available_extension_versions v ON v.name ="
                                + " e.name AND v.version = e.default_version WHERE v.superuser AND NOT " + trusted,
                        row -> row.getString(1))));
        Set<String> tablespaces = new TreeSet<>(server.rows(
                "SELECT spcname FROM pg_tablespace WHERE has_tablespace_privilege(oid, 'CREATE')",
                row -> row.getString(1)));
        return server.rows(
                        "SELECT split_part(current_setting('server_version'), ' ', 1), pg_is_in_recovery(), rolsuper,"
                                + " rolsuper OR rolcreatedb, rolsuper OR rolcreaterole,"
                                + " rolsuper OR pg_has_role('pg_signal_backend', 'USAGE')"
                                + " FROM pg_roles WHERE rolname = current_user",
                        row -> new ServerFacts(
                                row.getString(1),
                                major,
                                row.getBoolean(2),
                                row.getBoolean(3),
                                row.getBoolean(4),
                                row.getBoolean(5),
                                row.getBoolean(6),
                                extensions,
                                tablespaces))
                .getFirst();
    }

    /** Those that the server lacks, or the role may not use. */
    Set<String> unknownTablespaces(Set<String> wanted) {
        Set<String> unknown = new TreeSet<>(wanted);
        unknown.removeAll(tablespaces);
        return unknown;
    }
}
