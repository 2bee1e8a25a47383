package dev.mainstay.api.alert;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import java.time.Instant;

/** One attempt to do something about an alert. It stands here before its run is made. */
public record RemediationAttempt(
        @JsonPropertyDescription("The episode of the alert that it is about.")
        Long episode,

        @JsonPropertyDescription("Number of the attempt within the episode, from 1; 0 of a dry run.")
        Integer attempt,

        @JsonPropertyDescription("Name of its MaintenanceRun; absent of a dry run.") @Size(max = 253)
        String run,

        @JsonPropertyDescription("When it was decided on.") Instant startedAt,

        @JsonPropertyDescription("When its MaintenanceRun was first seen to be there; absent until then.")
        Instant madeAt,

        @JsonPropertyDescription("When its MaintenanceRun ended; absent until then.")
        Instant finishedAt,

        @JsonPropertyDescription("What it came to; absent until that is known.")
        RemediationOutcome outcome,

        @JsonPropertyDescription("Whether nothing was to be done but to tell of it.")
        Boolean dryRun,

        @JsonPropertyDescription("What was done or found.") @Size(max = 1024)
        String message) {

    /** Whether nothing was to be done. */
    @Override
    public Boolean dryRun() {
        return Boolean.TRUE.equals(dryRun);
    }

    /** Whether it is not known yet what it came to. */
    public boolean open() {
        return outcome == null;
    }

    /** The same, of which something else is told. */
    public RemediationAttempt told(String text) {
        return new RemediationAttempt(episode, attempt, run, startedAt, madeAt, finishedAt, outcome, dryRun, text);
    }

    /** The same, whose run is there. */
    public RemediationAttempt made(Instant at, String text) {
        return new RemediationAttempt(
                episode, attempt, run, startedAt, madeAt == null ? at : madeAt, finishedAt, outcome, dryRun, text);
    }

    /** The same, whose run has ended. */
    public RemediationAttempt finished(Instant at, String text) {
        return new RemediationAttempt(
                episode,
                attempt,
                run,
                startedAt,
                madeAt == null ? at : madeAt,
                finishedAt == null ? at : finishedAt,
                outcome,
                dryRun,
                text);
    }

    /** The same, of which it is known what it came to. */
    public RemediationAttempt ended(RemediationOutcome found, Instant at, String text) {
        return new RemediationAttempt(
                episode, attempt, run, startedAt, madeAt, finishedAt == null ? at : finishedAt, found, dryRun, text);
    }
}
