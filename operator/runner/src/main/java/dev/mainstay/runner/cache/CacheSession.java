package dev.mainstay.runner.cache;

import dev.mainstay.core.cache.CacheInfo;
import dev.mainstay.core.task.CacheTarget;
import dev.mainstay.core.task.Task.MountedSecret;
import dev.mainstay.runner.task.MountedSecrets;
import dev.mainstay.runner.task.StopSignal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import redis.clients.jedis.ClientSetInfoConfig;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.exceptions.JedisException;

/** One connection to a cache, and the few commands that are ever sent; no KEYS, and no FLUSHALL. */
final class CacheSession implements AutoCloseable {

    /**
     * Keys of one step through the database.
     *
     * @param cursor where the next one begins; {@link #START} after the last
     * @param keys the keys: some may come twice
     */
    record Page(String cursor, List<byte[]> keys) {}

    /** The cursor of the first page, and of the end. */
    static final String START = "0";

    private final CacheTarget target;
    private final Connection connection;
    private final CacheErrors errors;
    private final StopSignal stop;
    private final StopSignal.Registration registration;

    private CacheSession(CacheTarget target, Connection connection, CacheErrors errors, StopSignal stop) {
        this.target = target;
        this.connection = connection;
        this.errors = errors;
        this.stop = stop;
        this.registration = stop.onStop(this::cut);
    }

    /** Connects, says who it is, and goes to the database. Throws a TaskFailure that says what is in the way. */
    static CacheSession open(CacheTarget target, MountedSecrets secrets, StopSignal stop) {
        MountedSecret credentials = target.credentials();
        boolean named = credentials != null && credentials.keys().containsKey("username");
        String user = named ? secrets.value(credentials, "username") : null;
        CacheErrors errors = new CacheErrors(target, user, credentials == null ? null : secrets.describe(credentials));
        DefaultJedisClientConfig config = DefaultJedisClientConfig.builder()
                .resp2()
                .socketTimeoutMillis(CacheSocket.SILENCE_MILLIS)
                .clientSetInfoConfig(ClientSetInfoConfig.DISABLED)
                .database(target.database())
                .user(user)
                .password(credentials == null ? null : secrets.value(credentials, "password"))
                .build();
        try {
            Connection connection = Connection.builder()
                    .socketFactory(new CacheSocket(target, secrets)::open)
                    .clientConfig(config)
                    .build();
            return new CacheSession(target, connection, errors, stop);
        } catch (JedisException e) {
            stop.check();
            throw errors.connecting(e);
        }
    }

    /** What the server says of itself. */
    CacheInfo info() {
        return asked("INFO", () -> {
            connection.sendCommand(Command.INFO);
            return CacheInfo.parse(connection.getBulkReply(), target.database());
        });
    }

    /** The same of a server that a step can work on; else a TaskFailure that says why it is none. */
    CacheInfo usable() {
        CacheInfo info = info();
        if (info.loading()) {
            throw errors.loading("it says loading:1");
        }
        if (info.cluster()) {
            throw errors.cluster("it says cluster_enabled:1");
        }
        if (info.primary() != null) {
            throw errors.replica(info.primary());
        }
        return info;
    }

    /** The next keys that match; a page may be empty, and the last is told by its cursor. */
    Page scan(String cursor, String pattern, int count) {
        return asked("SCAN", () -> {
            List<?> answer = (List<?>) connection.executeCommand(new CommandArguments(Command.SCAN)
                    .add(cursor)
                    .add("MATCH")
                    .add(pattern)
                    .add("COUNT")
                    .add(count));
            return new Page(
                    new String((byte[]) answer.get(0), StandardCharsets.US_ASCII),
                    ((List<?>) answer.get(1)).stream().map(key -> (byte[]) key).toList());
        });
    }

    /** Removes keys; their memory is given back in the background. Returns how many there were. */
    long unlink(List<byte[]> keys) {
        return asked("UNLINK", () -> {
            connection.sendCommand(Command.UNLINK, keys.toArray(byte[][]::new));
            return connection.getIntegerReply();
        });
    }

    /** How many of the keys have no time to live; each of those is handed on. */
    long withoutTtl(List<byte[]> keys, Consumer<byte[]> each) {
        return asked("PTTL", () -> {
            keys.forEach(key -> connection.sendCommand(Command.PTTL, key));
            List<Object> answers = connection.getMany(keys.size());
            long without = 0;
            for (int i = 0; i < answers.size(); i++) {
                if (answers.get(i) instanceof JedisException e) {
                    throw e;
                }
                if (Long.valueOf(-1).equals(answers.get(i))) {
                    without++;
                    each.accept(keys.get(i));
                }
            }
            return without;
        });
    }

    /** Empties the database; its memory is given back in the background. */
    void flush() {
        asked("FLUSHDB", () -> {
            connection.sendCommand(Command.FLUSHDB, "ASYNC");
            return connection.getStatusCodeReply();
        });
    }

    private <T> T asked(String command, Supplier<T> question) {
        stop.check();
        try {
            return question.get();
        } catch (JedisException e) {
            stop.check();
            throw errors.asking(command, e);
        }
    }

    /** From another thread: what waits for an answer wakes. */
    private void cut() {
        try {
            connection.forceDisconnect();
        } catch (IOException | JedisException e) {
            // It is closed all the same.
        }
    }

    @Override
    public void close() {
        registration.close();
        try {
            connection.close();
        } catch (JedisException e) {
            // What was asked was answered before.
        }
    }
}
