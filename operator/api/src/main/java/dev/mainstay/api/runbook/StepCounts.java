package dev.mainstay.api.runbook;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;

/** How many steps of a run came to what. */
public record StepCounts(
        @JsonPropertyDescription("Steps that did what they should.")
        Integer passed,

        @JsonPropertyDescription("Steps that found something that somebody should look at.")
        Integer findings,

        @JsonPropertyDescription("Steps that could not find out what they were to find out.")
        Integer couldNotCheck,

        @JsonPropertyDescription("Steps that failed.") Integer failed,

        @JsonPropertyDescription("Steps that were not done.")
        Integer skipped) {}
