package dev.mainstay.core.alert;

import dev.mainstay.api.status.Condition;
import dev.mainstay.api.status.ConditionStatus;
import dev.mainstay.core.status.Conditions;
import dev.mainstay.core.status.Reason;
import java.util.Optional;

/**
 * What a measurement says of one of the conditions that are about measuring.
 *
 * @param status whether it holds
 * @param reason why
 * @param message what was found
 */
record Finding(ConditionStatus status, Reason reason, String message) {

    /** What is found; empty when the measurement says nothing of it. */
    static Optional<Finding> of(String type, Evaluation evaluation, Optional<Condition> was) {
        return type.equals("Evaluated") ? Optional.of(evaluated(evaluation)) : available(evaluation, was);
    }

    /** Whether the condition says that already. */
    boolean isSaid(Condition condition) {
        return condition.status() == status
                && condition.reason().equals(reason.text())
                && condition.message().equals(Conditions.cut(message));
    }

    private static Finding evaluated(Evaluation evaluation) {
        return evaluation instanceof Evaluation.Failed failed
                ? new Finding(
                        ConditionStatus.FALSE,
                        failed.source() == null ? Reason.QUERY_FAILED : Reason.SOURCE_FAILED,
                        failed.why())
                : new Finding(ConditionStatus.TRUE, Reason.READY, "The source answers.");
    }

    private static Optional<Finding> available(Evaluation evaluation, Optional<Condition> was) {
        return switch (evaluation) {
            case Evaluation.Measured measured -> Optional.of(value(measured));
            case Evaluation.NoData none -> Optional.of(none(none, was));
            case Evaluation.Failed ignored -> Optional.empty();
        };
    }

    private static Finding value(Evaluation.Measured measured) {
        if (measured.partial() != null) {
            return new Finding(
                    ConditionStatus.FALSE,
                    Reason.PARTIAL_DATA,
                    sentence(measured.partial()) + " Such a value ends no alert.");
        }
        return new Finding(
                ConditionStatus.TRUE,
                Reason.READY,
                measured.coverage() == null
                        ? "There is a value."
                        : "There is a value, though only " + sentence(measured.coverage()));
    }

    /** A query that never matched anything looks like one that is well otherwise (VictoriaMetrics issue 4039). */
    private static Finding none(Evaluation.NoData none, Optional<Condition> was) {
        boolean never = was.isEmpty() || was.get().reason().equals(Reason.NEVER_MATCHED.text());
        return never
                ? new Finding(
                        ConditionStatus.FALSE,
                        Reason.NEVER_MATCHED,
                        sentence(none.why())
                                + " There never was a value: look whether status.query asks for what exists.")
                : new Finding(ConditionStatus.FALSE, Reason.NO_DATA, none.why());
    }

    private static String sentence(String found) {
        return found.endsWith(".") ? found : found + ".";
    }
}
