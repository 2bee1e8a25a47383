package dev.mainstay.e2e.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mainstay.api.rollback.RollbackPhase;
import dev.mainstay.api.rollback.RollbackRequestStatus;
import dev.mainstay.e2e.chaos.ChaosProxy;
import dev.mainstay.e2e.chaos.Write;
import dev.mainstay.e2e.harness.TestNamespace;
import dev.mainstay.e2e.operator.OperatorProcess;
import dev.mainstay.e2e.operator.RollingShop;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A rollback behind the chaos proxy: 1.5.0 of web and worker runs, and 1.4.2 is gone back to. It works and becomes the newest
 * release, or its Pods crash, and 1.5.0 is put back or the maintenance
 * page is shown. An operator that was killed is started again, as a kubelet does.
 */
final class DisturbedRollback implements AutoCloseable {

    static final String SHOP = "shop";
    static final String REQUEST = "shop-1";

    private static final Duration LONGEST = Duration.ofMinutes(10);
    private static final Duration STILL = Duration.ofSeconds(3);
    private static final String UNSCHEDULED = "schedulerName: nobody,";

    private final TestNamespace namespace;
    private final RollingShop shop;
    private final ChaosProxy proxy = DisturbedRun.proxy();
    private final OperatorProcess operator;
    private final String onFailure;
    private int asked;

    DisturbedRollback(TestNamespace namespace, boolean targetWorks) {
        this(namespace, targetWorks ? null : "RestorePrevious");
    }

    /** With what is to happen when the target crashes; null for one that works. */
    DisturbedRollback(TestNamespace namespace, String onFailure) {
        this.namespace = namespace;
        this.onFailure = onFailure;
        this.shop = new RollingShop(namespace, SHOP);
        this.operator = operator(proxy);
        proxy.onKill(operator::restart);
    }

    OperatorProcess operator(ChaosProxy between) {
        return new OperatorProcess(between.uri(), namespace.name(), Map.of());
    }

    ChaosProxy chaos() {
        return proxy;
    }

    OperatorProcess operator() {
        return operator;
    }

    RollingShop shop() {
        return shop;
    }

    /** Writes of the operator before the request was made. */
    int asked() {
        return asked;
    }

    /** Starts the operator; both versions are deployed, and what works is written down. */
    void prepare() {
        operator.start();
        operator.awaitReady();
        shop.application();
        if (onFailure == null) {
            shop.release("1.4.2");
        } else {
            shop.deploy("1.4.2", UNSCHEDULED);
            await().atMost(LONGEST).until(() -> shop.pods("1.4.2").size() == 2);
        }
        shop.release("1.5.0");
        asked = proxy.journal().size();
    }

    /** Asks for the rollback. */
    void ask() {
        if (onFailure == null) {
            shop.request(REQUEST, "");
        } else {
            shop.request(REQUEST, "to: {version: 1.4.2}, allowUnverified: true, onFailure: " + onFailure);
            await().atMost(LONGEST).until(() -> shop.version(shop.web()).equals("1.4.2"));
            shop.crash("1.4.2", "CrashLoopBackOff");
        }
    }

    /** Waits until the story has ended and a working operator writes nothing any more; what is left then. */
    RolledBackState end() {
        await().atMost(LONGEST).pollInterval(Duration.ofMillis(100)).until(this::ended);
        Unchanged unchanged = new Unchanged(() -> RolledBackState.versions(namespace));
        await().atMost(LONGEST)
                .during(STILL)
                .pollInterval(Duration.ofMillis(500))
                .until(() -> operator.isAlive() && operator.isReady() && unchanged.sinceTheLastLook());
        return RolledBackState.of(namespace);
    }

    /** Asserts that the run comes to the same as the undisturbed one. */
    void endsAs(RolledBackState undisturbed) {
        RolledBackState disturbed = end();
        String journal = proxy.journal().stream().map(Write::toString).collect(Collectors.joining("\n"));
        assertThat(disturbed).as("the writes were\n" + journal + "\n").isEqualTo(undisturbed);
        assertThat(RolledBackState.eventsTwice(namespace))
                .as("transitions that were told of twice")
                .isEmpty();
    }

    boolean phaseIs(RollbackPhase phase) {
        return shop.status(REQUEST)
                .map(RollbackRequestStatus::phase)
                .filter(phase::equals)
                .isPresent();
    }

    /** Field managers of the first Deployment. */
    List<String> managers() {
        return shop.find(shop.web()).getMetadata().getManagedFields().stream()
                .map(ManagedFieldsEntry::getManager)
                .toList();
    }

    private boolean ended() {
        return phaseIs(RollbackPhase.FINISHED)
                && RolledBackState.finalizers(namespace).isEmpty()
                && RolledBackState.claims(namespace).isEmpty()
                && ("MaintenanceMode".equals(onFailure) || runsARelease());
    }

    private boolean runsARelease() {
        return shop.releases().stream()
                .findFirst()
                .filter(release -> release.markedBadBy() == null
                        && release.version().equals(onFailure == null ? "1.4.2" : "1.5.0"))
                .isPresent();
    }

    @Override
    public void close() {
        proxy.onKill(() -> {});
        operator.close();
        proxy.close();
    }
}
