package dev.mainstay.runner.cache;

import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.CacheTarget;
import dev.mainstay.runner.task.TaskFailure;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import redis.clients.jedis.exceptions.JedisException;

/** What an error of the client or an answer of the server means for a person. */
final class CacheErrors {

    private final CacheTarget target;
    private final String user;
    private final String secret;

    /**
     * @param user name of the ACL user; null for the user default
     * @param secret the Secret in words; null when there is none
     */
    CacheErrors(CacheTarget target, String user, String secret) {
        this.target = target;
        this.user = user;
        this.secret = secret;
    }

    /** The failure that an error while connecting means. */
    TaskFailure connecting(JedisException error) {
        String said = said(error);
        if (said.startsWith("WRONGPASS") || said.startsWith("ERR invalid password")) {
            return new TaskFailure(
                    Reason.AUTHENTICATION_FAILED,
                    server() + " refused user " + name() + " with the password of " + secret + ": " + said
                            + ". Correct the Secret, or the password on the server (a line break at its end counts).");
        }
        if (said.startsWith("NOAUTH") || said.startsWith("NOPERM") && secret == null) {
            return noPassword(said);
        }
        if (said.contains("without any password configured")) {
            return new TaskFailure(
                    Reason.AUTHENTICATION_FAILED,
                    server() + " has no password, and credentialsSecretRef of cache " + target.name()
                            + " gives one. Leave it out, or set a password on the server (requirepass).");
        }
        if (said.contains("DB index is out of range")) {
            return new TaskFailure(
                    Reason.DATABASE_NOT_FOUND,
                    server() + " has no database " + target.database() + ". Correct redis.database of cache "
                            + target.name() + " in spec.caches of the ManagedApplication.");
        }
        return answered(said) ? asking("SELECT", error) : unreachable(error, said);
    }

    /** The failure that an error in answer to a command means. */
    TaskFailure asking(String command, JedisException error) {
        String said = said(error);
        String word = said.split(" ", 2)[0];
        return switch (word) {
            case "NOPERM" -> denied(command, said);
            case "NOAUTH" -> noPassword(said);
            case "READONLY" ->
                new TaskFailure(
                        Reason.CONNECTION_FAILED,
                        server() + " is a replica, or has become one, and takes no writes: " + said + ". Name the"
                                + " primary in redis.host of cache " + target.name()
                                + ", best a Service that follows it.");
            case "MOVED", "ASK", "CROSSSLOT", "CLUSTERDOWN" -> cluster(said);
            case "LOADING" -> loading(said);
            case "MASTERDOWN" ->
                new TaskFailure(
                        Reason.CONNECTION_FAILED,
                        server() + " is a replica that has lost its primary: " + said
                                + ". Name the primary in redis.host" + " of cache " + target.name() + ".");
            case "BUSY" ->
                new TaskFailure(
                        Reason.CONNECTION_FAILED,
                        server() + " runs a script, and answers nobody else: " + said
                                + ". Let the step be tried again (retries), or end the script (SCRIPT KILL).");
            default -> unknown(command, error, said);
        };
    }

    /** Of a server that copies another one. */
    TaskFailure replica(String primary) {
        return new TaskFailure(
                Reason.CONNECTION_FAILED,
                server() + " is a replica of " + primary + ". Name the primary in redis.host of cache " + target.name()
                        + " in spec.caches of the ManagedApplication.");
    }

    /** Of a node of a cluster. */
    TaskFailure cluster(String said) {
        return new TaskFailure(
                Reason.VERSION_UNSUPPORTED,
                server() + " is a node of a Redis Cluster, whose keys are spread over several servers: " + said
                        + ". Steps work on a single server; use a step of type manual, or redis-cli --cluster.");
    }

    /** Of a server that has just started. */
    TaskFailure loading(String said) {
        return new TaskFailure(
                Reason.CONNECTION_FAILED,
                server() + " is still loading its data from disk: " + said
                        + ". Let the step be tried again: give it retries.");
    }

    private TaskFailure denied(String command, String said) {
        String grant = said.contains("access a key") || said.contains("the keys")
                ? "'~" + (target.keyPrefix() == null ? "" : target.keyPrefix()) + "*'"
                : "+" + command.toLowerCase(Locale.ROOT);
        return new TaskFailure(
                Reason.PERMISSION_DENIED,
                server() + " does not let user " + name() + " do " + command + ": " + said + ". Run: ACL SETUSER "
                        + name() + " " + grant);
    }

    private TaskFailure noPassword(String said) {
        return new TaskFailure(
                Reason.AUTHENTICATION_FAILED,
                server() + " wants a password: " + said + ". Name a Secret that has it in redis.credentialsSecretRef of"
                        + " cache " + target.name() + " in spec.caches of the ManagedApplication.");
    }

    private TaskFailure unknown(String command, JedisException error, String said) {
        if (said.startsWith("ERR unknown command")) {
            return new TaskFailure(
                    Reason.PERMISSION_DENIED,
                    server() + " does not know " + command + ": " + said
                            + ". It may be renamed or switched off there (rename-command), or the server too old.");
        }
        return answered(said)
                ? new TaskFailure(Reason.CONNECTION_FAILED, server() + " answered " + command + " with: " + said)
                : unreachable(error, said);
    }

    /** An answer of the server begins with a word in capitals. */
    private static boolean answered(String said) {
        return said.matches("(?s)[A-Z]{3,} .*");
    }

    private TaskFailure unreachable(JedisException error, String said) {
        String at = target.server();
        String found =
                switch (networkCause(error)) {
                    case UnknownHostException e -> "no address is known for host " + target.host();
                    case ConnectException e -> "nothing listens at " + at + " (connection refused)";
                    case NoRouteToHostException e -> "there is no route to " + at;
                    case SocketTimeoutException e -> at + " did not answer in time";
                    case SSLException e -> "no TLS connection to " + at + " came about: " + e.getMessage();
                    default -> "the connection to " + at + " was lost: " + said;
                };
        return new TaskFailure(
                Reason.CONNECTION_FAILED,
                found + ". Check redis.host, port, tls and caSecretRef of cache " + target.name()
                        + " in spec.caches of the ManagedApplication, the server, and network policies.");
    }

    private static Throwable networkCause(Throwable error) {
        return Stream.iterate(error, cause -> cause != null, Throwable::getCause)
                .flatMap(cause -> Stream.concat(Stream.of(cause), Stream.of(cause.getSuppressed())))
                .filter(cause -> cause instanceof UnknownHostException
                        || cause instanceof ConnectException
                        || cause instanceof NoRouteToHostException
                        || cause instanceof SocketTimeoutException
                        || cause instanceof SSLException)
                .findFirst()
                .orElse(error);
    }

    private static String said(JedisException error) {
        Throwable cause = error;
        while (cause.getMessage() == null && cause.getCause() != null) {
            cause = cause.getCause();
        }
        String said = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        // What follows may be names of keys, which may name people.
        said = said.split(", with args|\n", 2)[0];
        return said.endsWith(".") ? said.substring(0, said.length() - 1) : said;
    }

    private String name() {
        return user == null ? "default" : user;
    }

    private String server() {
        return "server " + target.server();
    }
}
