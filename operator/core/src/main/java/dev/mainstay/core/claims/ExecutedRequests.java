package dev.mainstay.core.claims;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The requests that were carried out for an application: what is made again with the same name and the same spec, from a
 * repository or by a pipeline that starts again, is not carried out again.
 *
 * @param list the last ones, oldest first
 */
public record ExecutedRequests(List<ExecutedRequest> list) {

    /** None. */
    public static final ExecutedRequests NONE = new ExecutedRequests(List.of());

    private static final int KEPT = 50;

    /** The requests; never null. */
    @Override
    public List<ExecutedRequest> list() {
        return list == null ? List.of() : list;
    }

    /**
     * One request.
     *
     * @param kind its kind
     * @param name its name
     * @param uid its uid
     * @param spec differs when its spec does
     */
    public record ExecutedRequest(String kind, String name, String uid, String spec) {}

    /** With one more; the same one twice is there once. */
    public ExecutedRequests with(ExecutedRequest request) {
        if (list().stream().anyMatch(other -> other.uid().equals(request.uid()))) {
            return this;
        }
        List<ExecutedRequest> all =
                Stream.concat(list().stream(), Stream.of(request)).toList();
        return new ExecutedRequests(all.subList(Math.max(0, all.size() - KEPT), all.size()));
    }

    /** The one that this one is a repetition of. */
    public Optional<ExecutedRequest> before(ExecutedRequest request) {
        return list().stream()
                .filter(other -> other.kind().equals(request.kind())
                        && other.name().equals(request.name())
                        && other.spec().equals(request.spec())
                        && !other.uid().equals(request.uid()))
                .findFirst();
    }
}
