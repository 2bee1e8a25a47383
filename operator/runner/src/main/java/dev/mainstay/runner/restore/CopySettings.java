package dev.mainstay.runner.restore;

import static dev.mainstay.runner.postgres.Identifiers.quoted;

import dev.mainstay.core.status.Reason;
import dev.mainstay.runner.postgres.ServerSession;
import dev.mainstay.runner.restore.SqlTokens.Token;
import dev.mainstay.runner.task.TaskFailure;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * What was set on the database itself, from {@code settings.sql}: it names the database as it was called, and roles as they
 * were. Comments stay out, since that is where the mark is.
 */
final class CopySettings {

    private final List<String> statements;

    CopySettings(String settings) {
        this.statements = SqlTokens.statements(settings);
    }

    /** The owner that the database had. */
    Optional<String> owner() {
        return statements.stream()
                .map(SqlTokens::of)
                .filter(CopySettings::givesOwner)
                .map(tokens -> tokens.get(5).value())
                .findFirst();
    }

    private static boolean givesOwner(List<Token> tokens) {
        return tokens.size() > 5
                && tokens.get(0).is("ALTER")
                && tokens.get(1).is("DATABASE")
                && tokens.get(3).is("OWNER");
    }

    /**
     * Applies them to the copy.
     *
     * @param mapping the role in each role's place
     * @return what the server refused
     */
    List<String> apply(ServerSession server, String copy, UnaryOperator<String> mapping) {
        List<String> refused = new ArrayList<>();
        // What settings.sql grants and revokes is told from what a new database has.
        attempt(server, "GRANT CONNECT ON DATABASE " + quoted(copy) + " TO PUBLIC", "CONNECT for everybody", refused);
        refused.addAll(applyTo(server, copy, mapping));
        return refused;
    }

    /** The same to a database that somebody else has made: who may connect to it by default is theirs to say. */
    List<String> applyTo(ServerSession server, String copy, UnaryOperator<String> mapping) {
        List<String> refused = new ArrayList<>();
        for (String statement : statements) {
            List<Token> tokens = SqlTokens.of(statement);
            databaseName(tokens).ifPresent(name -> {
                String sql = named(statement, tokens, name, copy, mapping);
                boolean grants = !tokens.getFirst().is("ALTER");
                attempt(server, grants ? RoleNames.renamed("ACL", sql, mapping, false) : sql, words(tokens), refused);
            });
        }
        return refused;
    }

    /** What is set for each session of the database, as statements of a session. */
    List<String> ofSessions() {
        return statements.stream()
                .filter(statement -> {
                    List<Token> tokens = SqlTokens.of(statement);
                    return tokens.size() > 4
                            && tokens.get(0).is("ALTER")
                            && tokens.get(1).is("DATABASE")
                            && tokens.get(3).is("SET")
                            && !tokens.get(4).is("TABLESPACE");
                })
                .map(statement ->
                        statement.substring(SqlTokens.of(statement).get(3).start()))
                .toList();
    }

    private static void attempt(ServerSession server, String sql, String words, List<String> refused) {
        try {
            server.execute(sql);
        } catch (SQLException e) {
            TaskFailure failure = server.failure("", e);
            if (failure.reason() == Reason.CONNECTION_FAILED) {
                throw failure;
            }
            refused.add("setting of the database, " + words + ": " + QueryWords.of(e));
        }
    }

    /** Where the statement names the database; empty when it is not one that is applied. */
    private static Optional<Integer> databaseName(List<Token> tokens) {
        boolean alters = tokens.size() > 4 && tokens.get(0).is("ALTER");
        if (alters && tokens.get(1).is("DATABASE")) {
            return tokens.get(3).is("SET") && !tokens.get(4).is("TABLESPACE")
                            || tokens.get(3).is("CONNECTION")
                    ? Optional.of(2)
                    : Optional.empty();
        }
        if (alters
                && tokens.get(1).is("ROLE")
                && tokens.size() > 6
                && tokens.get(3).is("IN")) {
            return Optional.of(5);
        }
        if (tokens.isEmpty()
                || !tokens.getFirst().is("GRANT") && !tokens.getFirst().is("REVOKE")) {
            return Optional.empty();
        }
        for (int i = 1; i + 2 < tokens.size(); i++) {
            if (tokens.get(i).is("ON") && tokens.get(i + 1).is("DATABASE")) {
                return Optional.of(i + 2);
            }
        }
        return Optional.empty();
    }

    private static String named(
            String statement, List<Token> tokens, int place, String copy, UnaryOperator<String> mapping) {
        Token database = tokens.get(place);
        StringBuilder sql = new StringBuilder();
        int from = 0;
        if (tokens.get(1).is("ROLE")) {
            Token role = tokens.get(2);
            sql.append(statement, 0, role.start()).append(quoted(mapping.apply(role.value())));
            from = role.end();
        }
        return sql.append(statement, from, database.start())
                .append(quoted(copy))
                .append(statement, database.end(), statement.length())
                .toString();
    }

    /** The beginning, without any value. */
    private static String words(List<Token> tokens) {
        StringBuilder words = new StringBuilder();
        for (Token token : tokens.subList(0, Math.min(tokens.size(), 8))) {
            if (token.is("TO") || token.isSymbol('=') || token.kind() == SqlTokens.Kind.TEXT) {
                break;
            }
            words.append(words.isEmpty() ? "" : " ").append(token.value());
        }
        return words.toString();
    }
}
