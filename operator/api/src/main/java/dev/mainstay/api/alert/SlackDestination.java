package dev.mainstay.api.alert;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.mainstay.api.SecretKeyReference;
import io.fabric8.generator.annotation.Required;

/** An incoming webhook of Slack. */
public record SlackDestination(
        @JsonPropertyDescription("The key of a Secret that holds the URL of the webhook, which is its password too.")
        @Required
        SecretKeyReference urlSecretRef) {}
