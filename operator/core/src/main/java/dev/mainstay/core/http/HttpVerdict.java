package dev.mainstay.core.http;

import dev.mainstay.core.http.HttpReply.Answered;
import dev.mainstay.core.http.HttpReply.Late;
import dev.mainstay.core.http.HttpReply.Refused;
import dev.mainstay.core.http.HttpReply.Silent;

/**
 * What an answer is worth.
 *
 * @param kind in a word
 * @param text the same in words, such as {@code 503 instead of 200}
 */
public record HttpVerdict(Kind kind, String text) {

    /** In a word. */
    public enum Kind {
        /** It is what was wanted. */
        GOOD,
        /** It is not. */
        WRONG,
        /** Whether it is could not be found out. */
        UNKNOWN
    }

    /** What that which came is worth. */
    public static HttpVerdict of(HttpWanted wanted, HttpReply reply) {
        return switch (reply) {
            case Answered answered -> of(wanted, answered);
            case Late(long millis) -> {
                String text = "no answer within " + HttpWanted.time(millis);
                yield wanted.maxMillis() != null && millis >= wanted.maxMillis()
                        ? new HttpVerdict(Kind.WRONG, text + ", longer than " + limit(wanted))
                        : new HttpVerdict(Kind.UNKNOWN, text);
            }
            case Refused(String why) -> new HttpVerdict(Kind.WRONG, why);
            case Silent(String why) -> new HttpVerdict(Kind.UNKNOWN, why);
        };
    }

    private static HttpVerdict of(HttpWanted wanted, Answered answered) {
        if (!wanted.statuses().contains(answered.status())) {
            return new HttpVerdict(
                    Kind.WRONG,
                    answered.status() + " instead of " + wanted.statusText()
                            + (answered.elsewhere() == null
                                    ? ""
                                    : ", leading to " + answered.elsewhere() + ", where it is not followed to"));
        }
        return switch (answered.body()) {
            case MISSING ->
                new HttpVerdict(
                        Kind.WRONG, answered.status() + " without " + wanted.bodyText() + " in its body (expectBody)");
            case CUT ->
                new HttpVerdict(
                        Kind.UNKNOWN,
                        answered.status() + " and a body that is longer than the " + (HttpWanted.MOST_BYTES >> 10)
                                + " KiB that are read, without " + wanted.bodyText()
                                + " in them (expectBody)");
            case FOUND, NOT_LOOKED_FOR ->
                wanted.maxMillis() != null && answered.millis() > wanted.maxMillis()
                        ? new HttpVerdict(
                                Kind.WRONG,
                                answered.status() + " after " + answered.millis() + " ms, longer than " + limit(wanted))
                        : new HttpVerdict(Kind.GOOD, String.valueOf(answered.status()));
        };
    }

    private static String limit(HttpWanted wanted) {
        return wanted.maxMillis() + " ms (maxLatencyMilliseconds)";
    }
}
