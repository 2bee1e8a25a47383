package dev.mainstay.api.runbook;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** One step of a run. */
public record RunStep(
        @JsonPropertyDescription("Name of the step.") @Size(max = 63)
        String name,

        @JsonPropertyDescription("What it does, such as backup.") @Size(max = 32)
        String type,

        @JsonPropertyDescription(
                "What it came to: Passed, Findings, CouldNotCheck, Failed or Skipped; absent until then.")
        StepOutcome outcome,

        @JsonPropertyDescription("When its turn came.") Instant startedAt,

        @JsonPropertyDescription("When it ended.") Instant finishedAt,

        @JsonPropertyDescription("How often it was tried.") Integer attempts,

        @JsonPropertyDescription("When the newest attempt began.")
        Instant attemptedAt,

        @JsonPropertyDescription("When it is tried again.") Instant retryAt,

        @JsonPropertyDescription("Since when a person is waited for.")
        Instant askedAt,

        @JsonPropertyDescription("Who approved it, or said that it is done.") @Size(max = 256)
        String approvedBy,

        @JsonPropertyDescription("What the step changes, and what was there before: written before it is changed.")
        SavedChange saved,

        @JsonPropertyDescription(
                "The Pods that were there when a restart with method: Eviction began, which it evicts; written before the "
                        + "first one is, and absent when the step has ended.")
        @Size(max = MOST_PODS)
        List<FormerPod> pods,

        @JsonPropertyDescription(
                "What was measured, by name, as connections; absent when nothing was. Of a run at most 512 numbers are kept.")
        @Size(max = 32)
        Map<String, Long> measured,

        @JsonPropertyDescription(
                "The same of numbers that need not be whole, as decimals in text with at most 12 figures, such as 0.0125.")
        @Size(max = 16)
        Map<String, @Size(max = 32) String> decimals,

        @JsonPropertyDescription("What was found or done.") @Size(max = 1024)
        String message) {

    /** How many Pods a step evicts at most. */
    public static final int MOST_PODS = 100;

    /** A step whose turn has not come. */
    public static RunStep waiting(String name, String type) {
        return new RunStep(name, type, null, null, null, null, null, null, null, null, null, null, null, null, null);
    }

    /** The same step, of which something else is told. */
    public RunStep withMessage(String told) {
        return change().message(told).build();
    }

    /** A copy of which something is changed: what is not named stays as it is. */
    public Changed change() {
        return new Changed(this);
    }

    /** How often it was tried; never when nothing is said. */
    @Override
    public Integer attempts() {
        return attempts == null ? Integer.valueOf(0) : attempts;
    }

    /** Whether it is over. */
    public boolean ended() {
        return outcome != null;
    }

    /** Whether an attempt is under way. */
    public boolean tried() {
        return !ended() && attempts() > 0 && retryAt == null;
    }

    /** Whether something that it has changed may not be given back yet. */
    public boolean owes() {
        return saved != null && !saved.settled();
    }

    /** What was measured; empty when nothing was. */
    public Map<String, Long> facts() {
        return measured == null ? Map.of() : measured;
    }

    /** A step that is being copied. */
    public static final class Changed {

        private final String name;
        private final String type;
        private StepOutcome outcome;
        private Instant startedAt;
        private Instant finishedAt;
        private Integer attempts;
        private Instant attemptedAt;
        private Instant retryAt;
        private Instant askedAt;
        private String approvedBy;
        private SavedChange saved;
        private List<FormerPod> pods;
        private Map<String, Long> measured;
        private Map<String, String> decimals;
        private String message;

        private Changed(RunStep step) {
            this.name = step.name;
            this.type = step.type;
            this.outcome = step.outcome;
            this.startedAt = step.startedAt;
            this.finishedAt = step.finishedAt;
            this.attempts = step.attempts;
            this.attemptedAt = step.attemptedAt;
            this.retryAt = step.retryAt;
            this.askedAt = step.askedAt;
            this.approvedBy = step.approvedBy;
            this.saved = step.saved;
            this.pods = step.pods;
            this.measured = step.measured;
            this.decimals = step.decimals;
            this.message = step.message;
        }

        /** What it came to, of one that was never begun. */
        public Changed outcome(StepOutcome found) {
            outcome = found;
            return this;
        }

        /** It has ended so. */
        public Changed ended(StepOutcome found, Instant at) {
            outcome = found;
            finishedAt = at;
            retryAt = null;
            pods = null;
            return this;
        }

        /** Its turn has come, unless it had before. */
        public Changed started(Instant at) {
            startedAt = startedAt == null ? at : startedAt;
            return this;
        }

        /** Another attempt begins. */
        public Changed tried(Instant at) {
            attempts = (attempts == null ? 0 : attempts) + 1;
            attemptedAt = at;
            retryAt = null;
            return this;
        }

        /** It is tried again at that time. */
        public Changed retryAt(Instant at) {
            retryAt = at;
            return this;
        }

        /** A person is waited for, since then or since before. */
        public Changed asked(Instant at) {
            askedAt = askedAt == null ? at : askedAt;
            return this;
        }

        /** A person has approved it. */
        public Changed approvedBy(String user) {
            approvedBy = user;
            return this;
        }

        /** What it changes. */
        public Changed saved(SavedChange change) {
            saved = change;
            return this;
        }

        /** The Pods that were there when it began. */
        public Changed pods(List<FormerPod> former) {
            pods = former;
            return this;
        }

        /** What was measured. */
        public Changed measured(Map<String, Long> facts) {
            measured = facts.isEmpty() ? null : facts;
            return this;
        }

        /** What was measured and need not be whole. */
        public Changed decimals(Map<String, String> numbers) {
            decimals = numbers.isEmpty() ? null : numbers;
            return this;
        }

        /** What is told of it. */
        public Changed message(String told) {
            message = told;
            return this;
        }

        /** The copy. */
        public RunStep build() {
            return new RunStep(
                    name,
                    type,
                    outcome,
                    startedAt,
                    finishedAt,
                    attempts,
                    attemptedAt,
                    retryAt,
                    askedAt,
                    approvedBy,
                    saved,
                    pods,
                    measured,
                    decimals,
                    message);
        }
    }
}
