package dev.mainstay.core.runbook;

import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.metrics.Comparison;
import dev.mainstay.api.metrics.MetricCheck;
import dev.mainstay.api.metrics.Prometheus;
import dev.mainstay.api.metrics.Threshold;
import dev.mainstay.api.runbook.MetricCheckStep;
import dev.mainstay.api.runbook.RunbookStep;
import dev.mainstay.api.runbook.UnmetOutcome;
import dev.mainstay.core.Texts;
import dev.mainstay.core.metrics.MetricSample;
import dev.mainstay.core.metrics.MetricText;
import dev.mainstay.core.metrics.MetricVerdict;
import dev.mainstay.core.status.Reason;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The application's Prometheus is asked once, and for the period before once more. */
public record MetricCheckStepType() implements StepType {

    private static final int LONGEST_QUERY = 300;
    private static final Threshold PLAIN = new Threshold(null, null, 0.0);

    @Override
    public String name() {
        return "metricCheck";
    }

    @Override
    public boolean is(RunbookStep step) {
        return step.metricCheck() != null;
    }

    @Override
    public String does() {
        return "asks the Prometheus in `spec.metrics` of the ManagedApplication for `promql`, and with `before` for what it was"
                + " then";
    }

    @Override
    public String judgedBy() {
        return "the value: Passed while `comparison` and `threshold` hold, and while it is no larger than `maxIncreasePercent`"
                + " allows; else Failed, or Findings by `whenUnmet`. No value, several, or no answer is CouldNotCheck";
    }

    @Override
    public Optional<Duration> timeout() {
        return Optional.of(Duration.ofMinutes(5));
    }

    @Override
    public String plan(StepTurn turn) {
        MetricCheckStep step = turn.step().metricCheck();
        return source(turn.application())
                .map(prometheus -> "Asks " + prometheus.url() + " for " + step.promql() + "."
                        + (step.threshold() == null ? "" : " The value must be " + MetricText.wanted(check(step)) + ".")
                        + (step.before() == null ? "" : " It must be " + compared(step, false) + "."))
                .orElseGet(() -> "Could not check: " + noSource(turn));
    }

    /** The Prometheus of an application; empty when it names none. */
    public static Optional<Prometheus> source(ManagedApplication application) {
        return Optional.ofNullable(application)
                .map(ManagedApplication::getSpec)
                .map(spec -> spec.metrics())
                .map(metrics -> metrics.prometheus());
    }

    @Override
    public Optional<StepResult> foreseen(StepTurn turn, StepSeen seen) {
        return judge(turn, seen).bad();
    }

    @Override
    public StepProgress judge(StepTurn turn, StepSeen seen) {
        if (source(turn.application()).isEmpty()) {
            return new StepProgress.Ended(StepResult.couldNotCheck(Reason.COULD_NOT_CHECK, noSource(turn)));
        }
        return seen instanceof StepSeen.OfMetric(MetricSample now, MetricSample before)
                ? new StepProgress.Ended(result(turn.step().metricCheck(), now, before)
                        .decimals(numbers(turn.step().metricCheck(), now, before)))
                : new StepProgress.Wait("Prometheus is about to be asked.");
    }

    private static StepResult result(MetricCheckStep step, MetricSample now, MetricSample before) {
        MetricCheck check = check(step);
        if (!(now instanceof MetricSample.Value(double value))) {
            return unknown("There is no value to compare: ", now);
        }
        if (step.threshold() != null && step.comparison() == Comparison.UNRECOGNIZED) {
            return StepResult.couldNotCheck(Reason.COULD_NOT_CHECK, sentence(MetricText.found(check, now)));
        }
        boolean holds = step.threshold() == null || MetricVerdict.of(check, now) == MetricVerdict.PASS;
        String told = step.threshold() == null
                ? "The value is " + MetricText.value(check, value) + "."
                : sentence(MetricText.found(check, now));
        if (step.before() == null) {
            return judged(step, holds, told);
        }
        if (!(before instanceof MetricSample.Value(double then))) {
            // What does not hold by itself does not hold, whatever was then.
            return holds
                    ? unknown(told + " There is no value of " + step.before() + " before: ", before)
                    : judged(step, false, told);
        }
        boolean grew = value > then && value > then + Math.abs(then) * step.maxIncreasePercent() / 100.0;
        return judged(
                step,
                holds && !grew,
                told + " It was " + MetricText.value(check, then) + " " + step.before() + " before, and is "
                        + compared(step, grew) + ".");
    }

    /** In the unit of the threshold, which the name says: whoever changes the unit compares with nothing. */
    private static Map<String, String> numbers(MetricCheckStep step, MetricSample now, MetricSample before) {
        MetricCheck check = check(step);
        String unit = MetricText.unit(check.threshold());
        Map<String, String> numbers = new LinkedHashMap<>();
        if (now instanceof MetricSample.Value(double value)) {
            Decimals.text(MetricText.amount(check.threshold(), value))
                    .ifPresent(text -> numbers.put("value" + unit, text));
        }
        if (before instanceof MetricSample.Value(double value)) {
            Decimals.text(MetricText.amount(check.threshold(), value))
                    .ifPresent(text -> numbers.put("before" + unit, text));
        }
        if (!numbers.isEmpty() && step.threshold() != null) {
            Decimals.text(MetricText.limit(check.threshold())).ifPresent(text -> numbers.put("threshold" + unit, text));
        }
        return numbers;
    }

    private static StepResult judged(MetricCheckStep step, boolean holds, String told) {
        if (holds) {
            return StepResult.passed(told);
        }
        String asked =
                told + " The query was " + Texts.cut(step.promql().strip().replaceAll("\\s+", " "), LONGEST_QUERY, "…")
                        + " (promql): look in Prometheus for what is behind the value, or correct "
                        + (step.threshold() == null
                                ? "maxIncreasePercent."
                                : step.before() == null ? "threshold." : "threshold or maxIncreasePercent.");
        return step.whenUnmet() == UnmetOutcome.FINDINGS
                ? StepResult.findings(asked)
                : StepResult.failed(Reason.STEP_FAILED, asked);
    }

    private static StepResult unknown(String told, MetricSample sample) {
        return StepResult.couldNotCheck(
                Reason.COULD_NOT_CHECK,
                told
                        + switch (sample) {
                            case MetricSample.NoData(String why) ->
                                why + ". Look at promql, and at what Prometheus has kept.";
                            case MetricSample.Failed(String why) -> why;
                            case MetricSample.Value ignored -> throw new IllegalArgumentException("a value is known");
                            case null -> "it was not asked for.";
                        });
    }

    /** Without a threshold values are told as they are. */
    private static MetricCheck check(MetricCheckStep step) {
        return new MetricCheck(
                step.promql(),
                step.comparison() == null ? Comparison.LESS_THAN : step.comparison(),
                step.threshold() == null ? PLAIN : step.threshold(),
                null,
                null);
    }

    private static String compared(MetricCheckStep step, boolean grew) {
        int allowed = step.maxIncreasePercent();
        String much = allowed == 0 ? grew ? "" : "no " : (grew ? "more than " : "at most ") + allowed + " % ";
        return much + "larger than " + step.before() + " before (maxIncreasePercent)";
    }

    private static String sentence(String found) {
        return Character.toUpperCase(found.charAt(0)) + found.substring(1) + (found.endsWith(".") ? "" : ".");
    }

    private static String noSource(StepTurn turn) {
        return "ManagedApplication " + turn.run().getSpec().applicationRef().name()
                + " names no Prometheus in spec.metrics.prometheus. Add its URL there.";
    }
}
