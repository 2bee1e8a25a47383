package dev.mainstay.core.metrics;

/** What came of one query. */
public sealed interface MetricSample {

    /**
     * A value, infinite ones included.
     *
     * @param value never NaN
     */
    record Value(double value) implements MetricSample {

        /** Takes anything but NaN. */
        public Value {
            if (Double.isNaN(value)) {
                throw new IllegalArgumentException("NaN is no value: it is NoData");
            }
        }
    }

    /**
     * The query was answered, and there is no value.
     *
     * @param why what came in its place, for people
     */
    record NoData(String why) implements MetricSample {}

    /**
     * There is no answer to the query that says anything about the application.
     *
     * @param why what was found and what to do, for people
     */
    record Failed(String why) implements MetricSample {}
}
