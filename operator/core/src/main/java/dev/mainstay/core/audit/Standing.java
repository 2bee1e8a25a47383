package dev.mainstay.core.audit;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * A package that counts.
 *
 * @param found the package
 * @param severity how bad it is for what is not allowed
 * @param advisory the worst that is not allowed, its own or of what it needs; null when npm names none
 */
record Standing(VulnerablePackage found, Severity severity, Advisory advisory) {

    /** Whether the advisory is of the package itself. */
    boolean cause() {
        return found.own().contains(advisory);
    }

    /**
     * The packages that count: all but those that are on the list for nothing but what is allowed. Each package is visited at
     * most twice, however they need each other.
     */
    static List<Standing> of(List<VulnerablePackage> packages, Predicate<Advisory> allowed) {
        Map<String, List<String>> needed = new HashMap<>();
        List<Origin> counting = new ArrayList<>();
        List<Origin> excused = new ArrayList<>();
        for (VulnerablePackage found : packages) {
            found.through()
                    .forEach(need -> needed.computeIfAbsent(need, ignored -> new ArrayList<>())
                            .add(found.name()));
            found.own()
                    .forEach(advisory ->
                            (allowed.test(advisory) ? excused : counting).add(new Origin(found.name(), advisory)));
        }
        counting.sort(Comparator.comparing((Origin origin) -> origin.advisory().severity())
                .reversed());
        Map<String, Advisory> worst = reached(counting, needed);
        Set<String> partly = new HashSet<>(reached(excused, needed).keySet());
        return packages.stream()
                .flatMap(found -> standing(found, worst.get(found.name()), partly.contains(found.name())).stream())
                .toList();
    }

    private static Optional<Standing> standing(VulnerablePackage found, Advisory worst, boolean partly) {
        if (worst == null) {
            return partly ? Optional.empty() : Optional.of(new Standing(found, found.severity(), null));
        }
        return Optional.of(
                new Standing(found, partly ? found.severity().orLess(worst.severity()) : found.severity(), worst));
    }

    /** The first of the advisories that a package has itself or through others, by the package's name. */
    private static Map<String, Advisory> reached(List<Origin> origins, Map<String, List<String>> needed) {
        Map<String, Advisory> first = new HashMap<>();
        for (Origin origin : origins) {
            Deque<String> open = new ArrayDeque<>(List.of(origin.name()));
            while (!open.isEmpty()) {
                String name = open.poll();
                if (first.putIfAbsent(name, origin.advisory()) == null) {
                    open.addAll(needed.getOrDefault(name, List.of()));
                }
            }
        }
        return first;
    }

    private record Origin(String name, Advisory advisory) {}
}
