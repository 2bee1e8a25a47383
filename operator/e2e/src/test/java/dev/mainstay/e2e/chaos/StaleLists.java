package dev.mainstay.e2e.chaos;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Answers a LIST with an earlier one, as a second API server whose cache is behind does: the reader sees the past and then,
 * by its watch from that resourceVersion, everything since.
 */
final class StaleLists {

    private final Map<String, byte[]> remembered = new HashMap<>();
    private final Set<String> stale = new HashSet<>();

    /** From now on until {@link #fresh} lists of this resource (such as {@code jobs}) are those of now. */
    synchronized void freeze(String resource) {
        stale.add(resource);
    }

    synchronized void fresh(String resource) {
        stale.remove(resource);
    }

    /** The list to be answered in place of a fresh one. */
    synchronized Optional<byte[]> answerFor(HttpHead request) {
        return stale.contains(resource(request)) ? Optional.ofNullable(remembered.get(key(request))) : Optional.empty();
    }

    /** Keeps a list that was answered; while the resource is frozen the kept one stays. */
    synchronized void passed(HttpHead request, int status, byte[] body) {
        if (status == 200 && !stale.contains(resource(request))) {
            remembered.put(key(request), body);
        }
    }

    static boolean isList(HttpHead request) {
        return request.method().equals("GET")
                && !Watches.isWatch(request)
                && resource(request).matches("[a-z]+s");
    }

    /** Last segment of the path: the resource's plural in the path of a collection. */
    static String resource(HttpHead request) {
        return request.path().substring(request.path().lastIndexOf('/') + 1);
    }

    /** The same list is asked for with another resourceVersion each time. */
    private static String key(HttpHead request) {
        return request.path() + "?"
                + request.query().replaceAll("(^|&)(resourceVersion|resourceVersionMatch|limit)=[^&]*", "");
    }
}
