package dev.mainstay.core.metrics;

import dev.mainstay.api.metrics.Threshold;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** The units of thresholds: how far they are from what Prometheus counts in, and how people read values in them. */
enum ThresholdUnit {
    PERCENT(" %", "Percent", 2),
    MILLISECONDS(" ms", "Milliseconds", 3),
    PLAIN("", "", 0);

    private static final int FIGURES = 3;
    private static final int ALL_FIGURES = 17;
    private static final int LONGEST_PLAIN = 15;

    private final String suffix;
    private final String nameEnd;
    private final int shift;

    ThresholdUnit(String suffix, String nameEnd, int shift) {
        this.suffix = suffix;
        this.nameEnd = nameEnd;
        this.shift = shift;
    }

    /** The unit of a threshold, which the schema gives exactly one. */
    static ThresholdUnit of(Threshold threshold) {
        if (threshold.percent() != null) {
            return PERCENT;
        }
        return threshold.milliseconds() != null ? MILLISECONDS : PLAIN;
    }

    /** What a value of Prometheus is compared with. */
    static double limit(Threshold threshold) {
        ThresholdUnit unit = of(threshold);
        // By decimals: 0.1 / 100 is not the number nearest to 0.001.
        return BigDecimal.valueOf(said(threshold)).movePointLeft(unit.shift).doubleValue();
    }

    /** A value to three figures, or to as many as it takes to tell it from the limit, which it isn't. */
    String text(double value, double limit) {
        int figures = FIGURES;
        while (value != limit && figures < ALL_FIGURES && text(value, figures).equals(text(limit, figures))) {
            figures++;
        }
        return text(value, figures);
    }

    /** A value in full. */
    String text(double value) {
        return text(value, ALL_FIGURES);
    }

    private String text(double value, int figures) {
        if (Double.isInfinite(value)) {
            return value > 0 ? "+Inf" : "-Inf";
        }
        BigDecimal exact = BigDecimal.valueOf(value).movePointRight(shift);
        // A whole number keeps all its figures: 1234 connections are not 1230.
        int wanted = Math.max(figures, Math.min(LONGEST_PLAIN, exact.precision() - exact.scale()));
        BigDecimal amount =
                exact.round(new MathContext(wanted, RoundingMode.HALF_EVEN)).stripTrailingZeros();
        boolean plain = amount.precision() - amount.scale() <= LONGEST_PLAIN && amount.scale() <= LONGEST_PLAIN;
        return (plain ? amount.toPlainString() : amount.toString()) + suffix;
    }

    /** It as the end of a name. */
    String nameEnd() {
        return nameEnd;
    }

    /** A value of Prometheus in this unit. */
    double amount(double value) {
        return Double.isFinite(value)
                ? BigDecimal.valueOf(value).movePointRight(shift).doubleValue()
                : value;
    }

    /** The number that a threshold says. */
    static double said(Threshold threshold) {
        return switch (of(threshold)) {
            case PERCENT -> threshold.percent();
            case MILLISECONDS -> threshold.milliseconds();
            case PLAIN -> threshold.value();
        };
    }
}
