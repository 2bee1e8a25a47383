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
     * @param coverage of how much it is made, where that is not all and yet enough to be judged by, such as
     *     {@code 7 of 9 Pods have metrics}; null when it is all. Such a value ends an alert, and begins no remediation
     * @param at when it was measured
     */
    record Measured(double value, String text, String partial, String coverage, Instant at) implements Evaluation {

        /** Takes any number: what is none compares with nothing, and what is infinite is the mark of a division by 0. */
        public Measured {
            if (!Double.isFinite(value)) {
                throw new IllegalArgumentException(value + " is no value: it is NoData");
            }
        }

        /** One that is not of a known part of many. */
        public Measured(double value, String text, String partial, Instant at) {
            this(value, text, partial, null, at);
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
