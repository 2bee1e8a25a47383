package dev.mainstay.core.restore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.restore.RestoreRequest;
import dev.mainstay.api.restore.RestoreStepName;
import dev.mainstay.core.claims.Claim;
import dev.mainstay.core.claims.ClaimAnswer;
import dev.mainstay.core.claims.Grant;
import dev.mainstay.core.claims.Holder;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RestoreClaimsTest {

    private static final Instant NOW = Restores.NOW;
    private static final String GRANTED =
            "claim: {application: shop, database: main, grantedAt: \"2026-03-29T15:00:00Z\"}";

    private static RestoreRequest request(String more, String status) {
        return Restores.with(Restores.request("a", "{policyRef: {name: nightly}}", more), status);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "mode: Swap                           | database/main (shared), swap/main | database/main, swap/main, workloads",
                "mode: IntoEmpty                      | database/main                     | database/main, swap/main, workloads",
                "mode: NewDatabase, newDatabase: look | database/main (shared)            | database/main (shared)"
            })
    void givenAMode_whenItAsks_thenItAsksForWhatItNeeds(String mode, String first, String alone) {
        RestoreRequest request = request(mode.replace(", ", "\n  "), "{}");

        assertThat(text(RestoreClaims.begin(request, "main").claims())).isEqualTo(first);
        assertThat(text(RestoreClaims.alone(request, "main").claims())).isEqualTo(alone);
        assertThat(RestoreClaims.begin(request, "main").emergency()).isTrue();
    }

    /** What the record of the application is made anew from when it is lost. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "phase: Running, steps: [{name: RestoreCopy, state: Running}]                                      | database/main (shared), swap/main",
                "phase: Running, steps: [{name: RestoreCopy, state: Done}, {name: EnterMaintenance, state: Waiting}] | database/main (shared), swap/main",
                "phase: Running, steps: [{name: EnterMaintenance, state: Running}]                                 | database/main, swap/main, workloads",
                "phase: Running, steps: [{name: EnterMaintenance, state: Done}, {name: Swap, state: Waiting}]      | database/main, swap/main, workloads",
                "phase: GivingBack, steps: [{name: Swap, state: Failed}, {name: StartWorkloads, state: Skipped}]   | database/main, swap/main, workloads",
                "phase: GivingBack, steps: [{name: RestoreCopy, state: Failed}, {name: Swap, state: Skipped}]      | database/main (shared), swap/main",
                "phase: Finished, steps: [{name: LeaveMaintenance, state: Done}]                                   | "
            })
    void givenAStatus_whenAskedWhatItHolds_thenItSaysSo(String status, String held) {
        RestoreRequest request = request("", "{" + GRANTED + ", " + status + "}");

        assertThat(RestoreClaims.held(request, "shop").map(Grant::claims).map(RestoreClaimsTest::text))
                .isEqualTo(Optional.ofNullable(held));
        assertThat(RestoreClaims.held(request, "blog")).isEmpty();
    }

    @Test
    void givenARequestThatWaits_whenAskedWhatItHolds_thenItIsNothing() {
        RestoreRequest request = request(
                "",
                "{phase: Pending, claim: {application: shop, database: main, waitingFor: {kind: RollbackRequest, name: b}}}");

        assertThat(RestoreClaims.held(request, "shop")).isEmpty();
        assertThat(RestoreClaims.granted(request)).isFalse();
    }

    @Test
    void givenAnAnswer_whenItIsToWait_thenTheOneInTheWayIsNamedAndWhatItHasStays() {
        RestoreRequest request = request("", "{" + GRANTED + ", phase: Running}");
        RestoreDecision.TakeClaim asked = new RestoreDecision.TakeClaim(
                RestoreClaims.alone(request, "main"), "main", RestoreStepName.ENTER_MAINTENANCE);

        RestoreDecision.AwaitClaim wait = (RestoreDecision.AwaitClaim) RestoreClaims.answered(
                request, asked, new ClaimAnswer.Wait(new Holder("RollbackRequest", "b", "uid-b"), NOW), NOW);

        assertThat(wait.message()).startsWith("RollbackRequest b works on database main");
        assertThat(wait.claim().waitingFor().name()).isEqualTo("b");
        assertThat(wait.claim().grantedAt()).isEqualTo("2026-03-29T15:00:00Z");
    }

    @Test
    void givenAnAnswer_whenItIsGranted_thenTheStepThatAskedBegins() {
        RestoreRequest request = request("", "{}");
        RestoreDecision.TakeClaim asked =
                new RestoreDecision.TakeClaim(RestoreClaims.alone(request, "main"), "main", RestoreStepName.SWAP);

        RestoreDecision.Granted granted = (RestoreDecision.Granted)
                RestoreClaims.answered(request, asked, new ClaimAnswer.Granted(NOW.plusMillis(7)), NOW);

        assertThat(granted.before()).isEqualTo(RestoreStepName.SWAP);
        assertThat(granted.claim().database()).isEqualTo("main");
        assertThat(granted.claim().grantedAt()).isEqualTo(NOW);
        assertThat(granted.claim().waitingFor()).isNull();
    }

    @Test
    void givenTheSameSpecTwice_whenCompared_thenItIsKnownAgainByNameAndSpecAlone() {
        RestoreRequest first = request("", "{}");
        RestoreRequest second = request("", "{phase: Running}");
        RestoreRequest other = request("dryRun: true", "{}");

        assertThat(RestoreClaims.executed(first)).isEqualTo(RestoreClaims.executed(second));
        assertThat(RestoreClaims.executed(other).spec())
                .isNotEqualTo(RestoreClaims.executed(first).spec());
    }

    private static String text(List<Claim> claims) {
        return claims.stream().map(Object::toString).collect(Collectors.joining(", "));
    }
}
