package dev.mainstay.core.alert;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.alert.AlertNotification;
import dev.mainstay.api.alert.AlertState;
import dev.mainstay.api.alert.NotificationKind;
import dev.mainstay.core.status.Conditions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EscalationTest {

    private static final String STAGES =
            "pendingFor: 0s, repeatInterval: 1h, notify: [{channel: ops}, {channel: boss, after: 30m}]";

    private static final String COMMAND =
            "kubectl annotate --overwrite alertrule error-rate --namespace shop mainstay.dev/acknowledge=";

    private static Scene stages() {
        return new Scene(STAGES).webhook("boss").percent(2).decide().take();
    }

    private static Scene withFallbacks() {
        return Scene.firingAtOnce("")
                .channel("ops", "slack: {urlSecretRef: {name: a, key: b}}, fallback: {channel: pager}")
                .channel("pager", "webhook: {url: 'https://pager/'}, fallback: {channel: ops, after: 5m}")
                .percent(2)
                .decide();
    }

    @Test
    void givenAnAlertThatNobodyAcknowledges_whenItsTimeComes_thenTheNextIsTold() {
        Scene scene = stages();
        assertThat(scene.decision.wakeUp()).isEqualTo(Scene.START.plusSeconds(1800));

        assertThat(scene.later("29m").percent(2).decide().messages()).isEmpty();
        assertThat(scene.later("1m").failed().decide().messages()).containsExactly("boss TRIGGER");
        scene.take().later("1m").percent(0.1).decide();
        assertThat(scene.messages()).containsExactlyInAnyOrder("ops RESOLVE", "boss RESOLVE");
    }

    /** What fired when the process before this one ended may be over since: prometheus/alertmanager issue 4064. */
    @Test
    void givenAProcessThatHasMeasuredNothingYet_whenSomebodyIsDueToBeTold_thenTheFirstMeasurementIsWaitedFor() {
        Scene scene = stages().later("2h");
        scene.evaluation = null;
        assertThat(scene.decide().messages()).isEmpty();
        assertThat(scene.state()).isEqualTo(AlertState.FIRING);

        assertThat(scene.percent(2).decide().messages()).containsExactlyInAnyOrder("ops REPEAT", "boss TRIGGER");

        Scene over = stages().later("2h");
        over.evaluation = null;
        over.decide();
        assertThat(over.percent(0.1).decide().messages()).containsExactly("ops RESOLVE");
    }

    @Test
    void givenAProcessThatHasMeasuredNothingYet_whenAChannelTakesNothing_thenNobodyStandsInBeforeItIsMeasured() {
        Scene scene = withFallbacks().failing("ops").later("10m");
        scene.evaluation = null;
        assertThat(scene.decide().messages()).containsExactly("ops TRIGGER");

        assertThat(scene.percent(2).decide().messages()).contains("pager TRIGGER");
    }

    @Test
    void givenAnAlertThatSomebodyAcknowledges_whenTimeGoesOn_thenNobodyElseIsToldAndItIsNotRepeated() {
        Scene scene = stages().annotated(Annotations.ACKNOWLEDGE, "1@ann");

        scene.later("1m").decide();
        assertThat(scene.status().acknowledged().by()).isEqualTo("ann");
        assertThat(scene.status().acknowledged().at()).isEqualTo(scene.now);
        scene.annotated(Annotations.ACKNOWLEDGE, null);
        assertThat(scene.later("5h").percent(2).decide().messages()).isEmpty();
        assertThat(scene.decision.wakeUp()).isNull();
        assertThat(scene.later("1m").percent(0.1).decide().messages()).containsExactly("ops RESOLVE");
        assertThat(scene.status().acknowledged()).isNull();
    }

    @Test
    void givenAnAcknowledgementOfTheLastEpisode_whenItFiresAgain_thenItDoesNotCount() {
        Scene scene = stages().annotated(Annotations.ACKNOWLEDGE, "1@ann").decide();
        scene.later("1m").percent(0.1).decide().take();

        scene.later("1m").percent(2).decide().take();
        assertThat(scene.status().acknowledged()).isNull();
        assertThat(scene.condition("Acknowledged").message())
                .contains("it is of episode 1. Episode 2 is under way", COMMAND + "2@<you>");
        assertThat(scene.later("30m").decide().messages()).containsExactly("boss TRIGGER");

        scene.annotated(Annotations.ACKNOWLEDGE, "2@ann").decide();
        assertThat(Conditions.find(scene.status().conditions(), "Acknowledged")).isEmpty();
        assertThat(scene.status().acknowledged().episode()).isEqualTo(2);
    }

    /** Where none is under way, the last one may have been acknowledged; one that never was can't have been. */
    @ParameterizedTest
    @CsvSource({"0@ann, ''", "1@ann, ''", "2@ann, the last episode was 1", "ann, write status.episode"})
    void givenNoEpisodeUnderWay_whenOneIsAcknowledged_thenItIsSaidUnlessItWasThere(String value, String said) {
        Scene scene = stages().later("1m").percent(0.1).decide().take();

        scene.annotated(Annotations.ACKNOWLEDGE, value).decide();

        assertThat(Conditions.find(scene.status().conditions(), "Acknowledged")
                        .map(condition -> condition.message())
                        .orElse(""))
                .contains(said)
                .matches(message -> message.isEmpty() == said.isEmpty());
    }

    @ParameterizedTest
    @CsvSource({"ann", "@ann", "1@", "one@ann", "1 ann", "99999999999999999999@ann", "''"})
    void givenAnAnnotationThatAcknowledgesNothing_whenItIsDecided_thenItIsSaid(String value) {
        Scene scene = stages().annotated(Annotations.ACKNOWLEDGE, value);

        scene.later("1m").decide();

        assertThat(scene.status().acknowledged()).isNull();
        assertThat(scene.condition("Acknowledged").reason()).isEqualTo("AcknowledgesNothing");
        assertThat(scene.condition("Acknowledged").message())
                .contains("'" + value + "'", "3@ann", "Episode 1 is under way", COMMAND + "1@<you>");
    }

    @Test
    void givenAChannelThatTakesNothing_whenItsTimeIsOver_thenTheOtherIsToldInItsPlaceOnce() {
        Scene scene = withFallbacks().later("10s").failing("ops");
        assertThat(scene.decision.wakeUp()).isEqualTo(scene.now.plusSeconds(600));

        assertThat(scene.later("599s").percent(2).decide().messages()).containsExactly("ops TRIGGER");
        scene.later("1s").decide();
        assertThat(scene.messages()).containsExactly("ops TRIGGER", "pager TRIGGER");
        assertThat(scene.line("pager").insteadOf()).isEqualTo("ops");
        assertThat(scene.decision.messages().getLast().text()).contains("since channel ops does not take messages");

        // The other takes nothing either, and would have this one stand in.
        scene.failing("pager").later("1h").percent(2).decide();
        assertThat(scene.lines()).extracting(AlertNotification::channel).containsExactly("ops", "pager");
    }

    @Test
    void givenARefusedMessage_whenItsTimeIsOver_thenTheOtherIsTold() {
        Scene scene = withFallbacks().refused("ops");

        scene.later("10m").percent(2).decide();

        assertThat(scene.messages()).contains("pager TRIGGER");
    }

    @Test
    void givenAChannelThatStandsIn_whenTheAlertEnds_thenItIsToldTheEndAndTheFirstIsNot() {
        Scene scene = withFallbacks().failing("ops").later("10m").percent(2).decide();
        scene.deliver("pager", new Delivery.Taken(scene.now));

        scene.later("1m").percent(0.1).decide();

        assertThat(scene.messages()).containsExactly("pager RESOLVE");
    }

    @Test
    void givenAChannelThatStandsIn_whenTheFirstIsTakenOutOfTheRule_thenItIsToldTheEnd() {
        Scene scene = withFallbacks().failing("ops").later("10m").percent(2).decide();
        scene.deliver("pager", new Delivery.Taken(scene.now)).webhook("new");

        scene.spec("pendingFor: 0s, notify: [{channel: new}]");
        scene.later("1m").decide();

        assertThat(scene.messages()).containsExactlyInAnyOrder("pager RESOLVE", "new TRIGGER");
    }

    @Test
    void givenAChannelThatStandsInAlready_whenItIsItsOwnTurn_thenItIsNotToldAgain() {
        Scene scene = new Scene("pendingFor: 0s, notify: [{channel: ops}, {channel: pager, after: 30m}]")
                .channel("ops", "slack: {urlSecretRef: {name: a, key: b}}, fallback: {channel: pager}")
                .webhook("pager");
        scene.percent(2).decide().failing("ops").later("10m").decide();
        scene.deliver("pager", new Delivery.Taken(scene.now));

        assertThat(scene.later("30m").percent(2).decide().messages()).containsExactly("ops TRIGGER");
    }

    @Test
    void givenAnAlertBehindAnEndThatIsNotTaken_whenItsTimeIsOver_thenTheOtherIsTold() {
        Scene scene = withFallbacks().take().later("1m").percent(0.1).decide().failing("ops");
        scene.later("1h").percent(2).decide();
        assertThat(scene.messages()).containsExactly("ops RESOLVE");
        assertThat(scene.decision.wakeUp()).isEqualTo(scene.now.plusSeconds(600));

        scene.later("10m").decide();

        assertThat(scene.state()).isEqualTo(AlertState.FIRING);
        assertThat(scene.messages()).containsExactly("ops RESOLVE", "pager TRIGGER");
        assertThat(scene.message(NotificationKind.TRIGGER).dedupKey()).isEqualTo("uid-1/2");
    }

    @Test
    void givenAFallbackThatDoesNotExist_whenItsTimeIsOver_thenTheFirstIsTriedOn() {
        Scene scene = Scene.firingAtOnce("")
                .channel("ops", "slack: {urlSecretRef: {name: a, key: b}}, fallback: {channel: gone}");

        scene.percent(2).decide().failing("ops").later("1h").decide();

        assertThat(scene.messages()).containsExactly("ops TRIGGER");
    }
}
