package dev.mainstay.runner.restore;

import dev.mainstay.runner.postgres.ServerSession;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;

/**
 * What may be told of the answer to somebody's query. Messages stand in a status and in events, where more people read than
 * may read the database: so numbers are told, and of anything else only its length.
 */
final class QueryWords {

    private static final int LONGEST_NUMBER = 40;

    /**
     * Classes of errors whose texts name what the query itself names, or the server: connection, transaction state, syntax
     * and rights, resources, somebody's intervention. Others, such as that a value is no number, quote values.
     */
    private static final Set<String> WITHOUT_VALUES = Set.of("08", "25", "42", "53", "57");

    private QueryWords() {}

    /** The answer. */
    static String of(Optional<String> answer) {
        return answer.map(QueryWords::of).orElse("nothing (null)");
    }

    private static String of(String answer) {
        return answer.length() <= LONGEST_NUMBER && CopyProof.number(answer).isPresent()
                ? answer.strip()
                : "a text of " + answer.length() + (answer.length() == 1 ? " character" : " characters");
    }

    /** An error instead of one. */
    static String of(SQLException error) {
        if (mayHoldValues(error)) {
            return "the server ended it with SQLSTATE " + error.getSQLState()
                    + ", and what it said may hold data. Run it yourself to see that.";
        }
        String said = ServerSession.text(error);
        return said + (said.endsWith(".") ? "" : ".");
    }

    /** Whether the server's text may quote values. */
    static boolean mayHoldValues(SQLException error) {
        String state = error.getSQLState() == null ? "" : error.getSQLState();
        return !state.isEmpty() && !WITHOUT_VALUES.contains(state.substring(0, 2));
    }
}
