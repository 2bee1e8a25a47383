package dev.mainstay.api.runbook;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.mainstay.api.FieldRules;
import dev.mainstay.api.ObjectReference;
import dev.mainstay.api.schedule.ConcurrencyPolicy;
import dev.mainstay.api.schedule.DayMatch;
import dev.mainstay.api.schedule.Freeze;
import dev.mainstay.api.schedule.MaintenanceWindow;
import dev.mainstay.api.schedule.MissedRunPolicy;
import dev.mainstay.api.schedule.RolloutTrigger;
import dev.mainstay.api.schedule.WindowEndPolicy;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** What is run when, and when not. */
@ValidationRule(
        value = "!has(self.mustRunBefore) || has(self.schedule)",
        message = "mustRunBefore is about slots, and there is no schedule: add one, or leave mustRunBefore out")
@ValidationRule(
        value = "!(has(self.schedule) && has(self.trigger))",
        message = "must not have both schedule and trigger: runs are made at times or after rollouts. "
                + "Leave one of them out, or make two schedules")
public record MaintenanceScheduleSpec(
        @JsonPropertyDescription("The ManagedApplication that the steps are done for.") @Required
        ObjectReference applicationRef,

        @JsonPropertyDescription("The Runbook whose steps are done, as they stand when each run begins.") @Required
        ObjectReference runbookRef,

        @JsonPropertyDescription(
                "Values that each run gives to the Runbook's parameters, by name; each at most 1024 characters.")
        @Size(max = 16)
        Map<String, @Size(max = 1024) String> parameters,

        @JsonPropertyDescription("When runs are made: a cron expression of 5 fields (minute, hour, day of month, "
                + "month, day of week) or a name such as @daily; only by hand when left out.")
        @Size(min = 1, max = 128)
        String schedule,

        @JsonPropertyDescription(
                "Makes a run for each rollout of the application's Deployments, instead of a schedule.")
        RolloutTrigger trigger,

        @JsonPropertyDescription(
                "Time zone of the schedule, its windows and freezes, by its IANA name such as " + "Europe/Berlin.")
        @Default("UTC")
        @Size(min = 1, max = 64)
        String timeZone,

        @JsonPropertyDescription("Which days are meant when day of month and day of week are both restricted: those "
                + "that match either, or those that match both.")
        @Default("Any")
        DayMatch dayMatch,

        @JsonPropertyDescription(
                "When a run may start: while any of these is open. Left out, those of the application hold; "
                        + "an empty list is always open.")
        @Size(max = 16)
        List<MaintenanceWindow> windows,

        @JsonPropertyDescription("When no run may start, whatever is open. Left out, those of the application hold; an "
                + "empty list is none.")
        @Size(max = 32)
        List<Freeze> freezes,

        @JsonPropertyDescription(
                "What becomes of slots and rollouts that were missed: the latest of them runs, or none.")
        @Default("RunLatest")
        MissedRunPolicy missedRunPolicy,

        @JsonPropertyDescription(
                "How late a slot, or the run of a rollout, may still start: after downtime, when a window opens, or when an earlier run is finished.")
        @Default("1h")
        @Size(min = 2, max = 32)
        @ValidationRule(value = FieldRules.POSITIVE_DURATION, message = FieldRules.POSITIVE_DURATION_MESSAGE)
        String startingDeadline,

        @JsonPropertyDescription(
                "What becomes of a slot or rollout that comes while an earlier run of this schedule is not finished: it "
                        + "is skipped, or waits for its end.")
        @Default("Forbid")
        ConcurrencyPolicy concurrencyPolicy,

        @JsonPropertyDescription(
                "How long a run takes as a rule. It starts only where so much time is left before windows "
                        + "close or a freeze begins.")
        @Size(min = 2, max = 32)
        @ValidationRule(value = FieldRules.POSITIVE_DURATION, message = FieldRules.POSITIVE_DURATION_MESSAGE)
        String estimatedDuration,

        @JsonPropertyDescription(
                "What becomes of a run that is not finished when its time is over: it goes on, or ends with "
                        + "the step under way and those of finally.")
        @Default("Finish")
        WindowEndPolicy onWindowEnd,

        @JsonPropertyDescription(
                "The last slot whose run can end before this moment starts whatever windows and freezes say, "
                        + "if it would not start in time otherwise.")
        Instant mustRunBefore,

        @JsonPropertyDescription("Stops the schedule. A run that a person asks for is made all the same.")
        Boolean suspend,

        @JsonPropertyDescription("How many successful runs stay as objects. What a person asked for stays.")
        @Default("5")
        @Min(1)
        @Max(100)
        Integer successfulHistoryLimit,

        @JsonPropertyDescription("How many other finished runs stay as objects.") @Default("5") @Min(1) @Max(100)
        Integer failedHistoryLimit) {

    /** The zone; {@code UTC} when none is given. */
    @Override
    public String timeZone() {
        return timeZone == null ? "UTC" : timeZone;
    }

    /** What day fields mean together; {@code Any} when nothing is given. */
    @Override
    public DayMatch dayMatch() {
        return dayMatch == null ? DayMatch.ANY : dayMatch;
    }

    /** What becomes of missed slots; {@code RunLatest} when nothing is given. */
    @Override
    public MissedRunPolicy missedRunPolicy() {
        return missedRunPolicy == null ? MissedRunPolicy.RUN_LATEST : missedRunPolicy;
    }

    /** How late a slot may start; {@code 1h} when nothing is given. */
    @Override
    public String startingDeadline() {
        return startingDeadline == null ? "1h" : startingDeadline;
    }

    /** What becomes of a slot beside a run; {@code Forbid} when nothing is given. */
    @Override
    public ConcurrencyPolicy concurrencyPolicy() {
        return concurrencyPolicy == null ? ConcurrencyPolicy.FORBID : concurrencyPolicy;
    }

    /** What becomes of a run whose time is over; {@code Finish} when nothing is given. */
    @Override
    public WindowEndPolicy onWindowEnd() {
        return onWindowEnd == null ? WindowEndPolicy.FINISH : onWindowEnd;
    }

    /** Whether the schedule is stopped. */
    @Override
    public Boolean suspend() {
        return Boolean.TRUE.equals(suspend);
    }

    /** How many successful runs stay; 5 when nothing is given. */
    @Override
    public Integer successfulHistoryLimit() {
        return successfulHistoryLimit == null ? 5 : successfulHistoryLimit;
    }

    /** How many other runs stay; 5 when nothing is given. */
    @Override
    public Integer failedHistoryLimit() {
        return failedHistoryLimit == null ? 5 : failedHistoryLimit;
    }
}
