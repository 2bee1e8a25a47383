package dev.mainstay.core.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.mainstay.api.mode.MaintenanceMode;
import dev.mainstay.api.restore.RestoreOutcome;
import dev.mainstay.api.restore.RestoreRequest;
import dev.mainstay.api.restore.RestoreStepName;
import dev.mainstay.core.restore.RestoreDecision.End;
import dev.mainstay.core.restore.RestoreDecision.EndMode;
import dev.mainstay.core.restore.RestoreDecision.Fail;
import dev.mainstay.core.restore.RestoreDecision.MakeBackup;
import dev.mainstay.core.restore.RestoreDecision.MakeMode;
import dev.mainstay.core.restore.RestoreDecision.NotLeft;
import dev.mainstay.core.restore.RestoreDecision.Skip;
import dev.mainstay.core.restore.RestoreDecision.Watch;
import dev.mainstay.core.status.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the API server does not do for a restore is waited for where it may pass, never without end, and told in its words. */
class RestoreDeclinedTest {

    private static final Instant NOW = Restores.NOW;
    private static final Declined QUOTA = new Declined(Reason.QUOTA_EXCEEDED, true, "exceeded quota: objects, used: 9");
    private static final Declined WEBHOOK = new Declined(Reason.REJECTED, true, "failed calling webhook");
    private static final Declined DENIED =
            new Declined(Reason.FORBIDDEN, false, "admission webhook denied it: no modes");

    private static Restores at(RestoreStepName step, int minutes, String more, String message) {
        RestoreRequest request =
                Restores.with(Restores.request("a", "{policyRef: {name: nightly}}", more), """
                {phase: Running, step: %1$s, claim: {application: shop, database: main, grantedAt: "%2$s"},
                 plan: {backup: last, policy: nightly, location: "s3://b/last/", database: ecommerce,
                        copy: ecommerce_restore_1, previous: ecommerce_before_1, goesBackTo: "2026-03-29T02:00:00Z"},
                 previous: {database: ecommerce_before_1, since: "%2$s"},
                 steps: [{name: %1$s, state: Running, startedAt: "%2$s", message: %3$s}]}
                """.formatted(
                                step.text(), NOW.minus(Duration.ofMinutes(minutes)), message));
        return new Restores(request)
                .application(RestoreBoundsTest.application())
                .policy("nightly", "applicationRef: {name: shop}");
    }

    private static RestoreDecision decide(Restores known) {
        return RestoreDecider.decide(known.observation(), NOW);
    }

    @Test
    void givenAModeThatIsNotTaken_thenItIsTriedAgainWhereThatMayHelp() {
        RestoreObservation known =
                at(RestoreStepName.ENTER_MAINTENANCE, 1, "", "null").observation();
        MakeMode make = (MakeMode) RestoreDecider.decide(known, NOW);

        for (Declined passing : List.of(QUOTA, WEBHOOK)) {
            assertThat(RestoreRefusal.notMade(known, make, passing, NOW))
                    .asInstanceOf(type(Watch.class))
                    .satisfies(watch -> {
                        assertThat(watch.reason()).isEqualTo(passing.reason());
                        assertThat(watch.stuck()).isTrue();
                        assertThat(watch.message()).contains(passing.said());
                        assertThat(watch.next()).isEqualTo(Duration.ofSeconds(5));
                    });
        }
        assertThat(RestoreRefusal.notMade(known, make, DENIED, NOW))
                .asInstanceOf(type(Fail.class))
                .satisfies(fail -> {
                    assertThat(fail.why().reason()).isEqualTo("Forbidden");
                    assertThat(fail.why().message())
                            .isEqualTo("The API server does not take MaintenanceMode "
                                    + make.mode().getMetadata().getName()
                                    + ": admission webhook denied it: no modes. To restore without a page, make a request with"
                                    + " spec.maintenanceMode: false.");
                });
    }

    @ParameterizedTest
    @CsvSource({"9, false", "11, true"})
    void givenAModeThatIsNeverTaken_whenItsTimeIsUp_thenItFailsWithTheWordsThatWereSaidLast(int minutes, boolean over) {
        RestoreDecision decision =
                decide(at(RestoreStepName.ENTER_MAINTENANCE, minutes, "", "It says that it is full."));

        assertThat(decision).isInstanceOf(over ? Fail.class : MakeMode.class);
        if (decision instanceof Fail fail) {
            assertThat(fail.why().message())
                    .startsWith("There was no page after 10m. It says that it is full. To restore without a page,");
        }
    }

    @ParameterizedTest
    @CsvSource({"BestEffort, true", "Required, false"})
    void givenABackupThatIsNotTaken_thenItIsTriedAgainWhereThatMayHelpAndElseDoneWithout(
            String wanted, boolean goesOn) {
        RestoreObservation known = at(RestoreStepName.SAFETY_BACKUP, 1, "safetyBackup: " + wanted, "null")
                .observation();
        MakeBackup make = (MakeBackup) RestoreDecider.decide(known, NOW);

        assertThat(RestoreRefusal.notMade(known, make, QUOTA))
                .asInstanceOf(type(Watch.class))
                .satisfies(watch -> assertThat(watch.message()).contains("exceeded quota: objects, used: 9"));
        RestoreDecision denied = RestoreRefusal.notMade(known, make, DENIED);
        assertThat(denied).isInstanceOf(goesOn ? Skip.class : Fail.class);
        assertThat(denied instanceof Fail fail ? fail.why().message() : ((Skip) denied).message())
                .startsWith("The API server does not take DatabaseBackup ")
                .contains("no modes.")
                .contains("BestEffort");
    }

    @ParameterizedTest
    @CsvSource({"9, false", "11, true"})
    void givenABackupThatIsNeverTaken_whenItsTimeIsUp_thenItIsDoneWithout(int minutes, boolean over) {
        RestoreDecision decision =
                decide(at(RestoreStepName.SAFETY_BACKUP, minutes, "safetyBackup: Required", "It is full."));

        assertThat(decision).isInstanceOf(over ? Fail.class : MakeBackup.class);
        if (decision instanceof Fail fail) {
            assertThat(fail.why().reason()).isEqualTo("SafetyBackupFailed");
            assertThat(fail.why().message())
                    .startsWith("There was no backup of the database in use after 10m. It is full.");
        }
    }

    @ParameterizedTest
    @CsvSource({"9, false", "11, true"})
    void givenAModeThatMayNotBeEnded_whenItsTimeIsUp_thenItEndsAndHasTheCommand(int minutes, boolean over) {
        Restores restore =
                at(RestoreStepName.LEAVE_MAINTENANCE, minutes, "", "null").mode("phase: Active");
        assertThat(decide(restore)).isInstanceOf(EndMode.class);

        RestoreDecision decision =
                RestoreDecider.decide(restore.observation().withModeKept("you may not delete it"), NOW);

        assertThat(decision).isInstanceOf(over ? NotLeft.class : Watch.class);
        assertThat(decision instanceof NotLeft kept ? kept.why().message() : ((Watch) decision).message())
                .contains("kubectl delete maintenancemode ")
                .contains("--namespace shop")
                .contains("It says: you may not delete it.");
        if (decision instanceof NotLeft) {
            RestoreRequest request = restore.observation().request();
            request.setStatus(RestoreStatusReport.of(request, decision, NOW));
            assertThat(decide(restore)).asInstanceOf(type(End.class)).satisfies(end -> {
                assertThat(end.outcome()).isEqualTo(RestoreOutcome.UNHEALTHY);
                assertThat(end.reason()).isEqualTo(Reason.REJECTED);
                assertThat(end.message())
                        .startsWith("Database ecommerce is the one of 2026-03-29T02:00:00Z.")
                        .contains("kubectl delete maintenancemode ");
            });
        }
    }

    /** One that is deleted, and can't lead the Services back. */
    @ParameterizedTest
    @CsvSource({"Forbidden, 9, false", "Forbidden, 11, true", ", 11, false"})
    void givenAModeThatCanNotGo_whenItsTimeIsUp_thenItEndsAndSaysWhatToDo(String stalled, int minutes, boolean over) {
        Restores restore = at(RestoreStepName.LEAVE_MAINTENANCE, minutes, "", "null");
        MaintenanceMode mode = RestoreMaintenance.mode(restore.observation().request());
        mode.getMetadata().setDeletionTimestamp(NOW.toString());
        mode.setStatus(Restores.modeStatus(
                stalled == null
                        ? "conditions: [{type: Ready, status: \"False\", reason: x, message: Pods are waited for.}]"
                        : "conditions: [{type: Stalled, status: \"True\", reason: Forbidden, message: x},"
                                + " {type: Ready, status: \"False\", reason: Forbidden, message: It may not.}]"));

        RestoreDecision decision = decide(restore.mode(mode));

        assertThat(decision).isInstanceOf(over ? NotLeft.class : Watch.class);
        if (decision instanceof NotLeft kept) {
            assertThat(kept.why().reason()).isEqualTo("Forbidden");
            assertThat(kept.why().message())
                    .startsWith("The page is still there after 10m. MaintenanceMode ")
                    .contains("It may not.")
                    .contains("status.undoCommand")
                    .endsWith("mainstay.dev/force-release=true");
        }
    }

    @ParameterizedTest
    @CsvSource({"9, false", "11, true"})
    void givenARestoreThatIsGivenBack_whenItsModeMayNotBeEnded_thenItIsNotWaitedForWithoutEnd(
            int minutes, boolean over) {
        RestoreRequest request = Restores.with(Restores.request("a", "{policyRef: {name: nightly}}", ""), """
                {phase: GivingBack, step: StopWorkloads, claim: {application: shop, database: main},
                 failure: {reason: Rejected, message: It was not taken.},
                 plan: {location: "s3://b/last/", database: ecommerce, copy: ecommerce_restore_1, previous: ecommerce_before_1},
                 steps: [{name: EnterMaintenance, state: Done},
                         {name: StopWorkloads, state: Failed, finishedAt: "%s"}]}
                """.formatted(
                        NOW.minus(Duration.ofMinutes(minutes))));
        Restores restore = new Restores(request)
                .application(RestoreBoundsTest.application())
                .mode("phase: Active");
        assertThat(decide(restore)).isInstanceOf(EndMode.class);

        RestoreDecision decision = RestoreDecider.decide(restore.observation().withModeKept("no right"), NOW);

        assertThat(decision).isInstanceOf(over ? End.class : Watch.class);
        assertThat(decision instanceof End end ? end.message() : ((Watch) decision).message())
                .startsWith("It was not taken. MaintenanceMode ")
                .contains("kubectl delete maintenancemode ")
                .contains("It says: no right.");
    }
}
