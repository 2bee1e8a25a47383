package dev.mainstay.core.runbook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.claims.HeldClaim;
import dev.mainstay.api.runbook.RunOutcome;
import dev.mainstay.api.status.Condition;
import dev.mainstay.core.claims.Claim;
import dev.mainstay.core.claims.ClaimRequest;
import dev.mainstay.core.claims.Grant;
import dev.mainstay.core.claims.Holder;
import dev.mainstay.core.claims.Operation;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a step has for itself while it works, and what becomes of it when somebody else has it, or needs it. */
class StepClaimsTest {

    private static final String MAINTAIN = "databaseMaintain: {analyze: {}}";
    private static final Holder BACKUP = new Holder("DatabaseBackup", "nightly-1", "uid-backup");
    private static final Holder RESTORE = new Holder("RestoreRequest", "back", "uid-restore");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "restart: {}|workloads",
                "'scale: {workload: web, by: 1, ceiling: 9}'|workloads",
                MAINTAIN + "|database/main",
                "'databaseMaintain: {database: main, analyze: {}}'|database/main",
                "'databaseMaintain: {database: other, analyze: {}}'|",
                "'cacheClear: {prefixes: [a]}'|cache/sessions",
                "'cacheClear: {prefixes: [a], dryRun: true}'|",
                "'cacheReview: {}'|",
                "httpCheck: {}|"
            })
    void aStepHasWhatItChangesForItself(String step, String resource) {
        RunWorld world = world("steps: [{name: does, %s}]".formatted(step));
        StepTurn turn = new StepTurn(
                world.run, world.application, world.runbook.getSpec().steps().getFirst(), 1);

        assertThat(StepType.of(turn.step()).orElseThrow().claims(turn))
                .isEqualTo(resource == null ? List.of() : List.of(Claim.alone(resource)));
    }

    @Test
    void givenARunThatKeepsTheWorkloads_whenItWaitsForAPerson_thenAnotherOneCanBeToldSo() {
        RunWorld world = world("steps: [{name: more, scale: {workload: web, to: 5}},"
                + " {name: confirm, manual: {text: Look.}}, {name: less, scale: {workload: web, restore: true}}]");
        world.rest();

        assertThat(RunClaims.granted(world.run)).isTrue();
        assertThat(RunClaims.awaitsPerson(world.run)).isTrue();

        world.approve("confirm@alice").rest();
        assertThat(RunClaims.awaitsPerson(world.run)).isFalse();
    }

    @Test
    void givenABackupOfTheDatabase_whenItIsToBeMaintained_thenTheStepWaitsUntilTheBackupHasEnded() {
        RunWorld world = world("steps: [{name: does, %s}]".formatted(MAINTAIN));
        taken(world, Operation.BACKUP, BACKUP);
        world.rest();

        HeldClaim waiting = world.run.getStatus().claim();
        assertThat(waiting.grantedAt()).isNull();
        assertThat(waiting.waitingFor().name()).isEqualTo("nightly-1");
        assertThat(world.run.getStatus().conditions())
                .extracting(Condition::message)
                .anyMatch(message ->
                        message.contains("DatabaseBackup nightly-1 works on database main of ManagedApplication shop"));
        assertThat(world.step("does").attempts()).isZero();

        world.changed.claims = world.changed.claims.without(BACKUP::equals);
        world.rest();

        assertThat(world.run.getStatus().claim().resources()).containsExactly("database/main");
        assertThat(world.step("does").attempts()).isEqualTo(1);
        assertThat(RunClaims.held(world.run, "shop"))
                .get()
                .extracting(Grant::claims)
                .isEqualTo(Operation.STEP_DATABASE_MAINTAIN.claims("main"));
    }

    @Test
    void givenAScaleThatIsGivenBackLater_whenAStepBetweenNeedsMore_thenTheWorkloadsStayItsOwnWhileItWaits() {
        RunWorld world = world("""
                steps:
                - {name: more, scale: {workload: web, by: 1, ceiling: 9}}
                - {name: does, %s}
                - {name: back, scale: {workload: web, restore: true}}
                """.formatted(MAINTAIN));
        taken(world, Operation.BACKUP, BACKUP);
        world.rest();

        HeldClaim held = world.run.getStatus().claim();
        assertThat(held.resources()).containsExactly("workloads");
        assertThat(held.grantedAt()).isNotNull();
        assertThat(held.waitingFor().name()).isEqualTo("nightly-1");
        assertThat(world.changed.claims.of(RunClaims.holder(world.run)))
                .get()
                .extracting(Grant::claims)
                .isEqualTo(Operation.STEP_SCALE.claims(null));

        world.changed.claims = world.changed.claims.without(BACKUP::equals);
        world.rest();

        assertThat(world.run.getStatus().claim().resources()).containsExactly("workloads", "database/main");
        assertThat(world.run.getStatus().claim().waitingFor()).isNull();
    }

    @Test
    void givenADatabaseIsMaintained_whenItIsToBeRestored_thenTheRunMakesRoom() {
        RunWorld world = world("steps: [{name: does, %s}]".formatted(MAINTAIN));
        world.rest();
        assertThat(world.run.getStatus().claim().resources()).containsExactly("database/main");

        taken(world, Operation.RESTORE_ASIDE, RESTORE);
        world.rest();

        assertThat(world.run.getStatus().outcome()).isEqualTo(RunOutcome.CANCELLED);
        assertThat(world.run.getStatus().conditions())
                .extracting(Condition::message)
                .anyMatch(
                        message -> message.contains("makes room for RestoreRequest back, which needs database main."));
        assertThat(world.changed.claims.of(RunClaims.holder(world.run))).isEmpty();
    }

    private static void taken(RunWorld world, Operation operation, Holder holder) {
        world.changed.claims = world.changed
                .claims
                .decide(ClaimRequest.of(operation, holder, "main"), world.now)
                .after();
    }

    private static RunWorld world(String steps) {
        RunWorld world = new RunWorld(steps, "");
        world.application = Serialization.unmarshal("""
                metadata: {name: shop, namespace: shop, uid: uid-shop}
                spec:
                  workloads: [{name: web}]
                  databases: [{name: main, postgres: {host: db, database: shop, credentialsSecretRef: {name: a}, adminSecretRef: {name: b}}}]
                  caches: [{name: sessions, redis: {host: cache}}]
                """, ManagedApplication.class);
        return world;
    }
}
