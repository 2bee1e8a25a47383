package dev.mainstay.runner.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.Task;
import dev.mainstay.core.task.Task.MadeBy;
import dev.mainstay.core.task.Task.Origin;
import dev.mainstay.core.task.TaskKind;
import dev.mainstay.runner.task.TaskFailure;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class OwnershipTest {

    private static final Instant NOW = Instant.parse("2026-03-29T01:00:02Z");

    private final MemoryStore store = new MemoryStore();

    @Test
    void aFreePathIsTaken() {
        claim("cluster-1", "ecommerce", null);

        assertThat(new String(store.objects.get("p/owner.json"), StandardCharsets.UTF_8))
                .isEqualTo("{\"formatVersion\":1,\"clusterId\":\"cluster-1\",\"namespace\":\"shop\","
                        + "\"application\":\"shop\",\"database\":\"ecommerce\",\"since\":\"2026-03-29T01:00:02Z\"}");
    }

    @Test
    void anOwnPathStaysAsItIs() {
        claim("cluster-1", "ecommerce", null);
        byte[] before = store.objects.get("p/owner.json");

        new Ownership(store, task("cluster-1", "ecommerce", null)).claim(NOW.plusSeconds(1));

        assertThat(store.objects.get("p/owner.json")).isEqualTo(before);
    }

    @Test
    void anotherClustersPathIsRefusedWithTheLineThatTakesItOver() {
        claim("cluster-1", "ecommerce", null);

        assertThatThrownBy(() -> claim("cluster-2", "ecommerce", null))
                .isInstanceOfSatisfying(
                        TaskFailure.class,
                        failure -> assertThat(failure.reason()).isEqualTo(Reason.OWNED_BY_OTHER))
                .hasMessageContaining("BackupPolicy shop/nightly")
                .hasMessageContaining("belongs to database ecommerce of application shop/shop in cluster cluster-1")
                .hasMessageContaining("{\"spec\":{\"storage\":{\"adopt\":\"cluster-1\"}}}");
    }

    @Test
    void anotherDatabasesPathIsRefused() {
        claim("cluster-1", "ecommerce", null);

        assertThatThrownBy(() -> claim("cluster-1", "billing", null)).hasMessageContaining("database ecommerce");
    }

    @Test
    void adoptTakesOverFromExactlyTheNamedOwner() {
        claim("cluster-1", "ecommerce", null);
        assertThatThrownBy(() -> claim("cluster-2", "ecommerce", "cluster-3")).hasMessageContaining("cluster-1");

        claim("cluster-2", "ecommerce", "cluster-1");

        claim("cluster-2", "ecommerce", "cluster-1");
        assertThatThrownBy(() -> claim("cluster-1", "ecommerce", null)).hasMessageContaining("cluster-2");
    }

    @Test
    void whoseBackupsAreOursIsRememberedWhenAdoptIsTakenOut() {
        claim("cluster-1", "ecommerce", null);
        claim("cluster-2", "ecommerce", "cluster-1");
        claim("cluster-3", "ecommerce", "cluster-2");

        Owner owner = new Ownership(store, task("cluster-3", "ecommerce", null)).check();

        assertThat(owner.adopted()).extracting(Owner::clusterId).containsExactly("cluster-1", "cluster-2");
        assertThat(owner.owns(origin("cluster-1", "ecommerce"))).isTrue();
        assertThat(owner.owns(origin("cluster-2", "ecommerce"))).isTrue();
        assertThat(owner.owns(origin("cluster-3", "ecommerce"))).isTrue();
        assertThat(owner.owns(origin("cluster-1", "billing"))).isFalse();
        assertThat(owner.owns(origin("cluster-4", "ecommerce"))).isFalse();
    }

    @Test
    void aTakingBackDoesNotGrowForEver() {
        claim("cluster-1", "ecommerce", null);
        for (int i = 0; i < 3; i++) {
            claim("cluster-2", "ecommerce", "cluster-1");
            claim("cluster-1", "ecommerce", "cluster-2");
        }

        assertThat(new Ownership(store, task("cluster-1", "ecommerce", null))
                        .check()
                        .adopted())
                .extracting(Owner::clusterId)
                .containsExactly("cluster-2");
    }

    @Test
    void aCheckTakesNothing() {
        assertThatThrownBy(() -> new Ownership(store, task("cluster-1", "ecommerce", null)).check())
                .hasMessageContaining("there is no s3://bucket/p/owner.json");
        claim("cluster-1", "ecommerce", null);
        assertThatThrownBy(() -> new Ownership(store, task("cluster-2", "ecommerce", "cluster-1")).check())
                .hasMessageContaining("in cluster cluster-1");
        assertThat(store.objects).hasSize(1);
    }

    private static Manifest.Origin origin(String cluster, String database) {
        return new Manifest.Origin(cluster, "shop", "shop", "nightly", database);
    }

    @Test
    void whatMainstayDidNotWriteIsNotTouched() {
        store.objects.put("p/owner.json", "hello".getBytes(StandardCharsets.UTF_8));

        assertThatThrownBy(() -> claim("cluster-1", "ecommerce", null)).hasMessageContaining("not written by Mainstay");
    }

    private void claim(String cluster, String database, String adopt) {
        new Ownership(store, task(cluster, database, adopt)).claim(NOW);
    }

    private static Task task(String cluster, String database, String adopt) {
        Origin origin = new Origin(
                cluster, "shop", "shop", "nightly", database, "nightly-1", "uid-1", MadeBy.POLICY, null, adopt);
        return new Task(1, TaskKind.BACKUP, origin, 1, "p/a/", "p/", null, null, null, null, null, 60, null);
    }
}
