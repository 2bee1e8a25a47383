package dev.mainstay.core.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.backup.AttachedBackups;
import dev.mainstay.api.backup.AttemptState;
import dev.mainstay.api.backup.BackupPhase;
import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.api.backup.BackupPolicyStatus;
import dev.mainstay.api.backup.DatabaseBackup;
import dev.mainstay.api.backup.DatabaseBackupStatus;
import dev.mainstay.api.backup.VerificationLevel;
import dev.mainstay.api.backup.Verified;
import dev.mainstay.core.backup.PreflightDecision.Attached;
import dev.mainstay.core.task.PreflightReport.Stored;
import dev.mainstay.core.task.StoredManifest;
import dev.mainstay.core.task.Task.MadeBy;
import dev.mainstay.core.task.TaskResult.CommittedBackup;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What lies in the bucket at s3://backups/prod/webshop/nightly/, and the objects that are made for it. */
class AttachmentTest {

    private static final String PLACE = "s3://backups/prod/webshop/nightly/";
    private static final Instant KEEP_UNTIL = Instant.parse("2027-01-01T00:00:00Z");

    private final BackupPolicy policy = Shop.policy();
    private final List<DatabaseBackup> objects = new ArrayList<>();

    static Stream<Row> rows() {
        String place = PLACE + "20260328T010002Z-0000000a-1/";
        return Stream.of(
                Row.row("it was just made", attached(place), "await its status"),
                Row.row("nobody has told it", attached(place).at("1m"), "wait: Attaching"),
                Row.row(
                        "the bucket was looked through without finding it",
                        attached(place).policy(looked(Shop.policy())).at("1m"),
                        "stuck: BackupNotFound"),
                Row.row(
                        "it is to be looked through again",
                        attached(place)
                                .policy(Shop.annotated(looked(Shop.policy()), Annotations.ATTACH, "again"))
                                .at("1m"),
                        "wait: Attaching"),
                Row.row("no policy", attached(place).policy(null).at("2h"), "stuck: PolicyNotFound"),
                Row.row("it was cancelled", attached(place).cancelled("no").at("2h"), "wait: Attaching"),
                Row.row("another release works", attached(place).ofRelease("other/one"), "leave alone"),
                Row.row(
                        "an annotation on one that runs",
                        Situation.with(AttemptBuilder.attempt(1)).attachedFrom(place),
                        "make the backup Job of attempt 1"));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void givenAnObjectForWhatLiesInTheBucket_whenItIsDecided_thenItNeverRuns(Row row) {
        row.check();
    }

    @Test
    void givenOneThatWasJustMade_whenItIsReported_thenNothingIsWritten() {
        DatabaseBackup backup = Shop.annotated(Shop.backup(), Annotations.ATTACHED_FROM, PLACE);

        assertThat(BackupReport.of(backup, new BackupDecision.AwaitStatus(BackupDecision.Pace.SLOW), Shop.CREATED))
                .isNull();
    }

    @Test
    void givenBackupsWithoutObjects_whenTheyAreAttached_thenEachIsAsItWas() {
        StoredManifest slot = stored(3, "nightly-20260325t0100z", MadeBy.POLICY, null);
        StoredManifest byHand = stored(2, "before-the-sale", MadeBy.PERSON, KEEP_UNTIL);
        StoredManifest safety = stored(1, "undo-safety-0a1b2c3d", MadeBy.OPERATION, KEEP_UNTIL);

        attachAll(List.of(slot, byHand, safety));

        assertThat(objects)
                .extracting(object -> object.getMetadata().getName())
                .containsExactly("nightly-20260325t0100z", "before-the-sale", "undo-safety-0a1b2c3d");
        assertThat(objects).allSatisfy(object -> {
            assertThat(object.getStatus().phase()).isEqualTo(BackupPhase.SUCCEEDED);
            assertThat(object.getMetadata().getLabels()).containsEntry(Annotations.POLICY, "nightly");
            assertThat(object.getSpec().policyRef().name()).isEqualTo("nightly");
        });
        assertThat(SlotBackup.slot(objects.get(0))).hasValue(Instant.parse("2026-03-25T01:00:00Z"));
        assertThat(objects.get(0).getStatus().slot()).isEqualTo(Instant.parse("2026-03-25T01:00:00Z"));
        assertThat(objects.get(0).getSpec().keepUntil()).isNull();
        assertThat(SlotBackup.slot(objects.get(1))).isEmpty();
        assertThat(objects.get(1).getSpec().keepUntil()).isEqualTo(KEEP_UNTIL);
        assertThat(objects.get(2).getMetadata().getAnnotations()).containsEntry(Annotations.MADE_BEFORE, "undo");

        DatabaseBackupStatus status = objects.get(1).getStatus();
        assertThat(status.location()).isEqualTo(PLACE + byHand.folder() + "/");
        assertThat(status.startedAt()).isEqualTo(byHand.startedAt());
        assertThat(status.completedAt()).isEqualTo(byHand.backup().committedAt());
        assertThat(status.duration()).isEqualTo("1m");
        assertThat(status.snapshotAt()).isEqualTo(byHand.backup().snapshotAt());
        assertThat(status.size().stored()).isEqualTo("183 MiB");
        assertThat(status.size().database()).isEqualTo("551 MiB");
        assertThat(status.serverVersion()).isEqualTo("17.6");
        assertThat(status.sha256()).isEqualTo(byHand.backup().manifestSha256());
        assertThat(status.verified())
                .isEqualTo(new Verified(
                        VerificationLevel.FULL_READ, byHand.backup().verifiedAt(), 12L));
        // By this its data can be removed with it.
        assertThat(status.attempts()).singleElement().satisfies(attempt -> {
            assertThat(attempt.path()).isEqualTo(status.location());
            assertThat(attempt.state()).isEqualTo(AttemptState.SUCCEEDED);
        });
        assertThat(status.conditions())
                .extracting(condition -> condition.type() + "=" + condition.status() + "/" + condition.reason())
                .contains("Ready=TRUE/Succeeded", "Finished=TRUE/Succeeded", "Succeeded=TRUE/Succeeded");
    }

    @Test
    void givenWhatHasItsObject_whenItIsLookedThrough_thenNothingIsMade() {
        StoredManifest expired = stored(1, "first", MadeBy.PERSON, null);
        StoredManifest running = stored(2, "second", MadeBy.PERSON, null);
        StoredManifest byUid = stored(3, "third", MadeBy.PERSON, null);
        DatabaseBackup one = Backups.succeeded("first", "1h", VerificationLevel.FULL_READ);
        one.setStatus(Fields.with(
                one.getStatus(), "{phase: 'Expired', location: '%s'}".formatted(PLACE + expired.folder() + "/")));
        DatabaseBackup two = Backups.unfinished("second", BackupPhase.RUNNING, AttemptBuilder.attempt(1));
        two.setStatus(Fields.with(
                two.getStatus(),
                "{attempts: [{number: 1, state: 'Active', path: '%s'}]}".formatted(PLACE + running.folder() + "/")));
        DatabaseBackup three = Shop.backup();
        three.getMetadata().setUid(byUid.uid());
        objects.addAll(List.of(one, two, three));

        List<StoredManifest> stored = List.of(expired, running, byUid);
        assertThat(next(stored)).isEmpty();
        assertThat(done(stored).message())
                .isEqualTo("3 backups were found at " + PLACE + "; each has its DatabaseBackup.");
    }

    @Test
    void givenNamesThatAreTaken_whenTheyAreAttached_thenTheNamesTellWhatTheyAre() {
        StoredManifest newer = stored(1, "first", MadeBy.PERSON, null);
        StoredManifest older = stored(2, "first", MadeBy.PERSON, null);
        StoredManifest odd = stored(3, "No Name", MadeBy.PERSON, null);
        StoredManifest ofAnother = stored(4, "weekly", MadeBy.PERSON, null);
        DatabaseBackup other = Shop.backup();
        other.getMetadata().setName("weekly");
        objects.add(other);

        attachAll(List.of(newer, older, odd, ofAnother));

        assertThat(objects)
                .extracting(object -> object.getMetadata().getName())
                .containsExactly(
                        "weekly",
                        "first",
                        "nightly-20260327t010002z-00000002-1",
                        "nightly-20260326t010002z-00000003-1",
                        "nightly-20260325t010002z-00000004-1");
    }

    /** The operator dies in any pass, between any two writes; caches may be behind by one pass. */
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void givenAnyEndInTheMiddle_whenItGoesOn_thenEachHasOneObjectThatTellsOfIt(int seed) {
        Random random = new Random(seed);
        List<StoredManifest> stored = IntStream.rangeClosed(1, 120)
                .mapToObj(day -> stored(day, "backup-" + day, MadeBy.PERSON, null))
                .toList();
        for (List<Attached> next = next(stored); !next.isEmpty(); next = next(stored)) {
            assertThat(next).hasSizeLessThanOrEqualTo(Attachment.A_PASS);
            int writes = random.nextInt(2 * next.size() + 1);
            for (int i = 0; i < writes; i++) {
                Attached attached = next.get(i / 2);
                if (i % 2 == 0) {
                    make(attached);
                } else {
                    tell(attached);
                }
            }
        }

        assertThat(objects).hasSize(120);
        Set<String> places = new HashSet<>();
        assertThat(objects).allSatisfy(object -> {
            assertThat(object.getStatus().phase()).isEqualTo(BackupPhase.SUCCEEDED);
            assertThat(places.add(object.getStatus().location())).isTrue();
        });
        AttachedBackups done = new Attachment(policy, objects).done(new Stored(120, 7, "", null), stored, Shop.CREATED);
        assertThat(done.message())
                .startsWith("120 backups were found at " + PLACE + ", and 120 were attached: ")
                .contains("7 older folders with a manifest were not looked at");
    }

    @Test
    void givenAPlaceThatWasLookedThrough_whenTimePasses_thenItIsNotUnlessThePlaceChangesOrAPersonAsks() {
        assertThat(Attachment.isDue(policy)).isTrue();
        looked(policy);
        assertThat(Attachment.isDue(policy)).isFalse();

        assertThat(Attachment.isDue(Shop.with(policy, "{suspend: true, schedule: '@daily'}")))
                .isFalse();
        assertThat(Attachment.isDue(
                        Shop.with(policy, "{storage: {adopt: 'old', s3: {bucket: 'backups', prefix: 'prod'}}}")))
                .isTrue();
        assertThat(Attachment.isDue(Shop.with(policy, "{storage: {s3: {bucket: 'backups', prefix: 'other'}}}")))
                .isTrue();
        assertThat(Attachment.isDue(Shop.annotated(policy, Annotations.ATTACH, "again")))
                .isTrue();
    }

    /** A slot that has come while it waits is not to be skipped for it. */
    @Test
    void givenOneOfASlotThatWaitsForItsStatus_whenTheNextSlotComes_thenItIsTried() {
        DatabaseBackup earlier = Backups.ofSlot("earlier", BackupPhase.PENDING, null, "0s");
        earlier.getMetadata().setCreationTimestamp("2026-03-29T00:00:00Z");
        Shop.annotated(earlier, Annotations.ATTACHED_FROM, PLACE);

        assertThat(Situation.fresh().slot("0s").others(earlier).decide()).isInstanceOf(BackupDecision.Intend.class);
    }

    private static Situation attached(String place) {
        return Situation.fresh().attachedFrom(place);
    }

    private static BackupPolicy looked(BackupPolicy policy) {
        policy.setStatus(
                Fields.of(BackupPolicyStatus.class, "{attached: {key: '%s'}}".formatted(Attachment.key(policy))));
        return policy;
    }

    private void attachAll(List<StoredManifest> stored) {
        for (List<Attached> next = next(stored); !next.isEmpty(); next = next(stored)) {
            next.forEach(attached -> {
                make(attached);
                tell(attached);
            });
        }
    }

    private List<Attached> next(List<StoredManifest> stored) {
        return new Attachment(policy, objects).next(stored, Shop.CREATED);
    }

    private AttachedBackups done(List<StoredManifest> stored) {
        return new Attachment(policy, objects).done(new Stored(stored.size(), 0, "", null), stored, Shop.CREATED);
    }

    /** As the API server does: one of a name, which gets a uid and no status. */
    private void make(Attached attached) {
        if (attached.object().getMetadata().getUid() == null) {
            assertThat(objects)
                    .extracting(object -> object.getMetadata().getName())
                    .doesNotContain(attached.object().getMetadata().getName());
            attached.object().getMetadata().setUid("made-" + objects.size());
            attached.object().getMetadata().setCreationTimestamp(Shop.CREATED.toString());
            objects.add(attached.object());
        }
    }

    private static void tell(Attached attached) {
        attached.object().setStatus(attached.status());
    }

    private static StoredManifest stored(int daysAgo, String name, MadeBy madeBy, Instant keepUntil) {
        Instant at = Shop.at("0s").minusSeconds(86_400L * daysAgo).plusSeconds(2);
        String uid = "%08x".formatted(daysAgo);
        return new StoredManifest(
                at.toString().replaceAll("[-:]", "") + "-" + uid + "-1",
                name,
                uid + "-0000-4000-8000-000000000001",
                1,
                madeBy,
                keepUntil,
                at,
                new CommittedBackup(
                        551L << 20,
                        183L << 20,
                        "17.6",
                        at.plusSeconds(1),
                        "0/16B3748",
                        "ab".repeat(32),
                        at.plusSeconds(60),
                        VerificationLevel.FULL_READ,
                        at.plusSeconds(90),
                        12L));
    }
}
