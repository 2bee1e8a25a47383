package dev.mainstay.api.runbook;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.mainstay.api.application.HealthCheck;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** What the ready Pods of the workload that spec.health of the application names are asked; at its port, within its timeout. */
public record HttpCheckStep(
        @JsonPropertyDescription("Path that is asked for, with its query; that of spec.health when left out.")
        @Size(max = 256)
        @ValidationRule(value = HealthCheck.PATH, message = HealthCheck.PATH_MESSAGE)
        String path,

        @JsonPropertyDescription("Status of the answer that is wanted; that of spec.health when left out.")
        @Min(100)
        @Max(599)
        Integer expectStatus) {}
