package dev.mainstay.e2e.crash;

import java.util.Map;
import java.util.function.Supplier;

/** Whether any of some objects was written since it was asked last, by their versions. */
final class Unchanged {

    private final Supplier<Map<String, String>> versions;
    private Map<String, String> last = Map.of();

    Unchanged(Supplier<Map<String, String>> versions) {
        this.versions = versions;
    }

    boolean sinceTheLastLook() {
        Map<String, String> now = versions.get();
        boolean same = now.equals(last);
        last = now;
        return same;
    }
}
