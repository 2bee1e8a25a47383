package dev.mainstay.core.alert;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.alert.AlertNotification;
import dev.mainstay.api.alert.NotificationKind;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Channels that do not exist, and who is told in their place. */
class RuleReceiversTest {

    /** A rule that names gone, which does not exist, of an application that has team told. */
    private static Scene gone() {
        Scene scene = new Scene("pendingFor: 0s, notify: [{channel: gone}]").webhook("team");
        scene.application = Scene.application("notify: [{channel: team}, {channel: grave, minSeverity: critical}]");
        return scene.percent(0.1).decide();
    }

    /** The alert fires, and team stands in for gone. */
    private static Scene standingIn() {
        Scene scene =
                gone().later("1m").percent(2).decide().later("1m").percent(2).decide();
        assertThat(scene.messages()).containsExactly("team TRIGGER");
        return scene.take();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "[{channel: ops}]                  | -    | ops      | Ready           | True  | Channels: ops.",
                "[{channel: ops}, {channel: gone}] | team | ops,team | ChannelNotFound | False | NotificationChannel gone does not exist in namespace shop. Create it, or correct spec.notify. Others are told all the same.",
                "[{channel: gone}]                 | team | team     | NoChannelFound  | False | correct spec.notify. Until then these are told in its place, of spec.notify of ManagedApplication shop: team, when it has fired for a minute.",
                "[{channel: gone}]                 | team | -        | NoChannelFound  | False | correct spec.notify. Until then nobody is told when it fires.",
                "[{channel: gone}]                 | -    | ops      | NoChannelFound  | False | correct spec.notify. Until then nobody is told when it fires.",
                "-                                 | team | team     | Ready           | True  | Channels: team.",
                "-                                 | team | ops      | NoChannelFound  | False | correct spec.notify of ManagedApplication shop. Until then nobody is told when it fires.",
                "-                                 | -    | ops      | NobodyToTell    | True  | Nobody is told when it fires: name channels in spec.notify, or in spec.notify of ManagedApplication shop",
                "[]                                | team | team     | NobodyToTell    | True  | Nobody is told when it fires: name channels in spec.notify",
            })
    void givenTheChannelsOfARule_whenSomeDoNotExist_thenItIsSaidWhoIsTold(
            String own, String application, String existing, String reason, String ready, String message) {
        Scene scene = new Scene("pendingFor: 0s" + (own == null ? "" : ", notify: " + own));
        scene.channels.clear();
        if (existing != null) {
            List.of(existing.split(",")).forEach(scene::webhook);
        }
        scene.application = Scene.application(application == null ? "" : "notify: [{channel: " + application + "}]");

        scene.percent(0.1).decide();

        assertThat(scene.condition("ReceiverFound").reason()).isEqualTo(reason);
        assertThat(scene.condition("ReceiverFound").status().name().equals("TRUE"))
                .isEqualTo(reason.equals("Ready"));
        assertThat(scene.condition("ReceiverFound").message()).contains(message);
        assertThat(scene.condition("Ready").status().name()).isEqualToIgnoringCase(ready);
        // Whoever reads no other condition reads it there, but where all is well.
        assertThat(scene.condition("Ready").message().contains(message)).isEqualTo(!reason.equals("Ready"));
    }

    @Test
    void givenARuleWhoseApplicationIsGone_whenItNamesNoChannels_thenWhatIsKnownOfThemStays() {
        Scene scene = new Scene("pendingFor: 0s").webhook("team");
        scene.application = Scene.application("notify: [{channel: team}]");
        scene.percent(0.1).decide();

        scene.application = null;
        scene.later("1m").decide();

        assertThat(scene.condition("ReceiverFound").reason()).isEqualTo("Ready");
        assertThat(scene.condition("Ready").reason()).isEqualTo("ApplicationNotFound");
    }

    /** prometheus/alertmanager issue 1759: a route to a receiver that does not exist is known from logs alone. */
    @Test
    void givenAChannelThatDoesNotExist_whenTheAlertFires_thenTheApplicationsAreToldAfterAMinuteAndItsEndToo() {
        Scene scene = gone().later("1m").percent(2).decide();
        assertThat(scene.messages()).isEmpty();
        assertThat(scene.decision.wakeUp()).isEqualTo(scene.now.plusSeconds(60));

        scene.later("59s").percent(2).decide();
        assertThat(scene.messages()).isEmpty();
        scene.later("1s").percent(2).decide();
        assertThat(scene.messages()).containsExactly("team TRIGGER");
        assertThat(scene.message(NotificationKind.TRIGGER).text())
                .contains("You are told as a channel of ManagedApplication shop; those that AlertRule error-rate names"
                        + " did not exist.");

        scene.take().later("1m").percent(0.1).decide();
        assertThat(scene.messages()).containsExactly("team RESOLVE");
        assertThat(scene.message(NotificationKind.RESOLVE).text())
                .contains("good again")
                .doesNotContain("You are told as");
        assertThat(scene.take().lines()).isEmpty();
    }

    @Test
    void givenAChannelThatDoesNotExist_whenSomebodyAcknowledgesWithinTheMinute_thenNobodyStandsIn() {
        Scene scene = gone().later("1m").percent(2).decide();

        scene.annotated("mainstay.dev/acknowledge", "1@ann").decide();

        assertThat(scene.later("1h").percent(2).decide().messages()).isEmpty();
    }

    @Test
    void givenAChannelThatStandsIn_whenTheOneThatIsNamedIsMade_thenBothAreToldToTheEnd() {
        Scene scene = standingIn();

        scene.webhook("gone").later("10m").percent(2).decide();
        assertThat(scene.messages()).containsExactly("gone TRIGGER");
        scene.take();
        assertThat(scene.later("10m").percent(2).decide().messages()).isEmpty();
        assertThat(scene.condition("ReceiverFound").reason()).isEqualTo("Ready");

        scene.later("1m").percent(0.1).decide();
        assertThat(scene.messages()).containsExactlyInAnyOrder("gone RESOLVE", "team RESOLVE");
        scene.take();

        // The next time there is nobody to stand in for.
        scene.later("10m").percent(2).decide();
        assertThat(scene.take().later("10m").percent(2).decide().lines())
                .extracting(AlertNotification::channel)
                .containsExactly("gone");
    }

    @Test
    void givenAChannelThatStandsIn_whenTheOperatorRestartsOrTheApplicationIsGone_thenItIsToldTheEnd() {
        Scene scene = standingIn();
        scene.deliveries.clear();
        scene.application = null;
        assertThat(scene.later("1m").decide().messages()).isEmpty();

        scene.application = Scene.application("notify: [{channel: team}]");
        scene.webhook("gone").later("1m").percent(0.1).decide();

        assertThat(scene.messages()).containsExactly("team RESOLVE");
        assertThat(scene.message(NotificationKind.RESOLVE).text()).contains("good again");
    }

    @Test
    void givenAChannelThatStandsIn_whenTheApplicationNamesItNoMore_thenThatIsWhatItIsTold() {
        Scene scene = standingIn();

        scene.application = Scene.application("");
        scene.later("1m").percent(2).decide();

        assertThat(scene.messages()).containsExactly("team RESOLVE");
        assertThat(scene.message(NotificationKind.RESOLVE).text())
                .contains("It still fires, and is not told to this channel any more:");
    }

    /** GitOps deletes a channel and makes it again within seconds: nobody is to be told of that. */
    @ParameterizedTest
    @CsvSource({"0, 5s", "0, 50s", "30, 5s", "600, 5s", "600, 2h"})
    void givenAnAlertThatFires_whenItsChannelIsDeletedAndMadeAgain_thenNobodyHearsOfIt(int before, String away) {
        Scene scene =
                gone().webhook("gone").decide().later("1m").percent(2).decide().take();
        scene.later(before + "s").percent(2).decide();

        scene.channels.remove("gone");
        assertThat(scene.decide().messages()).isEmpty();
        assertThat(scene.condition("ReceiverFound").reason()).isEqualTo("NoChannelFound");
        assertThat(scene.later("1s").decide().messages()).isEmpty();
        assertThat(scene.later(away).percent(2).decide().messages()).isEmpty();
        scene.webhook("gone");
        assertThat(scene.decide().messages()).isEmpty();
        assertThat(scene.later("1s").decide().messages()).isEmpty();
        assertThat(scene.later("1m").percent(2).decide().messages()).isEmpty();

        assertThat(scene.percent(0.1).decide().messages()).containsExactly("gone RESOLVE");
    }

    @Test
    void givenAnAlertThatBeginsWhileItsChannelIsMadeAgain_whenItIsThere_thenItAloneIsTold() {
        Scene scene = gone().later("1m").percent(2).decide().later("20s").decide();

        scene.webhook("gone").decide();
        assertThat(scene.messages()).containsExactly("gone TRIGGER");

        assertThat(scene.take().later("10m").percent(2).decide().lines())
                .extracting(AlertNotification::channel)
                .containsExactly("gone");
    }

    /** A pass has to see in the status that nobody is left: it asks for the next one itself. */
    @Test
    void givenAnAlertThatNobodyHasTaken_whenItsChannelIsDeleted_thenTheApplicationsAreTold() {
        Scene scene = gone().webhook("gone").decide().later("1m").percent(2).decide();
        scene.failing("gone").later("10m").percent(2).decide();

        scene.channels.remove("gone");
        scene.decide();
        assertThat(scene.decision.wakeUp()).isEqualTo(scene.now.plusSeconds(1));
        scene.later("1s").decide();

        assertThat(scene.messages()).containsExactlyInAnyOrder("gone TRIGGER", "team TRIGGER");
    }

    @Test
    void givenARuleThatIsEdited_whenItNamesAChannelNoMore_thenThatDoesNotStandInAfterwards() {
        Scene scene = gone().webhook("gone");
        scene.spec("pendingFor: 0s, notify: [{channel: gone}, {channel: team}]");
        scene.decide().later("1m").percent(2).decide().take();

        scene.spec("pendingFor: 0s, notify: [{channel: gone}]");
        scene.rule.getMetadata().setGeneration(2L);
        scene.later("1m").percent(2).decide();

        assertThat(scene.messages()).containsExactly("team RESOLVE");
        assertThat(scene.message(NotificationKind.RESOLVE).text())
                .contains("spec.notify of AlertRule error-rate does not name NotificationChannel team.");
        scene.take();
        assertThat(scene.later("1m").percent(2).decide().messages()).isEmpty();
    }

    @Test
    void givenARuleThatIsEditedToNameWhatDoesNotExist_whenItFires_thenWhoWasToldIsToldAndTheApplicationsToo() {
        Scene scene = gone().webhook("ops");
        scene.spec("pendingFor: 0s, notify: [{channel: ops}]");
        scene.decide().later("10m").percent(2).decide().take();

        scene.later("10m").percent(2).spec("pendingFor: 0s, notify: [{channel: opps}]");
        scene.rule.getMetadata().setGeneration(2L);
        scene.decide();
        assertThat(scene.messages()).containsExactly("ops RESOLVE");
        scene.later("1s").decide();

        assertThat(scene.messages()).containsExactlyInAnyOrder("ops RESOLVE", "team TRIGGER");
    }

    @ParameterizedTest
    @CsvSource({"warning, 'team'", "critical, 'team,grave'", "info, ''"})
    void givenAChannelThatDoesNotExist_whenTheAlertFires_thenThoseStandInWhoseSeverityItReaches(
            String severity, String told) {
        Scene scene = gone().webhook("grave");
        scene.spec("pendingFor: 0s, severity: " + severity + ", notify: [{channel: gone}]");
        scene.decide().later("1m").percent(2).decide().later("1m").percent(2).decide();

        assertThat(String.join(
                        ",",
                        scene.lines().stream().map(AlertNotification::channel).toList()))
                .isEqualTo(told);
    }
}
