package dev.mainstay.core.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.api.backup.DatabaseBackup;
import dev.mainstay.api.backup.VerificationLevel;
import dev.mainstay.core.backup.PolicyDecision.NewBackup;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two months of nights through a change of the clocks, by an operator that now and then comes late or is restarted. */
class PolicyMonthsTest {

    private static final int DAYS = 61;
    private static final int LONGEST_ABSENCE_SECONDS = 40 * 60;

    @ParameterizedTest
    @CsvSource({
        "Europe/Berlin, 2026-03-01, 02:30",
        "Europe/Berlin, 2026-10-01, 02:30",
        "America/New_York, 2026-02-15, 02:30",
        "America/New_York, 2026-10-01, 01:30",
        "Africa/Cairo, 2026-04-01, 00:30",
        "Africa/Cairo, 2026-10-01, 23:30"
    })
    void givenTwoMonthsWithAChangeOfTheClocks_whenTheyPass_thenEachNightHasOneBackup(
            String zoneName, LocalDate first, LocalTime time) {
        ZoneId zone = ZoneId.of(zoneName);
        BackupPolicy policy = Shop.scheduled("%d %d * * *".formatted(time.getMinute(), time.getHour()), zoneName);
        policy.getMetadata()
                .setCreationTimestamp(first.atStartOfDay(zone).toInstant().toString());
        Instant end = first.plusDays(DAYS).atStartOfDay(zone).toInstant();
        Random lateness = new Random(first.toEpochDay());
        List<DatabaseBackup> backups = new ArrayList<>();
        List<Instant> slots = new ArrayList<>();

        for (Instant now = first.atStartOfDay(zone).toInstant(); now.isBefore(end); ) {
            PolicyDecision decision =
                    PolicyDecider.decide(new PolicyObservation(policy, Shop.application(), List.copyOf(backups)), now);
            for (NewBackup made : decision.make()) {
                slots.add(made.slot());
                DatabaseBackup backup = Backups.succeeded(made.name(), "10m", VerificationLevel.FULL_READ);
                Shop.annotated(backup, Annotations.SLOT, made.slot().toString());
                backup.getMetadata().setCreationTimestamp(now.toString());
                backups.add(backup);
            }
            // It may have died before it wrote that down.
            if (lateness.nextInt(4) > 0) {
                policy.setStatus(decision.status());
            }
            now = max(decision.wakeUp(), now.plusSeconds(1))
                    .plus(Duration.ofSeconds(lateness.nextInt(3) > 0 ? 0 : lateness.nextInt(LONGEST_ABSENCE_SECONDS)));
        }

        assertThat(slots)
                .isEqualTo(first.datesUntil(first.plusDays(DAYS))
                        .map(day -> onTheWall(day.atTime(time), zone))
                        .toList());
        assertThat(policy.getStatus().missedRuns()).isZero();
    }

    /** A time that is left out is that of the change; one that comes twice is its first. */
    private static Instant onTheWall(LocalDateTime time, ZoneId zone) {
        ZoneOffsetTransition change = zone.getRules().getTransition(time);
        return change != null && change.isGap()
                ? change.getInstant()
                : ZonedDateTime.ofLocal(time, zone, null).toInstant();
    }

    private static Instant max(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }
}
