package dev.mainstay.controller.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.backup.DatabaseBackup;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Three places in all, two in a namespace. */
class JobPlacesTest {

    private final List<Job> running = new ArrayList<>();
    private Instant now = Instant.parse("2026-03-29T01:00:00Z");
    private final JobPlaces places = places(3);

    @Test
    void givenAPlaceThatWasTaken_whenTheCacheHasTheJobNotYet_thenItIsHeldForAMinute() {
        assertThat(places.take(backup("shop", "a", 1), null, "a-1")).isTrue();
        assertThat(places.take(backup("shop", "b", 2), null, "b-1")).isTrue();
        assertThat(places.take(backup("shop", "c", 3), null, "c-1")).isFalse();
        assertThat(places.seen(backup("shop", "c", 3), null).runningInNamespace())
                .isEqualTo(2);

        run("shop", "a-1");
        assertThat(places.seen(backup("shop", "c", 3), null).runningInNamespace())
                .as("known, and so counted once")
                .isEqualTo(2);
        now = now.plus(Duration.ofSeconds(61));
        assertThat(places.seen(backup("shop", "c", 3), null).runningInNamespace())
                .as("the other never came to be")
                .isEqualTo(1);
    }

    @Test
    void givenOthersWhoWait_whenAPlaceIsFree_thenTheOldestHasIt() {
        fill();
        DatabaseBackup old = backup("other", "old", 1);
        DatabaseBackup young = backup("other", "young", 2);
        places.waits(young, null, true);
        places.waits(old, null, true);
        assertThat(places.seen(old, null).ahead()).isZero();
        assertThat(places.seen(young, null).ahead()).isEqualTo(1);
        assertThat(places.next()).isEmpty();

        running.removeFirst();

        assertThat(places.next()).containsExactly(new ResourceID("old", "other"));
        assertThat(places.take(young, null, "young-1")).as("not its turn").isFalse();
        assertThat(places.take(backup("other", "newest", 3), null, "newest-1")).isFalse();
        assertThat(places.take(old, null, "old-1")).isTrue();
        assertThat(places.seen(young, null).ahead()).isZero();
    }

    @Test
    void givenANamespaceThatIsFull_whenItsBackupsWait_thenTheyKeepNobodyElseFromAPlace() {
        run("shop", "a-1");
        run("shop", "b-1");
        places.waits(backup("shop", "c", 1), null, true);

        DatabaseBackup elsewhere = backup("other", "x", 2);
        assertThat(places.seen(elsewhere, null).ahead()).isZero();
        assertThat(places.next()).isEmpty();
        assertThat(places.take(elsewhere, null, "x-1")).isTrue();
    }

    @Test
    void givenAServerThatIsBusy_whenAnotherDumpOfItIsAskedFor_thenItWaitsAndKeepsNobodyElse() {
        assertThat(places.take(backup("a", "a", 1), "server-1", "a-1")).isTrue();
        assertThat(places.take(backup("b", "b", 2), "server-1", "b-1")).isTrue();

        DatabaseBackup third = backup("c", "c", 3);
        assertThat(places.take(third, "server-1", "c-1")).isFalse();
        places.waits(third, "server-1", true);
        assertThat(places.next()).isEmpty();
        assertThat(places.seen(third, "server-1").dumpsOnServer()).isEqualTo(2);
        assertThat(places.take(backup("d", "d", 4), "server-2", "d-1")).isTrue();
    }

    @Test
    void givenOneThatWaited_whenItIsNotHeardOfAnyMore_thenItKeepsNobodyFromAPlace() {
        fill();
        places.waits(backup("other", "deleted", 1), null, true);
        running.removeFirst();
        DatabaseBackup young = backup("other", "young", 2);
        assertThat(places.take(young, null, "young-1")).isFalse();

        now = now.plus(Duration.ofSeconds(46));

        assertThat(places.take(young, null, "young-1")).isTrue();
    }

    @Test
    void givenATaskThatEndsWhatWasBegun_whenTheHouseIsFull_thenItGoesAheadAndCounts() {
        fill();
        places.takeAnyway("shop", "settle-1");

        assertThat(places.seen(backup("shop", "c", 1), null).running()).isEqualTo(4);
        places.giveBack("shop", "settle-1");
        assertThat(places.seen(backup("shop", "c", 1), null).running()).isEqualTo(3);
    }

    @Test
    void givenWorkThatCanWait_whenHalfOfTheHouseIsTaken_thenItWaits() {
        assertThat(places.takeIdle("shop", "preflight-1")).isTrue();
        assertThat(places.takeIdle("other", "preflight-2")).isFalse();
        places.giveBack("shop", "preflight-1");
        places.waits(backup("shop", "c", 1), null, true);
        assertThat(places.takeIdle("other", "preflight-2")).isFalse();
    }

    @Test
    void givenRestoreTests_whenTheyRun_thenTheyTakeNoPlaceFromABackupAndNoneBeginsWhileOneWaits() {
        assertThat(places.takeForTest("shop", "t-1")).isTrue();
        assertThat(places.roomForTest("shop")).as("half of two in a namespace").isFalse();
        assertThat(places.roomForTest("other")).as("half of three in all").isFalse();
        assertThat(places.seen(backup("shop", "a", 1), null).runningInNamespace())
                .isZero();
        running.add(new JobBuilder()
                .withNewMetadata()
                .withNamespace("shop")
                .withName("t-1")
                .addToLabels("mainstay.dev/task", "restore-test")
                .endMetadata()
                .build());
        assertThat(places.roomForTest("shop")).as("known, and so counted once").isFalse();
        assertThat(places.seen(backup("shop", "a", 1), null).running()).isZero();

        running.clear();
        assertThat(places.roomForTest("shop")).isTrue();
        places.waits(backup("other", "b", 1), null, true);
        assertThat(places.takeForTest("shop", "t-2")).as("somebody waits").isFalse();
    }

    /** Two backups in a namespace or on a server that has no place for them: everybody else's work goes on. */
    @ParameterizedTest
    @CsvSource({
        "shop,  ,         shop,  ,         true",
        "other, server-1, third, server-1, true",
        "shop,  ,         other, ,         false",
        "other, server-1, other, server-2, false"
    })
    void givenBackupsThatWait_whenWorkThatCanWaitIsToBegin_thenOnlyThoseKeepItBackWhoCouldHaveAPlace(
            String namespace, String server, String otherNamespace, String otherServer, boolean begins) {
        JobPlaces large = places(10);
        run("shop", "a-1");
        run("shop", "b-1");
        assertThat(large.take(backup("a", "x", 1), "server-1", "x-1")).isTrue();
        assertThat(large.take(backup("b", "y", 2), "server-1", "y-1")).isTrue();
        large.waits(backup(namespace, "c", 3), server, true);
        large.waits(backup(otherNamespace, "d", 4), otherServer, true);

        assertThat(large.idle("quiet")).isEqualTo(begins);
        assertThat(large.roomForTest("quiet")).isEqualTo(begins);
        assertThat(large.idle("shop")).as("its own namespace is full").isFalse();
    }

    private JobPlaces places(int limit) {
        return new JobPlaces(
                new JobPlaces.Jobs() {
                    @Override
                    public boolean has(String namespace, String job) {
                        return running.stream()
                                .anyMatch(found -> found.getMetadata().getName().equals(job));
                    }

                    @Override
                    public List<Job> unfinished() {
                        return running;
                    }
                },
                limit,
                2,
                2,
                ((InstantSource) () -> now).withZone(ZoneOffset.UTC));
    }

    private void fill() {
        run("shop", "a-1");
        run("shop", "b-1");
        run("third", "z-1");
    }

    private void run(String namespace, String name) {
        running.add(new JobBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName(name)
                .endMetadata()
                .build());
    }

    private static DatabaseBackup backup(String namespace, String name, int age) {
        DatabaseBackup backup = new DatabaseBackup();
        backup.setMetadata(new ObjectMetaBuilder()
                .withNamespace(namespace)
                .withName(name)
                .withUid("uid-" + name)
                .withCreationTimestamp("2026-03-29T00:00:0%dZ".formatted(age))
                .build());
        return backup;
    }
}
