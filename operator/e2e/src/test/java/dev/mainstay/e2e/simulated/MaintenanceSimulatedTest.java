package dev.mainstay.e2e.simulated;

import static dev.mainstay.e2e.operator.ServedShop.condition;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.mode.MaintenanceModeStatus;
import dev.mainstay.api.mode.ModePhase;
import dev.mainstay.api.mode.RedirectedService;
import dev.mainstay.core.naming.Names;
import dev.mainstay.e2e.harness.TestNamespace;
import dev.mainstay.e2e.operator.OperatorProcess;
import dev.mainstay.e2e.operator.ServedShop;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Maintenance modes with real Services and EndpointSlices, and Pods that are simulated. */
@Tag("simulated")
@Execution(ExecutionMode.CONCURRENT)
class MaintenanceSimulatedTest {

    private static final Duration SOON = Duration.ofMinutes(2);

    @RegisterExtension
    static final TestNamespace NAMESPACE = new TestNamespace();

    @AutoClose
    private static OperatorProcess operator;

    @BeforeAll
    static void start() {
        operator = OperatorProcess.started(NAMESPACE.name());
    }

    @Test
    void givenAnApplication_whenItIsUnderMaintenanceAndNoMore_thenItsServiceAlwaysLedSomewhere() {
        ServedShop shop = new ServedShop(NAMESPACE, "on").open();
        try (EndpointWatch watch = new EndpointWatch(shop)) {
            shop.enter("on-1", "page: {title: Back soon}");
            MaintenanceModeStatus status = shop.awaitPhase("on-1", ModePhase.ACTIVE);

            assertThat(shop.selector()).isEqualTo(shop.toPage());
            assertThat(shop.leadsTo(Names.page("on") + "-", 2)).isTrue();
            assertThat(status.services()).containsExactly(new RedirectedService("on", "app=on,track=stable", 0));
            assertThat(status.undoCommand())
                    .isEqualTo("kubectl set selector service on 'app=on,track=stable' --namespace " + NAMESPACE.name());
            assertThat(condition(status, "Active")).startsWith("TRUE InMaintenance: Service on leads new connections");
            assertThat(shop.service().getMetadata().getAnnotations())
                    .containsEntry(Annotations.SELECTOR, "app=on,track=stable");
            assertThat(shop.managers()).contains("pipeline").doesNotContain("mainstay-mode");

            shop.leave("on-1");
            await().atMost(SOON)
                    .until(() -> shop.leadsTo("on-", 2) && shop.selector().equals(shop.own()));
            assertThat(shop.page()).as("the page outlives the switch").isNotNull();
            shop.awaitGone("on-1");

            assertThat(watch.empty())
                    .as("moments at which the Service led nowhere")
                    .isZero();
        }
        assertThat(shop.page()).isNull();
        assertThat(shop.service().getMetadata().getAnnotations()).doesNotContainKey(Annotations.SELECTOR);
        assertThat(shop.managers()).doesNotContain("mainstay-mode");
        shop.applyService("app: on, track: canary");
        await().atMost(SOON)
                .until(() -> NAMESPACE.find(Service.class, Names.page("on")) == null
                        && NAMESPACE.find(NetworkPolicy.class, Names.page("on")) == null);
    }

    @Test
    void givenADuration_whenItIsOver_thenTheServiceLeadsBackAndTheObjectStaysAsTheRecord() {
        ServedShop shop = new ServedShop(NAMESPACE, "timed").open();
        shop.enter("timed-1", "duration: 45s");
        shop.awaitPhase("timed-1", ModePhase.ACTIVE);
        await().atMost(SOON)
                .until(() -> inMaintenance("timed").startsWith("TRUE InMaintenance: MaintenanceMode timed-1 "));

        MaintenanceModeStatus status = shop.awaitPhase("timed-1", ModePhase.ENDED);

        assertThat(condition(status, "Ready"))
                .isEqualTo(
                        "TRUE MaintenanceEnded: It is over (spec.duration). Service timed leads to the application.");
        assertThat(shop.selector()).isEqualTo(shop.own());
        assertThat(Duration.between(status.endsAt(), status.leavingSince()))
                .isBetween(Duration.ofSeconds(-1), Duration.ofSeconds(15));
        assertThat(Duration.between(status.backSince(), status.endedAt()))
                .isGreaterThanOrEqualTo(Duration.ofSeconds(15));
        await().atMost(SOON)
                .until(() -> shop.mode("timed-1").getMetadata().getFinalizers().isEmpty());
        await().atMost(SOON).until(() -> inMaintenance("timed").startsWith("FALSE MaintenanceEnded"));
    }

    private static String inMaintenance(String application) {
        return NAMESPACE.find(ManagedApplication.class, application).getStatus().conditions().stream()
                .filter(condition -> condition.type().equals("InMaintenance"))
                .map(condition -> condition.status() + " " + condition.reason() + ": " + condition.message())
                .findFirst()
                .orElse("");
    }

    @Test
    void givenTwoModes_whenTheFirstEnds_thenTheServiceStaysWithThePageUntilTheSecondDoes() {
        ServedShop shop = new ServedShop(NAMESPACE, "joined").open();
        shop.enter("joined-1", "page: {title: First}");
        shop.awaitPhase("joined-1", ModePhase.ACTIVE);
        shop.enter("joined-2", "page: {title: Second}");
        shop.awaitPhase("joined-2", ModePhase.ACTIVE);
        assertThat(text(shop)).contains("First");

        shop.leave("joined-1");
        shop.awaitGone("joined-1");
        assertThat(shop.selector()).isEqualTo(shop.toPage());
        await().atMost(SOON).until(() -> text(shop).contains("Second"));
        shop.leave("joined-2");
        shop.awaitGone("joined-2");

        assertThat(shop.selector()).isEqualTo(shop.own());
        assertThat(shop.page()).isNull();
    }

    /** A pipeline that applies the Service again and again, with another selector by now. */
    @Test
    void givenASelectorThatIsAppliedAgainAndAgain_whenItWasRedoneThreeTimes_thenItIsLeftAndTheManagerNamed() {
        ServedShop shop = new ServedShop(NAMESPACE, "fought").open();
        shop.enter("fought-1", "");
        shop.awaitPhase("fought-1", ModePhase.ACTIVE);

        await().atMost(SOON).until(() -> {
            // Between the write and the hand-over that follows it, an apply without force would meet a conflict.
            if (shop.selector().equals(shop.toPage()) && !shop.managers().contains("mainstay-mode")) {
                shop.applyService("app: fought");
            }
            return condition(shop.status("fought-1"), "Stalled").startsWith("TRUE Reverted");
        });

        MaintenanceModeStatus status = shop.status("fought-1");
        assertThat(condition(status, "Stalled"))
                .contains("Service fought leads to app=fought again", "\"pipeline\"", "3 times");
        assertThat(condition(status, "Active")).startsWith("FALSE Reverted");
        assertThat(status.services()).containsExactly(new RedirectedService("fought", "app=fought", 3));
        shop.leave("fought-1");
        shop.awaitGone("fought-1");
        assertThat(shop.selector()).isEqualTo(Map.of("app", "fought"));
    }

    /** As kubectl apply and kubectl patch leave it: a label beside the page's leads nowhere. */
    @Test
    void givenAClientThatMergesASelector_whenItIsSeen_thenTheServiceLeadsToThePageAgainAndThenToWhatIsWanted() {
        ServedShop shop = new ServedShop(NAMESPACE, "merged").open();
        shop.enter("merged-1", "");
        shop.awaitPhase("merged-1", ModePhase.ACTIVE);
        NAMESPACE
                .all(Service.class)
                .withName("merged")
                .patch(PatchContext.of(PatchType.STRATEGIC_MERGE), "{\"spec\":{\"selector\":{\"app\":\"merged\"}}}");

        await().atMost(SOON).until(() -> shop.selector().equals(shop.toPage()));
        shop.leave("merged-1");
        shop.awaitGone("merged-1");

        assertThat(shop.selector()).isEqualTo(Map.of("app", "merged"));
    }

    @Test
    void givenAServiceThatCanNotBeLed_whenItIsMended_thenTheModeBeginsByItself() {
        NAMESPACE.create(Serialization.unmarshal("""
                apiVersion: v1
                kind: Service
                metadata: {name: refused-db}
                spec: {clusterIP: None, selector: {app: db}, ports: [{port: 5432}]}
                """, Service.class));
        ServedShop shop = new ServedShop(NAMESPACE, "refused").open();
        services("refused", "[{name: refused}, {name: refused-db}]");
        shop.enter("refused-1", "");

        await().atMost(SOON)
                .until(() -> condition(shop.status("refused-1"), "Stalled")
                        .startsWith(
                                "TRUE ServiceUnsuitable: Service refused-db, which spec.services of ManagedApplication"
                                        + " refused names, is headless"));
        assertThat(shop.page()).isNull();
        assertThat(shop.selector()).isEqualTo(shop.own());
        services("refused", "[{name: refused}]");

        shop.awaitPhase("refused-1", ModePhase.ACTIVE);
        shop.leave("refused-1");
        shop.awaitGone("refused-1");
    }

    @Test
    void givenAPageThatSomebodyDeletes_whenTheModeIsActive_thenItIsThereAgain() {
        ServedShop shop = new ServedShop(NAMESPACE, "deleted").open();
        shop.enter("deleted-1", "");
        shop.awaitPhase("deleted-1", ModePhase.ACTIVE);
        String uid = shop.page().getMetadata().getUid();

        NAMESPACE.all(Deployment.class).withName(Names.page("deleted")).delete();

        await().atMost(SOON)
                .until(() -> shop.page() != null
                        && !shop.page().getMetadata().getUid().equals(uid)
                        && shop.leadsTo(Names.page("deleted") + "-", 2));
        shop.leave("deleted-1");
        shop.awaitGone("deleted-1");
    }

    private static void services(String application, String services) {
        NAMESPACE
                .all(ManagedApplication.class)
                .withName(application)
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        "{\"spec\":{\"services\":"
                                + services.replace("name", "\"name\"").replaceAll(": ([a-z-]+)", ": \"$1\"") + "}}");
    }

    /** What the page is told. */
    private static String text(ServedShop shop) {
        return shop.page().getSpec().getTemplate().getSpec().getContainers().getFirst().getEnv().stream()
                .map(variable -> variable.getValue())
                .reduce("", String::concat);
    }

    /** Looks all the time whether a Service leads somewhere, and leaves the API server some for the tests beside. */
    private static final class EndpointWatch implements AutoCloseable {

        private static final Duration BETWEEN = Duration.ofMillis(20);

        private final Thread thread;
        private volatile boolean stopped;
        private final AtomicInteger empty = new AtomicInteger();

        EndpointWatch(ServedShop shop) {
            thread = Thread.ofVirtual().start(() -> {
                while (!stopped) {
                    if (shop.endpoints().isEmpty()) {
                        empty.incrementAndGet();
                    }
                    LockSupport.parkNanos(BETWEEN.toNanos());
                }
            });
        }

        int empty() {
            return empty.get();
        }

        @Override
        public void close() {
            stopped = true;
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
