package dev.mainstay.core.alert;

import java.time.Instant;

/** What the newest measurement for a rule came to. The three of them are never taken for one another. */
public sealed interface Evaluation {

    /** When it was made. */
    Instant at();

    /**
     * There is a value.
     *
     * @param value in the unit of the source: ratios from 0 to 1, times in seconds
     * @param text the value for people, in the unit of the threshold, such as {@code 2.4 %}
     * @param partial why the value may be wrong, since only a part of what it is made from was there; null when all was. Such a
     *     value neither ends an alert nor begins a remediation
     * @param at when it was measured
     */
    record Measured(double value, String text, String partial, Instant at) implements Evaluation {

        /** Takes anything but NaN. */
        public Measured {
            if (Double.isNaN(value)) {
                throw new IllegalArgumentException("NaN is no value: it is NoData");
            }
        }
    }

    /**
     * The source answered, and has no value.
     *
     * @param why what came in its place, as a sentence for people
     * @param at when it was asked
     */
    record NoData(String why, Instant at) implements Evaluation {}

    /**
     * The source did not answer, or with an error.
     *
     * @param source which one, such as the URL of a Prometheus: rules with the same one have the same trouble; null when the
     *     trouble is the rule's own, such as a query that is no PromQL
     * @param why what was found and what to do, as a sentence for people
     * @param at when it was asked
     */
    record Failed(String source, String why, Instant at) implements Evaluation {}
}
