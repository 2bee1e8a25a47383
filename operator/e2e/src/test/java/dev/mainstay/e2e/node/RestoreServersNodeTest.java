package dev.mainstay.e2e.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.backup.BackupPhase;
import dev.mainstay.api.restore.RestoreOutcome;
import dev.mainstay.api.restore.RestorePhase;
import dev.mainstay.api.restore.RestoreRequest;
import dev.mainstay.api.restore.RestoreRequestStatus;
import dev.mainstay.e2e.harness.TestNamespace;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Restores on servers that are not like the one of the backup: of a later major, without a role or an extension, with a disk
 * that is too small for a second copy. The role is no superuser anywhere.
 */
@Tag("node")
@Execution(ExecutionMode.CONCURRENT)
class RestoreServersNodeTest {

    private static final String KEEPER = """
            CREATE ROLE keeper LOGIN CREATEDB PASSWORD 'of-the-role';
            GRANT pg_signal_backend TO keeper;
            ALTER DATABASE shop OWNER TO keeper;
            """;

    /** What only 15 has: a role, and an extension that later majors do not have any more. */
    private static final String SQL_OF_15 = KEEPER + """
            CREATE ROLE clerk;
            GRANT clerk TO keeper;
            CREATE DATABASE packed OWNER keeper;
            SET ROLE keeper;
            CREATE TABLE orders AS SELECT id, md5(id::text) AS what FROM generate_series(1, 1000) AS id;
            RESET ROLE;
            CREATE TABLE notes AS SELECT 'of the clerk' AS what;
            ALTER TABLE notes OWNER TO clerk;
            \\connect packed
            CREATE EXTENSION adminpack;
            CREATE VIEW gone AS SELECT pg_catalog.pg_file_unlink('none') AS gone;
            ALTER VIEW gone OWNER TO keeper;
            """;

    private static final String SQL_OF_17 = KEEPER + "CREATE DATABASE packed OWNER keeper;\n";

    /** 30 of the 48 MiB. */
    private static final String SQL_OF_THE_SMALL_DISK = KEEPER + """
            \\! mkdir -m 700 /small/space
            CREATE TABLESPACE small LOCATION '/small/space';
            GRANT CREATE ON TABLESPACE small TO keeper;
            CREATE DATABASE narrow OWNER keeper TABLESPACE small;
            \\connect narrow
            SET ROLE keeper;
            CREATE TABLE orders AS
              SELECT id, (SELECT string_agg(md5(id::text || part), '') FROM generate_series(1, 20) AS part) AS what
              FROM generate_series(1, 30000) AS id;
            """;

    private static final String HASH = "SELECT md5(string_agg(id || what, ',' ORDER BY id)) FROM orders";

    @RegisterExtension
    static final TestNamespace NAMESPACE = new TestNamespace();

    private static NodePostgres fifteen;
    private static NodePostgres seventeen;
    private static NodePostgres small;

    @BeforeAll
    static void begin() {
        fifteen = new NodePostgres(NAMESPACE, "fifteen", "15", SQL_OF_15, Map.of(), List.of());
        seventeen = new NodePostgres(NAMESPACE, "seventeen", "17", SQL_OF_17, Map.of(), List.of());
        small = new NodePostgres(NAMESPACE, "small", "17", SQL_OF_THE_SMALL_DISK, Map.of(), List.of());
        new NodeShop(NAMESPACE)
                .secret("keeper", "shop-db-backup", Map.of("username", "keeper", "password", "of-the-role"));
        List.of(fifteen, seventeen, small).forEach(NodePostgres::awaitReady);
    }

    @Test
    void aDumpOf15IsRestoredInto17OnceTheRoleThatItLacksIsMapped() {
        NodeShop shop = backedUp("shop", fifteen);
        String wanted = fifteen.ask("shop", HASH);
        moveTo(seventeen, shop);

        RestoreRequestStatus blocked = restore(shop, "without-the-role", "");

        assertThat(blocked.outcome()).as("%s", blocked).isEqualTo(RestoreOutcome.BLOCKED);
        assertThat(blocked.failure().reason()).isEqualTo("RoleMissing");
        assertThat(blocked.failure().message()).contains("clerk", "CREATE ROLE");

        RestoreRequestStatus restored = restore(shop, "mapped", ", roles: {mapping: {clerk: keeper}}");

        assertThat(restored.outcome()).as("%s", restored).isEqualTo(RestoreOutcome.SUCCEEDED);
        assertThat(restored.restored().rows()).isEqualTo(1001);
        assertThat(seventeen.ask("shop", HASH)).isEqualTo(wanted);
        assertThat(seventeen.ask("shop", "SELECT tableowner FROM pg_tables WHERE tablename = 'notes'"))
                .isEqualTo("keeper");
    }

    @Test
    void anExtensionThatTheServerLacksIsNamedBeforeAnythingIsStopped() {
        NodeShop shop = backedUp("packed", fifteen);
        moveTo(seventeen, shop);

        RestoreRequestStatus blocked = restore(shop, "without-the-extension", "");

        assertThat(blocked.outcome()).as("%s", blocked).isEqualTo(RestoreOutcome.BLOCKED);
        assertThat(blocked.failure().reason()).isEqualTo("ExtensionMissing");
        assertThat(blocked.failure().message()).contains("adminpack");
    }

    @Test
    void aDiskThatIsTooSmallForASecondCopyLeavesTheFirstAsItWas() {
        NodeShop shop = backedUp("narrow", small);
        String wanted = small.ask("narrow", HASH);

        RestoreRequestStatus failed = restore(shop, "too-much", "");

        assertThat(failed.outcome()).as("%s", failed).isEqualTo(RestoreOutcome.FAILED);
        assertThat(failed.failure().reason()).as(failed.failure().message()).isEqualTo("DiskFull");
        assertThat(small.ask("narrow", HASH)).isEqualTo(wanted);
        assertThat(small.ask("postgres", "SELECT count(*) FROM pg_database WHERE datname LIKE 'narrow%'"))
                .isEqualTo("1");
        assertThat(small.ask("narrow", "INSERT INTO orders VALUES (0, 'after') RETURNING what"))
                .contains("after");
    }

    /** An application of the database of that name, and a backup of it. */
    private static NodeShop backedUp(String name, NodePostgres server) {
        NodeShop shop = new NodeShop(NAMESPACE);
        shop.name = name;
        shop.host = server.host();
        shop.database = name;
        shop.databaseSecret = "keeper";
        shop.connection = ", adminSecretRef: {name: keeper}";
        shop.open().backup();
        assertThat(shop.finished().phase()).as("%s", shop.status()).isEqualTo(BackupPhase.SUCCEEDED);
        return shop;
    }

    private static void moveTo(NodePostgres server, NodeShop shop) {
        NAMESPACE
                .all(ManagedApplication.class)
                .withName(shop.name)
                .patch(
                        PatchContext.of(PatchType.JSON),
                        "[{\"op\":\"replace\",\"path\":\"/spec/databases/0/postgres/host\",\"value\":\"" + server.host()
                                + "\"}]");
    }

    private static RestoreRequestStatus restore(NodeShop shop, String name, String more) {
        NAMESPACE.create(Serialization.unmarshal(
                """
                apiVersion: mainstay.dev/v1alpha1
                kind: RestoreRequest
                metadata: {name: %1$s}
                spec:
                  applicationRef: {name: %2$s}
                  source: {backupRef: {name: %2$s}}
                  reason: the server is another one
                  acceptUnknownFreeSpace: true%3$s
                """.formatted(name, shop.name, more.replace(", ", "\n  ")), RestoreRequest.class));
        return await(name + " is finished")
                .atMost(NodeShop.PATIENCE)
                .until(
                        () -> NAMESPACE.find(RestoreRequest.class, name).getStatus(),
                        status -> status != null && status.phase() == RestorePhase.FINISHED);
    }
}
