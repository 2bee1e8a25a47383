package dev.mainstay.runner.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import org.postgresql.ds.PGSimpleDataSource;

/** Sessions of our own with a server, beside those of its programs. */
final class Connections {

    private static final int CONNECT_SECONDS = 15;

    private Connections() {}

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
