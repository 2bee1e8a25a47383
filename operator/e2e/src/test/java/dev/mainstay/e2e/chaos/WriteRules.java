package dev.mainstay.e2e.chaos;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Numbers the writes, keeps their journal, and says which of them is disturbed. */
final class WriteRules {

    private static final Set<String> WRITES = Set.of("POST", "PUT", "PATCH", "DELETE");

    private final List<Write> journal = new ArrayList<>();
    private final Map<Integer, Fault> faults = new HashMap<>();
    private final Map<String, Integer> tries = new HashMap<>();
    private final Map<String, Fault> faultsOfTries = new HashMap<>();
    private Fault everySecondTry;

    /** The write's number; empty for a request that is none. */
    synchronized Optional<Integer> arrived(HttpHead request) {
        if (!isCounted(request)) {
            return Optional.empty();
        }
        int number = journal.size() + 1;
        journal.add(new Write(number, request.method(), request.path(), 0));
        int tried = tries.merge(key(request), 1, Integer::sum);
        Fault ofTry = faultsOfTries.get(key(request) + " " + tried);
        if (ofTry != null) {
            faults.putIfAbsent(number, ofTry);
        }
        if (everySecondTry != null && tried % 2 == 1) {
            faults.putIfAbsent(number, everySecondTry);
        }
        return Optional.of(number);
    }

    /** A dry run is another write than the one that it tries. */
    private static String key(HttpHead request) {
        return request.method() + " " + request.path() + (request.query().contains("dryRun=All") ? "?dryRun=All" : "");
    }

    synchronized void answered(int number, int status) {
        Write write = journal.get(number - 1);
        journal.set(number - 1, new Write(number, write.method(), write.path(), status));
    }

    synchronized void plan(int number, Fault fault) {
        faults.put(number, fault);
    }

    synchronized void planTry(String method, String path, int tried, Fault fault) {
        faultsOfTries.put(method + " " + path + " " + tried, fault);
    }

    synchronized void planEverySecondTry(Fault fault) {
        everySecondTry = fault;
    }

    synchronized Optional<Fault> faultAt(int number) {
        return Optional.ofNullable(faults.get(number));
    }

    synchronized List<Write> journal() {
        return List.copyOf(journal);
    }

    /**
     * Leases and Events are left out, since their number depends on time and not on what the operator decided, and so are
     * reviews, which write nothing.
     */
    private static boolean isCounted(HttpHead request) {
        String path = request.path();
        return WRITES.contains(request.method())
                && !path.startsWith("/apis/coordination.k8s.io/")
                && !path.startsWith("/apis/authorization.k8s.io/")
                && !path.startsWith("/apis/authentication.k8s.io/")
                && !path.startsWith("/apis/events.k8s.io/")
                && !path.matches("/api/v1/namespaces/[^/]+/events(/.*)?");
    }
}
