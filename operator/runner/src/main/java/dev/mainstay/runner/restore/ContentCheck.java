package dev.mainstay.runner.restore;

import static dev.mainstay.runner.postgres.Identifiers.quoted;

import dev.mainstay.core.status.Reason;
import dev.mainstay.runner.postgres.DatabaseAccess;
import dev.mainstay.runner.postgres.ServerSession;
import dev.mainstay.runner.preflight.Findings;
import dev.mainstay.runner.restore.TocSelection.Obstacle;
import dev.mainstay.runner.task.TaskContext;
import dev.mainstay.runner.task.TaskFailure;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Whether what is in a database now could be restored by a role: its backups hold the same extensions and owners. */
final class ContentCheck {

    /** The extensions, and whether something that isn't theirs depends on what they brought. */
    private static final String EXTENSIONS = """
            SELECT e.extname, EXISTS (
              SELECT FROM pg_depend brought
              JOIN pg_depend needs ON needs.refclassid = brought.classid AND needs.refobjid = brought.objid
              WHERE brought.refclassid = 'pg_extension'::regclass AND brought.refobjid = e.oid AND brought.deptype = 'e'
                AND needs.deptype IN ('n', 'a') AND NOT EXISTS (
                  SELECT FROM pg_depend own
                  WHERE own.classid = needs.classid AND own.objid = needs.objid
                    AND (own.deptype = 'e' OR own.deptype IN ('i', 'a') AND EXISTS (
                      SELECT FROM pg_depend part
                      WHERE part.classid = own.refclassid AND part.objid = own.refobjid AND part.deptype = 'e'))))
            FROM pg_extension e WHERE e.extname <> 'plpgsql' ORDER BY 1
            """;

    /** Who owns something that a dump holds; what an extension brought, or a session has for itself, is in none. */
    private static final String OWNERS = """
            SELECT DISTINCT pg_get_userbyid(o.owner)::text FROM (
              SELECT 'pg_class'::regclass::oid AS class, oid, relowner AS owner FROM pg_class
                WHERE relkind IN ('r', 'p', 'v', 'm', 'S', 'f') AND relpersistence <> 't'
              UNION ALL SELECT 'pg_proc'::regclass, oid, proowner FROM pg_proc
              UNION ALL SELECT 'pg_type'::regclass, oid, typowner FROM pg_type WHERE typtype IN ('e', 'd', 'r')
              UNION ALL SELECT 'pg_namespace'::regclass, oid, nspowner FROM pg_namespace WHERE nspname !~ '^pg_'
              UNION ALL SELECT 'pg_largeobject'::regclass, oid, lomowner FROM pg_largeobject_metadata) o
            WHERE o.oid >= 16384 AND NOT EXISTS (
              SELECT FROM pg_depend d WHERE d.classid = o.class AND d.objid = o.oid AND d.deptype = 'e')
            """;

    private final TaskContext context;
    private final DatabaseAccess access;
    private final Findings findings;

    ContentCheck(TaskContext context, DatabaseAccess access, Findings findings) {
        this.context = context;
        this.access = access;
        this.findings = findings;
    }

    void run(ServerFacts facts) {
        String database = context.task().database().database();
        try (ServerSession inside = ServerSession.open(access, database, context.stop())) {
            extensions(inside, facts);
            if (!facts.superuser()) {
                owners(inside);
            }
        } catch (TaskFailure unopened) {
            context.stop().check();
            findings.error("database " + database, unopened);
        }
    }

    private record Extension(String name, boolean needed) {}

    private void extensions(ServerSession inside, ServerFacts facts) {
        for (Extension extension : inside.rows(EXTENSIONS, row -> new Extension(row.getString(1), row.getBoolean(2)))) {
            boolean missing = !facts.extensions().available().contains(extension.name());
            boolean refused =
                    !facts.superuser() && facts.extensions().untrusted().contains(extension.name());
            if (extension.name().equals("pg_cron")) {
                ArchiveCheck.onlyInOneDatabase(
                        "database " + context.task().database().database(), null, inside, findings);
            } else if (missing || refused && extension.needed()) {
                findings.error(
                        "extension " + extension.name(),
                        ArchiveCheck.failure(new Obstacle(null, extension.name(), missing), access.user()));
            } else if (refused) {
                findings.warning(
                        "extension " + extension.name(),
                        "only a superuser may make it, and nothing needs it: a restore leaves it out.");
            }
        }
    }

    private void owners(ServerSession inside) {
        Set<String> owners = new TreeSet<>(inside.rows(OWNERS, row -> row.getString(1)));
        // What a request maps is not known before there is one.
        List<String> notJoined = new ServerRoles(inside, null)
                .notJoined(owners).stream().filter(role -> !isTold(role)).toList();
        if (!notJoined.isEmpty()) {
            findings.error(
                    "rights",
                    Reason.PERMISSION_DENIED,
                    ArchiveCheck.notJoined(access.user(), notJoined, "objects of the database"));
        }
    }

    /** Of the database's owner the same is said already. */
    private boolean isTold(String role) {
        return findings.list().stream()
                .anyMatch(finding -> finding.message().contains("GRANT " + quoted(role) + " TO"));
    }
}
