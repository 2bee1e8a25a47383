package dev.mainstay.e2e.rights;

import java.util.Comparator;

/**
 * One verb on one resource.
 *
 * @param group API group; empty for the core group
 * @param resource plural, with its subresource after a slash
 * @param verb as in a Role
 */
record Right(String group, String resource, String verb) implements Comparable<Right> {

    private static final Comparator<Right> ORDER =
            Comparator.comparing(Right::group).thenComparing(Right::resource).thenComparing(Right::verb);

    @Override
    public int compareTo(Right other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return verb + " " + resource + (group.isEmpty() ? "" : "." + group);
    }
}
