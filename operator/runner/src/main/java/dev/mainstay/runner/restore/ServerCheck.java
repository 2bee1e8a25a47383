package dev.mainstay.runner.restore;

import static dev.mainstay.runner.postgres.Identifiers.literal;
import static dev.mainstay.runner.postgres.Identifiers.quoted;

import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.RestoreOrder;
import dev.mainstay.runner.postgres.DatabaseAccess;
import dev.mainstay.runner.postgres.DatabaseInspection;
import dev.mainstay.runner.postgres.DatabaseInspection.ConnectionLimit;
import dev.mainstay.runner.postgres.ServerSession;
import dev.mainstay.runner.preflight.Findings;
import dev.mainstay.runner.restore.Databases.Found;
import dev.mainstay.runner.task.TaskContext;
import dev.mainstay.runner.task.TaskFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Whether a server, and what is on it by the names of a restore, lets the restore happen. */
final class ServerCheck {

    private static final int SESSIONS = 3;

    /** Sessions of others, by role: whether it is a superuser's, and whether ours may end them. */
    private static final String OTHERS = """
            SELECT coalesce(r.rolname, a.backend_type, 'unknown'), count(*), coalesce(r.rolsuper, true),
                   coalesce(pg_has_role(r.oid, 'USAGE'), false)
            FROM pg_stat_activity a LEFT JOIN pg_roles r ON r.oid = a.usesysid
            WHERE a.datid = ?::oid AND a.pid <> pg_backend_pid() AND a.usesysid IS NOT NULL
              AND a.leader_pid IS NULL
            GROUP BY 1, 3, 4 ORDER BY 1
            """;

    private final TaskContext context;
    private final RestoreOrder order;
    private final DatabaseAccess access;
    private final ServerSession server;
    private final Databases databases;
    private final Findings findings;
    private final String live;
    private final String role;

    ServerCheck(TaskContext context, DatabaseAccess access, ServerSession server, Findings findings) {
        this.context = context;
        this.order = context.task().restore();
        this.access = access;
        this.server = server;
        this.databases = new Databases(server);
        this.findings = findings;
        this.live = context.task().database().database();
        this.role = quoted(access.user());
    }

    /** All of it, for a restore that is planned. */
    void run(ServerFacts facts, Standing standing) {
        server(facts, !order.intoEmpty());
        if (order.intoEmpty()) {
            new EmptyTarget(context, access, server, findings).look(standing.current());
            return;
        }
        names(standing);
        if (order.previous() != null) {
            standing.current().ifPresent(current -> replaced(current, facts));
        }
    }

    /**
     * What every restore into the place of a database needs, while none is planned: the task has no order.
     *
     * @param empty whether the database has nothing in it, and can be filled
     */
    void ready(ServerFacts facts, Optional<Found> current, boolean empty) {
        server(facts, !empty);
        if (empty) {
            fillable(facts, current.orElseThrow());
            return;
        }
        current.ifPresentOrElse(
                found -> replaced(found, facts),
                () -> findings.warning(
                        "database " + live,
                        "server " + access.server() + " has no database " + live
                                + ": a restore would make it, and keep none. See that"
                                + " spec.databases[].postgres.database of the ManagedApplication is spelled as the server does."));
    }

    /** What is asked of a role must be needed: to fill a database takes less than to replace it. */
    private void fillable(ServerFacts facts, Found current) {
        List<String> missing = new ArrayList<>();
        if (!facts.createsDatabases()) {
            missing.add("ALTER ROLE " + role + " CREATEDB;");
        }
        if (!databases.owns(current)) {
            missing.add("GRANT " + quoted(current.owner()) + " TO " + role + ";");
        }
        if (!missing.isEmpty()) {
            findings.warning(
                    "database " + live,
                    "database " + live + " is empty, so that a restore of mode: IntoEmpty can fill it. Modes Swap and"
                            + " NewDatabase need more: " + String.join(" ", missing));
        }
    }

    /**
     * Looks at the server.
     *
     * @param makes whether a database is made or renamed there
     */
    private void server(ServerFacts facts, boolean makes) {
        if (facts.standby()) {
            findings.error(
                    "standby",
                    Reason.CONNECTION_FAILED,
                    access.server() + " is a standby, on which nothing can be restored. Name the primary in host, or in"
                            + " directHost, under spec.databases[].postgres of the ManagedApplication.");
        }
        if (makes && access.target().adminDatabase().equals(live)) {
            findings.error(
                    "adminDatabase",
                    Reason.DATABASE_EXISTS,
                    "spec.databases[].postgres.adminDatabase of the ManagedApplication is " + live
                            + " itself, which can't be renamed from within. Name another one, such as postgres.");
        }
        pooler();
        if (makes && !facts.createsDatabases()) {
            findings.error(
                    "rights",
                    Reason.PERMISSION_DENIED,
                    "role " + access.user() + " may not make databases. Run: ALTER ROLE " + role + " CREATEDB;");
        }
    }

    private void pooler() {
        try (DatabaseInspection inspection =
                DatabaseInspection.open(access.in(access.target().adminDatabase()), context.stop())) {
            List<ConnectionLimit> tight = inspection.connectionLimits().stream()
                    .filter(limit -> limit.allowed() < SESSIONS)
                    .toList();
            tight.forEach(limit -> findings.error(
                    "connections",
                    Reason.CONNECTION_FAILED,
                    "a restore takes " + SESSIONS + " sessions; "
                            + limit.kind().toLowerCase(java.util.Locale.ROOT)
                            + " " + limit.name() + " may have " + limit.allowed() + ". Run: ALTER "
                            + limit.kind() + " " + quoted(limit.name()) + " CONNECTION LIMIT " + SESSIONS
                            + ";"));
            // Asking takes one session more.
            if (tight.isEmpty() && inspection.sharesSessions()) {
                findings.error(
                        "pooler",
                        Reason.CONNECTION_FAILED,
                        "between " + access.server()
                                + " and the server is a pooler that gives one session to several clients, so that no lock"
                                + " holds. Name the server itself in spec.databases[].postgres.directHost of the"
                                + " ManagedApplication.");
            }
        }
    }

    private void names(Standing standing) {
        if (order.copyIsKept()) {
            kept(standing.copy());
        } else {
            standing.copy().ifPresent(found -> {
                try {
                    Databases.refuseOthers(found, context.task());
                } catch (TaskFailure taken) {
                    findings.error("database " + found.name(), taken);
                }
            });
        }
        standing.previous()
                .filter(found -> !found.isOf(order.mark()))
                .ifPresent(found -> findings.error(
                        "database " + found.name(),
                        Reason.DATABASE_EXISTS,
                        "database " + found.name() + " exists, and " + live
                                + " is to be kept under that name. Drop it if" + " nobody needs it: DROP DATABASE "
                                + quoted(found.name()) + ";"));
    }

    private void kept(Optional<Found> copy) {
        if (copy.isEmpty()) {
            findings.error(
                    "database " + order.copy(),
                    Reason.DATABASE_NOT_FOUND,
                    "server " + access.server() + " has no database " + order.copy()
                            + ", which was kept by an earlier restore. Restore a backup instead.");
            return;
        }
        if (copy.get().mark().isEmpty()) {
            findings.error(
                    "database " + order.copy(),
                    Reason.DATABASE_EXISTS,
                    "database " + order.copy()
                            + " has no mark of a restore in its comment, so it is not known to be what"
                            + " one has kept. It is not touched.");
        }
        owner(copy.get());
        prepared(copy.get());
    }

    private void replaced(Found current, ServerFacts facts) {
        owner(current);
        if (!current.acceptsConnections()) {
            findings.error(
                    "database " + live,
                    Reason.DATABASE_NOT_FOUND,
                    "database " + live + " takes no connections, and would afterwards. Run: ALTER DATABASE "
                            + quoted(live) + " ALLOW_CONNECTIONS true;");
        }
        tablespace(current);
        prepared(current);
        sessions(current, facts);
        replication(current);
    }

    private void owner(Found database) {
        if (!databases.owns(database)) {
            findings.error(
                    "rights",
                    Reason.PERMISSION_DENIED,
                    "role " + access.user() + " neither owns database " + database.name() + " nor is a member of "
                            + database.owner() + ", who does. Run: GRANT " + quoted(database.owner()) + " TO " + role
                            + ";");
        }
    }

    private void tablespace(Found current) {
        CopyDatabase.unusable(server, current.name())
                .ifPresent(tablespace -> findings.warning(
                        "tablespace",
                        "database " + current.name() + " is in tablespace " + tablespace + ", which role "
                                + access.user()
                                + " may not use: the restored one will be in the default one. If it is to be there, run:"
                                + " GRANT CREATE ON TABLESPACE " + quoted(tablespace) + " TO " + role + ";"));
    }

    private void prepared(Found database) {
        List<String> transactions = server.rows(
                "SELECT gid FROM pg_prepared_xacts WHERE database = ?", row -> row.getString(1), database.name());
        if (!transactions.isEmpty()) {
            findings.error(
                    "prepared transactions",
                    Reason.RESTORE_BLOCKED,
                    "database " + database.name() + " has " + transactions.size()
                            + " prepared transactions and can't be renamed while it does. Run in it COMMIT PREPARED or"
                            + " ROLLBACK PREPARED for each, such as: ROLLBACK PREPARED '"
                            + transactions.getFirst().replace("'", "''") + "';");
        }
    }

    private record Others(String name, long sessions, boolean superuser, boolean ours) {}

    private void sessions(Found current, ServerFacts facts) {
        if (facts.superuser()) {
            return;
        }
        String signal = "GRANT pg_signal_backend TO " + role + ";";
        List<Others> others = server.rows(
                OTHERS,
                row -> new Others(row.getString(1), row.getLong(2), row.getBoolean(3), row.getBoolean(4)),
                current.oid());
        for (Others who : others) {
            if (who.superuser()) {
                findings.error(
                        "sessions of " + who.name(),
                        Reason.PERMISSION_DENIED,
                        who.sessions() + (who.sessions() == 1 ? " session" : " sessions") + " of " + who.name()
                                + " in database " + live + " can only be ended by a superuser, and role "
                                + access.user() + " is none. Run as one: SELECT pg_terminate_backend(pid) FROM"
                                + " pg_stat_activity WHERE datname = " + literal(live)
                                + " AND coalesce(usename, backend_type, 'unknown') = " + literal(who.name())
                                + "; Or give a superuser's name and password in adminSecretRef.");
            } else if (!who.ours() && !facts.endsSessions()) {
                findings.error(
                        "sessions of " + who.name(),
                        Reason.PERMISSION_DENIED,
                        who.sessions() + (who.sessions() == 1 ? " session" : " sessions") + " of " + who.name()
                                + " in database " + live + " can't be ended by role " + access.user() + ". Run: "
                                + signal);
            }
        }
        if (!facts.endsSessions()
                && findings.list().stream().noneMatch(f -> f.message().contains(signal))) {
            findings.warning(
                    "sessions",
                    "role " + access.user() + " can only end sessions of roles that it is a member of. Run: " + signal);
        }
    }

    private void replication(Found current) {
        List<String> slots = server.rows(
                "SELECT slot_name FROM pg_replication_slots WHERE database = ?",
                row -> row.getString(1),
                current.name());
        if (!slots.isEmpty()) {
            findings.warning(
                    "replication slots",
                    "the logical replication slots " + String.join(", ", slots)
                            + " stay with the database that is kept:"
                            + " who reads them must begin anew with the restored one, and until they are dropped they"
                            + " keep WAL. Afterwards run: SELECT pg_drop_replication_slot('"
                            + slots.getFirst() + "');");
        }
        List<String> subscriptions = server.rows(
                "SELECT subname FROM pg_subscription WHERE subdbid = ?::oid", row -> row.getString(1), current.oid());
        if (!subscriptions.isEmpty()) {
            findings.warning(
                    "subscriptions",
                    "the subscriptions " + String.join(", ", subscriptions)
                            + " stay with the database that is kept, and go"
                            + " on writing into it; the restored one has none. Afterwards run in the kept one: ALTER"
                            + " SUBSCRIPTION " + quoted(subscriptions.getFirst()) + " DISABLE;");
        }
        publications(current);
    }

    private void publications(Found current) {
        try (ServerSession inside = ServerSession.open(access, current.name(), context.stop())) {
            List<String> publications = inside.rows("SELECT pubname FROM pg_publication", row -> row.getString(1));
            if (!publications.isEmpty()) {
                findings.warning(
                        "publications",
                        "database " + live + " has the publications " + String.join(", ", publications)
                                + ": whoever subscribes to them follows the database that is kept, and must begin anew.");
            }
        } catch (TaskFailure unopened) {
            context.stop().check();
            findings.warning("database " + live, "it can't be looked into: " + unopened.getMessage());
        }
    }
}
