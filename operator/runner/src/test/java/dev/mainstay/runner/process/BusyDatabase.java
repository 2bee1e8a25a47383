package dev.mainstay.runner.process;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;

/** Sessions that write into a database without a pause, and connect again at once when they are sent away. */
final class BusyDatabase implements AutoCloseable {

    /** More numbers than one of them ever writes. */
    private static final long NUMBERS = 1_000_000;

    private static final int STATEMENTS = 1000;

    private final PostgresServer server;
    private final String database;
    private final AtomicBoolean stop = new AtomicBoolean();
    private final Set<Long> committed = ConcurrentHashMap.newKeySet();
    private final List<Thread> writers = new ArrayList<>();

    /**
     * Begins to write into the table {@code written (id bigint)}, and returns when all of them do.
     *
     * @param sessions how many
     */
    BusyDatabase(PostgresServer server, String database, int sessions) {
        this.server = server;
        this.database = database;
        for (int writer = 0; writer < sessions; writer++) {
            long first = writer * NUMBERS;
            writers.add(Thread.ofPlatform().daemon().start(() -> write(first)));
        }
        awaitWrites();
    }

    /** What was committed, so far as the server has said so. */
    Set<Long> committed() {
        return committed;
    }

    /** Returns when each has written anew. */
    void awaitWrites() {
        long[] before = new long[writers.size()];
        committed.forEach(id -> before[(int) (id / NUMBERS)]++);
        Awaitility.await().atMost(Duration.ofSeconds(120)).until(() -> {
            long[] now = new long[writers.size()];
            committed.forEach(id -> now[(int) (id / NUMBERS)]++);
            for (int writer = 0; writer < now.length; writer++) {
                if (now[writer] <= before[writer]) {
                    return false;
                }
            }
            return true;
        });
    }

    private void write(long first) {
        long id = first;
        while (!stop.get()) {
            try (Connection connection = server.connect(database);
                    Statement statement = connection.createStatement()) {
                for (int i = 0; i < STATEMENTS && !stop.get(); i++) {
                    id++;
                    statement.execute("INSERT INTO written VALUES (" + id + ")");
                    committed.add(id);
                }
            } catch (SQLException refused) {
                // It comes back.
            }
        }
    }

    @Override
    public void close() {
        stop.set(true);
        try {
            for (Thread writer : writers) {
                writer.join();
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
