package dev.mainstay.runner.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.postgresql.ds.PGSimpleDataSource;

/** A real PostgreSQL server in a temporary folder. */
final class PostgresServer {

    static final String ADMIN = "postgres";
    static final String ADMIN_PASSWORD = "admin-secret";

    /** Where it is mounted, only the server sees it; it goes with the server. */
    private static final String WITH_SMALL_DISK =
            "mount -t tmpfs -o size=$1,mode=700,uid=$(id -u postgres) tmpfs \"$2\"" + " && shift 2 && exec \"$@\"";

    private final Path programs;
    private final List<String> options;
    private final String smallDisk;
    private final Path folder;
    private final int port = Programs.freePort();
    private CertificateAuthority authority;
    private Process process;

    PostgresServer() {
        this(Programs.postgres(), false, null);
    }

    /**
     * @param certificates whether it speaks TLS, and lets nobody in who has no certificate of its authority
     */
    PostgresServer(boolean certificates) {
        this(Programs.postgres(), certificates, null);
    }

    /**
     * @param programs the folder of its programs
     * @param smallDisk size of a disk of its own at {@link #smallDisk()}, such as {@code 40m}, for which one must be root;
     *     null for none
     * @param options as its command line has them, such as {@code wal_level=logical}
     */
    PostgresServer(Path programs, boolean certificates, String smallDisk, String... options) {
        this.smallDisk = smallDisk;
        this.options = List.of(options);
        try {
            folder = Files.createTempDirectory("mainstay-postgres-");
            Programs.deleteAtExit(folder);
            this.programs = Programs.within(folder, programs);
            Path password = folder.resolve("password");
            Files.writeString(password, ADMIN_PASSWORD);
            Files.createDirectory(smallDisk());
            if (isRoot()) {
                Programs.run("chown", "-R", "postgres:", folder.toString());
            }
            Programs.run(asServer(
                    "initdb",
                    "--no-sync",
                    "--auth=scram-sha-256",
                    "--encoding=UTF8",
                    "--locale=C",
                    "--username=" + ADMIN,
                    "--pwfile=" + password,
                    "--pgdata=" + folder.resolve("data")));
            if (certificates) {
                askForCertificates();
            }
            start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The administrator of the tests is let in by password alone. */
    private void askForCertificates() throws IOException {
        authority = new CertificateAuthority(folder.resolve("data"));
        authority.issue("server", "/CN=127.0.0.1", "subjectAltName=IP:127.0.0.1");
        Path data = folder.resolve("data");
        Files.writeString(
                data.resolve("pg_hba.conf"), "host all " + ADMIN + " all scram-sha-256\nhostssl all all all cert\n");
        Files.writeString(
                data.resolve("postgresql.auto.conf"),
                "ssl = on\nssl_cert_file = 'server.crt'\nssl_key_file = 'server.key'\nssl_ca_file = 'ca.crt'\n");
        if (isRoot()) {
            Programs.run("chown", "-R", "postgres:", folder.toString());
        }
    }

    /** Who its clients' certificates are of; null when it asks for none. */
    CertificateAuthority authority() {
        return authority;
    }

    int port() {
        return port;
    }

    Path smallDisk() {
        return folder.resolve("small");
    }

    void start() {
        try {
            process = new ProcessBuilder(command())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(
                            folder.resolve("log").toFile()))
                    .start();
            Programs.endAtExit(process);
            Awaitility.await().atMost(Duration.ofSeconds(60)).ignoreExceptions().until(() -> {
                try (Connection connection = connect("postgres")) {
                    return connection.isValid(1);
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> command() {
        List<String> arguments = new ArrayList<>(List.of(
                "-D", folder.resolve("data").toString(), "-k", folder.toString(), "-p", Integer.toString(port)));
        List<String> settings = new ArrayList<>(List.of(
                "listen_addresses=127.0.0.1",
                "fsync=off",
                "shared_buffers=64MB",
                "max_connections=100",
                // Room for as many locks as with the forty sessions and 64 locks each of a small server.
                "max_locks_per_transaction=26"));
        settings.addAll(options);
        settings.forEach(setting -> arguments.addAll(List.of("-c", setting)));
        List<String> command = new ArrayList<>();
        if (smallDisk != null) {
            command.addAll(
                    List.of("unshare", "--mount", "--propagation", "private", "sh", "-c", WITH_SMALL_DISK, "sh"));
            command.addAll(List.of(smallDisk, smallDisk().toString()));
        }
        command.addAll(List.of(asServer("postgres", arguments.toArray(String[]::new))));
        return command;
    }

    /** As a power cut: no session is told goodbye. */
    void crash() {
        signal("QUIT", process.pid());
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** From now on it follows a server that never says anything. */
    void becomeStandby() {
        crash();
        try {
            Files.createFile(folder.resolve("data/standby.signal"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start();
    }

    Connection connect(String database) throws SQLException {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setServerNames(new String[] {"127.0.0.1"});
        source.setPortNumbers(new int[] {port});
        source.setDatabaseName(database);
        return source.getConnection(ADMIN, ADMIN_PASSWORD);
    }

    void execute(String database, String... statements) {
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    String query(String database, String sql) {
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            return row.next() ? row.getString(1) : null;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Holds the server's process that serves pg_dump still, as soon as it copies the table; until then the dump goes on.
     * From then on it is in the middle for as long as the test wants.
     */
    long holdWhileCopying(String table) {
        String pid = Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(5))
                .until(
                        () -> query(
                                "postgres", "SELECT pid FROM pg_stat_activity WHERE query LIKE 'COPY %" + table + "%'"),
                        found -> found != null);
        signal("STOP", Long.parseLong(pid));
        return Long.parseLong(pid);
    }

    static void signal(String name, long pid) {
        Programs.run("kill", "-" + name, Long.toString(pid));
    }

    /** Signals a process that may be gone. */
    static void release(long pid) {
        try {
            signal("CONT", pid);
        } catch (IllegalStateException gone) {
            // It ended in the meantime.
        }
    }

    /** PostgreSQL refuses to run as root. */
    private String[] asServer(String program, String... arguments) {
        List<String> command = new ArrayList<>();
        if (isRoot()) {
            command.addAll(List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"));
        }
        command.add(programs.resolve(program).toString());
        command.addAll(List.of(arguments));
        return command.toArray(String[]::new);
    }

    static boolean isRoot() {
        return System.getProperty("user.name").equals("root");
    }
}
