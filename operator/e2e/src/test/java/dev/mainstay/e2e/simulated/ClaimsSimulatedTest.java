package dev.mainstay.e2e.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.mainstay.api.Annotations;
import dev.mainstay.api.backup.BackupPhase;
import dev.mainstay.api.backup.DatabaseBackupStatus;
import dev.mainstay.api.claims.OperationState;
import dev.mainstay.api.claims.OperationStatus;
import dev.mainstay.core.claims.ClaimRequest;
import dev.mainstay.core.claims.Claims;
import dev.mainstay.core.claims.Grant;
import dev.mainstay.core.claims.Holder;
import dev.mainstay.core.claims.Operation;
import dev.mainstay.core.naming.Names;
import dev.mainstay.core.task.Task;
import dev.mainstay.core.task.TaskJson;
import dev.mainstay.core.task.TaskKind;
import dev.mainstay.e2e.harness.TestNamespace;
import dev.mainstay.e2e.operator.OperatorProcess;
import dev.mainstay.e2e.operator.Shop;
import dev.mainstay.e2e.runner.Behaviour;
import dev.mainstay.e2e.runner.FakeRunner;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Who works on an application, as it is kept in its Lease: a restore that another program writes there counts as any. */
@Tag("simulated")
class ClaimsSimulatedTest {

    private static final Duration SOON = Duration.ofMinutes(2);
    /** Of a kind that this version does not know, so that nothing but the record tells of it. */
    private static final Holder LATER = new Holder("LaterKind", "orders-back", "uid-of-a-later-kind");

    @RegisterExtension
    static final TestNamespace NAMESPACE = new TestNamespace();

    private static final Map<String, Behaviour> SCRIPTS = new ConcurrentHashMap<>();

    @AutoClose
    private static OperatorProcess operator;

    @AutoClose
    private static FakeRunner runner;

    @BeforeAll
    static void start() {
        Function<Task, Behaviour> script = task -> task.kind() == TaskKind.BACKUP
                ? SCRIPTS.getOrDefault(task.origin().policy(), Behaviour.RUN_ON)
                : Behaviour.SUCCEED;
        runner = new FakeRunner(NAMESPACE.client(), NAMESPACE.name(), script);
        operator = OperatorProcess.started(NAMESPACE.name());
    }

    @Test
    void givenABackup_whenItRuns_thenTheApplicationShowsItAndWhenItHasEndedNoMore() {
        Shop shop = running("shown");

        assertThat(claims(shop).grants())
                .extracting(Grant::holder)
                .extracting(Holder::name)
                .containsExactly("shown");
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(
                                shop.findApplication().getStatus().operations())
                        .singleElement()
                        .satisfies(operation -> {
                            assertThat(operation.kind()).isEqualTo("DatabaseBackup");
                            assertThat(operation.state()).isEqualTo(OperationState.ACTIVE);
                            assertThat(operation.claims()).containsExactly("database/main (shared)");
                        }));

        finish(shop);
        await().atMost(SOON).until(() -> claims(shop).equals(Claims.NONE));
        await().atMost(SOON)
                .until(() -> shop.findApplication().getStatus().operations().isEmpty());
    }

    @Test
    void givenAnEmergencyThatHasTheDatabase_whenABackupIsMade_thenItWaitsAndSaysForWhom() {
        Shop shop = new Shop(NAMESPACE, "waits").open();
        awaitLease(shop);
        write(
                shop,
                Claims.NONE
                        .decide(ClaimRequest.of(Operation.RESTORE_SWAP, LATER, "main"), now())
                        .after());
        shop.backup();

        DatabaseBackupStatus waiting = await().atMost(SOON)
                .until(
                        () -> shop.status().orElse(DatabaseBackupStatus.NONE),
                        status -> status.claim() != null && status.claim().waitingFor() != null);
        assertThat(Shop.condition(waiting.conditions(), "Reconciling")).isEqualTo("TRUE/Claimed");
        assertThat(waiting.claim().waitingFor().name()).isEqualTo("orders-back");
        assertThat(shop.tasks()).isEmpty();
        await().atMost(SOON)
                .untilAsserted(
                        () -> assertThat(shop.findApplication().getStatus().operations())
                                .extracting(OperationStatus::name)
                                .containsExactly("orders-back", "waits"));

        SCRIPTS.put("waits", Behaviour.SUCCEED);
        write(shop, claims(shop).without(LATER::equals));
        await().atMost(SOON).until(shop::finished);
        assertThat(shop.status().orElseThrow().phase()).isEqualTo(BackupPhase.SUCCEEDED);
        assertThat(shop.status().orElseThrow().claim().waitingFor()).isNull();
    }

    @Test
    void givenARunningBackup_whenAnEmergencyNeedsTheDatabase_thenItMakesRoom() {
        Shop shop = running("makes-room");

        write(
                shop,
                claims(shop)
                        .decide(ClaimRequest.of(Operation.RESTORE_INTO_EMPTY, LATER, "main"), now())
                        .after());

        await().atMost(SOON).until(shop::finished);
        DatabaseBackupStatus status = shop.status().orElseThrow();
        assertThat(status.phase()).isEqualTo(BackupPhase.FAILED);
        assertThat(status.failure().reason()).isEqualTo("Preempted");
        assertThat(status.failure().message()).contains("LaterKind orders-back");
        await().atMost(SOON).untilAsserted(() -> {
            assertThat(claims(shop).grants()).isEmpty();
            assertThat(claims(shop).waiting()).hasSize(1);
        });
    }

    @Test
    void givenTheLeaseIsLost_whenTheOperatorGoesOn_thenWhatWasGrantedIsGrantedAgainBeforeAnythingElse() {
        Shop shop = running("lost");
        Grant granted = claims(shop).grants().getFirst();

        NAMESPACE.all(Lease.class).withName(Names.claims("lost")).delete();
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(claims(shop).grants()).containsExactly(granted));
        shop.backup("lost-second");

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(claims(shop).grants())
                        .extracting(Grant::holder)
                        .extracting(Holder::name)
                        .containsExactly("lost", "lost-second"));
        assertThat(claims(shop).grants().getFirst()).isEqualTo(granted);
        finish(shop);
    }

    @Test
    void givenAnotherReleaseWorksOnAnApplication_whenABackupIsMade_thenItIsLeftAlone() {
        Shop theirs = new Shop(NAMESPACE, "theirs");
        theirs.application("");
        awaitLease(theirs);
        annotate(theirs, Annotations.RELEASE, "ops/another");
        theirs.policy("1m");
        theirs.backup();
        Shop ours = new Shop(NAMESPACE, "ours").open();
        SCRIPTS.put("ours", Behaviour.SUCCEED);
        ours.backup();

        await().atMost(SOON).until(ours::finished);
        await().atMost(SOON)
                .until(() -> operator.log().contains("Release ops/another of Mainstay works on this application"));
        assertThat(theirs.tasks()).isEmpty();
        assertThat(theirs.backups().getFirst().getStatus().attempts()).isEmpty();
        assertThat(theirs.findPolicy().getStatus().observedGeneration()).isEqualTo(-1);
    }

    @Test
    void givenAReleaseThatGoes_whenItHandsItsApplicationsBack_thenTheNextOneTakesThemAndItselfDoesNot() {
        Shop shop = new Shop(NAMESPACE, "handed-back").open();
        awaitLease(shop);

        assertThat(operator.release()).isZero();

        assertThat(release(shop)).isNull();
        shop.backup();
        Shop other = new Shop(NAMESPACE, "after-that").open();
        SCRIPTS.put("after-that", Behaviour.SUCCEED);
        other.backup();
        await().atMost(SOON).until(other::finished);
        assertThat(shop.status()).as("the one that goes").isEmpty();

        SCRIPTS.put("handed-back", Behaviour.SUCCEED);
        operator.restart();
        await().atMost(SOON).until(shop::finished);
        assertThat(release(shop)).isEqualTo("mainstay-system/mainstay");
    }

    private static String release(Shop shop) {
        return NAMESPACE
                .find(Lease.class, Names.claims(shop.name()))
                .getMetadata()
                .getAnnotations()
                .get(Annotations.RELEASE);
    }

    private static Shop running(String name) {
        Shop shop = new Shop(NAMESPACE, name).open();
        shop.backup();
        await().atMost(SOON)
                .until(() -> shop.status().orElse(DatabaseBackupStatus.NONE).phase() == BackupPhase.RUNNING);
        return shop;
    }

    private static void finish(Shop shop) {
        SCRIPTS.put(shop.name(), Behaviour.SUCCEED);
        runner.lookAgain();
        await().atMost(SOON).until(shop::finished);
    }

    private static Instant now() {
        return Instant.now();
    }

    private static void awaitLease(Shop shop) {
        await().atMost(SOON).until(() -> NAMESPACE.find(Lease.class, Names.claims(shop.name())) != null);
    }

    private static Claims claims(Shop shop) {
        Lease lease = NAMESPACE.find(Lease.class, Names.claims(shop.name()));
        String json =
                lease == null ? null : lease.getMetadata().getAnnotations().get(Annotations.GRANTS);
        try {
            return json == null ? Claims.NONE : TaskJson.mapper().readValue(json, Claims.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void write(Shop shop, Claims claims) {
        annotate(shop, Annotations.GRANTS, TaskJson.write(claims));
    }

    private static void annotate(Shop shop, String annotation, String value) {
        // Whatever the operator writes at the same moment.
        NAMESPACE
                .all(Lease.class)
                .withName(Names.claims(shop.name()))
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        Serialization.asJson(Map.of("metadata", Map.of("annotations", Map.of(annotation, value)))));
    }
}
