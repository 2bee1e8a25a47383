package dev.mainstay.runner.restore;

import static dev.mainstay.runner.postgres.Identifiers.literal;
import static dev.mainstay.runner.postgres.Identifiers.quoted;

import dev.mainstay.core.task.Task;
import dev.mainstay.runner.postgres.ServerSession;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Makes the database that is restored into: as the one that it is to replace, or as the server makes them. */
final class CopyDatabase {

    private static final int FIRST_WITH_PROVIDERS = 15;
    private static final int FIRST_WITH_RULES = 16;
    private static final int FIRST_WITH_BUILTIN = 17;

    private final ServerSession server;
    private final Task task;

    CopyDatabase(ServerSession server, Task task) {
        this.server = server;
        this.task = task;
    }

    /**
     * Makes it, empty and with its mark. Between the statements it has a name that no other request gives, so that it is
     * known for ours at every moment.
     *
     * @param owner its owner; empty for the role that restores
     * @return what is not as in the one that it is to replace
     */
    List<String> make(Optional<String> owner) {
        Databases databases = new Databases(server);
        databases.dropCopy(task);
        String first = Databases.unmarkedName(task);
        String words = "making database " + task.restore().copy();
        server.run(words, "CREATE DATABASE " + quoted(first) + " WITH TEMPLATE template0" + options(owner));
        try {
            server.inTransaction(() -> {
                server.execute(Databases.comment(first, DatabaseMark.ofCopy(task)));
                server.execute("REVOKE CONNECT ON DATABASE " + quoted(first) + " FROM PUBLIC");
                server.execute("ALTER DATABASE " + quoted(first) + " RENAME TO "
                        + quoted(task.restore().copy()));
            });
        } catch (SQLException e) {
            throw server.failure(words, e);
        }
        return unusable(server, task.database().database()).stream()
                .map(tablespace -> "tablespace of the database: role "
                        + server.value("SELECT current_user").orElse("") + " may not use " + tablespace
                        + ", so it is in the default one")
                .toList();
    }

    /** The tablespace of a database, if the role may make none there. */
    static Optional<String> unusable(ServerSession server, String database) {
        return server.value(
                "SELECT t.spcname FROM pg_database d JOIN pg_tablespace t ON t.oid = d.dattablespace WHERE d.datname = ?"
                        + " AND t.spcname <> 'pg_default' AND NOT has_tablespace_privilege(t.oid, 'CREATE')",
                database);
    }

    private String options(Optional<String> owner) {
        List<String> options = new ArrayList<>();
        owner.ifPresent(name -> options.add("OWNER " + quoted(name)));
        server.rows(question(server.major()), this::locale, task.database().database()).stream()
                .findFirst()
                .ifPresent(options::addAll);
        return options.isEmpty() ? "" : " " + String.join(" ", options);
    }

    private static String question(int major) {
        String provider = major < FIRST_WITH_PROVIDERS ? "'c', NULL" : "d.datlocprovider, " + localeColumn(major);
        String rules = major < FIRST_WITH_RULES ? "NULL" : "d.daticurules";
        return "SELECT pg_encoding_to_char(d.encoding), d.datcollate, d.datctype, " + provider + ", " + rules
                + ", CASE WHEN t.spcname <> 'pg_default' AND has_tablespace_privilege(t.oid, 'CREATE') THEN t.spcname END"
                + " FROM pg_database d JOIN pg_tablespace t ON t.oid ="
                + " d.dattablespace WHERE d.datname = ?";
    }

    private static String localeColumn(int major) {
        return major < FIRST_WITH_BUILTIN ? "d.daticulocale" : "d.datlocale";
    }

    private List<String> locale(java.sql.ResultSet row) throws SQLException {
        List<String> options = new ArrayList<>(List.of(
                "ENCODING " + literal(row.getString(1)),
                "LC_COLLATE " + literal(row.getString(2)),
                "LC_CTYPE " + literal(row.getString(3))));
        String provider = row.getString(4);
        String locale = row.getString(5);
        if (provider.equals("i")) {
            options.add("LOCALE_PROVIDER icu ICU_LOCALE " + literal(locale));
            if (row.getString(6) != null) {
                options.add("ICU_RULES " + literal(row.getString(6)));
            }
        } else if (provider.equals("b")) {
            options.add("LOCALE_PROVIDER builtin BUILTIN_LOCALE " + literal(locale));
        } else if (server.major() >= FIRST_WITH_PROVIDERS) {
            options.add("LOCALE_PROVIDER libc");
        }
        if (row.getString(7) != null) {
            options.add("TABLESPACE " + quoted(row.getString(7)));
        }
        return options;
    }
}
