package dev.mainstay.api.alert;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.mainstay.api.status.Condition;
import io.fabric8.generator.annotation.Size;
import java.time.Instant;
import java.util.List;

/** How the alert stands, and who was told. It changes with the alert, not with each value that is measured. */
public record AlertRuleStatus(
        @JsonPropertyDescription("Generation of the object that this status was decided for.")
        Long observedGeneration,

        @JsonPropertyDescription(
                "Conditions Ready, Stalled, Evaluated, DataAvailable, ReceiverFound, Acknowledged and NotificationsDelivered.")
        @Size(max = 16)
        List<Condition> conditions,

        @JsonPropertyDescription("How the alert stands.") AlertState state,

        @JsonPropertyDescription(
                "Counts the times that it began; each is an episode. What is told of one has its number.")
        Long episode,

        @JsonPropertyDescription("What is asked, in PromQL or in words.") @Size(max = 1024)
        String query,

        @JsonPropertyDescription("Since when what the rule watches for is there; absent while it is not.")
        Instant activeSince,

        @JsonPropertyDescription("Since when the alert fires; absent while it does not.")
        Instant firingSince,

        @JsonPropertyDescription("Since when the value of a firing alert is good again; absent while it is not.")
        Instant recoveringSince,

        @JsonPropertyDescription("The value at the last change of state, in the unit of the threshold.")
        @Size(max = 128)
        String valueAtTransition,

        @JsonPropertyDescription("The last alert that was over.")
        ResolvedAlert lastResolved,

        @JsonPropertyDescription("What keeps the alert from being told; absent when nothing does.")
        MutedAlert muted,

        @JsonPropertyDescription("Who knows of the alert; absent until somebody says so.")
        Acknowledgement acknowledged,

        @JsonPropertyDescription("What each channel was told of alerts that it does not know the end of yet.")
        @Size(max = 32)
        List<AlertNotification> notifications,

        @JsonPropertyDescription(
                "What was done about the alert; absent until something was, or was kept from being done.")
        RemediationStatus remediation) {

    /** Of an object that nothing is known of yet. */
    public static final AlertRuleStatus NONE =
            new AlertRuleStatus(null, null, null, null, null, null, null, null, null, null, null, null, null);

    /** Of a rule that has done nothing but tell. */
    public AlertRuleStatus(
            Long observedGeneration,
            List<Condition> conditions,
            AlertState state,
            Long episode,
            String query,
            Instant activeSince,
            Instant firingSince,
            Instant recoveringSince,
            String valueAtTransition,
            ResolvedAlert lastResolved,
            MutedAlert muted,
            Acknowledgement acknowledged,
            List<AlertNotification> notifications) {
        this(
                observedGeneration,
                conditions,
                state,
                episode,
                query,
                activeSince,
                firingSince,
                recoveringSince,
                valueAtTransition,
                lastResolved,
                muted,
                acknowledged,
                notifications,
                null);
    }

    /** The same, with what was done about the alert. */
    public AlertRuleStatus withRemediation(RemediationStatus done) {
        return new AlertRuleStatus(
                observedGeneration,
                conditions,
                state,
                episode,
                query,
                activeSince,
                firingSince,
                recoveringSince,
                valueAtTransition,
                lastResolved,
                muted,
                acknowledged,
                notifications,
                done);
    }

    /** The conditions; empty when there are none. */
    @Override
    public List<Condition> conditions() {
        return conditions == null ? List.of() : conditions;
    }

    /** How the alert stands; nothing is known when nothing is said. */
    @Override
    public AlertState state() {
        return state == null ? AlertState.UNKNOWN : state;
    }

    /** How often it began; never when nothing is said. */
    @Override
    public Long episode() {
        return episode == null ? Long.valueOf(0) : episode;
    }

    /** What channels were told; empty when nothing was. */
    @Override
    public List<AlertNotification> notifications() {
        return notifications == null ? List.of() : notifications;
    }
}
