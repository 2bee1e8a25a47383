package dev.mainstay.core.rollback;

import dev.mainstay.api.metrics.MetricCheck;
import dev.mainstay.api.metrics.NoDataPolicy;
import dev.mainstay.api.rollback.CheckVerdict;
import dev.mainstay.api.rollback.MetricValue;
import dev.mainstay.api.rollback.VerificationCheck;
import dev.mainstay.core.metrics.MetricSample;
import dev.mainstay.core.metrics.MetricText;
import dev.mainstay.core.metrics.MetricTiming;
import dev.mainstay.core.metrics.MetricVerdict;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * One metric of a verification and what was answered so far. A value counts only when the query looks back on nothing but the
 * target (numaplane issue 1015), and one that does not hold is not the end: the first requests after a start are slow.
 *
 * @param number its place in spec.verify.metrics, from 1
 * @param check what must hold
 * @param newest the last answer; null before the first
 * @param failed how many in a row did not hold
 */
public record MeasuredMetric(int number, MetricCheck check, MetricSample newest, int failed) {

    private static final int FAILURES = 3;

    /** With one answer more. */
    public MeasuredMetric next(MetricSample sample) {
        return new MeasuredMetric(
                number, check, sample, MetricVerdict.of(check, sample) == MetricVerdict.FAIL ? failed + 1 : 0);
    }

    /** Name of the check. */
    public String name() {
        return "Metric " + number;
    }

    /**
     * What it says.
     *
     * @param ready since when all Pods of the target are available; null when they are not
     */
    public VerificationCheck verdict(Instant ready) {
        if (ready == null) {
            return told(CheckVerdict.NO_DATA, "the target's Pods are waited for");
        }
        if (newest == null) {
            return told(
                    CheckVerdict.NO_DATA,
                    "its first value counts at "
                            + MetricTiming.firstSample(check, ready).truncatedTo(ChronoUnit.SECONDS)
                            + ", when the query looks back on the target alone");
        }
        MetricVerdict verdict = MetricVerdict.of(check, newest);
        String found = MetricText.found(check, newest);
        return switch (verdict) {
            case PASS -> told(CheckVerdict.PASS, "it is " + MetricText.wanted(check));
            case FAIL -> told(failed >= FAILURES ? CheckVerdict.FAIL : CheckVerdict.NO_DATA, found);
            case NO_DATA ->
                told(check.onNoData() == NoDataPolicy.IGNORE ? CheckVerdict.PASS : CheckVerdict.NO_DATA, found);
            case ERROR -> told(CheckVerdict.ERROR, found);
        };
    }

    /** The last answer for the status; an error's text is in the check. */
    public MetricValue value(Instant at) {
        return new MetricValue(
                name(),
                at.truncatedTo(ChronoUnit.SECONDS),
                newest instanceof MetricSample.Value value ? MetricText.value(check, value.value()) : null,
                switch (MetricVerdict.of(check, newest)) {
                    case PASS -> CheckVerdict.PASS;
                    case FAIL -> CheckVerdict.FAIL;
                    case NO_DATA -> CheckVerdict.NO_DATA;
                    case ERROR -> CheckVerdict.ERROR;
                });
    }

    private VerificationCheck told(CheckVerdict verdict, String message) {
        return new VerificationCheck(name(), verdict, null, message);
    }
}
