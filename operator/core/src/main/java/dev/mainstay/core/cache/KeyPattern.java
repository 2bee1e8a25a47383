package dev.mainstay.core.cache;

/** Patterns of keys as Redis reads them. */
public final class KeyPattern {

    private KeyPattern() {}

    /** Matches the keys that begin with a text, whatever characters it has. */
    public static String beginningWith(String prefix) {
        return prefix.replaceAll("([\\\\*?\\[\\]^])", "\\\\$1") + "*";
    }
}
