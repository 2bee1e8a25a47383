package dev.mainstay.runner.restore;

import static dev.mainstay.runner.postgres.Identifiers.quoted;

import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.RestoreOrder;
import dev.mainstay.core.task.Task;
import dev.mainstay.runner.backup.Manifest;
import dev.mainstay.runner.backup.StoredBackup;
import dev.mainstay.runner.postgres.ClientPrograms;
import dev.mainstay.runner.postgres.DatabaseAccess;
import dev.mainstay.runner.postgres.Identifiers;
import dev.mainstay.runner.postgres.ServerSession;
import dev.mainstay.runner.preflight.Findings;
import dev.mainstay.runner.restore.TocSelection.Obstacle;
import dev.mainstay.runner.task.TaskContext;
import dev.mainstay.runner.task.TaskFailure;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Whether a backup's archive can be restored on a server by a role: looked at in its table of contents. */
final class ArchiveCheck {

    private final TaskContext context;
    private final RestoreOrder order;
    private final DatabaseAccess access;
    private final ServerSession server;
    private final Findings findings;

    ArchiveCheck(TaskContext context, DatabaseAccess access, ServerSession server, Findings findings) {
        this.context = context;
        this.order = context.task().restore();
        this.access = access;
        this.server = server;
        this.findings = findings;
    }

    void run(StoredBackup backup, ServerFacts facts) {
        Task task = context.task();
        if (!order.allowForeignSource()) {
            backup.foreignOrigin(task.origin())
                    .ifPresent(origin -> findings.error("source", Reason.FOREIGN_SOURCE, foreign(task, origin)));
        }
        versions(backup.manifest(), facts);
        ArchiveToc toc;
        try {
            toc = new ArchiveStream(context, backup).head();
        } catch (TaskFailure failure) {
            context.stop().check();
            if (failure.reason() == Reason.STORAGE_UNREACHABLE || failure.reason() == Reason.STORAGE_DENIED) {
                throw failure;
            }
            findings.error("archive", failure);
            return;
        }
        TocSelection selection = new TocSelection(
                toc.entries(), facts.superuser(), facts.extensions(), new LabelProviders(server)::loads);
        selection
                .obstacles()
                .forEach(obstacle -> findings.error(
                        obstacle.extension() == null ? "rights" : "extension " + obstacle.extension(),
                        failure(obstacle, access.user())));
        onlyInOneDatabase(toc.entries());
        roles(selection, facts);
        if (order.intoEmpty()) {
            new EmptyTarget(context, access, server, findings).fits(selection, new ServerRoles(server, order), facts);
        }
        if (!selection.leftOut().isEmpty()) {
            findings.warning(
                    "left out",
                    selection.leftOut().size() + (selection.leftOut().size() == 1 ? " entry" : " entries")
                            + " of the backup will be left out: "
                            + selection.leftOut().stream().limit(5).collect(Collectors.joining("; "))
                            + (selection.leftOut().size() > 5 ? "; and more." : "."));
        }
        Set<String> unknown = facts.unknownTablespaces(selection.tablespaces());
        if (!unknown.isEmpty()) {
            findings.warning(
                    "tablespaces",
                    "the server lacks the tablespaces " + String.join(", ", unknown)
                            + " of the backup, or role " + access.user()
                            + " may not use them: all will be in the default one.");
        }
    }

    private void versions(Manifest manifest, ServerFacts facts) {
        int from = manifest.database().major();
        if (from > facts.major()) {
            findings.error(
                    "version",
                    Reason.VERSION_UNSUPPORTED,
                    "the backup is of PostgreSQL " + manifest.database().serverVersion() + ", and server "
                            + access.server() + " is of version " + facts.version()
                            + ": a newer dump does not restore into an older server. Restore it on a server of version "
                            + from + " or newer.");
            return;
        }
        try {
            new ClientPrograms(context.settings().postgresFolder())
                    .thatRestore(manifest.archive().clientMajor(), facts.major(), "server " + access.server());
        } catch (TaskFailure unsupported) {
            findings.error("version", unsupported);
        }
    }

    private void onlyInOneDatabase(List<ArchiveToc.Entry> entries) {
        boolean schedules = entries.stream()
                .anyMatch(
                        entry -> entry.kind().equals("EXTENSION") && entry.tag().equals("pg_cron"));
        if (schedules) {
            onlyInOneDatabase("the backup", order.copy(), server, findings);
        }
    }

    /** What jobs pg_cron runs, and where it may be, is the server's setting. */
    static void onlyInOneDatabase(String what, String copy, ServerSession server, Findings findings) {
        String place = server.value("SELECT current_setting('cron.database_name', true)")
                .orElse("");
        if (!place.equals(copy)) {
            findings.error(
                    "extension pg_cron",
                    Reason.EXTENSION_MISSING,
                    what + " has the extension pg_cron, which can only be in one database of a server (setting"
                            + " cron.database_name: " + (place.isEmpty() ? "not set" : place)
                            + "), so that it can't be restored beside another one. Restore it by hand.");
        }
    }

    private void roles(TocSelection selection, ServerFacts facts) {
        ServerRoles roles = new ServerRoles(server, order);
        Map<String, String> needed = selection.roles();
        roles.mappedToNobody()
                .forEach((role, other) -> findings.error(
                        "role " + role,
                        Reason.ROLE_MISSING,
                        request() + ", spec.roles.mapping: " + role + " is mapped to " + other + ", which server "
                                + access.server() + " lacks. Correct the name, or run: CREATE ROLE " + quoted(other)
                                + ";"));
        Map<String, String> missing = roles.missing(needed);
        if (!missing.isEmpty() && !order.createMissingRoles()) {
            findings.error("roles", Reason.ROLE_MISSING, missing(missing, access.server()));
        } else if (!missing.isEmpty() && !facts.createsRoles()) {
            findings.error(
                    "roles",
                    Reason.PERMISSION_DENIED,
                    "roles " + String.join(", ", missing.keySet())
                            + " are to be made (spec.roles.createMissing), and role "
                            + access.user() + " may not make roles. Run: ALTER ROLE " + quoted(access.user())
                            + " CREATEROLE;");
        }
        if (facts.superuser()) {
            return;
        }
        Set<String> acting =
                selection.actingRoles().stream().map(roles::inPlaceOf).collect(Collectors.toSet());
        List<String> notJoined = roles.notJoined(acting);
        if (!notJoined.isEmpty()) {
            findings.error(
                    "rights", Reason.PERMISSION_DENIED, notJoined(access.user(), notJoined, "objects of the backup"));
        }
        guests(selection, roles);
    }

    /** Who is given a table must be allowed to make one there; grants come later in an archive than owners. */
    private void guests(TocSelection selection, ServerRoles roles) {
        String owner = new Databases(server)
                .find(context.task().database().database())
                .map(Databases.Found::owner)
                .orElse(access.user());
        selection.guests().values().stream()
                // What a database that is there lets them do, it says itself.
                .filter(entry ->
                        !order.intoEmpty() || !selection.ownerOf(entry.schema()).equals(ServerRoles.DATABASE_OWNER))
                .filter(entry -> {
                    String schemaOwner = selection.ownerOf(entry.schema());
                    String host = schemaOwner.equals(ServerRoles.DATABASE_OWNER) ? owner : roles.inPlaceOf(schemaOwner);
                    return !roles.hasRightsOf(roles.inPlaceOf(entry.owner()), host);
                })
                .findFirst()
                .ifPresent(entry -> findings.error(
                        "rights in schema " + entry.schema(),
                        Reason.PERMISSION_DENIED,
                        entry.text() + " belongs to " + roles.inPlaceOf(entry.owner()) + ", and schema "
                                + entry.schema() + " to another role: only a superuser can restore that. Give a"
                                + " superuser's name and password in adminSecretRef, or map "
                                + entry.owner() + " to the schema's owner in spec.roles.mapping."));
    }

    /** That a role can't give others what is theirs. */
    static String notJoined(String user, List<String> roles, String what) {
        return "role " + user + " is no member of " + String.join(", ", roles) + ", to whom " + what
                + " belong, and can give them nothing. Run: GRANT "
                + roles.stream().map(Identifiers::quoted).collect(Collectors.joining(", ")) + " TO " + quoted(user)
                + ";";
    }

    /** What an obstacle means. */
    static TaskFailure failure(Obstacle obstacle, String role) {
        if (obstacle.missing()) {
            return new TaskFailure(
                    Reason.EXTENSION_MISSING,
                    "the backup needs the extension " + obstacle.extension()
                            + ", which the server can't make (pg_available_extensions). Install it on the server.");
        }
        return new TaskFailure(
                Reason.PERMISSION_DENIED,
                "the backup needs "
                        + (obstacle.extension() == null
                                ? obstacle.entry().text()
                                : "the extension " + obstacle.extension())
                        + ", which only a superuser may make, and role " + role
                        + " is none. Give a superuser's name and password in adminSecretRef.");
    }

    /** That the server in a test's Pod lacks an extension, where nobody can install one. */
    static TaskFailure missingInPod(String extension, String policy) {
        return new TaskFailure(
                Reason.EXTENSION_MISSING,
                "the backup needs the extension " + extension
                        + ", and the image of the PostgreSQL in the Pod has those alone that belong to PostgreSQL. Give "
                        + policy
                        + " spec.verification.restoreTest.target.server in place of target.pod: a server that has"
                        + " it.");
    }

    /** That the server lacks roles. */
    static String missing(Map<String, String> missing, String server) {
        String first = missing.keySet().iterator().next();
        return "server " + server + " lacks " + (missing.size() == 1 ? "role " : "roles ")
                + String.join(", ", missing.keySet()) + " of the backup (" + missing.get(first)
                + "). Make them: "
                + missing.keySet().stream()
                        .map(role -> "CREATE ROLE " + quoted(role) + " NOLOGIN;")
                        .collect(Collectors.joining(" "))
                + " Or name others in spec.roles.mapping, or set spec.roles.createMissing.";
    }

    /** That the backup is another's. */
    static String foreign(Task task, String origin) {
        return "RestoreRequest " + task.origin().namespace() + "/"
                + task.restore().request() + ": the backup is of " + origin + ". See that it is the right one, and set"
                + " allowForeignSource: true.";
    }

    private String request() {
        return "RestoreRequest " + context.task().origin().namespace() + "/" + order.request();
    }
}
