package dev.mainstay.core.alert;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.status.ConditionStatus;
import dev.mainstay.core.status.Conditions;
import org.junit.jupiter.api.Test;

class AlertReportTest {

    @Test
    void givenARule_whenItIsMeasured_thenItIsReadyAndThereIsAValue() {
        Scene scene = Scene.firingAtOnce("interval: 15s").decide();
        assertThat(scene.condition("Ready").status()).isEqualTo(ConditionStatus.TRUE);
        assertThat(scene.condition("Ready").message()).contains("15s");
        assertThat(Conditions.find(scene.status().conditions(), "Evaluated")).isEmpty();

        scene.percent(0.1).decide();
        assertThat(scene.condition("Evaluated").status()).isEqualTo(ConditionStatus.TRUE);
        assertThat(scene.condition("DataAvailable").status()).isEqualTo(ConditionStatus.TRUE);
    }

    @Test
    void givenASourceThatFails_whenItIsAsked_thenItIsSaidAndWhatIsKnownOfTheDataStays() {
        Scene scene = Scene.firingAtOnce("")
                .percent(0.1)
                .decide()
                .later("1m")
                .failed()
                .decide();

        assertThat(scene.condition("Evaluated").reason()).isEqualTo("SourceFailed");
        assertThat(scene.condition("Evaluated").message()).isEqualTo("It does not answer.");
        assertThat(scene.condition("DataAvailable").status()).isEqualTo(ConditionStatus.TRUE);

        scene.evaluation = new Evaluation.Failed(null, "That is no PromQL.", scene.now);
        assertThat(scene.decide().condition("Evaluated").reason()).isEqualTo("QueryFailed");
    }

    /** VictoriaMetrics issue 4039: a rule with a typing mistake looks healthy. */
    @Test
    void givenNoData_whenThereNeverWasAny_thenThatIsSaidUntilThereIs() {
        Scene scene =
                Scene.firingAtOnce("").failed().decide().later("1m").noData().decide();
        assertThat(scene.condition("DataAvailable").reason()).isEqualTo("NeverMatched");
        assertThat(scene.later("1m")
                        .failed()
                        .decide()
                        .later("1m")
                        .noData()
                        .decide()
                        .condition("DataAvailable")
                        .reason())
                .isEqualTo("NeverMatched");

        scene.later("1m").percent(0.1).decide();
        scene.later("1m").noData().decide().later("1m").noData().decide();
        assertThat(scene.condition("DataAvailable").reason()).isEqualTo("NoData");

        scene.query = "rate(typo)";
        assertThat(scene.decide().condition("DataAvailable").reason()).isEqualTo("NeverMatched");
    }

    @Test
    void givenAPartOfTheData_whenItIsMeasured_thenThatIsSaid() {
        Scene scene = Scene.firingAtOnce("").partial(0.1).decide();

        assertThat(scene.condition("DataAvailable").reason()).isEqualTo("PartialData");
        assertThat(scene.condition("DataAvailable").message()).contains("1 of 2 answered.");
    }

    @Test
    void givenAnObstacle_whenItIsDecided_thenWhatWasMeasuredIsNotTakenForNew() {
        Scene scene = Scene.firingAtOnce("").percent(0.1).decide();
        scene.application = null;

        scene.later("1m").failed().decide();

        assertThat(scene.condition("Evaluated").status()).isEqualTo(ConditionStatus.TRUE);
        assertThat(scene.condition("Ready").status()).isEqualTo(ConditionStatus.FALSE);
    }

    @Test
    void givenNotifications_whenTheyGoOn_thenItIsSaidHowFarTheyAre() {
        Scene scene = Scene.firingAtOnce("").percent(0.1).decide();
        assertThat(scene.condition("NotificationsDelivered").message()).contains("Channels: ops.");

        scene.later("1m").percent(2).decide();
        assertThat(scene.condition("NotificationsDelivered").status()).isEqualTo(ConditionStatus.UNKNOWN);
        scene.failing("ops");
        assertThat(scene.condition("NotificationsDelivered").reason()).isEqualTo("Unreachable");
        assertThat(scene.condition("NotificationsDelivered").message()).contains("Channel ops", "It can't be reached.");
        scene.take();
        assertThat(scene.condition("NotificationsDelivered").status()).isEqualTo(ConditionStatus.TRUE);
        scene.later("1m").percent(0.1).decide().take();
        assertThat(scene.condition("NotificationsDelivered").status()).isEqualTo(ConditionStatus.TRUE);
    }
}
