package dev.mainstay.core.alert;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.alert.AlertRule;
import dev.mainstay.api.alert.AlertRuleStatus;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One Event for each beginning and each end of an alert, and none for anything else. */
class AlertEventsTest {

    private final Scene scene =
            new Scene("pendingFor: 1m, keepFiringFor: 1m, severity: critical, notify: [{channel: ops}]");

    /** What the pass tells that is made now. */
    private List<String> told() {
        AlertRule before = Serialization.clone(scene.rule);
        scene.decide();
        return AlertEvents.between(before, scene.status()).stream()
                .map(event -> event.reason().text() + ": " + event.message())
                .toList();
    }

    @Test
    void givenAnAlert_whenItFiresAndEnds_thenEachIsToldOnceWithItsFacts() {
        assertThat(told()).isEmpty();
        scene.percent(2.4);
        assertThat(told()).as("pending").isEmpty();
        scene.later("1m").percent(2.4);
        assertThat(told())
                .containsExactly(
                        "AlertFiring: Episode 1 fires, critical. The rate of errors is 2.4 % and has been above 1 %"
                                + " since 2026-03-29T01:00:00Z.");
        scene.take();
        scene.later("1m").percent(3);
        assertThat(told()).isEmpty();
        scene.deliveries.clear();
        scene.evaluation = null;
        assertThat(told()).as("after a restart").isEmpty();
        scene.later("1m").percent(0.1);
        assertThat(told()).as("recovering").isEmpty();
        scene.later("1m").percent(0.2);
        assertThat(told())
                .containsExactly("AlertResolved: Episode 1 is over, Recovered. The rate of errors is good again: 0.2 %."
                        + " It fired for 3m, until 2026-03-29T01:04:00Z.");
        scene.take();
        assertThat(told()).isEmpty();
        scene.later("1m").percent(2).decide().later("1m").percent(2);
        assertThat(told()).singleElement().asString().startsWith("AlertFiring: Episode 2 fires");
    }

    @Test
    void givenAnAlertThatNeverFires_whenItIsOver_thenNothingIsTold() {
        scene.percent(2).decide().later("30s").percent(0.1);

        assertThat(told()).isEmpty();
    }

    @Test
    void givenAMute_whenTheAlertFires_thenItIsSaidThatNobodyHearsOfIt() {
        scene.muted("MaintenanceMode night", null)
                .percent(2)
                .decide()
                .later("1m")
                .percent(2);

        assertThat(told()).singleElement().asString().endsWith("Nobody is told while MaintenanceMode night mutes it.");
        scene.mute = null;
        assertThat(told()).as("the end of the mute").isEmpty();
    }

    @Test
    void givenAnAlertThatFires_whenItsRuleIsDeleted_thenItIsSaidThatNothingIsGoodAgain() {
        scene.percent(2).decide().later("1m").percent(2).decide().take();

        scene.rule.getMetadata().setDeletionTimestamp(scene.now.toString());

        assertThat(told()).singleElement().asString().contains("AlertResolved", "RuleDeleted", "nothing says that");
    }

    @Test
    void givenAStatusOfANewerVersion_whenItIsRead_thenWhatStandsBesideItSaysThatItFires() {
        AlertRuleStatus after = Serialization.unmarshal(
                "state: Unrecognized\nepisode: 1\nfiringSince: '2026-03-29T01:00:00Z'", AlertRuleStatus.class);
        scene.percent(2).decide().later("1m").percent(2).decide();

        assertThat(AlertEvents.between(scene.rule, after)).isEmpty();
    }
}
