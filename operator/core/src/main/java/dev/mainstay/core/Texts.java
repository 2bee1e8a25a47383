package dev.mainstay.core;

/** Texts that have to fit somewhere. */
public final class Texts {

    private Texts() {}

    /**
     * A text of at most so many characters.
     *
     * @param mark what stands at its end when it was longer
     */
    public static String cut(String text, int length, String mark) {
        if (text.length() <= length) {
            return text;
        }
        int end = length - mark.length();
        // Half of a surrogate pair is no character, and JSON has no way to write it.
        return text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end) + mark;
    }
}
