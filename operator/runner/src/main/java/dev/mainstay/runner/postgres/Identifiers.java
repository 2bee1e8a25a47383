package dev.mainstay.runner.postgres;

/** Names and texts in statements. */
public final class Identifiers {

    private Identifiers() {}

    /** The name between quotes, as a statement takes it whatever it holds. */
    public static String quoted(String name) {
        return "\"" + name.replace("\"", "\"\"") + "\"";
    }

    /** The text between quotes, as a statement takes it whatever it holds. */
    public static String literal(String text) {
        return (text.indexOf('\\') < 0 ? "" : "E") + "'"
                + text.replace("\\", "\\\\").replace("'", "''") + "'";
    }
}
