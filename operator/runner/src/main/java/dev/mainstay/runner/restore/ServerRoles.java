package dev.mainstay.runner.restore;

import static dev.mainstay.runner.postgres.Identifiers.quoted;

import dev.mainstay.core.task.RestoreOrder;
import dev.mainstay.runner.postgres.ServerSession;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Roles of the server, and those of a backup that are to take part there. */
final class ServerRoles {

    /** Whoever owns the database is a member of it, without being made one. */
    static final String DATABASE_OWNER = "pg_database_owner";

    private static final String DUPLICATE = "42710";
    private static final int FIRST_WITH_SET_OPTION = 16;

    private final ServerSession server;
    private final RestoreOrder order;
    private final Set<String> existing;
    private String currentUser;

    ServerRoles(ServerSession server, RestoreOrder order) {
        this.server = server;
        this.order = order;
        this.existing = new TreeSet<>(server.rows("SELECT rolname FROM pg_roles", row -> row.getString(1)));
    }

    /** The role that takes a role's place: another one where it is mapped, or stood in for. */
    String inPlaceOf(String role) {
        return standsIn(role) ? currentUser() : order.roleMapping().getOrDefault(role, role);
    }

    /** Whether every role of the backup is the server's role of that name. */
    boolean allAreTheirOwn() {
        return order.roleMapping().isEmpty()
                && (order.test() == null || !order.test().rolesStandIn());
    }

    /** A server that is there for tests alone has no reason to know the application's roles. */
    private boolean standsIn(String role) {
        return order.test() != null
                && order.test().rolesStandIn()
                && !order.roleMapping().containsKey(role)
                && !existing.contains(role);
    }

    /** Whether the server has it. */
    boolean exists(String role) {
        return existing.contains(role);
    }

    /** Those that the server lacks, of all that a backup needs, each with an entry that does. */
    Map<String, String> missing(Map<String, String> needed) {
        Map<String, String> missing = new LinkedHashMap<>();
        needed.forEach((role, entry) -> {
            if (!order.roleMapping().containsKey(role) && !standsIn(role) && !existing.contains(role)) {
                missing.put(role, entry);
            }
        });
        return missing;
    }

    /** Roles that are mapped to one that the server lacks: a slip of the pen is not made into a role. */
    Map<String, String> mappedToNobody() {
        return order.roleMapping().entrySet().stream()
                .filter(mapping -> !existing.contains(mapping.getValue()))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** Makes roles that can't log in. Who is no superuser joins them, to be able to give them what is theirs. */
    void make(Set<String> roles, boolean superuser) {
        for (String role : roles) {
            try {
                server.execute("CREATE ROLE " + quoted(role) + " NOLOGIN");
            } catch (SQLException e) {
                if (!DUPLICATE.equals(e.getSQLState())) {
                    throw server.failure("making role " + role + " (spec.roles.createMissing)", e);
                }
            }
            if (!superuser) {
                server.run("joining role " + role, "GRANT " + quoted(role) + " TO " + quoted(currentUser()));
            }
        }
    }

    /** Roles of these whom the role of the session can't give anything, being no member. */
    List<String> notJoined(Set<String> roles) {
        String kind = server.major() < FIRST_WITH_SET_OPTION ? "MEMBER" : "SET";
        return roles.stream()
                .filter(role -> !role.equals(DATABASE_OWNER) && existing.contains(role))
                .filter(role -> server.value("SELECT pg_has_role(?::name, ?)::text", role, kind)
                        .filter("false"::equals)
                        .isPresent())
                .toList();
    }

    /** Whether one role has all rights of another. */
    boolean hasRightsOf(String role, String other) {
        return role.equals(other)
                || existing.contains(role)
                        && existing.contains(other)
                        && server.value("SELECT pg_has_role(?::name, ?::name, 'USAGE')::text", role, other)
                                .filter("true"::equals)
                                .isPresent();
    }

    private String currentUser() {
        if (currentUser == null) {
            currentUser = server.value("SELECT current_user").orElseThrow();
        }
        return currentUser;
    }
}
