package dev.mainstay.core.mode;

import static dev.mainstay.core.mode.Modes.NOW;
import static dev.mainstay.core.mode.Modes.annotated;
import static dev.mainstay.core.mode.Modes.application;
import static dev.mainstay.core.mode.Modes.mode;
import static dev.mainstay.core.mode.Modes.observation;
import static dev.mainstay.core.mode.Modes.page;
import static dev.mainstay.core.mode.Modes.service;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.claims.HeldClaim;
import dev.mainstay.api.mode.MaintenanceMode;
import dev.mainstay.api.mode.MaintenanceModeStatus;
import dev.mainstay.core.rollback.ServiceState;
import dev.mainstay.core.status.Conditions;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Of several modes the earliest gives the page, and the others say so where theirs is another. */
class PageNotShownTest {

    private static final ServiceState LED = annotated(
            service(
                    "web",
                    "{'mainstay.dev/maintenance-page': 'shop'}",
                    "",
                    List.of(Modes.PAGE + "-0", Modes.PAGE + "-1")),
            "app=web");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "early | 'page: {passPaths: [{path: /health}]}' | spec.page.passPaths",
                "early | 'page: {title: Back soon}'             | spec.page is not shown",
                "early | ''                                     | ",
                "early | 'page: {title: Under maintenance}'     | ",
                "night | 'page: {passPaths: [{path: /health}]}' | "
            })
    void givenAnEarlierMode_whenAnotherOneHasAPageOfItsOwn_thenItsWarningsSayThatItIsNotShown(
            String first, String spec, String told) {
        MaintenanceMode late = mode(spec);
        late.setStatus(Serialization.unmarshal(
                "phase: Active\nservices: [{name: web, selector: app=web, redone: 0}]", MaintenanceModeStatus.class));
        MaintenanceMode other = mode(first.equals("night") ? "other" : first, "", true);
        PageSpec shown = PageSpec.of(List.of(late, other), application("[{name: web}]"), List.of(LED), Modes.IMAGE);

        ModeDecision.Stay stay = (ModeDecision.Stay)
                ModeDecider.decide(observation(late, List.of(other), List.of(LED), page(shown, 2)), NOW);

        if (told == null) {
            assertThat(stay.warnings()).isEmpty();
        } else {
            assertThat(stay.warnings()).singleElement().asString().contains(told, "MaintenanceMode early");
        }
    }

    @Test
    void givenAModeThatEnds_whenItsTurnHasCome_thenItSaysWhatItIsAbout() {
        MaintenanceMode leaving = mode("duration: 10m", "phase: Leaving");

        MaintenanceModeStatus status =
                ModeReport.of(leaving, new ModeDecision.Claimed(new HeldClaim("shop", null, NOW, null)), NOW);

        assertThat(Conditions.find(status.conditions(), "Ready").orElseThrow().message())
                .isEqualTo("Nobody else works on the workloads: they are given back what they had.");
    }
}
