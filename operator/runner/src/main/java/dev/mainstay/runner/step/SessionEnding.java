package dev.mainstay.runner.step;

import static dev.mainstay.runner.postgres.Identifiers.quoted;

import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.DatabaseMaintainWork.Sessions;
import dev.mainstay.runner.postgres.DatabaseAccess;
import dev.mainstay.runner.postgres.ServerSession;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Ends sessions of listed roles that do nothing; never those of a superuser, nor of a replication. */
record SessionEnding(ServerSession session, DatabaseAccess access, Upkeep upkeep) {

    private static final String INSUFFICIENT_PRIVILEGE = "42501";

    private static final String WHICH = """
            a.datname = current_database() AND a.pid <> pg_backend_pid() AND a.backend_type = 'client backend'
                AND a.usename = ANY (string_to_array(?, E'\\x1f')) AND NOT r.rolsuper
                AND CASE WHEN a.state = 'idle' THEN a.state_change <= now() - ? * interval '1 s'
                         WHEN a.state LIKE 'idle in transaction%' THEN a.state_change <= now() - ? * interval '1 s'
                         ELSE false END
            """;

    private static final String FIND = """
            SELECT a.pid, a.usename, a.backend_start::text
            FROM pg_stat_activity a JOIN pg_roles r ON r.oid = a.usesysid
            WHERE %s ORDER BY a.pid
            """.formatted(WHICH);

    /** Only if it is still that session, and still idle: a pid is given to others, too. */
    private static final String END = """
            SELECT pg_terminate_backend(a.pid)
            FROM pg_stat_activity a JOIN pg_roles r ON r.oid = a.usesysid
            WHERE %s AND a.pid = ? AND a.backend_start::text = ?
            """.formatted(WHICH);

    private static final String UNKNOWN = """
            SELECT named FROM unnest(string_to_array(?, E'\\x1f')) AS named
            WHERE NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = named)
            """;

    private record Idle(int pid, String user, String startedAt) {

        @Override
        public String toString() {
            return "pid " + pid + " of " + user;
        }
    }

    void run(Sessions which) {
        String users = String.join("\u001f", which.users());
        for (String name : session.rows(UNKNOWN, row -> row.getString(1), users)) {
            upkeep.failure(
                    Reason.INVALID_SPEC,
                    "endIdleSessions.users of the step names " + name
                            + ", and the server has no such role (capitals count).");
        }
        List<Idle> idle = session.rows(
                FIND,
                row -> new Idle(row.getInt(1), row.getString(2), row.getString(3)),
                users,
                which.idleSeconds(),
                which.inTransactionSeconds());
        upkeep.fact("idleSessions", idle.size());
        List<String> ended = new ArrayList<>();
        List<String> refused = new ArrayList<>();
        for (Idle one : idle) {
            try {
                boolean did = session.ask(
                                END,
                                row -> row.getBoolean(1),
                                users,
                                which.idleSeconds(),
                                which.inTransactionSeconds(),
                                one.pid(),
                                one.startedAt())
                        .contains(true);
                if (did) {
                    ended.add(one.toString());
                }
            } catch (SQLException e) {
                if (!INSUFFICIENT_PRIVILEGE.equals(e.getSQLState())) {
                    throw session.failure("ending " + one, e);
                }
                refused.add(one.toString());
            }
        }
        upkeep.fact("endedSessions", ended.size());
        if (!ended.isEmpty()) {
            upkeep.done("Ended idle sessions (" + ended.size() + "): " + Review.first(ended) + ".");
        }
        if (!refused.isEmpty()) {
            upkeep.failure(
                    Reason.PERMISSION_DENIED,
                    "The role may not end sessions of others (" + refused.size() + "): " + Review.first(refused)
                            + ". Run: GRANT pg_signal_backend TO " + quoted(access.user()) + ";");
        }
    }
}
