package dev.mainstay.runner.restore;

import java.util.ArrayList;
import java.util.List;

/** Statements of PostgreSQL cut into words, so that a name is never looked for inside a text or a comment. */
public final class SqlTokens {

    /** What a token is. */
    public enum Kind {
        WORD,
        QUOTED_NAME,
        TEXT,
        SYMBOL
    }

    /**
     * A token.
     *
     * @param value the word as it is written, the quoted name without its quotes, or the symbol
     * @param start where it begins in the statement
     * @param end where it ends
     */
    public record Token(Kind kind, String value, int start, int end) {

        /** Whether it is this key word. */
        boolean is(String word) {
            return kind == Kind.WORD && value.equalsIgnoreCase(word);
        }

        /** Whether it may be a name. */
        boolean isName() {
            return kind == Kind.WORD || kind == Kind.QUOTED_NAME;
        }

        public boolean isSymbol(char symbol) {
            return kind == Kind.SYMBOL && value.charAt(0) == symbol;
        }
    }

    private final String sql;
    private final List<Token> tokens = new ArrayList<>();
    private int at;

    private SqlTokens(String sql) {
        this.sql = sql;
    }

    /** The tokens of a text, in order; comments are none. */
    public static List<Token> of(String sql) {
        SqlTokens scan = new SqlTokens(sql);
        while (scan.at < sql.length()) {
            scan.next();
        }
        return scan.tokens;
    }

    /** The statements of a text, each without the semicolon that ends it. */
    static List<String> statements(String sql) {
        List<String> statements = new ArrayList<>();
        int start = -1;
        int end = 0;
        for (Token token : of(sql)) {
            if (token.isSymbol(';')) {
                if (start >= 0) {
                    statements.add(sql.substring(start, end));
                }
                start = -1;
                continue;
            }
            start = start < 0 ? token.start() : start;
            end = token.end();
        }
        if (start >= 0) {
            statements.add(sql.substring(start, end));
        }
        return statements;
    }

    private void next() {
        char c = sql.charAt(at);
        if (Character.isWhitespace(c)) {
            at++;
        } else if (sql.startsWith("--", at)) {
            while (at < sql.length() && sql.charAt(at) != '\n' && sql.charAt(at) != '\r') {
                at++;
            }
        } else if (sql.startsWith("/*", at)) {
            comment();
        } else if (c == '"') {
            quoted('"', false, Kind.QUOTED_NAME, at);
        } else if (c == '\'') {
            quoted('\'', false, Kind.TEXT, at);
        } else if ((c == 'E' || c == 'e') && sql.startsWith("'", at + 1)) {
            int start = at++;
            quoted('\'', true, Kind.TEXT, start);
        } else if (c == '$') {
            dollar();
        } else if (isWordPart(c)) {
            int start = at;
            while (at < sql.length() && (isWordPart(sql.charAt(at)) || sql.charAt(at) == '$')) {
                at++;
            }
            tokens.add(new Token(Kind.WORD, sql.substring(start, at), start, at));
        } else {
            tokens.add(new Token(Kind.SYMBOL, sql.substring(at, at + 1), at, ++at));
        }
    }

    private static boolean isWordPart(char c) {
        return c == '_' || Character.isLetterOrDigit(c) || c > 127 && !Character.isWhitespace(c);
    }

    /** They may be nested. */
    private void comment() {
        int depth = 0;
        do {
            if (sql.startsWith("/*", at)) {
                depth++;
                at += 2;
            } else if (sql.startsWith("*/", at)) {
                depth--;
                at += 2;
            } else {
                at++;
            }
        } while (depth > 0 && at < sql.length());
    }

    private void quoted(char quote, boolean escapes, Kind kind, int start) {
        StringBuilder value = new StringBuilder();
        at++;
        while (at < sql.length()) {
            char c = sql.charAt(at);
            if (c == quote && at + 1 < sql.length() && sql.charAt(at + 1) == quote) {
                value.append(quote);
                at += 2;
            } else if (c == quote) {
                break;
            } else if (escapes && c == '\\') {
                at += 2;
            } else {
                value.append(c);
                at++;
            }
        }
        at = Math.min(sql.length(), at + 1);
        tokens.add(new Token(kind, value.toString(), start, at));
    }

    private void dollar() {
        int start = at;
        int end = at + 1;
        while (end < sql.length() && isWordPart(sql.charAt(end))) {
            end++;
        }
        if (end >= sql.length() || sql.charAt(end) != '$') {
            tokens.add(new Token(Kind.SYMBOL, "$", at, ++at));
            return;
        }
        String tag = sql.substring(at, end + 1);
        int close = sql.indexOf(tag, end + 1);
        at = close < 0 ? sql.length() : close + tag.length();
        tokens.add(new Token(Kind.TEXT, tag, start, at));
    }
}
