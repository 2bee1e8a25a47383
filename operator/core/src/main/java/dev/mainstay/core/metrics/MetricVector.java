package dev.mainstay.core.metrics;

import java.util.List;
import java.util.Map;

/** What came of a query that gives a value for each of several applications. */
public sealed interface MetricVector {

    /**
     * The query was answered.
     *
     * @param series what it gave; none is an answer too
     * @param partial why the values may be wrong, since a part of what is asked was not there; null when all was
     */
    record Found(List<Series> series, String partial) implements MetricVector {

        /** Keeps a copy. */
        public Found {
            series = List.copyOf(series);
        }
    }

    /**
     * There is no answer to the query that says anything about any application.
     *
     * @param why what was found and what to do, for people
     * @param ofQuery whether the query is at fault, and not the server
     */
    record Failed(String why, boolean ofQuery) implements MetricVector {}

    /**
     * There is no answer for all of these applications, as it would be too large or take too much; for fewer there may be one.
     *
     * @param why what was found and what to do when there is none for one of them either, for people
     */
    record TooWide(String why) implements MetricVector {}

    /**
     * A value with its labels.
     *
     * @param labels the labels, without empty ones, as Prometheus has it
     * @param value the value; NaN and infinity too
     */
    record Series(Map<String, String> labels, double value) {}
}
