package dev.mainstay.api.alert;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.ValidationRule;

/** Where messages go, and what is done when they are not taken. */
@ValidationRule(
        value = "[has(self.slack), has(self.webhook), has(self.alertmanager)].exists_one(given, given)",
        message = "must have exactly one of slack, webhook and alertmanager")
public record NotificationChannelSpec(
        @JsonPropertyDescription("An incoming webhook of Slack, or of a service that takes the same.")
        SlackDestination slack,

        @JsonPropertyDescription("Any server that takes the webhook of Alertmanager, version 4.")
        WebhookDestination webhook,

        @JsonPropertyDescription("An Alertmanager, which groups, routes and sends by its own configuration.")
        AlertmanagerDestination alertmanager,

        @JsonPropertyDescription("Whether the channel is told that an alert has ended. An Alertmanager always is.")
        @Default("true")
        Boolean sendResolved,

        @JsonPropertyDescription("Who is told when this channel takes nothing.")
        ChannelFallback fallback) {

    /** Whether the end of an alert is told; it is when nothing is said. */
    @Override
    public Boolean sendResolved() {
        return !Boolean.FALSE.equals(sendResolved) || alertmanager != null;
    }

    /** Where messages go. */
    public NotificationDestination destination() {
        return new NotificationDestination(slack, webhook, alertmanager);
    }
}
