package dev.mainstay.runner.restore;

import static dev.mainstay.runner.postgres.Identifiers.quoted;

import dev.mainstay.core.status.Reason;
import dev.mainstay.runner.postgres.DatabaseAccess;
import dev.mainstay.runner.postgres.ServerSession;
import dev.mainstay.runner.preflight.Findings;
import dev.mainstay.runner.restore.ArchiveToc.Entry;
import dev.mainstay.runner.restore.Databases.Found;
import dev.mainstay.runner.task.TaskContext;
import dev.mainstay.runner.task.TaskFailure;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Whether a database can be filled by a role. It need not own the database, nor be able to make another: only what the
 * restore does there has to be allowed.
 */
final class EmptyTarget {

    /** What is made in the database itself, and not in one of its schemas. */
    private static final Set<String> OF_THE_DATABASE = Set.of("SCHEMA", "EXTENSION");

    private final TaskContext context;
    private final DatabaseAccess access;
    private final ServerSession server;
    private final Findings findings;
    private final String database;
    private final String role;

    EmptyTarget(TaskContext context, DatabaseAccess access, ServerSession server, Findings findings) {
        this.context = context;
        this.access = access;
        this.server = server;
        this.findings = findings;
        this.database = context.task().database().database();
        this.role = quoted(access.user());
    }

    /** Whether it is there, can be entered, and is empty. */
    void look(Optional<Found> current) {
        if (current.isEmpty()) {
            findings.error(
                    "database " + database,
                    Reason.DATABASE_NOT_FOUND,
                    "server " + access.server() + " has no database " + database
                            + " that could be filled. Make it, or make a request with mode: Swap, which makes it.");
            return;
        }
        try (ServerSession inside = ServerSession.open(access, database, context.stop())) {
            DatabaseContents contents = DatabaseContents.of(inside);
            if (!contents.isEmpty()) {
                findings.error("database " + database, contents.refusal(database));
            }
        } catch (TaskFailure unopened) {
            context.stop().check();
            findings.error("database " + database, unopened);
        }
        if (!new Databases(server).owns(current.get())) {
            findings.warning(
                    "mark",
                    "role " + access.user() + " does not own database " + database
                            + ", so that the restore can't be marked"
                            + " there: if its Pod is lost just after the commit, the request fails and tells what the"
                            + " database holds. Settings and grants of the database are left out.");
        }
    }

    /** Whether what the archive makes may be made there, and is not there yet. */
    void fits(TocSelection selection, ServerRoles roles, ServerFacts facts) {
        try (ServerSession inside = ServerSession.open(access, database, context.stop())) {
            sameSchemas(selection, inside);
            if (!facts.superuser()) {
                onDatabase(selection, inside);
                inSchemas(selection, roles, inside);
                asOwner(selection);
            }
        } catch (TaskFailure unopened) {
            // That it can't be entered is told already.
            context.stop().check();
        }
    }

    private void sameSchemas(TocSelection selection, ServerSession inside) {
        Set<String> there = new TreeSet<>(inside.rows("SELECT nspname FROM pg_namespace", row -> row.getString(1)));
        List<String> both = selection.kept().stream()
                .filter(entry -> entry.kind().equals("SCHEMA")
                        && entry.definition() != null
                        && entry.definition().contains("CREATE SCHEMA"))
                .map(Entry::tag)
                .filter(there::contains)
                .toList();
        if (!both.isEmpty()) {
            findings.error(
                    "schema " + both.getFirst(),
                    Reason.DATABASE_NOT_EMPTY,
                    "database " + database + " has the schemas " + String.join(", ", both)
                            + ", which the backup makes. Nothing is in them; run in it: DROP SCHEMA "
                            + quoted(both.getFirst()) + ";");
        }
    }

    private void onDatabase(TocSelection selection, ServerSession inside) {
        boolean makes = selection.kept().stream().anyMatch(entry -> OF_THE_DATABASE.contains(entry.kind()));
        if (makes && !isTrue(inside, "SELECT has_database_privilege(?, 'CREATE')::text", database)) {
            findings.error(
                    "rights in database " + database,
                    Reason.PERMISSION_DENIED,
                    "the backup has schemas or extensions, and role " + access.user()
                            + " may make none. Run: GRANT CREATE ON DATABASE " + quoted(database) + " TO " + role
                            + ";");
        }
    }

    /** In a schema that is there already: the role makes each object, and gives it to its owner. */
    private void inSchemas(TocSelection selection, ServerRoles roles, ServerSession inside) {
        Map<String, Set<String>> makers = new LinkedHashMap<>();
        selection.guests().values().stream()
                .filter(entry -> selection.ownerOf(entry.schema()).equals(ServerRoles.DATABASE_OWNER))
                .forEach(entry -> makers.computeIfAbsent(
                                entry.schema(), ignored -> new TreeSet<>(Set.of(access.user())))
                        .add(roles.inPlaceOf(entry.owner())));
        makers.forEach((schema, names) -> {
            if (inside.value("SELECT nspname FROM pg_namespace WHERE nspname = ?", schema)
                    .isEmpty()) {
                findings.error(
                        "schema " + schema,
                        Reason.RESTORE_BLOCKED,
                        "database " + database + " has no schema " + schema
                                + ", and the backup takes it for given. Run in" + " it: CREATE SCHEMA " + quoted(schema)
                                + ";");
                return;
            }
            names.stream()
                    .filter(roles::exists)
                    .filter(name ->
                            !isTrue(inside, "SELECT has_schema_privilege(?::name, ?, 'CREATE')::text", name, schema))
                    .forEach(name -> findings.error(
                            "rights in schema " + schema,
                            Reason.PERMISSION_DENIED,
                            "role " + name + " may make nothing in schema " + schema + " of database " + database
                                    + ", and the backup does. Run in it: GRANT CREATE ON SCHEMA " + quoted(schema)
                                    + " TO "
                                    + quoted(name) + ";"));
        });
    }

    /** What only who owns the database may change: a grant on schema public, say. */
    private void asOwner(TocSelection selection) {
        Optional<Found> found = new Databases(server).find(database);
        if (selection.actingRoles().contains(ServerRoles.DATABASE_OWNER)
                && found.filter(current -> !new Databases(server).owns(current)).isPresent()) {
            findings.error(
                    "rights",
                    Reason.PERMISSION_DENIED,
                    "the backup changes what is the database owner's, such as grants on schema public, and role "
                            + access.user() + " is no member of " + found.get().owner() + ". Run: GRANT "
                            + quoted(found.get().owner()) + " TO " + role + ";");
        }
    }

    private static boolean isTrue(ServerSession inside, String query, Object... parameters) {
        return inside.value(query, parameters).filter("true"::equals).isPresent();
    }
}
