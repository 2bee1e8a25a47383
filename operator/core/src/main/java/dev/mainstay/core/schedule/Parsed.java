package dev.mainstay.core.schedule;

import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * What became of something that a person wrote: it is accepted, or refused in a sentence. A mistake is a value, since it
 * becomes a state of the object that holds it and must not harm any other (kubernetes issue 41655).
 *
 * @param <T> what was written
 */
public sealed interface Parsed<T> {

    /** It was understood. */
    record Accepted<T>(T value) implements Parsed<T> {}

    /**
     * It was not.
     *
     * @param field what is wrong, such as {@code hour} or {@code timeZone}
     * @param message a sentence with the field, what was found, and what to write instead
     */
    record Refused<T>(String field, String message) implements Parsed<T> {}

    /** The next thing to make of what was accepted; a refusal stays the refusal. */
    default <R> Parsed<R> then(Function<T, Parsed<R>> next) {
        return switch (this) {
            case Accepted<T>(T value) -> next.apply(value);
            case Refused<T>(String field, String message) -> new Refused<>(field, message);
        };
    }

    /** What becomes of two things that were written side by side; when both are refused, both are told at once. */
    default <U, R> Parsed<R> and(Parsed<U> other, BiFunction<T, U, R> join) {
        return this instanceof Refused<T>(String field, String message)
                        && other instanceof Refused<U>(String ignored, String besides)
                ? new Refused<>(field, message + " " + besides)
                : then(one -> other.then(two -> new Accepted<>(join.apply(one, two))));
    }

    /** A refusal whose message begins with the field. */
    static <T> Parsed<T> refused(String field, String what) {
        return new Refused<>(field, field + ": " + what);
    }

    /** A person's text within a sentence: in quotes, not endless, without what would move a terminal's cursor. */
    static String quoted(String text) {
        String shown = text.length() <= 64 ? text : text.substring(0, 63) + "…";
        return '"' + shown.replaceAll("\\p{Cntrl}", "?") + '"';
    }
}
