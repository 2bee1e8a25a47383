package dev.mainstay.runner.restore;

import static dev.mainstay.runner.postgres.Identifiers.quoted;

import dev.mainstay.core.restore.DatabaseNames;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.RestoreReport.KeptDatabase;
import dev.mainstay.runner.postgres.ServerSession;
import dev.mainstay.runner.restore.Databases.Found;
import dev.mainstay.runner.restore.Databases.SessionOf;
import dev.mainstay.runner.task.TaskFailure;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Drops a database that a restore has kept, and never another one: it must have the name that the restore gave it, and the
 * comment that it left. Never by force: whoever uses it, if only to look at it, may need it.
 */
public final class PreviousDrop {

    private static final int FIRST = 3;

    private static final String SLOTS = "SELECT slot_name FROM pg_replication_slots WHERE database = ? ORDER BY 1";

    private static final String PREPARED = "SELECT gid FROM pg_prepared_xacts WHERE database = ? ORDER BY 1";

    private final ServerSession server;
    private final Databases databases;
    private final String live;

    /** What became of a database that was to be dropped. */
    public sealed interface Outcome {

        /** It is not there: somebody has dropped it before, or put it back. */
        record Gone() implements Outcome {}

        /**
         * It is not there any more.
         *
         * @param bytes how large it was; null where the role may not know
         */
        record Dropped(Long bytes) implements Outcome {}

        /** Nothing proves that it is the one that the restore has kept. */
        record Unproven(String why) implements Outcome {}

        /** It is there still. */
        record Left(Reason reason, String why) implements Outcome {}
    }

    /**
     * @param server a session in another database than those that are dropped
     * @param live name of the database in use
     */
    public PreviousDrop(ServerSession server, String live) {
        this.server = server;
        this.databases = new Databases(server);
        this.live = live;
    }

    /**
     * Drops it.
     *
     * @param mark uid of the RestoreRequest that says it has kept it
     */
    public Outcome drop(String name, String mark) {
        Optional<Found> found = databases.find(name);
        if (found.isEmpty()) {
            return new Outcome.Gone();
        }
        return refused(found.get(), mark).or(() -> obstacle(found.get())).orElseGet(() -> dropped(found.get()));
    }

    /** Those that carry the mark of a restore of the same database, beside those of these names. */
    public List<String> others(Set<String> names) {
        return databases.allKept(live).stream()
                .map(KeptDatabase::name)
                .filter(name -> !names.contains(name))
                .toList();
    }

    private Optional<Outcome> refused(Found found, String mark) {
        String self = "Database " + found.name() + " was not dropped: ";
        if (found.name().equals(live) || !found.name().equals(DatabaseNames.previous(live, mark))) {
            return Optional.of(new Outcome.Unproven(self + "it does not have the name of one that a restore keeps."));
        }
        if (!DatabaseMark.isOfPrevious(found.comment(), mark)) {
            return Optional.of(new Outcome.Unproven(self + "nothing proves that the restore has kept it ("
                    + (found.comment() == null ? "it has no comment" : "its comment: " + found.comment())
                    + "). Find out whose it is, and drop it by hand."));
        }
        return databases.owns(found)
                ? Optional.empty()
                : Optional.of(new Outcome.Left(
                        Reason.PERMISSION_DENIED,
                        self + "it belongs to " + found.owner() + ". Run: GRANT " + quoted(found.owner()) + " TO "
                                + quoted(server.value("SELECT current_user").orElse("")) + ";"));
    }

    private Optional<Outcome> obstacle(Found found) {
        List<String> sessions =
                databases.sessions(found).stream().map(SessionOf::text).toList();
        if (!sessions.isEmpty()) {
            return inUse(found, "it is in use by ", sessions, "End them, if it is not needed.");
        }
        List<String> slots = server.rows(SLOTS, row -> row.getString(1), found.name());
        if (!slots.isEmpty()) {
            return inUse(
                    found,
                    "it would take its logical replication slots with it: ",
                    slots,
                    "If no subscriber needs them, run there: SELECT pg_drop_replication_slot('…');");
        }
        List<String> prepared = server.rows(PREPARED, row -> row.getString(1), found.name());
        return prepared.isEmpty()
                ? Optional.empty()
                : inUse(
                        found,
                        "it has prepared transactions: ",
                        prepared,
                        "Connected to it, commit them or run ROLLBACK PREPARED.");
    }

    private static Optional<Outcome> inUse(Found found, String what, List<String> who, String then) {
        String first = String.join("; ", who.subList(0, Math.min(FIRST, who.size())));
        return Optional.of(new Outcome.Left(
                Reason.DATABASE_IN_USE,
                "Database " + found.name() + " was not dropped: " + what + first + (who.size() > FIRST ? "; …" : "")
                        + ". " + then));
    }

    private Outcome dropped(Found found) {
        Long bytes = databases.bytes(found);
        try {
            server.execute(Databases.droppingUnforced(found));
        } catch (SQLException e) {
            return left(found, e);
        }
        return databases.find(found.name()).isEmpty()
                ? new Outcome.Dropped(bytes)
                : new Outcome.Left(
                        Reason.STEP_FAILED,
                        "Database " + found.name() + " is there still, though the server has said that it dropped it.");
    }

    private Outcome left(Found found, SQLException error) {
        if (ServerSession.isInUse(error)) {
            return obstacle(found)
                    .orElseGet(() -> new Outcome.Left(
                            Reason.DATABASE_IN_USE,
                            "Database " + found.name() + " was not dropped: " + ServerSession.text(error) + "."));
        }
        TaskFailure failure = server.failure("Database " + found.name() + " was not dropped", error);
        return switch (failure.reason()) {
            case LOCK_TIMEOUT, PERMISSION_DENIED -> new Outcome.Left(failure.reason(), failure.getMessage());
            case RESTORE_FAILED -> new Outcome.Left(Reason.STEP_FAILED, failure.getMessage());
            default -> throw failure;
        };
    }
}
