package dev.mainstay.e2e.bench;

import java.util.List;

/**
 * What was measured several times.
 *
 * @param median the middle one
 * @param raw each, in the order of the runs
 */
record Series(long median, List<Long> raw) {

    static Series of(List<Long> raw) {
        return new Series(raw.stream().sorted().toList().get(raw.size() / 2), List.copyOf(raw));
    }
}
