package dev.mainstay.api.metrics;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;

/** Where the application's metrics are read. */
public record Metrics(
        @JsonPropertyDescription("A Prometheus, or a server with its API.") @Required
        Prometheus prometheus) {}
