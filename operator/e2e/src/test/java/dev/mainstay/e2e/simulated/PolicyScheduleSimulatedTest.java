package dev.mainstay.e2e.simulated;

import static dev.mainstay.e2e.simulated.ScriptedShops.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mainstay.api.backup.BackupPhase;
import dev.mainstay.api.backup.DatabaseBackup;
import dev.mainstay.api.schedule.SkippedSlot;
import dev.mainstay.core.naming.Names;
import dev.mainstay.e2e.operator.Shop;
import dev.mainstay.e2e.runner.Behaviour;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The one test that waits for a real minute: all else of time is decided by tables. It begins first, as it takes longest. */
@Tag("simulated")
@Order(1)
class PolicyScheduleSimulatedTest {

    private static final Duration TWO_MINUTES = Duration.ofSeconds(150);

    @RegisterExtension
    static final ScriptedShops SHOPS = new ScriptedShops();

    @Test
    void givenASchedule_whenItsMinuteComes_thenItsBackupIsMadeAndWhileItRunsTheNextIsSkipped() {
        Shop shop = SHOPS.shop("scheduled", task -> Behaviour.RUN_ON).open();
        shop.policySpec("""
                {"schedule": "* * * * *"}""");

        await().atMost(TWO_MINUTES)
                .until(() -> shop.slotPhases().equals(List.of(BackupPhase.RUNNING, BackupPhase.SKIPPED)));

        DatabaseBackup first = shop.slots().getFirst();
        Instant slot = first.getStatus().slot();
        assertThat(slot).isEqualTo(slot.truncatedTo(ChronoUnit.MINUTES));
        assertThat(first.getMetadata().getName()).isEqualTo(Names.slot("scheduled", slot));
        assertThat(shop.slots().getLast().getStatus().failure().message())
                .startsWith("DatabaseBackup " + first.getMetadata().getName());
        await().atMost(SOON).until(() -> {
            SkippedSlot skipped = shop.findPolicy().getStatus().lastSkipped();
            return skipped != null && skipped.reason().equals("StillRunning");
        });
        assertThat(shop.findPolicy().getStatus().missedRuns()).isZero();

        shop.policySpec("""
                {"suspend": true}""");

        await().atMost(SOON)
                .until(() -> Shop.condition(shop.findPolicy().getStatus().conditions(), "Ready")
                        .equals("TRUE/Suspended"));
    }
}
