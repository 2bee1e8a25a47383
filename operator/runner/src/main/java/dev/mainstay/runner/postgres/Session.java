package dev.mainstay.runner.postgres;

import dev.mainstay.runner.task.StopSignal;
import java.sql.Connection;
import java.sql.SQLException;

/** A connection that a stop ends from another thread, whatever it waits for. */
final class Session implements AutoCloseable {

    private final Connection connection;
    private final StopSignal.Registration registration;

    Session(Connection connection, StopSignal stop) {
        this.connection = connection;
        this.registration = stop.onStop(this::abort);
    }

    Connection connection() {
        return connection;
    }

    /** Says goodbye; to a server that doesn't answer, the connection is cut. */
    @Override
    public void close() {
        registration.close();
        try {
            connection.close();
        } catch (SQLException e) {
            abort();
        }
    }

    private void abort() {
        try {
            connection.abort(Runnable::run);
        } catch (SQLException e) {
            // It is gone then.
        }
    }
}
