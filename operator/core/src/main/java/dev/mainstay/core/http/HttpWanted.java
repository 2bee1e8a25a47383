package dev.mainstay.core.http;

import dev.mainstay.core.Durations;
import dev.mainstay.core.Texts;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What is wanted of an answer over HTTP.
 *
 * @param statuses the statuses of which it must have one
 * @param body text that must be in its body; null when the body is not read
 * @param maxMillis how many milliseconds it may take; null when that is not judged
 */
public record HttpWanted(List<Integer> statuses, String body, Integer maxMillis) {

    /** How much of a body is read. */
    public static final int MOST_BYTES = 256 << 10;

    private static final int LONGEST_BODY = 60;

    /** The same in words: {@code 200 with "ok" in its body, within 500 ms}. */
    public String text() {
        return statusText()
                + (body == null ? "" : " with " + bodyText() + " in its body")
                + (maxMillis == null ? "" : ", within " + maxMillis + " ms");
    }

    /** The same, however long it takes. */
    public HttpWanted atAnyTime() {
        return new HttpWanted(statuses, body, null);
    }

    /** So many milliseconds, for people. */
    public static String time(long millis) {
        return millis % 1000 == 0 ? Durations.format(Duration.ofMillis(millis)) : millis + " ms";
    }

    /** The statuses: {@code 200 or 204}. */
    String statusText() {
        return statuses.stream().map(String::valueOf).collect(Collectors.joining(" or "));
    }

    /** The text that must be in the body, in quotes. */
    String bodyText() {
        return '"' + Texts.cut(body.replaceAll("\\p{C}", "?"), LONGEST_BODY, "…") + '"';
    }
}
