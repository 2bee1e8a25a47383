package dev.mainstay.core.backup;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tables by name: {@code schema.table} as the server spells it, where {@code *} stands for any characters and {@code ?} for
 * any one. pg_dump's own patterns fold capitals and read quotes, which surprises whoever has a table with a capital.
 */
public final class TablePattern {

    private static final Pattern PIECE = Pattern.compile("[*?]|[^*?]+");

    private final String schema;
    private final String table;
    private final Pattern pattern;

    private TablePattern(String schema, String table) {
        this.schema = schema;
        this.table = table;
        this.pattern = Pattern.compile(expression(schema) + "\\." + expression(table), Pattern.DOTALL);
    }

    /** Reads one; the schema ends at the first dot. */
    public static TablePattern of(String text) {
        int dot = text.indexOf('.');
        if (dot < 1 || dot == text.length() - 1) {
            throw new IllegalArgumentException("\"" + text + "\" is not schema.table");
        }
        return new TablePattern(text.substring(0, dot), text.substring(dot + 1));
    }

    /** Whether a table of that schema and name, joined by a dot, is meant. */
    public boolean matches(String name) {
        return pattern.matcher(name).matches();
    }

    /** The same as pg_dump reads it. */
    public String forProgram() {
        return quoted(schema) + "." + quoted(table);
    }

    private static String expression(String part) {
        return PIECE.matcher(part)
                .replaceAll(piece -> Matcher.quoteReplacement(
                        switch (piece.group()) {
                            case "*" -> ".*";
                            case "?" -> ".";
                            default -> Pattern.quote(piece.group());
                        }));
    }

    /** Between quotes, pg_dump takes every character for itself; so the two that stand for others are left outside. */
    private static String quoted(String part) {
        return PIECE.matcher(part)
                .replaceAll(piece -> Matcher.quoteReplacement(
                        switch (piece.group()) {
                            case "*", "?" -> piece.group();
                            default -> '"' + piece.group().replace("\"", "\"\"") + '"';
                        }));
    }
}
