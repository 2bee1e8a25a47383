package dev.mainstay.core.restore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.backup.DatabaseBackup;
import dev.mainstay.api.restore.RestoreOutcome;
import dev.mainstay.api.restore.RestoreRequest;
import dev.mainstay.api.restore.RestoreStepName;
import dev.mainstay.core.backup.SlotBackup;
import dev.mainstay.core.restore.RestoreDecision.Begin;
import dev.mainstay.core.restore.RestoreDecision.Done;
import dev.mainstay.core.restore.RestoreDecision.End;
import dev.mainstay.core.restore.RestoreDecision.Fail;
import dev.mainstay.core.restore.RestoreDecision.MakeBackup;
import dev.mainstay.core.restore.RestoreDecision.Skip;
import dev.mainstay.core.restore.RestoreDecision.Watch;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.TaskJson;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The database in use is backed up before it is replaced, when that is asked for. */
class SafetyBackupsTest {

    private static final Instant NOW = Restores.NOW;
    private static final String OF_THE_SHOP = "applicationRef: {name: shop}";

    private static RestoreRequest request(String wanted, String more) {
        return Restores.request("a", "{policyRef: {name: nightly}}", "safetyBackup: " + wanted + "\n  " + more);
    }

    /** At the step. */
    private static RestoreRequest due(String wanted) {
        return Restores.with(request(wanted, ""), """
                {phase: Running, step: SafetyBackup, claim: {application: shop, database: main, grantedAt: "2026-03-29T15:21:01Z"},
                 steps: [{name: Plan, state: Done}, {name: SafetyBackup, state: Waiting}, {name: RestoreCopy, state: Waiting}],
                 plan: {backup: last, policy: nightly, location: "s3://b/last/", database: ecommerce,
                        copy: ecommerce_restore_1, previous: ecommerce_before_1, goesBackTo: "2026-03-29T02:00:00Z",
                        writesLost: 13h22m}}
                """);
    }

    private static RestoreDecision decide(Restores restores) {
        return RestoreDecider.decide(
                restores.application(Restores.application("host: shop-db-rw")).observation(), NOW);
    }

    @Test
    void givenARestore_whenItBegins_thenTheBackupComesBeforeAnythingIsStopped() {
        RestoreRequest request = Restores.with(
                request("Required", "stopWorkloads: BeforeRestore"),
                "{claim: {application: shop, database: main, grantedAt: \"2026-03-29T15:21:01Z\"}}");
        request.getMetadata().setFinalizers(List.of(Annotations.RESTORE_FINALIZER));
        request.getMetadata()
                .setAnnotations(
                        Map.of(Annotations.EXECUTED_BY, request.getMetadata().getUid()));

        Begin begin = (Begin)
                decide(new Restores(request).policy("nightly", OF_THE_SHOP).good("last", "2026-03-29T02:00:00Z"));

        assertThat(begin.steps())
                .startsWith(
                        RestoreStepName.PLAN,
                        RestoreStepName.SAFETY_BACKUP,
                        RestoreStepName.ENTER_MAINTENANCE,
                        RestoreStepName.STOP_WORKLOADS,
                        RestoreStepName.RESTORE_COPY);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nightly | applicationRef: {name: shop}                   | true",
                "nightly | 'applicationRef: {name: shop}, database: main' | true",
                "nightly | 'applicationRef: {name: shop}, database: log'  | false",
                "nightly | applicationRef: {name: other}                  | false"
            })
    void givenOneIsRequired_whenNoPolicyCanMakeIt_thenTheRestoreIsBlockedAtOnce(
            String policy, String spec, boolean possible) {
        RestoreDecision decision = decide(new Restores(request("Required", "")).policy(policy, spec));

        if (possible) {
            assertThat(decision).isInstanceOf(RestoreDecision.Mark.class);
        } else {
            End end = (End) decision;
            assertThat(end.outcome()).isEqualTo(RestoreOutcome.BLOCKED);
            assertThat(end.reason()).isEqualTo(Reason.POLICY_NOT_FOUND);
            assertThat(end.message()).contains("database main of ManagedApplication shop", "spec.safetyBackup");
        }
    }

    @Test
    void givenSeveralPolicies_whenItIsMade_thenTheOneWhoseBackupIsRestoredMakesIt() {
        Restores restores =
                new Restores(due("Required")).policy("a-first", OF_THE_SHOP).policy("nightly", OF_THE_SHOP);

        DatabaseBackup backup = ((MakeBackup) decide(restores)).backup();

        assertThat(backup.getSpec().policyRef().name()).isEqualTo("nightly");
        assertThat(backup.getSpec().reason()).isEqualTo("Before RestoreRequest a: orders are gone");
        assertThat(backup.getMetadata().getName())
                .isEqualTo(SafetyBackups.name(restores.observation().request()));
        assertThat(backup.getMetadata().getOwnerReferences()).isEmpty();
        assertThat(SlotBackup.madeBeforeRestore(backup)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{phase: Pending}", "{phase: Running}", "{phase: Verifying}"})
    void givenItIsNotFinished_whenLookedAt_thenItIsWaitedFor(String status) {
        Watch watch = (Watch) decide(new Restores(due("Required")).safetyBackup(status));

        assertThat(watch.step()).isEqualTo(RestoreStepName.SAFETY_BACKUP);
        assertThat(watch.message()).contains("DatabaseBackup safety");
    }

    @Test
    void givenItSucceeded_whenLookedAt_thenTheRestoreGoesOn() {
        assertThat(decide(new Restores(due("Required")).safetyBackup("{phase: Succeeded}")))
                .isInstanceOf(Done.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Failed", "Skipped", "Expired"})
    void givenItDidNotSucceed_whenLookedAt_thenItIsToldAndOnlyOneThatIsRequiredEndsTheRestore(String phase) {
        String status = "{phase: " + phase + ", failure: {reason: StorageDenied, message: The bucket is closed.}}";

        Fail fail = (Fail) decide(new Restores(due("Required")).safetyBackup(status));
        Skip skip = (Skip) decide(new Restores(due("BestEffort")).safetyBackup(status));

        assertThat(fail.why().reason()).isEqualTo(Reason.SAFETY_BACKUP_FAILED.text());
        assertThat(fail.why().message()).contains("DatabaseBackup safety", "The bucket is closed.");
        assertThat(skip.message()).contains("The bucket is closed.", "goes on without");
    }

    /** A step that has waited for so many minutes. */
    private static RestoreRequest waiting(String wanted, int minutes) {
        RestoreRequest request = due(wanted);
        return Restores.with(
                request,
                TaskJson.write(request.getStatus())
                        .replace(
                                "\"name\":\"SafetyBackup\",\"state\":\"Waiting\"",
                                "\"name\":\"SafetyBackup\",\"state\":\"Running\",\"startedAt\":\""
                                        + NOW.minus(Duration.ofMinutes(minutes)) + "\""));
    }

    /** Of a backup that has not begun nobody knows whether it ever does; one that has may take its time. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "  9 | x                                                                     | false",
                " 11 | x                                                                     | true",
                "  1 | {type: Stalled, status: 'False', reason: ConcurrencyLimit, message: x} | false",
                "  1 | {type: Stalled, status: 'True', reason: InvalidSpec, message: x}       | true",
                "  1 | {type: Ready, status: 'False', reason: Paused, message: x}             | true",
            },
            quoteCharacter = '"')
    void givenItHasNoAttempt_whenItDoesNotBegin_thenTheRestoreDoesNotWaitForIt(
            int minutes, String condition, boolean over) {
        String status = "{phase: Pending, conditions: [" + (condition.equals("x") ? "" : condition) + "]}";

        RestoreDecision skipped = decide(new Restores(waiting("BestEffort", minutes)).safetyBackup(status));
        RestoreDecision failed = decide(new Restores(waiting("Required", minutes)).safetyBackup(status));

        assertThat(skipped).isInstanceOf(over ? Skip.class : Watch.class);
        assertThat(failed).isInstanceOf(over ? Fail.class : Watch.class);
        if (over) {
            assertThat(((Skip) skipped).message()).contains("has not begun", "DatabaseBackup safety");
            assertThat(((Fail) failed).why().reason()).isEqualTo(Reason.SAFETY_BACKUP_FAILED.text());
        }
    }

    @ParameterizedTest
    @CsvSource({"11, false", "359, false", "361, true"})
    void givenItHasBegun_whenItDoesNotEnd_thenTheTimeOfTheRestoreIsItsLimit(int minutes, boolean over) {
        String status = """
                {phase: Running, attempts: [{number: 1}],
                 conditions: [{type: Stalled, status: "True", reason: PodUnschedulable, message: x}]}
                """;

        RestoreDecision decision = decide(new Restores(waiting("BestEffort", minutes)).safetyBackup(status));

        assertThat(decision).isInstanceOf(over ? Skip.class : Watch.class);
        if (decision instanceof Watch watch) {
            assertThat(watch.stuck()).isTrue();
        }
    }

    @Test
    void givenThePolicyIsGoneInTheMiddle_whenItIsDue_thenOnlyOneThatIsRequiredEndsTheRestore() {
        assertThat(decide(new Restores(due("Required")))).isInstanceOf(Fail.class);
        assertThat(decide(new Restores(due("BestEffort")))).isInstanceOf(Skip.class);
    }
}
