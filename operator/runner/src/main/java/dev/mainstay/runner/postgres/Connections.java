package dev.mainstay.runner.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.postgresql.ds.PGSimpleDataSource;

/** Sessions of our own with a server, beside those of its programs. */
final class Connections {

    private static final int CONNECT_SECONDS = 15;

    /**
     * Ends the server's part of a session when nothing of us answers for a minute. Without it a node that was lost keeps the
     * database locked for the two hours that the kernel waits. Only what the server knows is set: tcp_user_timeout came with
     * PostgreSQL 12. Not while connecting, since poolers refuse options that they don't know.
     */
    private static final String NOTICE_LOSS = """
            SELECT set_config(s.name, v.value, false)
            FROM (VALUES ('tcp_keepalives_idle', '20'), ('tcp_keepalives_interval', '10'), ('tcp_keepalives_count', '3'),
                         ('tcp_user_timeout', '50000')) v(name, value)
            JOIN pg_settings s ON s.name = v.name
            """;

    private Connections() {}

    /** Opens a session that others may have to wait for: the server ends it soon when this node is lost. */
    static Connection openHolding(DatabaseAccess access, String database) throws SQLException {
        Connection connection = open(access, database);
        try (Statement statement = connection.createStatement()) {
            statement.execute(NOTICE_LOSS);
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /** Opens a session with one of the server's databases. */
    static Connection open(DatabaseAccess access, String database) throws SQLException {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setServerNames(new String[] {access.target().host()});
        source.setPortNumbers(new int[] {access.target().port()});
        source.setDatabaseName(database);
        source.setApplicationName("mainstay");
        source.setSslMode(access.target().sslMode());
        if (access.authority() != null) {
            source.setSslRootCert(access.authority().toString());
        }
        if (access.client() != null) {
            source.setSslCert(access.client().certificate().toString());
            source.setSslKey(access.client().driverKey().toString());
        }
        source.setConnectTimeout(CONNECT_SECONDS);
        source.setLoginTimeout(2 * CONNECT_SECONDS);
        source.setTcpKeepAlive(true);
        source.setGssEncMode("disable");
        return source.getConnection(access.user(), access.password());
    }
}
