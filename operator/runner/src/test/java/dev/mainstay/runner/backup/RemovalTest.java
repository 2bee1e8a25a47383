package dev.mainstay.runner.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mainstay.api.backup.VerificationLevel;
import dev.mainstay.core.task.RetentionReport;
import dev.mainstay.core.task.Task.MadeBy;
import dev.mainstay.core.task.TaskJson;
import dev.mainstay.runner.storage.ObjectStore.PutOutcome;
import dev.mainstay.runner.task.TaskFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** A removal that is ended at any of its steps, or done by two at once, leaves a whole backup or none. */
class RemovalTest {

    private static final class Killed extends Error {
        private static final long serialVersionUID = 1;
    }

    /** Ends the program before its change of that number, from 0. */
    private static Consumer<String> killAt(int number) {
        int[] count = {0};
        return change -> {
            if (count[0]++ == number) {
                throw new Killed();
            }
        };
    }

    private static int changesOfARemoval() {
        RetentionBucket bucket = new RetentionBucket();
        String path = bucket.backup(1);
        List<String> changes = new ArrayList<>();
        bucket.store.before = changes::add;
        bucket.removal().remove(path, manifest -> true, () -> {});
        return changes.size();
    }

    private static void run(RetentionBucket bucket, Consumer<String> before) {
        bucket.store.before = before;
        try {
            bucket.run();
        } catch (Killed killed) {
            assertThat(killed).isNotNull();
        } finally {
            bucket.store.before = change -> {};
        }
    }

    @Test
    void givenABackup_whenItIsRemoved_thenTheManifestGoesFirstAndTheProofsLast() {
        RetentionBucket bucket = new RetentionBucket();
        String path = bucket.backup(1);
        List<String> changes = new ArrayList<>();
        bucket.store.before = change -> changes.add(change.replace(path, ""));

        bucket.removal().remove(path, manifest -> true, () -> changes.add("gone"));

        assertThat(changes)
                .containsExactly(
                        "delete " + RetentionBucket.POLICY + "removal-probe",
                        "replace manifest.json",
                        "gone",
                        "delete data.000",
                        "delete data.001",
                        "delete globals.sql",
                        "delete settings.sql",
                        "delete verified-fullread.json",
                        "delete manifest.json");
        assertThat(bucket.names(path)).isEmpty();
    }

    @Test
    void givenAnEndAtAnyStep_whenTheNextRunComes_thenItFinishesAndNoManifestEverMissesData() {
        int changes = changesOfARemoval();
        for (int step = 0; step <= changes; step++) {
            RetentionBucket bucket = new RetentionBucket();
            bucket.backup(0);
            String path = bucket.backup(1);
            bucket.put(path + "notes.txt", "by hand");

            run(bucket, killAt(step));

            assertThat(bucket.isBackup(path)).as("step %d", step).isEqualTo(step <= 1);
            if (bucket.isBackup(path)) {
                assertThat(bucket.names(path)).as("step %d", step).hasSize(7);
            }
            RetentionReport report = bucket.run();
            assertThat(report.reason())
                    .as("step %d: %s", step, report.message())
                    .isNull();
            assertThat(report.stored().count()).isEqualTo(1);
            assertThat(bucket.names(path)).as("step %d", step).containsExactly("notes.txt");
            assertThat(bucket.isBackup(RetentionBucket.folder(0))).isTrue();
        }
    }

    @Test
    void givenTwoRunsAtOnce_whenOneIsOvertakenAtAnyStepByOneThatIsKilledAtAnyStep_thenBothAreRight() {
        int changes = changesOfARemoval();
        for (boolean conditional : List.of(true, false)) {
            for (int step = 0; step < changes; step++) {
                for (int other = 0; other <= changes; other++) {
                    overtaken(conditional, step, other);
                }
            }
        }
    }

    private static void overtaken(boolean conditional, int step, int killedAt) {
        String as = "conditional " + conditional + ", overtaken at " + step + ", the other killed at " + killedAt;
        RetentionBucket bucket = new RetentionBucket();
        bucket.backup(0);
        String path = bucket.backup(1);
        bucket.put(path + "notes.txt", "by hand");
        int[] count = {0};
        Runnable overtake = () -> {
            bucket.store.unconditionally = null;
            run(bucket, killAt(killedAt));
        };
        if (!conditional && step == 1) {
            // Between the look at the manifest and the write over it.
            bucket.store.unconditionally = overtake;
        }

        run(bucket, change -> {
            if (count[0]++ == step && bucket.store.unconditionally == null) {
                overtake.run();
            }
        });

        assertThat(bucket.isBackup(path)).as(as).isFalse();
        RetentionReport report = bucket.run();
        assertThat(report.reason()).as(as + ": " + report.message()).isNull();
        assertThat(bucket.names(path)).as(as).containsExactly("notes.txt");
        assertThat(bucket.isBackup(RetentionBucket.folder(0))).as(as).isTrue();
    }

    @Test
    void givenALateRunnerOfTheAttempt_whenItsBackupIsBeingRemoved_thenItCanNotCommit() {
        RetentionBucket bucket = new RetentionBucket();
        bucket.backup(0);
        String path = bucket.backup(1);
        run(bucket, killAt(3));

        PutOutcome outcome = new AttemptFolder(bucket.store, path).commit("{}".getBytes(StandardCharsets.UTF_8));

        assertThat(outcome).isEqualTo(PutOutcome.REFUSED);
        assertThat(new AttemptFolder(bucket.store, path).manifest()).isEqualTo(new ManifestState.Removed());
    }

    @Test
    void givenAVerificationOfWhatIsBeingRemoved_whenItMissesData_thenItIsNotTakenForDamage() {
        RetentionBucket bucket = new RetentionBucket();
        bucket.backup(0);
        String path = bucket.backup(1);
        String sha256 = Sha256.of(bucket.store.objects.get(path + "manifest.json"));
        run(bucket, killAt(3));

        assertThat(new AttemptFolder(bucket.store, path).markDamaged(sha256)).isFalse();
        bucket.run();
        assertThat(new AttemptFolder(bucket.store, path).markDamaged(sha256)).isFalse();
        assertThat(bucket.names(path)).isEmpty();
    }

    @Test
    void givenAnInterruptedRemoval_whenTheNoteIsRead_thenTheManifestIsInIt() throws IOException {
        RetentionBucket bucket = new RetentionBucket();
        String path = bucket.backup(1);
        byte[] manifest = bucket.store.objects.get(path + "manifest.json");
        bucket.backup(0);
        run(bucket, killAt(2));

        JsonNode note = TaskJson.mapper().readTree(bucket.store.objects.get(path + "manifest.json"));

        assertThat(note.path("removed").asBoolean()).isTrue();
        assertThat(note.get("manifest")).isEqualTo(TaskJson.mapper().readTree(manifest));
    }

    @Test
    void givenWhatAFinishedAttemptLeft_whenItIsRemoved_thenNothingOfOursStaysWhateverItWas() {
        for (String state : List.of("committed", "damaged", "without manifest", "removed in part", "not there")) {
            RetentionBucket bucket = new RetentionBucket();
            String path = bucket.backup(1, MadeBy.PERSON, RetentionBucket.NOW.plusSeconds(60), VerificationLevel.NONE);
            bucket.put(path + "notes.txt", "by hand");
            byte[] manifest = bucket.store.objects.get(path + "manifest.json");
            switch (state) {
                case "damaged" -> new AttemptFolder(bucket.store, path).markDamaged(Sha256.of(manifest));
                case "without manifest" -> bucket.store.objects.remove(path + "manifest.json");
                case "removed in part" -> {
                    bucket.store.before = killAt(4);
                    assertThatThrownBy(() -> bucket.removal().removeFinished(path))
                            .isInstanceOf(Killed.class);
                    bucket.store.before = change -> {};
                }
                case "not there" ->
                    bucket.store.objects.keySet().removeIf(key -> !key.endsWith("notes.txt") && key.startsWith(path));
                default -> assertThat(bucket.isBackup(path)).isTrue();
            }
            for (int time = 0; time < 2; time++) {
                assertThat(bucket.removal().removeFinished(path)).as(state).isEqualTo(Optional.empty());
                assertThat(bucket.names(path)).as(state).containsExactly("notes.txt");
            }
        }
    }

    @Test
    void givenASettledAttempt_whenItIsRemoved_thenItsNoteStays() {
        RetentionBucket bucket = new RetentionBucket();
        String path = bucket.backup(1);
        bucket.put(path + "manifest.json", "{\"aborted\": true}");

        assertThat(bucket.removal().removeFinished(path)).isEmpty();

        assertThat(bucket.names(path)).containsExactly("manifest.json");
    }

    @Test
    void givenWhatIsNotOurs_whenItIsToBeRemoved_thenItStays() {
        RetentionBucket other = new RetentionBucket();
        other.clusterId = "cluster-2";
        String path = other.backup(1);
        Map<String, byte[]> before = other.copy();

        other.clusterId = "cluster-1";
        assertThat(other.removal().removeFinished(path))
                .hasValueSatisfying(why -> assertThat(why).contains("another owner"));
        other.clusterId = "cluster-3";
        assertThatThrownBy(() -> other.removal().removeFinished(path))
                .isInstanceOf(TaskFailure.class)
                .hasMessageContaining("in cluster cluster-1");
        assertThat(other.copy()).isEqualTo(before);
    }
}
