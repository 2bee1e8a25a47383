package dev.mainstay.runner.restore;

import static dev.mainstay.runner.postgres.Identifiers.quoted;

import dev.mainstay.runner.postgres.ServerSession;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** Who may connect to a database and make something in it. */
final class DatabaseGrants {

    private static final String GRANTS = """
            SELECT coalesce(r.rolname, ''), a.privilege_type, a.is_grantable
            FROM pg_database d, aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a
                 LEFT JOIN pg_roles r ON r.oid = a.grantee
            WHERE d.oid = ?::oid AND (a.grantee = 0 OR r.rolname IS NOT NULL)
            ORDER BY 1, 2
            """;

    private final ServerSession server;

    private record Grant(String role, String privilege, boolean grantable) {

        private String grantee() {
            return role.isEmpty() ? "PUBLIC" : quoted(role);
        }
    }

    DatabaseGrants(ServerSession server) {
        this.server = server;
    }

    /** The statements that give one database exactly the grants of another. */
    List<String> copying(long from, long to, String name) throws SQLException {
        List<Grant> wanted = of(from);
        List<Grant> found = of(to);
        List<String> statements = new ArrayList<>();
        if (wanted.equals(found)) {
            return statements;
        }
        new TreeSet<>(found.stream().map(Grant::grantee).toList())
                // Some may have passed theirs on.
                .forEach(grantee ->
                        statements.add("REVOKE ALL ON DATABASE " + quoted(name) + " FROM " + grantee + " CASCADE"));
        wanted.forEach(grant -> statements.add("GRANT " + grant.privilege() + " ON DATABASE " + quoted(name) + " TO "
                + grant.grantee() + (grant.grantable() ? " WITH GRANT OPTION" : "")));
        return statements;
    }

    private List<Grant> of(long database) throws SQLException {
        return server.ask(GRANTS, row -> new Grant(row.getString(1), row.getString(2), row.getBoolean(3)), database);
    }
}
