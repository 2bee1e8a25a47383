package dev.mainstay.e2e.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.runbook.MaintenanceRun;
import dev.mainstay.api.runbook.MaintenanceSchedule;
import dev.mainstay.api.runbook.MaintenanceScheduleStatus;
import dev.mainstay.api.runbook.RunOutcome;
import dev.mainstay.api.runbook.RunPhase;
import dev.mainstay.api.runbook.Runbook;
import dev.mainstay.core.naming.Names;
import dev.mainstay.e2e.chaos.ChaosProxy;
import dev.mainstay.e2e.chaos.Fault;
import dev.mainstay.e2e.chaos.Write;
import dev.mainstay.e2e.harness.TestNamespace;
import dev.mainstay.e2e.operator.OperatorProcess;
import dev.mainstay.e2e.operator.RollingShop;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Whatever happens to the operator while a schedule makes its runs: each slot and each rollout has one. The operator dies before and
 * after each write that a schedule has done. The runs restart what they are for, which must not make another one.
 */
@Tag("crash")
class ScheduleCrashTest {

    private static final Duration LONG = Duration.ofMinutes(8);

    /** More than a schedule writes of each kind. */
    private static final int MANY = 60;

    private static final String AGAIN = "{name: again, restart: {}}";
    private static final String CONFIRMED_AGAIN = "{name: confirm, manual: {text: Look.}}, " + AGAIN;

    private static final String RUNS = "/apis/mainstay.dev/v1alpha1/namespaces/%s/maintenanceruns";
    private static final String STATUS = "/apis/mainstay.dev/v1alpha1/namespaces/%s/maintenanceschedules/shop/status";

    @RegisterExtension
    final TestNamespace namespace = new TestNamespace();

    /** Each run that ever was, by name and uid. */
    private final Set<String> made = new ConcurrentSkipListSet<>();

    @Test
    void givenTheOperatorDiesAtEachWriteOfASchedule_whenItsSlotComes_thenItHasOneRun() {
        try (ChaosProxy proxy = DisturbedRun.proxy();
                OperatorProcess operator = operator(proxy);
                SharedIndexInformer<MaintenanceRun> _ = watched()) {
            disturb(proxy, operator);
            open(operator, AGAIN);
            hasOneRunOfItsSlot(proxy);
        }
    }

    @Test
    void givenTwoOperatorsAtOnce_whenASlotComes_thenItHasOneRun() {
        try (ChaosProxy proxy = DisturbedRun.proxy();
                OperatorProcess operator = operator(proxy);
                ChaosProxy second = DisturbedRun.proxy();
                OperatorProcess other = operator(second);
                SharedIndexInformer<MaintenanceRun> _ = watched()) {
            other.start();
            open(operator, AGAIN);
            other.awaitReady();
            hasOneRunOfItsSlot(proxy);
        }
    }

    @Test
    void givenTheOperatorDiesAtEachWriteOfASchedule_whenReleasesAreRolledOut_thenEachHasOneRun() {
        try (ChaosProxy proxy = DisturbedRun.proxy();
                OperatorProcess operator = operator(proxy);
                SharedIndexInformer<MaintenanceRun> _ = watched()) {
            disturb(proxy, operator);
            haveOneRunEach(open(operator, CONFIRMED_AGAIN), proxy);
        }
    }

    @Test
    void givenTwoOperatorsAtOnce_whenReleasesAreRolledOut_thenEachHasOneRun() {
        try (ChaosProxy proxy = DisturbedRun.proxy();
                OperatorProcess operator = operator(proxy);
                ChaosProxy second = DisturbedRun.proxy();
                OperatorProcess other = operator(second);
                SharedIndexInformer<MaintenanceRun> _ = watched()) {
            other.start();
            RollingShop shop = open(operator, CONFIRMED_AGAIN);
            other.awaitReady();
            haveOneRunEach(shop, proxy);
        }
    }

    private void disturb(ChaosProxy proxy, OperatorProcess operator) {
        proxy.onKill(operator::restart);
        for (int number = 1; number < MANY; number += 2) {
            for (Map.Entry<String, String> write : Map.of(
                            STATUS.formatted(namespace.name()), "PATCH", RUNS.formatted(namespace.name()), "POST")
                    .entrySet()) {
                proxy.atTry(write.getValue(), write.getKey(), number, new Fault.KillBefore());
                proxy.atTry(write.getValue(), write.getKey(), number + 1, new Fault.KillAfter());
            }
        }
    }

    private void hasOneRunOfItsSlot(ChaosProxy proxy) {
        ZonedDateTime slot =
                Instant.now().atZone(ZoneOffset.UTC).plusSeconds(75).truncatedTo(ChronoUnit.MINUTES);
        schedule("schedule: '%d %d * * *'".formatted(slot.getMinute(), slot.getHour()));
        String run = Names.slot("shop", slot.toInstant());
        finished(run);

        assertThat(settled(run).lastSlot()).as(journal(proxy)).isEqualTo(slot.toInstant());
        assertThat(made).as(journal(proxy)).singleElement().asString().startsWith(run + "/");
    }

    /** The second one comes while the first waits for a person, waits for its end, and takes its place. */
    private void haveOneRunEach(RollingShop shop, ChaosProxy proxy) {
        schedule("trigger: {workloads: [shop-web]}, concurrencyPolicy: Queue, successfulHistoryLimit: 1");
        await().atMost(LONG).until(() -> status().lastRollout() != null);
        shop.deploy("1.1.0");
        String first = await().atMost(LONG)
                .until(this::waitingForAPerson, Optional::isPresent)
                .orElseThrow();
        proxy.atTry("DELETE", RUNS.formatted(namespace.name()) + "/" + first, 1, new Fault.KillBefore());
        proxy.atTry("DELETE", RUNS.formatted(namespace.name()) + "/" + first, 2, new Fault.KillAfter());

        shop.deploy("1.2.0");
        await().atMost(LONG)
                .until(() -> Optional.ofNullable(status().waiting())
                        .filter(waiting -> waiting.reason().equals("StillRunning"))
                        .isPresent());
        approve(first);
        String second = await().atMost(LONG)
                .until(
                        this::waitingForAPerson,
                        run -> run.filter(name -> !name.equals(first)).isPresent())
                .orElseThrow();
        approve(second);
        finished(second);

        assertThat(settled(second).lastRollout().workloads())
                .as(journal(proxy))
                .allMatch(deployment -> deployment.version().equals("1.2.0"));
        await().atMost(LONG)
                .until(() -> namespace.list(MaintenanceRun.class).stream()
                        .allMatch(run -> run.getMetadata().getName().equals(second)));
        assertThat(made)
                .as(journal(proxy))
                .extracting(one -> one.replaceFirst("/.*", ""))
                .containsExactlyInAnyOrder(first, second);
    }

    /** The schedule's status, once it has heard of the run's end and all its Deployments are as it knows them. */
    private MaintenanceScheduleStatus settled(String run) {
        await().atMost(LONG)
                .until(() -> status().lastSuccess() != null
                        && status().lastSuccess().name().equals(run)
                        && status().active() == null);
        MaintenanceScheduleStatus status = status();
        assertThat(status.lastSuccess().outcome()).isEqualTo(RunOutcome.PASSED);
        assertThat(status.waiting()).isNull();
        assertThat(status.missedRuns()).isZero();
        assertThat(status.skippedRuns()).isEmpty();
        assertThat(status.consecutiveFailures()).isZero();
        return status;
    }

    private Optional<String> waitingForAPerson() {
        return namespace.list(MaintenanceRun.class).stream()
                .filter(run -> run.getStatus() != null
                        && run.getStatus().conditions().stream()
                                .anyMatch(condition -> condition.reason().equals("WaitingForApproval")))
                .map(run -> run.getMetadata().getName())
                .findFirst();
    }

    private void approve(String run) {
        namespace
                .all(MaintenanceRun.class)
                .withName(run)
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        "{\"metadata\":{\"annotations\":{\"%s\":\"confirm@alice\"}}}".formatted(Annotations.APPROVE));
    }

    private void finished(String run) {
        await().atMost(LONG)
                .until(() -> Optional.ofNullable(namespace.find(MaintenanceRun.class, run))
                        .map(MaintenanceRun::getStatus)
                        .filter(status -> status.phase() == RunPhase.FINISHED)
                        .isPresent());
    }

    private MaintenanceScheduleStatus status() {
        return Optional.ofNullable(
                        namespace.find(MaintenanceSchedule.class, "shop").getStatus())
                .orElse(MaintenanceScheduleStatus.NONE);
    }

    private void schedule(String spec) {
        namespace.create(Serialization.unmarshal("""
                apiVersion: mainstay.dev/v1alpha1
                kind: MaintenanceSchedule
                metadata: {name: shop}
                spec: {applicationRef: {name: shop}, runbookRef: {name: shop}, %s}
                """.formatted(spec), MaintenanceSchedule.class));
    }

    private RollingShop open(OperatorProcess operator, String steps) {
        operator.start();
        operator.awaitReady();
        RollingShop shop = new RollingShop(namespace, "shop").application();
        shop.release("1.0.0");
        namespace.create(Serialization.unmarshal("""
                apiVersion: mainstay.dev/v1alpha1
                kind: Runbook
                metadata: {name: shop}
                spec: {steps: [%s]}
                """.formatted(steps), Runbook.class));
        return shop;
    }

    private SharedIndexInformer<MaintenanceRun> watched() {
        return namespace.all(MaintenanceRun.class).inform(new ResourceEventHandler<>() {
            @Override
            public void onAdd(MaintenanceRun run) {
                made.add(run.getMetadata().getName() + "/" + run.getMetadata().getUid());
            }

            @Override
            public void onUpdate(MaintenanceRun was, MaintenanceRun run) {
                onAdd(run);
            }

            @Override
            public void onDelete(MaintenanceRun run, boolean unknown) {
                onAdd(run);
            }
        });
    }

    private static String journal(ChaosProxy proxy) {
        return "the writes were\n"
                + proxy.journal().stream().map(Write::toString).collect(Collectors.joining("\n")) + "\n";
    }

    private OperatorProcess operator(ChaosProxy proxy) {
        return new OperatorProcess(proxy.uri(), namespace.name(), Map.of());
    }
}
