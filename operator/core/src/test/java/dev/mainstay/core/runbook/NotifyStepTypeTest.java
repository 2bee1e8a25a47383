package dev.mainstay.core.runbook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.alert.AlertSeverity;
import dev.mainstay.api.alert.NotificationChannel;
import dev.mainstay.api.alert.NotificationKind;
import dev.mainstay.core.alert.AlertMessage;
import dev.mainstay.core.alert.Delivery;
import dev.mainstay.core.status.Reason;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a message that a step sends comes to. */
class NotifyStepTypeTest {

    private static final NotificationChannel CHANNEL = Serialization.unmarshal("""
            metadata: {name: oncall, namespace: shop}
            spec: {slack: {urlSecretRef: {name: slack, key: url}}}
            """, NotificationChannel.class);

    private final NotifyStepType type = new NotifyStepType();
    private final StepTurn turn = StepTurns.of("notify: {channel: oncall, message: Look at it., severity: warning}");

    static Stream<Arguments> deliveries() {
        return Stream.of(
                Arguments.of(CHANNEL, null, "Act"),
                Arguments.of(null, null, "Failed: NotificationChannel oncall, which the step names"),
                Arguments.of(
                        Serialization.unmarshal("metadata: {name: oncall}", NotificationChannel.class),
                        null,
                        "Failed: NotificationChannel oncall, which the step names"),
                Arguments.of(CHANNEL, new Delivery.Waiting(), "Wait: The message to NotificationChannel oncall"),
                Arguments.of(
                        CHANNEL,
                        new Delivery.Failing(StepTurns.ATTEMPTED, Reason.CONNECTION_FAILED, "503."),
                        "Wait: NotificationChannel oncall has not taken the message yet; it is sent again. 503."),
                Arguments.of(
                        CHANNEL,
                        new Delivery.Refused(StepTurns.ATTEMPTED, Reason.REJECTED, "404: no_service."),
                        "Failed: NotificationChannel oncall does not take the message. 404: no_service."),
                Arguments.of(
                        CHANNEL, new Delivery.Taken(StepTurns.ATTEMPTED), "Passed: NotificationChannel oncall has"),
                Arguments.of(null, new Delivery.Taken(StepTurns.ATTEMPTED), "Passed: NotificationChannel oncall has"));
    }

    @ParameterizedTest
    @MethodSource("deliveries")
    void givenADelivery_whenItIsJudged_thenTheStepIsSoFar(
            NotificationChannel channel, Delivery delivery, String wanted) {
        String found =
                switch (type.judge(turn, new StepSeen.OfNotify(channel, delivery))) {
                    case StepProgress.Act ignored -> "Act";
                    case StepProgress.Wait(String message) -> "Wait: " + message;
                    case StepProgress.Ended(StepResult result, boolean left) ->
                        result.outcome().text() + ": " + result.message();
                    case StepProgress other -> other.toString();
                };
        assertThat(found).startsWith(wanted);
    }

    @Test
    void givenAnAttempt_whenItsMessageIsMadeAgain_thenItIsTheSameAndHasWhatTheChannelNeeds() {
        AlertMessage message = NotifyStepType.message(turn, CHANNEL);

        assertThat(message).isEqualTo(NotifyStepType.message(turn, CHANNEL));
        assertThat(message.key()).isEqualTo("uid-run/it/1");
        assertThat(message.ownerUid()).isEqualTo("uid-run");
        assertThat(message.kind()).isEqualTo(NotificationKind.INFORM);
        assertThat(message.severity()).isEqualTo(AlertSeverity.WARNING);
        assertThat(message.title()).isEqualTo("shop: MaintenanceRun tuesday");
        assertThat(message.text()).isEqualTo("Look at it.");
        assertThat(message.destination().slack()).isNotNull();
        assertThat(message.startsAt()).isEqualTo(StepTurns.ATTEMPTED);
        assertThat(message.labels()).containsEntry("step", "it").containsEntry("alertname", "MainstayMaintenanceRun");
    }

    @Test
    void givenParametersInAMessage_whenItIsSent_thenItStandsThereAsItIsWritten() {
        StepTurn turn = StepTurns.of("notify: {channel: oncall, message: Hello $(params.name)}");
        assertThat(NotifyStepType.message(turn, CHANNEL).text()).isEqualTo("Hello $(params.name)");
        assertThat(type.plan(turn)).isEqualTo("Tells NotificationChannel oncall: \"Hello $(params.name)\".");
    }
}
