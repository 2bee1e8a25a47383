package dev.mainstay.core.runbook;

import dev.mainstay.api.runbook.RunStep;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Numbers that a step has measured. Whole ones stand in {@code measured}, as they always did; others in {@code decimals} beside
 * it, as text: JSON numbers lose figures on their way through the API server, and an operator of the version before reads
 * {@code measured} as whole numbers.
 */
final class Decimals {

    /** Of a number of Prometheus no more are worth telling, and none of these is lost by binary fractions. */
    private static final MathContext FIGURES = new MathContext(12, RoundingMode.HALF_EVEN);

    private static final int LONGEST_PLAIN = 15;

    private Decimals() {}

    /** A number as it is written; empty for one that is none, or has no end. */
    static Optional<String> text(double value) {
        return Double.isFinite(value)
                ? Optional.of(text(BigDecimal.valueOf(value).round(FIGURES)))
                : Optional.empty();
    }

    /** A number without zeros that say nothing; with an exponent where it would be long without one. */
    static String text(BigDecimal value) {
        if (value.scale() == 0) {
            return value.toString();
        }
        BigDecimal number = value.stripTrailingZeros();
        boolean plain = number.precision() - number.scale() <= LONGEST_PLAIN && number.scale() <= LONGEST_PLAIN;
        return plain ? number.toPlainString() : number.toString();
    }

    /** All numbers of a step by their names. */
    static Map<String, BigDecimal> of(RunStep line) {
        Map<String, BigDecimal> numbers = new TreeMap<>();
        line.facts().forEach((name, number) -> numbers.put(name, BigDecimal.valueOf(number)));
        if (line.decimals() != null) {
            line.decimals().forEach((name, text) -> read(text).ifPresent(number -> numbers.put(name, number)));
        }
        return numbers;
    }

    /** What somebody else has written there is passed over. */
    private static Optional<BigDecimal> read(String text) {
        try {
            return Optional.of(canonical(new BigDecimal(text)));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** So that 1.0 and 1 are the same number. */
    private static BigDecimal canonical(BigDecimal number) {
        return new BigDecimal(text(number));
    }
}
