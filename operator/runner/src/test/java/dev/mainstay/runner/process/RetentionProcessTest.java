package dev.mainstay.runner.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.core.retention.RetentionRules;
import dev.mainstay.core.task.Task;
import dev.mainstay.core.task.TaskKind;
import dev.mainstay.core.task.TaskResult;
import dev.mainstay.core.task.TaskResult.Outcome;
import dev.mainstay.runner.process.FaultyStore.Fault;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of older backups after a new one, in a real store. */
@Tag("process")
class RetentionProcessTest {

    private static final String LOCKS = "locked-backups";

    @TempDir
    Path folder;

    private final StoreServer store = Peers.store();

    private static Task.Retention keepLast(int number, boolean dryRun, String... finished) {
        return new Task.Retention(
                "Europe/Berlin",
                new RetentionRules(number, null, null, null, null, null, null, 1),
                dryRun,
                false,
                List.of(finished));
    }

    /** A backup that keeps all others. */
    private Attempt backup(String policyPath) {
        Attempt attempt = policyPath == null ? new Attempt(folder) : new Attempt(folder, policyPath);
        assertThat(attempt.backup().outcome()).isEqualTo(Outcome.COMMITTED);
        return attempt;
    }

    private static String name(Attempt attempt) {
        return attempt.path.substring(attempt.policyPath.length(), attempt.path.length() - 1);
    }

    private static void assertIsBackup(Attempt attempt) {
        assertThat(Peers.store().keys(attempt.path))
                .contains(attempt.path + "data.000", attempt.path + "verified-fullread.json");
        assertThat(Peers.store().read(attempt.path + "manifest.json")).doesNotContain("\"removed\"");
    }

    @Test
    void givenOlderBackups_whenANewOneIsProven_thenTheyAreThinnedAndNothingElseIsTouched() {
        Attempt first = backup(null);
        Attempt second = backup(first.policyPath);
        Attempt neighbour = backup(first.policyPath.replaceFirst("/$", "-neighbour/"));
        store.put(first.path + "notes.txt", "by hand");
        store.put(first.policyPath + "pinned/manifest.json", store.read(first.path + "manifest.json"));
        List<String> others = store.keys(neighbour.policyPath);
        Attempt third = new Attempt(folder, first.policyPath);
        third.retention = keepLast(2, false, name(second), name(first), name(third));

        TaskResult result = third.backup();

        assertThat(result.reason()).as(result.message()).isNull();
        assertThat(result.retention().reason()).as(result.retention().message()).isNull();
        assertThat(result.retention().removed()).isEqualTo(1);
        assertThat(result.retention().stored().count()).isEqualTo(2);
        assertThat(result.retention().stored().newest())
                .isEqualTo(result.backup().snapshotAt());
        assertThat(result.retention().expiredNumbers()).containsExactly(1);
        assertThat(store.keys(first.path)).containsExactly(first.path + "notes.txt");
        assertThat(store.keys(first.policyPath)).contains(first.policyPath + "pinned/manifest.json");
        assertIsBackup(second);
        assertIsBackup(third);
        assertThat(store.keys(neighbour.policyPath)).isEqualTo(others);
    }

    @Test
    void givenADryRun_whenABackupIsReadBackOnceMore_thenThePlanIsToldAndNothingGoes() {
        Attempt first = backup(null);
        Attempt second = backup(first.policyPath);
        List<String> before = store.keys(first.policyPath);
        second.retention = keepLast(1, true);

        TaskResult result = second.run(TaskKind.VERIFY);

        assertThat(result.outcome()).isEqualTo(Outcome.COMMITTED);
        assertThat(result.retention().wouldRemove()).isEqualTo(1);
        assertThat(result.retention().removed()).isZero();
        assertThat(store.keys(first.policyPath)).isEqualTo(before);
    }

    @Test
    void givenARunnerKilledBetweenTwoDeletions_whenTheNextBackupIsProven_thenItFinishes() throws Exception {
        Attempt first = backup(null);
        Attempt second = new Attempt(folder, first.policyPath);
        second.retention = keepLast(1, false);
        // Whether it may delete is asked first, then the data goes.
        AtomicInteger deletions = new AtomicInteger();
        CountDownLatch holding = new CountDownLatch(1);
        try (FaultyStore proxy = new FaultyStore(store.port())) {
            proxy.rule(request -> {
                if (!request.deletes() || deletions.incrementAndGet() < 3) {
                    return Fault.NONE;
                }
                holding.countDown();
                return new Fault.Silence();
            });
            second.endpoint = proxy.endpoint();
            Path log = folder.resolve("log");
            Process pod = second.pod(TaskKind.BACKUP, folder.resolve("termination-log"), log);
            assertThat(holding.await(120, TimeUnit.SECONDS))
                    .as(Files.readString(log))
                    .isTrue();
            pod.destroyForcibly().waitFor();
        }
        assertThat(store.keys(first.path))
                .contains(first.path + "manifest.json", first.path + "globals.sql")
                .doesNotContain(first.path + "data.000");
        assertThat(store.read(first.path + "manifest.json")).contains("\"removed\" : true");
        assertIsBackup(second);
        Attempt last = new Attempt(folder, first.policyPath);
        last.retention = keepLast(5, false);

        TaskResult result = last.backup();

        assertThat(result.retention().reason()).as(result.retention().message()).isNull();
        assertThat(result.retention().stored().count()).isEqualTo(2);
        assertThat(store.keys(first.path)).isEmpty();
        assertIsBackup(second);
    }

    @Test
    void givenAnAccessKeyThatMayNotDelete_whenABackupIsProven_thenItStandsAndNoneIsGivenUp() {
        store.addKeeper();
        Attempt first = backup(null);
        Attempt second = new Attempt(folder, first.policyPath)
                .secret("s3", "accessKeyId", StoreServer.KEEPER)
                .secret("s3", "secretAccessKey", StoreServer.KEEPER_SECRET);
        second.retention = keepLast(1, false);

        TaskResult result = second.backup();

        assertThat(result.outcome()).as(result.message()).isEqualTo(Outcome.COMMITTED);
        assertThat(result.reason()).as(result.message()).isNull();
        assertThat(result.retention().reason()).as(result.retention().message()).isEqualTo("StorageDenied");
        assertThat(result.retention().message()).contains("Allow s3:DeleteObject on shop-backups/" + first.policyPath);
        assertThat(result.retention().removed()).isZero();
        assertThat(result.retention().stored().count()).isEqualTo(2);
        assertIsBackup(first);
    }

    @Test
    void givenObjectsUnderALegalHold_whenABackupIsProven_thenTheyStayAndTheRestGoesUntilTheHoldEnds() {
        store.createBucketWithLocks(LOCKS);
        Attempt whole = inLocks(new Attempt(folder));
        assertThat(whole.backup().outcome()).isEqualTo(Outcome.COMMITTED);
        Attempt data = inLocks(new Attempt(folder, whole.policyPath));
        assertThat(data.backup().outcome()).isEqualTo(Outcome.COMMITTED);
        store.hold(LOCKS, whole.path + "manifest.json", true);
        store.hold(LOCKS, data.path + "data.000", true);
        List<String> before = store.keysIn(LOCKS, whole.path);
        Attempt newest = inLocks(new Attempt(folder, whole.policyPath));
        newest.retention = keepLast(1, false);

        TaskResult result = newest.backup();

        assertThat(result.outcome()).isEqualTo(Outcome.COMMITTED);
        assertThat(result.retention().reason()).as(result.retention().message()).isEqualTo("Retained");
        assertThat(result.retention().message()).startsWith("2 times; the first: ");
        assertThat(result.retention().removed()).isEqualTo(1);
        assertThat(store.keysIn(LOCKS, whole.path)).isEqualTo(before);
        assertThat(store.keysIn(LOCKS, data.path)).containsExactly(data.path + "data.000", data.path + "manifest.json");

        store.hold(LOCKS, whole.path + "manifest.json", false);
        store.hold(LOCKS, data.path + "data.000", false);
        result = newest.run(TaskKind.VERIFY);

        assertThat(result.retention().reason()).as(result.retention().message()).isNull();
        assertThat(store.keysIn(LOCKS, whole.path)).isEmpty();
        assertThat(store.keysIn(LOCKS, data.path)).isEmpty();
    }

    private static Attempt inLocks(Attempt attempt) {
        attempt.bucket = LOCKS;
        return attempt;
    }

    @Test
    void givenSeveralRunnersAtOnce_whenTheyRemoveTheSameBackup_thenEachSaysThatNothingIsLeft() {
        Attempt attempt = backup(null);
        store.put(attempt.path + "notes.txt", "by hand");

        List<CompletableFuture<TaskResult>> running = IntStream.range(0, 3)
                .mapToObj(i -> CompletableFuture.supplyAsync(
                        () -> attempt.run(TaskKind.REMOVE),
                        task -> Thread.ofPlatform().start(task)))
                .toList();

        assertThat(running).allSatisfy(result -> {
            assertThat(result.join().outcome()).as(result.join().message()).isEqualTo(Outcome.ABORTED);
            assertThat(result.join().reason()).as(result.join().message()).isNull();
        });
        assertThat(store.keys(attempt.path)).containsExactly(attempt.path + "notes.txt");
        assertThat(attempt.run(TaskKind.REMOVE).reason()).isNull();
        assertThat(attempt.run(TaskKind.VERIFY).outcome()).isEqualTo(Outcome.ABORTED);
    }

    @Test
    void givenAStoreThatFindsNothingToDelete_whenAnAnswerWasLost_thenTheRemovalGoesOn() throws Exception {
        Attempt attempt = backup(null);
        Set<String> deleted = ConcurrentHashMap.newKeySet();
        try (FaultyStore proxy = new FaultyStore(store.port())) {
            proxy.rule(request -> {
                if (!request.deletes()) {
                    return Fault.NONE;
                }
                return deleted.add(request.line()) ? new Fault.BreakAfter() : new Fault.Answer(404, "NoSuchKey");
            });
            attempt.endpoint = proxy.endpoint();

            TaskResult result = attempt.run(TaskKind.REMOVE);

            assertThat(result.outcome()).as(result.message()).isEqualTo(Outcome.ABORTED);
            assertThat(result.reason()).as(result.message()).isNull();
        }
        assertThat(deleted).isNotEmpty();
        assertThat(store.keys(attempt.path)).isEmpty();
    }
}
