package dev.mainstay.runner.step;

import dev.mainstay.core.Texts;
import dev.mainstay.runner.restore.SqlTokens;
import dev.mainstay.runner.restore.SqlTokens.Token;
import java.util.List;

/**
 * The text of a query as it may be shown. pg_stat_statements puts {@code $1} in the place of values, but not in a statement that
 * it has just evicted, nor in comments: so comments, texts and numbers are left out here once more.
 */
final class MaskedSql {

    private static final String VALUE = "?";

    private MaskedSql() {}

    /** In one line, at most so many characters. */
    static String of(String sql, int length) {
        StringBuilder shown = new StringBuilder();
        List<Token> tokens = SqlTokens.of(sql);
        for (int i = 0; i < tokens.size(); i++) {
            Token token = tokens.get(i);
            boolean apart = i > 0 && tokens.get(i - 1).end() < token.start();
            shown.append(apart ? " " : "").append(shown(token, i == 0 ? null : tokens.get(i - 1)));
        }
        return Texts.cut(shown.toString(), length, "…");
    }

    private static String shown(Token token, Token before) {
        return switch (token.kind()) {
            case TEXT -> VALUE;
            case QUOTED_NAME -> "\"" + token.value().replace('\n', ' ') + "\"";
            case SYMBOL -> token.value();
            case WORD -> {
                boolean parameter = before != null && before.isSymbol('$') && before.end() == token.start();
                yield Character.isDigit(token.value().charAt(0)) && !parameter ? VALUE : token.value();
            }
        };
    }
}
