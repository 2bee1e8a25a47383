package dev.mainstay.runner.postgres;

/** Names in statements that people are told to run. */
public final class Identifiers {

    private Identifiers() {}

    /** The name between quotes, as a statement takes it whatever it holds. */
    public static String quoted(String name) {
        return "\"" + name.replace("\"", "\"\"") + "\"";
    }
}
