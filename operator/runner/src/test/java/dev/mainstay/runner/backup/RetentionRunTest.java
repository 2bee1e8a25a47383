package dev.mainstay.runner.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.backup.VerificationLevel;
import dev.mainstay.core.retention.RetentionRules;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.RetentionReport;
import dev.mainstay.core.task.RetentionReport.Stored;
import dev.mainstay.core.task.Task.MadeBy;
import dev.mainstay.core.task.TaskJson;
import dev.mainstay.runner.storage.ObjectStore.Upload;
import dev.mainstay.runner.task.TaskFailure;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

/** What a run finds in a policy's folder, what it removes, and what it says. */
class RetentionRunTest {

    private static final VerificationLevel PROVEN = VerificationLevel.FULL_READ;

    private final RetentionBucket bucket = new RetentionBucket();

    @Test
    void givenOldBackups_whenItRuns_thenTheyGoAndTheRestIsCounted() {
        bucket.rules = new RetentionRules(2, null, null, null, null, null, null, null);
        String newest = bucket.backup(0);
        String next = bucket.backup(1);
        String old = bucket.backup(2);
        String oldest = bucket.backup(3);

        RetentionReport report = bucket.run();

        assertThat(report)
                .isEqualTo(new RetentionReport(
                        new Stored(2, 16, Instant.parse("2026-03-28T11:00:00Z"), Instant.parse("2026-03-29T11:00:00Z")),
                        2,
                        null,
                        null,
                        null,
                        null));
        assertThat(bucket.isBackup(newest)).isTrue();
        assertThat(bucket.isBackup(next)).isTrue();
        assertThat(bucket.names(old)).isEmpty();
        assertThat(bucket.names(oldest)).isEmpty();
    }

    @Test
    void givenNoRule_whenItRuns_thenEverythingIsCountedAndNothingGoes() {
        bucket.rules = RetentionRules.NONE;
        bucket.backup(0);
        bucket.backup(900);
        Map<String, byte[]> before = bucket.copy();

        assertThat(bucket.run().stored().count()).isEqualTo(2);
        assertThat(bucket.copy()).isEqualTo(before);
    }

    @Test
    void givenADryRun_whenItRuns_thenThePlanIsToldAndNothingIsChanged() {
        bucket.dryRun = true;
        bucket.backup(0);
        bucket.backup(1);
        bucket.put(bucket.backup(2) + "manifest.json", "{\"removed\": true}");
        List<String> changes = new ArrayList<>();
        bucket.store.before = changes::add;

        RetentionReport report = bucket.run();

        assertThat(report.wouldRemove()).isEqualTo(1);
        assertThat(report.removed()).isZero();
        assertThat(report.stored().count()).isEqualTo(2);
        assertThat(changes).isEmpty();
    }

    @Test
    void givenThatANewerAttemptFailed_whenItRuns_thenNothingGoes() {
        bucket.newestFailed = true;
        bucket.backup(0);
        bucket.backup(1);
        Map<String, byte[]> before = bucket.copy();

        assertThat(bucket.run().removed()).isZero();
        assertThat(bucket.copy()).isEqualTo(before);
    }

    @Test
    void givenWhatIsNotABackupOfOurs_whenItRuns_thenItIsNeitherCountedNorTouched() {
        bucket.backup(0);
        // Another owner's, in our folder; a copy under another name; another format; no manifest; damaged; foreign.
        bucket.clusterId = "cluster-2";
        bucket.backup(1);
        bucket.clusterId = "cluster-1";
        byte[] manifest = AttemptFolder.json(bucket.manifest(2, MadeBy.POLICY, null, 1));
        bucket.store.objects.put(RetentionBucket.POLICY + "20260101T010002Z-99999999-1/manifest.json", manifest);
        bucket.store.objects.put(RetentionBucket.POLICY + "pinned/manifest.json", manifest);
        bucket.store.objects.put(RetentionBucket.folder(3) + "deeper/manifest.json", manifest);
        bucket.store.objects.put(
                RetentionBucket.folder(4) + "manifest.json",
                AttemptFolder.json(bucket.manifest(4, MadeBy.POLICY, null, 2)));
        bucket.put(RetentionBucket.folder(5) + "data.000", "an attempt that runs");
        String damaged = bucket.backup(6);
        new AttemptFolder(bucket.store, damaged)
                .markDamaged(Sha256.of(bucket.store.objects.get(damaged + "manifest.json")));
        bucket.put(RetentionBucket.folder(7) + "manifest.json", "hello");
        bucket.put(RetentionBucket.folder(8) + "manifest.json", "{\"aborted\": true}");
        bucket.put(RetentionBucket.POLICY + "notes.txt", "by hand");
        bucket.put("prod/shop/nightly-2/20260101T010002Z-99999999-1/manifest.json", "another policy");
        Map<String, byte[]> before = bucket.copy();

        RetentionReport report = bucket.run();

        assertThat(report.reason()).as(report.message()).isNull();
        assertThat(report.stored().count()).isEqualTo(1);
        assertThat(bucket.copy()).isEqualTo(before);
    }

    @Test
    void givenBackupsOfAnAdoptedOwner_whenItRuns_thenTheyAreThinnedLikeOwnOnes() {
        String old = bucket.backup(2);
        String foreign = RetentionBucket.POLICY + "owner.json";
        Owner first = new Ownership(bucket.store, bucket.task(null, "")).check();
        bucket.clusterId = "cluster-2";
        bucket.backup(0);
        Owner second =
                Owner.of(bucket.task(null, "").origin(), RetentionBucket.NOW).takingOver(first);
        bucket.put(foreign, TaskJson.write(second));

        assertThat(bucket.run().removed()).isEqualTo(1);
        assertThat(bucket.names(old)).isEmpty();
    }

    @Test
    void givenAnotherOwner_whenItRuns_thenNothingIsReadOrTouchedAndItIsTold() {
        bucket.backup(0);
        bucket.backup(1);
        Map<String, byte[]> before = bucket.copy();
        bucket.clusterId = "cluster-2";

        RetentionReport report = bucket.run();

        assertThat(report.reason()).isEqualTo("OwnedByOther");
        assertThat(report.stored()).isNull();
        assertThat(bucket.copy()).isEqualTo(before);
    }

    @Test
    void givenAnOwnerWhoComesInTheMiddle_whenItRuns_thenNoMoreGoes() {
        bucket.backup(0);
        bucket.backup(1);
        String oldest = bucket.backup(2);
        bucket.store.before = change -> {
            if (change.equals("delete " + oldest + "manifest.json")) {
                bucket.store.objects.remove(RetentionBucket.POLICY + "owner.json");
            }
        };

        RetentionReport report = bucket.run();

        assertThat(report.reason()).isEqualTo("OwnedByOther");
        assertThat(report.removed()).isEqualTo(1);
        assertThat(report.stored().count()).isEqualTo(2);
        assertThat(bucket.isBackup(RetentionBucket.folder(1))).isTrue();
    }

    @Test
    void givenAKeyThatMayNotDelete_whenItRuns_thenNoManifestIsGivenUpAndItIsToldOnce() {
        bucket.backup(0);
        bucket.backup(1);
        bucket.backup(2);
        Map<String, byte[]> before = bucket.copy();
        List<String> changes = new ArrayList<>();
        bucket.store.before = change -> {
            changes.add(change);
            throw new TaskFailure(Reason.STORAGE_DENIED, "denied");
        };

        RetentionReport report = bucket.run();

        assertThat(report.reason()).isEqualTo("StorageDenied");
        assertThat(report.message()).startsWith("denied");
        assertThat(report.stored().count()).isEqualTo(3);
        assertThat(changes).hasSize(1);
        assertThat(bucket.copy()).isEqualTo(before);
    }

    @Test
    void givenBackupsThatTheStoreKeeps_whenItRuns_thenTheyStayWholeAndTheRestGoes() {
        bucket.backup(0);
        String goes = bucket.backup(1);
        String locked = bucket.backup(2);
        String held = bucket.backup(3);
        String over = bucket.backup(4);
        bucket.store.retained.put(locked + "manifest.json", Instant.parse("2026-04-29T00:00:00Z"));
        bucket.store.retained.put(held + "manifest.json", Instant.MAX);
        bucket.store.retained.put(over + "manifest.json", Instant.parse("2026-03-29T00:00:00Z"));

        RetentionReport report = bucket.run();

        assertThat(report.reason()).isEqualTo("Retained");
        assertThat(report.message())
                .isEqualTo("2 times; the first: s3://bucket/" + held + " is retained by the store under a legal hold.");
        assertThat(report.removed()).isEqualTo(2);
        assertThat(bucket.names(locked)).hasSize(6);
        assertThat(bucket.names(held)).hasSize(6);
        assertThat(bucket.names(goes)).isEmpty();
        assertThat(bucket.names(over)).isEmpty();
    }

    @Test
    void givenOneObjectThatCanNotBeDeleted_whenItRuns_thenTheNoteStaysUntilItCan() {
        bucket.backup(0);
        String goes = bucket.backup(1);
        String stuck = bucket.backup(2);
        bucket.store.before = change -> {
            if (change.equals("delete " + stuck + "data.000")) {
                throw new TaskFailure(Reason.STORAGE_DENIED, "denied");
            }
        };

        RetentionReport report = bucket.run();

        assertThat(report.reason()).isEqualTo("StorageDenied");
        assertThat(report.removed()).isEqualTo(2);
        assertThat(report.stored().count()).isEqualTo(1);
        assertThat(bucket.names(goes)).isEmpty();
        assertThat(bucket.names(stuck)).containsExactly("data.000", "manifest.json");
        assertThat(bucket.run().reason()).isEqualTo("StorageDenied");
        bucket.store.before = change -> {};
        assertThat(bucket.run().reason()).isNull();
        assertThat(bucket.names(stuck)).isEmpty();
    }

    @Test
    void givenAStoreThatGoesAway_whenItRuns_thenItEndsThereAndSaysSo() {
        bucket.backup(0);
        bucket.backup(1);
        bucket.backup(2);
        bucket.store.before = change -> {
            if (change.contains("replace " + RetentionBucket.folder(1))) {
                throw new TaskFailure(Reason.STORAGE_UNREACHABLE, "away");
            }
        };

        RetentionReport report = bucket.run();

        assertThat(report.reason()).isEqualTo("StorageUnreachable");
        assertThat(report.removed()).isEqualTo(1);
        assertThat(report.stored().count()).isEqualTo(2);
    }

    @Test
    void givenTheDeadline_whenItPassesInTheMiddle_thenTheReasonIsTheDeadline() {
        bucket.backup(0);
        bucket.backup(1);
        bucket.store.before = change -> {
            bucket.stop.stop(Reason.DEADLINE_EXCEEDED, "too long");
            throw new TaskFailure(Reason.CANCELLED, "the call was ended");
        };

        assertThat(bucket.run().reason()).isEqualTo("DeadlineExceeded");
    }

    @Test
    void givenWhatASettledAttemptLeft_whenItRuns_thenItsDataGoesAndItsNoteStays() {
        bucket.backup(0);
        String path = bucket.backup(1);
        bucket.put(path + "manifest.json", "{\"aborted\": true}");
        bucket.put(path + "notes.txt", "by hand");

        RetentionReport report = bucket.run();

        assertThat(report.removed()).isZero();
        assertThat(bucket.names(path)).containsExactly("manifest.json", "notes.txt");
    }

    @Test
    void givenBackupsMadeByHand_whenItRuns_thenTheyStayUntilTheirTime() {
        bucket.backup(0);
        String kept = bucket.backup(1, MadeBy.PERSON, RetentionBucket.NOW.plusSeconds(1), PROVEN);
        String over = bucket.backup(2, MadeBy.OPERATION, RetentionBucket.NOW.minusSeconds(86_400), PROVEN);

        assertThat(bucket.run().removed()).isEqualTo(1);
        assertThat(bucket.isBackup(kept)).isTrue();
        assertThat(bucket.names(over)).isEmpty();
    }

    @Test
    void givenFinishedBackups_whenItRuns_thenThoseWithoutAManifestAreNumbered() {
        String kept = bucket.backup(0);
        String removedNow = bucket.backup(1);
        String damaged = bucket.backup(2);
        new AttemptFolder(bucket.store, damaged)
                .markDamaged(Sha256.of(bucket.store.objects.get(damaged + "manifest.json")));
        bucket.clusterId = "cluster-2";
        String foreign = bucket.backup(3);
        bucket.clusterId = "cluster-1";
        bucket.finished = List.of(
                name(kept),
                name(removedNow),
                name(damaged),
                name(foreign),
                "elsewhere/" + name(removedNow),
                name(RetentionBucket.folder(4)));

        assertThat(bucket.run().expiredNumbers()).containsExactly(1, 5);
        assertThat(bucket.run().expiredNumbers()).containsExactly(1, 5);
        bucket.dryRun = true;
        assertThat(bucket.run().expiredNumbers()).containsExactly(1, 5);
    }

    private static String name(String path) {
        return path.substring(RetentionBucket.POLICY.length(), path.length() - 1);
    }

    @Test
    void givenMoreFinishedBackupsThanMayBe_whenItRuns_thenTheFirst500AreLookedAt() {
        bucket.backup(0);
        bucket.finished = Collections.nCopies(501, name(RetentionBucket.folder(4)));

        assertThat(bucket.run().expiredNumbers()).hasSize(500);
    }

    @Test
    void givenAZoneThatIsNotKnown_whenItRuns_thenNothingGoesAndItIsTold() {
        bucket.backup(0);
        bucket.backup(1);
        for (String zone : new String[] {"Middle/Earth", null}) {
            bucket.zone = zone;

            RetentionReport report = bucket.run();

            assertThat(report.reason()).isEqualTo("InvalidSpec");
            assertThat(report.message()).contains("BackupPolicy shop/nightly, spec.timeZone");
            assertThat(report.stored().count()).isEqualTo(2);
        }
    }

    @Test
    void givenAManifestLongerThanItsHead_whenItRuns_thenItIsReadAllTheSame() {
        bucket.backup(0);
        String path = bucket.backup(1);
        String manifest = bucket.read(path + "manifest.json");
        bucket.put(path + "manifest.json", manifest.replaceFirst("\\{", "{\"later\": \"" + "x".repeat(20_000) + "\","));

        assertThat(bucket.run().removed()).isEqualTo(1);
        assertThat(bucket.names(path)).isEmpty();
    }

    @Test
    void givenOldUploads_whenItRuns_thenOwnOnesAreAborted() {
        bucket.backup(0);
        Instant old = RetentionBucket.NOW.minusSeconds(3 * 3600);
        Upload stale = new Upload(RetentionBucket.folder(1) + "data.000", "1", old);
        Upload running =
                new Upload(RetentionBucket.folder(1) + "data.000", "2", RetentionBucket.NOW.minusSeconds(3600));
        Upload untold = new Upload(RetentionBucket.folder(1) + "data.000", "3", null);
        Upload foreign = new Upload(RetentionBucket.POLICY + "notes.txt", "4", old);
        List.of(stale, running, untold, foreign)
                .forEach(upload -> bucket.store.uploads.put(upload, new ConcurrentHashMap<>()));

        bucket.run();

        assertThat(bucket.store.uploads.keySet()).containsExactlyInAnyOrder(running, untold, foreign);
    }

    @Test
    void givenWhatIsNoManifest_whenItsHeadIsRead_thenItIsNobodysBackup() {
        for (String text : List.of(
                "", "{", "[]", "{}", "null", "{\"origin\": null}", "{\"aborted\": \"x\"}", "{\"backup\": []}")) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            Owner owner = new Ownership(bucket.store, bucket.task(null, "")).check();

            assertThat(ManifestHead.parse(bytes, bytes.length, true))
                    .as(text)
                    .hasValueSatisfying(
                            head -> assertThat(head.isOwn(owner, "x") || head.isRemoved() || head.isAborted())
                                    .isFalse());
        }
    }
}
