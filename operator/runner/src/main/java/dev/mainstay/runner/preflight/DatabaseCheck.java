package dev.mainstay.runner.preflight;

import static dev.mainstay.runner.postgres.Identifiers.quoted;

import dev.mainstay.core.backup.TablePattern;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.Finding;
import dev.mainstay.core.task.Task;
import dev.mainstay.runner.postgres.ClientPrograms;
import dev.mainstay.runner.postgres.DatabaseAccess;
import dev.mainstay.runner.postgres.DatabaseInspection;
import dev.mainstay.runner.postgres.DatabaseInspection.UnreadableSchema;
import dev.mainstay.runner.task.TaskContext;
import dev.mainstay.runner.task.TaskFailure;
import java.util.List;
import java.util.Locale;

/** Looks whether a role may read all of a database, and whether the server has room for a dump. */
final class DatabaseCheck {

    /** A dump's own, the one that holds its snapshot, and the one that holds its lock. */
    private static final int SESSIONS = 3;

    private static final int FIRST_WITH_READ_ALL_DATA = 14;

    private final TaskContext context;
    private final Findings findings = new Findings();

    DatabaseCheck(TaskContext context) {
        this.context = context;
    }

    List<Finding> run() {
        try {
            DatabaseAccess access = DatabaseAccess.of(context.task().database(), context.secrets());
            try (DatabaseInspection inspection = DatabaseInspection.open(access, context.stop())) {
                check(access, inspection);
            }
        } catch (TaskFailure failure) {
            context.stop().check();
            findings.error("connection", failure);
        }
        return findings.list();
    }

    private void check(DatabaseAccess access, DatabaseInspection inspection) {
        String role = quoted(access.user());
        try {
            new ClientPrograms(context.settings().postgresFolder())
                    .ofMajor(inspection.major(), "server " + access.server());
        } catch (TaskFailure unsupported) {
            findings.error("version", unsupported);
        }
        if (inspection.sharesSessions()) {
            findings.error(
                    "pooler",
                    Reason.CONNECTION_FAILED,
                    "between " + access.server()
                            + " and the server is a pooler that gives one session to several clients: a dump's snapshot"
                            + " and settings get lost. Name the server itself in spec.databases[].postgres.directHost of"
                            + " the ManagedApplication.");
        }
        inspection
                .unreadableSchemas()
                .forEach(schema -> rights(schema, role, quoted(access.target().database()), inspection.major()));
        rowSecurity(inspection, role);
        largeObjects(inspection, access.user());
        room(inspection);
        if (inspection.isStandby()) {
            findings.warning(
                    "standby",
                    access.server() + " is a standby: a long dump may be cancelled by replication (raise"
                            + " max_standby_streaming_delay there), and a lock on it keeps nobody from the primary.");
        }
        lock(access, inspection, role);
        exclusions(inspection);
    }

    private void lock(DatabaseAccess access, DatabaseInspection inspection, String role) {
        inspection
                .adminDatabaseProblem()
                .ifPresent(
                        problem -> findings.warning(
                                "database of the locks",
                                "backups are made without a lock on the server: " + problem.message()
                                        + (problem.denied()
                                                ? " Run: GRANT CONNECT ON DATABASE "
                                                        + quoted(access.target().adminDatabase()) + " TO " + role
                                                        + "; or name another database in adminDatabase."
                                                : " Correct spec.databases[].postgres.adminDatabase of the ManagedApplication.")));
    }

    private void rights(UnreadableSchema schema, String role, String database, int major) {
        String name = quoted(schema.name());
        findings.error(
                "rights in schema " + schema.name(),
                Reason.PERMISSION_DENIED,
                "the role may not read " + schema.example()
                        + andMore(schema.count(), "other") + ". Run in database " + database + ": "
                        + (schema.usable() ? "" : "GRANT USAGE ON SCHEMA " + name + " TO " + role + "; ")
                        + "GRANT SELECT ON ALL TABLES IN SCHEMA " + name + " TO " + role
                        + "; GRANT SELECT ON ALL SEQUENCES IN SCHEMA " + name + " TO " + role + ";"
                        + (major >= FIRST_WITH_READ_ALL_DATA
                                ? " Or for every schema, and tables to come: GRANT pg_read_all_data TO " + role + ";"
                                : ""));
    }

    private void rowSecurity(DatabaseInspection inspection, String role) {
        List<String> tables = inspection.tablesWithRowSecurity();
        if (!tables.isEmpty()) {
            findings.error(
                    "row-level security",
                    Reason.PERMISSION_DENIED,
                    "of " + tables.getFirst()
                            + andMore(tables.size(), "other table")
                            + " the role would read only some rows, so pg_dump refuses. Run as a superuser: ALTER ROLE "
                            + role
                            + " BYPASSRLS;");
        }
    }

    private void largeObjects(DatabaseInspection inspection, String user) {
        long unreadable = inspection.unreadableLargeObjects();
        if (unreadable > 0) {
            findings.error(
                    "large objects",
                    Reason.PERMISSION_DENIED,
                    "the role may not read " + unreadable + (unreadable == 1 ? " large object" : " large objects")
                            + ", which no general right covers. Run in psql: SELECT format('GRANT SELECT ON LARGE OBJECT"
                            + " %s TO %I', oid, '" + user.replace("'", "''")
                            + "') FROM pg_largeobject_metadata \\gexec");
        }
    }

    private void room(DatabaseInspection inspection) {
        long tables = inspection.tables();
        long locks = inspection.lockSlots();
        if (tables > locks) {
            findings.error(
                    "locks",
                    Reason.DUMP_FAILED,
                    "pg_dump locks each of " + tables + " tables at once, and the server has room for " + locks
                            + " locks. Raise max_locks_per_transaction, which takes a restart of the server.");
        }
        inspection.connectionLimits().stream()
                .filter(limit -> limit.allowed() < SESSIONS)
                .forEach(limit -> findings.error(
                        "connections",
                        Reason.CONNECTION_FAILED,
                        "a backup takes " + SESSIONS + " sessions, and a preflight may have as many beside it; "
                                + limit.kind().toLowerCase(Locale.ROOT) + " " + limit.name() + " may have "
                                + limit.allowed() + ". Run: ALTER " + limit.kind() + " " + quoted(limit.name())
                                + " CONNECTION LIMIT " + 2 * SESSIONS + ";"));
    }

    private void exclusions(DatabaseInspection inspection) {
        Task.Dump dump = context.task().dump();
        if (dump.excludedTableData().isEmpty()) {
            return;
        }
        List<String> names = inspection.tableNames();
        List<String> others = inspection.namesWithoutRows();
        List<TablePattern> patterns =
                dump.excludedTableData().stream().map(TablePattern::of).toList();
        for (int i = 0; i < patterns.size(); i++) {
            if (names.stream().noneMatch(patterns.get(i)::matches)) {
                findings.warning(
                        "exclude.tableData",
                        "spec.exclude.tableData of the BackupPolicy names "
                                + dump.excludedTableData().get(i)
                                + (others.stream().anyMatch(patterns.get(i)::matches)
                                        ? ", which is a view or a partitioned table and has no rows of its own: name its"
                                                + " partitions."
                                        : ", and the database has no table of that name (capitals count)."));
            }
        }
        if (!names.isEmpty()
                && names.stream().allMatch(name -> patterns.stream().anyMatch(pattern -> pattern.matches(name)))) {
            findings.warning(
                    "exclude.tableData",
                    "spec.exclude.tableData of the BackupPolicy leaves out the rows of every table: backups hold the schema"
                            + " only.");
        }
    }

    private static String andMore(int count, String what) {
        return count == 1 ? "" : " and " + (count - 1) + " " + what + (count == 2 ? "" : "s");
    }
}
