package dev.mainstay.e2e.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.backup.BackupPhase;
import dev.mainstay.api.backup.BackupPolicyStatus;
import dev.mainstay.api.backup.DatabaseBackup;
import dev.mainstay.core.task.Finding;
import dev.mainstay.core.task.Finding.Severity;
import dev.mainstay.core.task.PreflightReport;
import dev.mainstay.core.task.ResultLines;
import dev.mainstay.core.task.Task;
import dev.mainstay.core.task.TaskKind;
import dev.mainstay.e2e.harness.TestNamespace;
import dev.mainstay.e2e.operator.OperatorProcess;
import dev.mainstay.e2e.operator.Shop;
import dev.mainstay.e2e.runner.Behaviour;
import dev.mainstay.e2e.runner.FakeBucket.Mark;
import dev.mainstay.e2e.runner.FakeRunner;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a policy does in the course of time: what it missed of its schedule, and what becomes of backups that are old. */
@Tag("simulated")
class PolicySimulatedTest {

    private static final Duration SOON = Duration.ofMinutes(2);

    @RegisterExtension
    static final TestNamespace NAMESPACE = new TestNamespace();

    private static final Map<String, Function<Task, Behaviour>> SCRIPTS = new ConcurrentHashMap<>();

    @AutoClose
    private static OperatorProcess operator;

    @AutoClose
    private static FakeRunner runner;

    @BeforeAll
    static void start() {
        runner = new FakeRunner(
                NAMESPACE.client(),
                NAMESPACE.name(),
                task -> SCRIPTS.get(task.origin().policy()).apply(task));
        // They are finished before the operator sees them.
        Shop thinned = new Shop(NAMESPACE, "thinned");
        List.of(thinned.stored("old", "2026-01-01T01:00:00Z"), thinned.stored("old-by-hand", null))
                .forEach(old -> runner.bucket().put(old.getStatus().location(), Mark.MANIFEST));
        operator = OperatorProcess.started(NAMESPACE.name());
    }

    @Test
    void givenAnOperatorThatWasAwayForHours_whenItIsBack_thenTheLatestSlotRunsAndTheOthersAreCounted() {
        Shop shop = shop("away", task -> Behaviour.SUCCEED).open();
        shop.policySpec("""
                {"schedule": "0 * * * *", "startingDeadline": "2h"}""");
        await().atMost(SOON)
                .until(() -> shop.findPolicy().getStatus() != null
                        && shop.findPolicy().getStatus().scheduled() != null);
        operator.kill();
        // As an operator left it that stopped five hours ago.
        Instant stopped = shop.findPolicy().getStatus().scheduled().since().minus(5, ChronoUnit.HOURS);
        NAMESPACE
                .client()
                .resource(shop.findPolicy())
                .subresource("status")
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        "{\"status\": {\"scheduled\": {\"since\": \"%s\"}}}".formatted(stopped));

        operator.start();

        await().atMost(SOON).until(() -> shop.slotPhases().equals(List.of(BackupPhase.SUCCEEDED)));
        Instant slot = shop.slots().getFirst().getStatus().slot();
        BackupPolicyStatus status = shop.findPolicy().getStatus();
        assertThat(Duration.between(slot, Instant.now())).isLessThan(Duration.ofHours(1));
        assertThat(status.lastSlot()).isEqualTo(slot);
        assertThat(status.missedRuns())
                .isEqualTo(Duration.between(stopped.truncatedTo(ChronoUnit.HOURS), slot)
                                .toHours()
                        - 1);
        assertThat(status.lastSkipped().slot()).isEqualTo(slot.minus(1, ChronoUnit.HOURS));
    }

    @Test
    void givenAPolicy_whenAPreflightFindsGaps_thenTheyStandInItsConfigMapUntilTheyAreClosed() {
        Finding gap = new Finding(Severity.ERROR, "rights in schema audit", "PermissionDenied", "Run: GRANT it.");
        runner.preflight("gaps", new PreflightReport(1, 0, "ab".repeat(32), List.of(gap)));
        Shop shop = shop("gaps", task -> Behaviour.SUCCEED).open();

        await().atMost(SOON).until(() -> preflight(shop).equals("FALSE/GapsFound"));
        ConfigMap findings = NAMESPACE.find(
                ConfigMap.class, shop.findPolicy().getStatus().preflight().configMap());
        assertThat(findings.getData().get("findings"))
                .contains("rights in schema audit")
                .contains("GRANT it.");
        assertThat(findings.getMetadata().getOwnerReferences())
                .singleElement()
                .satisfies(owner -> assertThat(owner.getName()).isEqualTo("gaps"));
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(
                                NAMESPACE.all(Event.class).list().getItems())
                        .filteredOn(event -> event.getReason().equals("GapsFound"))
                        .singleElement()
                        .satisfies(event -> assertThat(event.getType()).isEqualTo("Warning"))
                        .satisfies(event ->
                                assertThat(event.getRegarding().getName()).isEqualTo("gaps")));

        runner.preflight("gaps", new PreflightReport(0, 0, ResultLines.sha256("[]"), List.of()));
        shop.policySpec("""
                {"lockWaitTimeout": "3m"}""");

        await().atMost(SOON).until(() -> preflight(shop).equals("TRUE/Passed"));
        assertThat(NAMESPACE
                        .find(ConfigMap.class, findings.getMetadata().getName())
                        .getData()
                        .get("findings"))
                .endsWith("Nothing keeps backups from succeeding.\n");
    }

    private static String preflight(Shop shop) {
        BackupPolicyStatus status = shop.findPolicy().getStatus();
        return status == null ? "" : Shop.condition(status.conditions(), "PreflightPassed");
    }

    @Test
    void givenMoreFailedBackupsOfSlotsThanTheHistoryHolds_whenTheyEnd_thenTheNewestAndThoseByHandStay() {
        Shop shop = shop("history", task -> Behaviour.SUCCEED);
        shop.policy("1m");
        shop.policySpec("""
                {"failedHistoryLimit": 1}""");
        DatabaseBackup byHand = shop.backup();
        // The application is missing, and the time of these slots is long over.
        for (int day = 1; day <= 3; day++) {
            int failures = day;
            shop.slotBackup("history-" + day, "2026-03-0" + day + "T01:00:00Z");
            await().atMost(SOON)
                    .until(() -> shop.findPolicy().getStatus() != null
                            && Objects.equals(shop.findPolicy().getStatus().consecutiveFailures(), failures));
        }

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(shop.backups())
                        .hasSize(2)
                        .anyMatch(backup -> backup.getMetadata()
                                .getName()
                                .equals(byHand.getMetadata().getName())));
        assertThat(shop.findPolicy().getStatus().consecutiveFailures()).isEqualTo(3);
        assertThat(shop.findPolicy().getStatus().lastFailure().reason()).isEqualTo("ApplicationNotFound");
    }

    @Test
    void givenRetention_whenANewBackupIsProven_thenTheOldOnesObjectsAreGoneOrSayThatTheirDataIs() {
        Shop shop = shop("thinned", task -> Behaviour.SUCCEED).open();
        shop.policySpec("""
                {"retention": {"keepLast": 1}}""");

        shop.backup();

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(shop.backups())
                        .extracting(
                                backup -> backup.getMetadata().getName(),
                                backup -> backup.getStatus() == null
                                        ? null
                                        : backup.getStatus().phase())
                        .containsExactlyInAnyOrder(
                                tuple("thinned", BackupPhase.SUCCEEDED), tuple("old-by-hand", BackupPhase.EXPIRED)));
        assertThat(shop.status().orElseThrow().retention().removed()).isEqualTo(2);
        await().atMost(SOON).until(() -> shop.findPolicy().getStatus().stored() != null);
        assertThat(shop.findPolicy().getStatus().stored().count()).isEqualTo(1);
        assertThat(Shop.condition(shop.findPolicy().getStatus().conditions(), "RetentionApplied"))
                .isEqualTo("TRUE/Applied");
    }

    @Test
    void givenBothKeysOfDeletion_whenAFinishedBackupIsDeleted_thenItsDataGoesBeforeIt() {
        Shop shop = shop("deletes", task -> Behaviour.SUCCEED).open();
        shop.policySpec("""
                {"deletionPolicy": "Delete"}""");
        DatabaseBackup backup = shop.backup();
        await().atMost(SOON).until(shop::finished);
        String location = shop.status().orElseThrow().location();

        shop.annotateBackup(Annotations.ALLOW_DATA_DELETION, "true");
        await().atMost(SOON).until(() -> armed(shop));
        NAMESPACE.client().resource(backup).delete();

        await().atMost(SOON).until(() -> shop.backups().isEmpty());
        assertThat(runner.bucket().contents()).containsEntry(location, Mark.REMOVED);
        assertThat(events(backup)).contains("DataRemoved");
    }

    @Test
    void givenARemovalThatFails_whenForceReleaseIsSet_thenTheObjectGoesAndTellsThatTheDataStays() {
        Shop shop = shop("held", task -> task.kind() == TaskKind.REMOVE ? Behaviour.FAIL : Behaviour.SUCCEED)
                .open();
        shop.policySpec("""
                {"deletionPolicy": "Delete"}""");
        DatabaseBackup backup = shop.backup();
        shop.annotateBackup(Annotations.ALLOW_DATA_DELETION, "true");
        await().atMost(SOON).until(() -> armed(shop));
        NAMESPACE.client().resource(backup).delete();
        await().atMost(SOON)
                .until(() -> Shop.condition(shop.status().orElseThrow().conditions(), "Reconciling")
                        .equals("TRUE/Removing"));

        shop.annotateBackup(Annotations.FORCE_RELEASE, "true");

        await().atMost(SOON).until(() -> shop.backups().isEmpty());
        assertThat(events(backup)).contains("DataRetained");
    }

    @Test
    void givenAnOperatorThatIsUninstalled_whenItsFinalizersAreReleased_thenObjectsGoAndTheirDataStays() {
        Shop shop = shop("uninstalled", task -> Behaviour.SUCCEED).open();
        shop.policySpec("""
                {"deletionPolicy": "Delete"}""");
        DatabaseBackup backup = shop.backup();
        shop.annotateBackup(Annotations.ALLOW_DATA_DELETION, "true");
        await().atMost(SOON).until(() -> armed(shop));
        String location = shop.status().orElseThrow().location();

        assertThat(operator.release()).isZero();

        assertThat(armed(shop)).isFalse();
        NAMESPACE.client().resource(backup).delete();
        await().atMost(SOON).until(() -> shop.backups().isEmpty());
        assertThat(runner.bucket().contents()).containsEntry(location, Mark.MANIFEST);
    }

    private static boolean armed(Shop shop) {
        return shop.backups().getFirst().getMetadata().getFinalizers().contains(Annotations.DATA_FINALIZER);
    }

    private static List<String> events(DatabaseBackup backup) {
        return NAMESPACE.all(Event.class).list().getItems().stream()
                .filter(event -> backup.getMetadata()
                        .getUid()
                        .equals(event.getRegarding().getUid()))
                .map(Event::getReason)
                .toList();
    }

    private static Shop shop(String name, Function<Task, Behaviour> script) {
        SCRIPTS.put(name, script);
        return new Shop(NAMESPACE, name);
    }
}
