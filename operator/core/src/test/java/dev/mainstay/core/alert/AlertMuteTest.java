package dev.mainstay.core.alert;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.alert.AlertState;
import dev.mainstay.api.alert.NotificationKind;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AlertMuteTest {

    private static final String MODE = "MaintenanceMode release";
    private static final Instant UNTIL = Scene.START.plusSeconds(7200);

    private static Scene ends(Scene scene) {
        return scene.later("1m").percent(0.1).decide();
    }

    private static Scene fires(Scene scene) {
        return scene.later("1m").percent(2).decide();
    }

    @Test
    void givenAMute_whenTheAlertFires_thenNobodyIsToldAndTheStatusSaysWhy() {
        Scene scene =
                fires(Scene.firingAtOnce("").muted(MODE, UNTIL).percent(0.1).decide());

        assertThat(scene.state()).isEqualTo(AlertState.FIRING);
        assertThat(scene.messages()).isEmpty();
        assertThat(scene.status().muted().by()).isEqualTo(MODE);
        assertThat(scene.status().muted().since()).isEqualTo(Scene.START);
        assertThat(scene.status().muted().until()).isEqualTo(UNTIL);
        assertThat(scene.decision.wakeUp()).isEqualTo(UNTIL);
    }

    /** prometheus/alertmanager issue 3367: what still fires when the mute ends is told at once, and not after repeatInterval. */
    @Test
    void givenAnAlertThatFiresUnderAMute_whenTheMuteEnds_thenItIsToldAndWhoMutedIt() {
        Scene scene =
                fires(Scene.firingAtOnce("").muted(MODE, UNTIL).percent(0.1).decide());

        scene.later("10m").mute = null;
        scene.decide();

        assertThat(scene.messages()).containsExactly("ops TRIGGER");
        assertThat(scene.message(NotificationKind.TRIGGER).text())
                .contains("muted by " + MODE + " since " + Scene.START);
        assertThat(scene.status().muted()).isNull();
        AlertMessage message = scene.message(NotificationKind.TRIGGER);
        assertThat(scene.later("1m").percent(4).decide().message(NotificationKind.TRIGGER))
                .isEqualTo(message);
    }

    /** prometheus/alertmanager issues 226 and 3664. */
    @Test
    void givenAnAlertThatWasTold_whenItEndsUnderAMute_thenItsEndIsTold() {
        Scene scene = fires(Scene.firingAtOnce("")).take();
        scene.muted(MODE, UNTIL);

        ends(scene);

        assertThat(scene.messages()).containsExactly("ops RESOLVE");
        assertThat(scene.status().muted().cameAndWent()).isZero();
        scene.take().later("1m").mute = null;
        assertThat(scene.decide().messages()).isEmpty();
    }

    @Test
    void givenAnAlertThatFiresWhenTheMuteBegins_whenItGoesOn_thenItIsNotRepeatedAndItsTextStays() {
        Scene scene = fires(new Scene(
                                "pendingFor: 0s, repeatInterval: 1h, notify: [{channel: ops}, {channel: boss, after: 30m}]")
                        .webhook("boss"))
                .take();
        scene.muted(MODE, UNTIL);

        assertThat(scene.later("90m").percent(2).decide().messages()).isEmpty();
        scene.mute = null;
        scene.decide();
        assertThat(scene.messages()).containsExactlyInAnyOrder("ops REPEAT", "boss TRIGGER");
        assertThat(scene.message(NotificationKind.TRIGGER).text()).doesNotContain("muted");
    }

    @Test
    void givenAlertsThatCameAndWent_whenTheMuteEnds_thenTheyAreToldOnceToThoseWhoAreToldAtOnce() {
        Scene scene = new Scene("pendingFor: 0s, notify: [{channel: ops}, {channel: am}, {channel: boss, after: 30m}]")
                .webhook("boss")
                .channel("am", "alertmanager: {urls: ['http://am:9093']}");
        scene.muted(MODE, UNTIL).percent(0.1).decide();
        ends(fires(ends(fires(scene))));
        assertThat(scene.status().muted().cameAndWent()).isEqualTo(2);

        scene.later("10m").mute = null;
        scene.decide();

        assertThat(scene.messages()).containsExactly("ops DIGEST");
        assertThat(scene.message(NotificationKind.DIGEST).text())
                .contains("fired and ended 2 times while " + MODE, "does not fire now");
        assertThat(scene.message(NotificationKind.DIGEST).dedupKey()).isNotEqualTo("uid-1/2");
        assertThat(scene.status().muted()).isNull();
        assertThat(scene.take().lines()).isEmpty();
        assertThat(scene.later("1m").decide().messages()).isEmpty();
    }

    @Test
    void givenAnAlertThatEndsAsTheMuteEnds_whenItIsDecided_thenItIsInTheDigest() {
        Scene scene =
                fires(Scene.firingAtOnce("").muted(MODE, UNTIL).percent(0.1).decide());

        scene.mute = null;

        assertThat(ends(scene).messages()).containsExactly("ops DIGEST");
    }

    @Test
    void givenOneThatEndedAndOneThatFires_whenTheMuteEnds_thenBothAreTold() {
        Scene scene = Scene.firingAtOnce("").muted(MODE, UNTIL).percent(0.1).decide();
        fires(ends(fires(scene)));

        scene.later("10m").mute = null;
        scene.decide();

        assertThat(scene.messages()).containsExactlyInAnyOrder("ops TRIGGER", "ops DIGEST");
        assertThat(scene.message(NotificationKind.DIGEST).text()).contains("once", "fires again");
    }

    @Test
    void givenAMuteThatAnotherFollows_whenItIsDecided_thenItIsOneMuteSinceTheFirst() {
        Scene scene = ends(
                fires(Scene.firingAtOnce("").muted(MODE, UNTIL).percent(0.1).decide()));

        scene.muted("RestoreRequest back", null).later("1m").decide();

        assertThat(scene.status().muted().by()).isEqualTo("RestoreRequest back");
        assertThat(scene.status().muted().since()).isEqualTo(Scene.START);
        assertThat(scene.status().muted().cameAndWent()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "'metric: BackupAge, comparison: GreaterThan, threshold: {duration: 1m}'",
        "'metric: ErrorRate, comparison: GreaterThan, threshold: {percent: 1}, muteDuringMaintenance: false'"
    })
    void givenARuleThatIsNeverMuted_whenItFiresInMaintenance_thenItIsTold(String spec) {
        Scene scene = new Scene(spec + ", pendingFor: 0s, notify: [{channel: ops}]").muted(MODE, UNTIL);
        scene.evaluation = new Evaluation.Measured(100, "100", null, scene.now);

        assertThat(scene.decide().messages()).containsExactly("ops TRIGGER");
        assertThat(scene.status().muted()).isNull();
    }

    @Test
    void givenAMessageThatIsNotTakenWhenTheMuteBegins_whenItIsDecided_thenNobodyStandsInDuringTheMute() {
        Scene scene = Scene.firingAtOnce("")
                .channel("ops", "slack: {urlSecretRef: {name: a, key: b}}, fallback: {channel: pager}")
                .webhook("pager");
        fires(scene).failing("ops").muted(MODE, UNTIL);

        assertThat(scene.later("20m").percent(2).decide().messages()).containsExactly("ops TRIGGER");
        scene.mute = null;
        assertThat(scene.decide().messages()).containsExactlyInAnyOrder("ops TRIGGER", "pager TRIGGER");
    }
}
