package dev.mainstay.api.alert;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.mainstay.api.FieldRules;
import dev.mainstay.api.ObjectReference;
import dev.mainstay.api.metrics.Comparison;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;

/** What of an application is watched, from when on it is an alert, and who is told. */
@ValidationRule(
        value = "has(self.metric) != has(self.promql)",
        message = "must have exactly one of metric and promql: a metric that Mainstay knows, or a query of your own")
@ValidationRule(
        value = "has(self.metric) && self.metric == 'HealthCheck' ? !has(self.comparison) && !has(self.threshold)"
                + " : has(self.comparison) && has(self.threshold)",
        message = "needs comparison and threshold, unless metric is HealthCheck, which has neither: it is well or not")
@ValidationRule(
        value = "!has(self.threshold) || !has(self.metric)"
                + " || (self.metric in ['ErrorRate', 'Cpu', 'Memory', 'DiskSpace', 'CacheHitRate', 'DatabaseConnections']"
                + " ? has(self.threshold.percent)"
                + " : self.metric == 'ResponseTime' ? has(self.threshold.milliseconds)"
                + " : self.metric == 'RequestRate' ? has(self.threshold.value)"
                + " : self.metric in ['BackupAge', 'CertificateExpiry'] ? has(self.threshold.duration) : true)",
        message =
                "the threshold has the wrong unit: ErrorRate, Cpu, Memory, DiskSpace, CacheHitRate and DatabaseConnections"
                        + " need percent, ResponseTime milliseconds, RequestRate value, BackupAge and CertificateExpiry duration")
@ValidationRule(
        value = "!has(self.recoverThreshold) || has(self.threshold)"
                + " && has(self.recoverThreshold.percent) == has(self.threshold.percent)"
                + " && has(self.recoverThreshold.milliseconds) == has(self.threshold.milliseconds)"
                + " && has(self.recoverThreshold.value) == has(self.threshold.value)"
                + " && has(self.recoverThreshold.duration) == has(self.threshold.duration)",
        message = "recoverThreshold needs a threshold in the same unit")
@ValidationRule(
        value = "!has(self.recoverThreshold) || !has(self.threshold) || !has(self.comparison)"
                + " || (has(self.threshold.percent) && has(self.recoverThreshold.percent)"
                + " ? (self.comparison == 'GreaterThan' ? self.recoverThreshold.percent <= self.threshold.percent"
                + " : self.recoverThreshold.percent >= self.threshold.percent)"
                + " : has(self.threshold.milliseconds) && has(self.recoverThreshold.milliseconds)"
                + " ? (self.comparison == 'GreaterThan' ? self.recoverThreshold.milliseconds <= self.threshold.milliseconds"
                + " : self.recoverThreshold.milliseconds >= self.threshold.milliseconds)"
                + " : has(self.threshold.value) && has(self.recoverThreshold.value)"
                + " ? (self.comparison == 'GreaterThan' ? self.recoverThreshold.value <= self.threshold.value"
                + " : self.recoverThreshold.value >= self.threshold.value) : true)",
        message =
                "recoverThreshold is on the wrong side of threshold: with GreaterThan it must not be above it, with LessThan"
                        + " not below it")
@ValidationRule(
        value = "!has(self.metric) || !(self.metric in ['ErrorRate', 'CacheHitRate'])"
                + " || (!has(self.threshold) || !has(self.threshold.percent) || self.threshold.percent < 100.0"
                + " || self.threshold.percent == 100.0 && has(self.comparison) && self.comparison == 'LessThan')"
                + " && (!has(self.recoverThreshold) || !has(self.recoverThreshold.percent)"
                + " || self.recoverThreshold.percent <= 100.0)",
        message =
                "percent is out of reach: ErrorRate and CacheHitRate are parts of a whole and never above 100, so that"
                        + " GreaterThan 100 never fires, LessThan more than 100 always does, and recoverThreshold above 100 is never"
                        + " come back to")
public record AlertRuleSpec(
        @JsonPropertyDescription("The ManagedApplication that is watched.") @Required
        ObjectReference applicationRef,

        @JsonPropertyDescription(
                "What is watched; the table in docs/alerts.md tells what each needs and where it is read.")
        AlertMetric metric,

        @JsonPropertyDescription(
                "A query in PromQL of your own that gives one value, for the Prometheus of the application. It is refused unless"
                        + " the operator was installed with alerts.allowFreeQueries.")
        @Size(min = 1, max = 4096)
        String promql,

        @JsonPropertyDescription("How a value stands to threshold when it is an alert. One that equals it is none.")
        Comparison comparison,

        @JsonPropertyDescription("What the value is compared with.")
        @ValidationRule(value = AlertThreshold.ONE_UNIT, message = AlertThreshold.ONE_UNIT_MESSAGE)
        AlertThreshold threshold,

        @JsonPropertyDescription(
                "What the value has to come back to before a firing alert ends, so that one at the threshold does not fire again"
                        + " and again. Left out, it is threshold.")
        @ValidationRule(value = AlertThreshold.ONE_UNIT, message = AlertThreshold.ONE_UNIT_MESSAGE)
        AlertThreshold recoverThreshold,

        @JsonPropertyDescription("How far back rates and response times look.")
        @Default("5m")
        @Size(min = 2, max = 32)
        @ValidationRule(
                value = FieldRules.SHORT_DURATION + " && duration(self) >= duration('10s')"
                        + " && duration(self) <= duration('24h')",
                message = "must be a duration from 10s to 24h, such as 5m")
        String window,

        @JsonPropertyDescription("How long it has to last before the alert fires.")
        @Default("5m")
        @Size(min = 2, max = 32)
        @ValidationRule(value = FieldRules.DURATION, message = FieldRules.DURATION_MESSAGE)
        String pendingFor,

        @JsonPropertyDescription("How long the value has to be good before a firing alert ends.")
        @Default("0s")
        @Size(min = 2, max = 32)
        @ValidationRule(value = FieldRules.DURATION, message = FieldRules.DURATION_MESSAGE)
        String keepFiringFor,

        @JsonPropertyDescription("How often it is measured.")
        @Default("30s")
        @Size(min = 2, max = 32)
        @ValidationRule(
                value = FieldRules.SHORT_DURATION + " && duration(self) >= duration('5s')"
                        + " && duration(self) <= duration('1h')",
                message = "must be a duration from 5s to 1h, such as 30s")
        String interval,

        @JsonPropertyDescription("What it means that the source answers and has no value, such as no series or NaN.")
        @Default("KeepState")
        OutcomePolicy noData,

        @JsonPropertyDescription("What it means that the source does not answer, or with an error.")
        @Default("KeepState")
        OutcomePolicy onError,

        @JsonPropertyDescription("How grave it is.") @Default("warning")
        AlertSeverity severity,

        @JsonPropertyDescription("What it means for people, in a sentence that each message begins with.")
        @Size(max = 256)
        String summary,

        @JsonPropertyDescription("Where it stands what to do; each message has it.")
        @Size(max = 512)
        @ValidationRule(
                value = "self.matches('^https?://') && isURL(self)",
                message = "must be a URL that begins with http:// or https://")
        String runbookUrl,

        @JsonProperty("notify")
        @JsonPropertyDescription(
                "Who is told, and how long after the alert began to fire. Left out, the application's spec.notify holds; that is told"
                        + " too where none of these channels exists.")
        @Size(max = 8)
        @ValidationRule(
                value = "self.all(one, self.exists_one(other, other.channel == one.channel))",
                message = "names a channel twice: a channel is told once")
        List<NotifyTarget> notifyTargets,

        @JsonPropertyDescription("How long after a message a channel is told that the alert still fires.")
        @Default("4h")
        @Size(min = 2, max = 32)
        @ValidationRule(
                value = FieldRules.SHORT_DURATION + " && duration(self) >= duration('1m')",
                message = "must be a duration of at least 1m, without days, such as 4h")
        String repeatInterval,

        @JsonPropertyDescription(
                "Whether nobody is told while a maintenance mode of the application is active, or a restore has it stopped. What"
                        + " ended meanwhile, and what still fires, is told at its end. Alerts on BackupAge are never muted.")
        @Default("true")
        Boolean muteDuringMaintenance,

        @JsonPropertyDescription(
                "What is done about the alert while it fires. Left out, nothing is: docs/remediation.md says what keeps it from"
                        + " being done, and how to try it first.")
        Remediation remediation) {

    /** A rule that does nothing but tell. */
    public AlertRuleSpec(
            ObjectReference applicationRef,
            AlertMetric metric,
            String promql,
            Comparison comparison,
            AlertThreshold threshold,
            AlertThreshold recoverThreshold,
            String window,
            String pendingFor,
            String keepFiringFor,
            String interval,
            OutcomePolicy noData,
            OutcomePolicy onError,
            AlertSeverity severity,
            String summary,
            String runbookUrl,
            List<NotifyTarget> notifyTargets,
            String repeatInterval,
            Boolean muteDuringMaintenance) {
        this(
                applicationRef,
                metric,
                promql,
                comparison,
                threshold,
                recoverThreshold,
                window,
                pendingFor,
                keepFiringFor,
                interval,
                noData,
                onError,
                severity,
                summary,
                runbookUrl,
                notifyTargets,
                repeatInterval,
                muteDuringMaintenance,
                null);
    }

    /** How far rates look back; five minutes when nothing is said. */
    @Override
    public String window() {
        return window == null ? "5m" : window;
    }

    /** How long it has to last; five minutes when nothing is said. */
    @Override
    public String pendingFor() {
        return pendingFor == null ? "5m" : pendingFor;
    }

    /** How long it has to be good; no time when nothing is said. */
    @Override
    public String keepFiringFor() {
        return keepFiringFor == null ? "0s" : keepFiringFor;
    }

    /** How often; every 30 seconds when nothing is said. */
    @Override
    public String interval() {
        return interval == null ? "30s" : interval;
    }

    /** What no value means; the state is kept when nothing is said. */
    @Override
    public OutcomePolicy noData() {
        return noData == null ? OutcomePolicy.KEEP_STATE : noData;
    }

    /** What an error means; the state is kept when nothing is said. */
    @Override
    public OutcomePolicy onError() {
        return onError == null ? OutcomePolicy.KEEP_STATE : onError;
    }

    /** How grave; a warning when nothing is said. */
    @Override
    public AlertSeverity severity() {
        return severity == null ? AlertSeverity.WARNING : severity;
    }

    /** Who is told; null when the application says who is. */
    @Override
    public List<NotifyTarget> notifyTargets() {
        return notifyTargets;
    }

    /** How long until it is said again; four hours when nothing is said. */
    @Override
    public String repeatInterval() {
        return repeatInterval == null ? "4h" : repeatInterval;
    }

    /** Whether it is muted; it is when nothing is said. */
    @Override
    public Boolean muteDuringMaintenance() {
        return !Boolean.FALSE.equals(muteDuringMaintenance);
    }
}
