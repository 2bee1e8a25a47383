package dev.mainstay.core.task;

import dev.mainstay.core.http.HttpWanted;
import dev.mainstay.core.task.Task.MountedSecret;
import java.util.List;
import java.util.stream.Stream;

/**
 * A question to a URL of the application.
 *
 * @param name name under which the application calls the URL
 * @param url the URL, with the path that is asked for
 * @param certificateAuthority key {@code ca}; null when none is given
 * @param wanted what is wanted of the answer
 * @param timeoutMillis how many milliseconds an answer is waited for
 */
public record UrlCheckWork(
        String name, String url, MountedSecret certificateAuthority, HttpWanted wanted, long timeoutMillis)
        implements StepWork {

    /** The URL for people: what its query says may not be for everybody who reads a report. */
    public static String shown(String url) {
        int query = url.indexOf('?');
        return query < 0 ? url : url.substring(0, query) + "?…";
    }

    @Override
    public List<MountedSecret> secrets() {
        return Stream.ofNullable(certificateAuthority).toList();
    }
}
