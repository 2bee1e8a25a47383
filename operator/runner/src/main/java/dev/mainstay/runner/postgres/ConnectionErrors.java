package dev.mainstay.runner.postgres;

import static dev.mainstay.runner.postgres.Identifiers.quoted;

import dev.mainstay.core.status.Reason;
import dev.mainstay.runner.task.TaskFailure;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;

/** What an error of the database driver means for a person. */
final class ConnectionErrors {

    static final String INSUFFICIENT_PRIVILEGE = "42501";

    private final DatabaseAccess access;
    private final String database;

    /**
     * @param database the one of the server's databases that is spoken with
     */
    ConnectionErrors(DatabaseAccess access, String database) {
        this.access = access;
        this.database = database;
    }

    /** The failure that an error while connecting means. */
    TaskFailure connecting(SQLException error) {
        String state = error.getSQLState() == null ? "" : error.getSQLState();
        String server = access.server();
        String said = text(error);
        return switch (state) {
            case "28P01" -> refused(said);
            case "28000" ->
                new TaskFailure(
                        Reason.AUTHENTICATION_FAILED,
                        "server " + server + " does not let role " + access.user() + " in: " + said
                                + ". Correct the role in " + access.secret() + ", or pg_hba.conf of the server.");
            case "3D000" ->
                new TaskFailure(
                        Reason.DATABASE_NOT_FOUND,
                        "server " + server + " has no database " + database
                                + ". Correct spec.databases[].postgres.database in the ManagedApplication (capitals count).");
            case INSUFFICIENT_PRIVILEGE ->
                new TaskFailure(
                        Reason.PERMISSION_DENIED,
                        said + ". Run: GRANT CONNECT ON DATABASE " + quoted(database) + " TO " + quoted(access.user())
                                + ";");
            case "53300" ->
                new TaskFailure(
                        Reason.CONNECTION_FAILED,
                        "server " + server + " has no free connection: " + said
                                + ". Raise max_connections or the limit of the role.");
            case "57P03" ->
                new TaskFailure(Reason.CONNECTION_FAILED, "server " + server + " is not ready: " + said + ".");
            default -> said.contains("password") ? refused(said) : unreachable(error, said);
        };
    }

    /** The failure that an error in a query means. */
    TaskFailure asking(SQLException error) {
        String state = error.getSQLState() == null ? "" : error.getSQLState();
        if (state.equals(INSUFFICIENT_PRIVILEGE)) {
            return new TaskFailure(
                    Reason.PERMISSION_DENIED,
                    "role " + access.user() + " may not read what is needed: " + text(error)
                            + ". GRANT pg_read_all_data TO " + quoted(access.user()) + "; is usually enough.");
        }
        if (state.equals("55P03")) {
            return new TaskFailure(
                    Reason.LOCK_TIMEOUT,
                    "a table stayed locked for longer than spec.lockWaitTimeout; find the session that holds the lock"
                            + " (pg_stat_activity, pg_locks), or raise lockWaitTimeout (" + text(error) + ")");
        }
        boolean lost = state.startsWith("08") || state.startsWith("57P");
        return new TaskFailure(
                lost ? Reason.CONNECTION_FAILED : Reason.DUMP_FAILED,
                (lost ? "the connection to " + access.server() + " was lost: " : "server " + access.server() + ": ")
                        + text(error));
    }

    private TaskFailure refused(String said) {
        boolean lineBreak =
                access.password().endsWith("\n") || access.password().endsWith("\r");
        return new TaskFailure(
                Reason.AUTHENTICATION_FAILED,
                "server " + access.server() + " refused role " + access.user() + " with the password of "
                        + access.secret() + " (key " + access.passwordKey() + "): " + said + ". "
                        + (lineBreak
                                ? "The password in key " + access.passwordKey()
                                        + " ends with a line break: write it without one (echo -n)."
                                : "Correct the Secret, or the password on the server."));
    }

    private TaskFailure unreachable(SQLException error, String said) {
        String server = access.server();
        String found =
                switch (networkCause(error)) {
                    case UnknownHostException e ->
                        "no address is known for host " + access.target().host();
                    case ConnectException e -> "nothing listens at " + server + " (connection refused)";
                    case NoRouteToHostException e -> "there is no route to " + server;
                    case SocketTimeoutException e -> server + " did not answer in time";
                    case SSLException e ->
                        "no TLS connection to " + server + " came about with sslMode "
                                + access.target().sslMode() + ": " + e.getMessage();
                    default -> "server " + server + " could not be reached: " + said;
                };
        return new TaskFailure(
                Reason.CONNECTION_FAILED,
                found + (found.endsWith(".") ? "" : ".")
                        + " Check host and port (directHost and directPort where they are set) and sslMode under spec.databases[].postgres of the ManagedApplication, the"
                        + " server, and network policies.");
    }

    private static Throwable networkCause(SQLException error) {
        return Stream.<Throwable>iterate(error, cause -> cause != null, Throwable::getCause)
                .limit(10)
                .reduce((first, second) -> second instanceof SQLException ? first : second)
                .orElse(error);
    }

    /** The server's message in a line, without the detail, which may carry rows. */
    static String text(SQLException error) {
        String message = error.getMessage() == null ? "no message" : error.getMessage();
        return message.lines().findFirst().orElse("").strip();
    }
}
