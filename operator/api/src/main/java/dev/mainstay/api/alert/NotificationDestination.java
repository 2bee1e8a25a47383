package dev.mainstay.api.alert;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;

/** Where messages go: exactly one of them. It holds no credentials, but the names of the Secrets that do. */
public record NotificationDestination(
        @JsonPropertyDescription("An incoming webhook of Slack, or of a service that takes the same.")
        SlackDestination slack,

        @JsonPropertyDescription("Any server that takes the webhook of Alertmanager, version 4.")
        WebhookDestination webhook,

        @JsonPropertyDescription("An Alertmanager, which groups, routes and sends by its own configuration.")
        AlertmanagerDestination alertmanager) {}
