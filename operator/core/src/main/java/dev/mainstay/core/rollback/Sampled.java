package dev.mainstay.core.rollback;

import dev.mainstay.api.rollback.MetricValue;
import dev.mainstay.api.rollback.VerificationCheck;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What was learnt by asking: the application's Pods, and its metrics.
 *
 * @param checks what each says; not dated
 * @param values the last answers of the metrics, oldest first
 * @param awaited whether there is something to ask, and this process has not asked it yet: what it says is then no silence
 */
public record Sampled(List<VerificationCheck> checks, List<MetricValue> values, boolean awaited) {

    /** Nothing was asked. */
    public static final Sampled NOTHING = new Sampled(List.of(), List.of(), false);

    /** With what needs not be asked. */
    public Sampled with(Optional<VerificationCheck> known) {
        return new Sampled(Stream.concat(checks.stream(), known.stream()).toList(), values, awaited);
    }
}
