package dev.mainstay.core.backup;

import static dev.mainstay.core.backup.AttemptBuilder.attempt;
import static dev.mainstay.core.backup.Situation.fresh;
import static dev.mainstay.core.backup.Situation.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.application.SslMode;
import dev.mainstay.api.backup.BackupPhase;
import dev.mainstay.api.backup.DatabaseBackup;
import dev.mainstay.api.backup.DatabaseBackupStatus;
import dev.mainstay.core.backup.BackupObservation.ServiceAccountObservation;
import dev.mainstay.core.status.Reason;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A backup of a slot at the beginning of the tables' time; the policy lets it start an hour late. */
class SlotBackupTest {

    static Stream<Row> rows() {
        return Stream.of(
                Row.row("a slot that is due", fresh().slot("0s"), "write down attempt 1"),
                Row.row("no place yet", fresh().slot("0s").places(20, 0).at("59m"), "wait: ConcurrencyLimit"),
                Row.row("no place in its time", fresh().slot("0s").places(20, 0).at("61m"), "skip: ConcurrencyLimit"),
                Row.row("a place that comes late", fresh().slot("0s").at("61m"), "write down attempt 1"),
                Row.row("a pause in its time", fresh().slot("0s").paused("migration"), "wait: Paused"),
                Row.row(
                        "a mistake that may be mended",
                        fresh().slot("0s").application(null),
                        "stuck: ApplicationNotFound"),
                Row.row(
                        "a mistake that was not mended in its time",
                        fresh().slot("0s").application(null).at("61m"),
                        "fail: ApplicationNotFound"),
                Row.row(
                        "the same for a backup by hand",
                        fresh().application(null).at("61m"),
                        "stuck: ApplicationNotFound"),
                Row.row(
                        "a service account that was not released while an attempt was planned",
                        with(attempt(1))
                                .slot("0s")
                                .application(Shop.application(
                                        List.of(Shop.database("ecommerce", SslMode.REQUIRE)), Shop.template("runner")))
                                .serviceAccount(ServiceAccountObservation.NOT_ALLOWED)
                                .at("61m"),
                        "give up attempt 1: ServiceAccountNotAllowed"));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void givenABackupOfASlot_whenItIsDecided_thenOneStepFollows(Row row) {
        row.check();
    }

    @Test
    void givenAnEarlierBackupOfASlotThatIsNotFinished_whenTheNextSlotComes_thenItIsSkippedAndNamesIt() {
        DatabaseBackup earlier = Backups.ofSlot("earlier", BackupPhase.RUNNING, null, "0s");
        earlier.getMetadata().setCreationTimestamp("2026-03-29T00:00:00Z");
        Situation situation = fresh().slot("0s").others(earlier);

        DatabaseBackupStatus status = situation.report();

        assertThat(status.phase()).isEqualTo(BackupPhase.SKIPPED);
        assertThat(status.slot()).isEqualTo(Shop.CREATED);
        assertThat(status.failure().reason()).isEqualTo("StillRunning");
        assertThat(status.failure().message()).startsWith("DatabaseBackup earlier of the same policy was not finished");
        assertThat(status.conditions()).anySatisfy(condition -> {
            assertThat(condition.type()).isEqualTo("Stalled");
            assertThat(condition.reason()).isEqualTo("StillRunning");
        });
    }

    @Test
    void givenOthersThatDoNotRun_whenTheSlotComes_thenItIsTried() {
        DatabaseBackup finished = Backups.ofSlot("finished", BackupPhase.FAILED, Reason.DUMP_FAILED, "0s");
        finished.getMetadata().setCreationTimestamp("2026-03-29T00:00:00Z");
        DatabaseBackup later = Backups.ofSlot("later", BackupPhase.PENDING, null, "1h");
        DatabaseBackup waitsForAPerson = Backups.unfinished("by-hand", BackupPhase.PENDING);
        waitsForAPerson.getMetadata().setCreationTimestamp("2026-03-29T00:00:00Z");

        assertThat(fresh().slot("0s").others(finished, later, waitsForAPerson).decide())
                .isInstanceOf(BackupDecision.Intend.class);
    }

    @Test
    void givenABackupByHandThatRuns_whenTheSlotComes_thenItIsSkipped() {
        DatabaseBackup runs =
                Backups.unfinished("by-hand", BackupPhase.RUNNING, attempt(1).seen());
        runs.getMetadata().setCreationTimestamp("2026-03-29T00:00:00Z");

        assertThat(fresh().slot("0s").others(runs).decide()).isInstanceOf(BackupDecision.Skip.class);
    }

    @Test
    void givenAnAnnotationThatIsNoTime_whenTheSlotIsRead_thenTheBackupIsOneByHand() {
        assertThat(SlotBackup.slot(Shop.annotated(Shop.backup(), Annotations.SLOT, "soon")))
                .isEmpty();
    }
}
