package dev.mainstay.runner.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mainstay.api.backup.VerificationLevel;
import dev.mainstay.core.task.PreflightReport;
import dev.mainstay.core.task.StoredManifest;
import dev.mainstay.core.task.Task;
import dev.mainstay.core.task.Task.MadeBy;
import dev.mainstay.core.task.Task.Origin;
import dev.mainstay.core.task.TaskKind;
import dev.mainstay.runner.backup.StoredListing.Listed;
import dev.mainstay.runner.task.TaskContext;
import dev.mainstay.runner.task.TaskFailure;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is told of the backups in a policy's folder. */
class StoredListingTest {

    private static final Instant PROVEN_AT = Instant.parse("2026-03-29T11:30:00Z");

    private final RetentionBucket bucket = new RetentionBucket();

    @Test
    void givenBackups_whenTheyAreListed_thenTheNewestIsFirstAndEachIsToldAsItsManifestAndItsProofsSay() {
        Instant keepUntil = Instant.parse("2027-01-01T00:00:00Z");
        bucket.backup(2, MadeBy.PERSON, keepUntil, VerificationLevel.NONE);
        String newest = bucket.backup(1, MadeBy.POLICY, null, VerificationLevel.NONE);
        String sha256 = Sha256.of(bucket.store.objects.get(newest + "manifest.json"));
        AttemptFolder folder = new AttemptFolder(bucket.store, newest);
        folder.prove(new Proof(1, VerificationLevel.FULL_READ, PROVEN_AT, sha256, "17", Map.of("a", 3L, "b", 4L)));
        folder.prove(
                new Proof(1, VerificationLevel.RESTORE_TEST, PROVEN_AT, "of another manifest", "17", Map.of("a", 1L)));

        Listed listed = list(null);

        assertThat(listed.leftOut()).isZero();
        assertThat(listed.backups()).extracting(StoredManifest::name).containsExactly("nightly-1", "nightly-2");
        StoredManifest told = listed.backups().getFirst();
        assertThat(newest).endsWith("/" + told.folder() + "/");
        assertThat(told.madeBy()).isEqualTo(MadeBy.POLICY);
        assertThat(told.backup().manifestSha256()).isEqualTo(sha256);
        assertThat(told.backup().verified()).isEqualTo(VerificationLevel.FULL_READ);
        assertThat(told.backup().verifiedAt()).isEqualTo(PROVEN_AT);
        assertThat(told.backup().rows()).isEqualTo(7);
        assertThat(told.backup().storedBytes()).isEqualTo(8);
        StoredManifest byHand = listed.backups().getLast();
        assertThat(byHand.keepUntil()).isEqualTo(keepUntil);
        assertThat(byHand.backup().verified()).isEqualTo(VerificationLevel.NONE);
        assertThat(byHand.backup().rows()).isNull();
    }

    @Test
    void givenWhatIsNoBackupOfOurs_whenItIsListed_thenItIsPassedOver() {
        bucket.clusterId = "cluster-2";
        bucket.backup(1);
        bucket.clusterId = "cluster-1";
        byte[] manifest = AttemptFolder.json(bucket.manifest(2, MadeBy.POLICY, null, 1));
        bucket.store.objects.put(RetentionBucket.POLICY + "20260101T010002Z-99999999-1/manifest.json", manifest);
        bucket.store.objects.put(
                RetentionBucket.folder(4) + "manifest.json",
                AttemptFolder.json(bucket.manifest(4, MadeBy.POLICY, null, 2)));
        bucket.put(RetentionBucket.folder(5) + "manifest.json", "{\"aborted\": true}");
        bucket.put(RetentionBucket.folder(6) + "manifest.json", "{\"removed\": true}");
        bucket.put(RetentionBucket.folder(7) + "data.000", "an attempt that runs");
        bucket.put(RetentionBucket.folder(8) + "manifest.json", "no manifest");

        assertThat(list(null).backups()).isEmpty();
    }

    @Test
    void givenAPathOfAnotherCluster_whenItIsListed_thenItIsTakenOverIfThePolicySaysSoAndElseLeftAlone() {
        bucket.backup(1);
        bucket.clusterId = "cluster-2";
        Map<String, byte[]> before = bucket.copy();

        assertThatThrownBy(() -> list("cluster-3"))
                .isInstanceOf(TaskFailure.class)
                .hasMessageContaining("in cluster cluster-1");
        assertThat(bucket.copy()).isEqualTo(before);

        assertThat(list("cluster-1").backups()).extracting(StoredManifest::name).containsExactly("nightly-1");
        assertThat(list(null).backups()).as("its own from now on").hasSize(1);
        assertThat(bucket.read(RetentionBucket.POLICY + "owner.json")).contains("cluster-2", "\"adopted\"");
    }

    @Test
    void givenAPathWithoutOwner_whenItIsListed_thenNothingIsWritten() {
        bucket.backup(1);
        bucket.store.objects.remove(RetentionBucket.POLICY + "owner.json");
        Map<String, byte[]> before = bucket.copy();

        assertThat(list(null).backups()).hasSize(1);
        assertThat(bucket.copy()).isEqualTo(before);
    }

    @Test
    void givenMoreThanAreTold_whenTheyAreListed_thenTheNewestAreAndTheRestIsCounted() {
        for (int day = 1; day <= PreflightReport.MOST_STORED + 3; day++) {
            bucket.backup(day, MadeBy.POLICY, null, VerificationLevel.NONE);
        }

        Listed listed = list(null);

        assertThat(listed.backups()).hasSize(PreflightReport.MOST_STORED);
        assertThat(listed.backups().getFirst().name()).isEqualTo("nightly-1");
        assertThat(listed.backups().getLast().name()).isEqualTo("nightly-" + PreflightReport.MOST_STORED);
        assertThat(listed.leftOut()).isEqualTo(3);
    }

    private Listed list(String adopt) {
        Task task = bucket.task(TaskKind.PREFLIGHT, RetentionBucket.POLICY + "preflight/");
        Origin origin = task.origin();
        Task adopting = new Task(
                task.contractVersion(),
                task.kind(),
                new Origin(
                        origin.clusterId(),
                        origin.namespace(),
                        origin.application(),
                        origin.policy(),
                        origin.databaseName(),
                        null,
                        null,
                        origin.madeBy(),
                        null,
                        adopt),
                task.attempt(),
                task.path(),
                task.policyPath(),
                null,
                null,
                null,
                null,
                null,
                60,
                null);
        return new StoredListing(
                        new TaskContext(
                                adopting, RetentionBucket.NOW, null, null, bucket.stop, null, RetentionBucket.clock()),
                        bucket.store)
                .list();
    }
}
