package dev.mainstay.e2e.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.backup.BackupPhase;
import dev.mainstay.api.backup.DatabaseBackupStatus;
import dev.mainstay.api.backup.VerificationLevel;
import dev.mainstay.api.mode.MaintenanceMode;
import dev.mainstay.e2e.harness.TestNamespace;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.Serialization;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Isolated;

/** What happens while the release's own operator is away, is killed, or was installed with a mistake. */
@Tag("node")
@Isolated("the operator is everybody's")
class InstalledOperatorNodeTest {

    @RegisterExtension
    final TestNamespace namespace = new TestNamespace();

    private NodeShop shop;
    private HeldDatabase database;
    private InstalledOperator operator;

    @BeforeEach
    void open() {
        shop = new NodeShop(namespace);
        operator = new InstalledOperator(namespace.client());
    }

    @AfterEach
    void close() {
        if (database != null) {
            database.close();
        }
    }

    @Test
    void givenAPodThatIsDeletedAfterItsEnd_whenTheOperatorHasNotReadIt_thenItsBackupIsFound() {
        beginBackup();
        operator.stop();
        try {
            database.release();
            Awaitility.await("the Pod has ended")
                    .atMost(NodeShop.PATIENCE)
                    .until(() -> namespace.list(Pod.class).stream().anyMatch(NodeShop::isOfABackup)
                            && namespace.list(Pod.class).stream()
                                    .allMatch(pod ->
                                            "Succeeded".equals(pod.getStatus().getPhase())));
            namespace.all(Pod.class).delete();
            Awaitility.await("the Pod is gone")
                    .atMost(NodeShop.PATIENCE)
                    .until(() -> namespace.list(Pod.class).isEmpty());
        } finally {
            operator.start();
        }

        DatabaseBackupStatus status = shop.finished();

        assertThat(status.phase()).as("%s", status.failure()).isEqualTo(BackupPhase.SUCCEEDED);
        assertThat(status.verified().level()).isEqualTo(VerificationLevel.FULL_READ);
        assertThat(status.attempts()).hasSize(1);
        assertThat(status.attempts().getFirst().followUps().settles()).isEqualTo(1);
    }

    @Test
    void givenARunningBackup_whenTheOperatorIsKilledInItsPod_thenTheBackupEndsAsEver() {
        beginBackup();

        operator.kill();

        database.release();
        DatabaseBackupStatus status = shop.finished();
        assertThat(status.phase()).as("%s", status.failure()).isEqualTo(BackupPhase.SUCCEEDED);
        assertThat(status.verified().level()).isEqualTo(VerificationLevel.FULL_READ);
        assertThat(status.attempts()).hasSize(1);
        assertThat(status.attempts().getFirst().followUps()).isNull();
    }

    @Test
    void givenTheOperatorIsKilled_whenTheModeBeginsAndEnds_thenNobodyIsRefused() {
        HelmShop.deploy(namespace, "1.4.2");
        namespace.create(Serialization.unmarshal("""
                apiVersion: mainstay.dev/v1alpha1
                kind: ManagedApplication
                metadata: {name: shop}
                spec: {workloads: [{name: web}, {name: worker}], services: [{name: web}]}
                """, ManagedApplication.class));
        ShopMode mode = new ShopMode(namespace);
        try (SteadyClient client = mode.client("web", 80, false)) {
            mode.enter("");
            operator.kill();
            mode.awaitActive();
            client.awaitMore(50, 503);
            namespace.all(MaintenanceMode.class).delete();
            operator.kill();
            mode.leave();
            client.awaitMore(50, 200);

            assertThat(client.answers()).allMatch(answer -> answer.problem() == null);
        }
    }

    @Test
    void givenARunnerImageThatIsNowhere_whenPendingTimeoutIsOver_thenTheImageIsNamed() {
        String image = operator.useRunner("localhost/mainstay/runner:no-such-version");
        DatabaseBackupStatus status;
        try {
            shop.policy = "retry: {limit: 0}\n  pendingTimeout: 10s";
            shop.open().backup();
            status = shop.finished();
        } finally {
            operator.useRunner(image);
        }

        assertThat(status.phase()).isEqualTo(BackupPhase.FAILED);
        assertThat(status.failure().reason()).as(status.failure().message()).isEqualTo("ImagePullFailed");
        assertThat(status.failure().message()).contains("localhost/mainstay/runner:no-such-version");
    }

    /** Its host is a name of the store's certificate that nobody but the proxy can look up in this namespace. */
    @Test
    void givenAProxyInTheChartsValues_whenABackupIsMade_thenItReachesTheStoreThroughThatAlone() {
        shop.endpoint = "https://shop-s3:7443";
        shop.policy = "retry: {limit: 0}";
        DatabaseBackupStatus status;
        try (ForwardProxy proxy = new ForwardProxy(addressOfTheNode(), addressOfTheStore(), 7443)) {
            operator.useProxy(proxy.url());
            try {
                shop.open().backup();
                status = shop.finished();
            } finally {
                operator.useProxy(null);
            }

            assertThat(status.phase()).as("%s", status.failure()).isEqualTo(BackupPhase.SUCCEEDED);
            assertThat(status.verified().level()).isEqualTo(VerificationLevel.FULL_READ);
            assertThat(proxy.requests()).contains("CONNECT shop-s3:7443 HTTP/1.1");
        }
    }

    private String addressOfTheNode() {
        return namespace.client().nodes().list().getItems().getFirst().getStatus().getAddresses().stream()
                .filter(address -> "InternalIP".equals(address.getType()))
                .findFirst()
                .orElseThrow()
                .getAddress();
    }

    private String addressOfTheStore() {
        return namespace
                .client()
                .services()
                .inNamespace(NodeShop.SHOP)
                .withName("shop-s3")
                .get()
                .getSpec()
                .getClusterIP();
    }

    /** Its dump stands still until the database is released, so that it is under way whatever takes its time. */
    private void beginBackup() {
        database = new HeldDatabase(new ShopDatabase(namespace.client()));
        shop.database = database.name;
        shop.open().backup();
        Awaitility.await("the backup runs")
                .atMost(NodeShop.PATIENCE)
                .until(() -> shop.status()
                        .filter(status -> status.phase() == BackupPhase.RUNNING)
                        .isPresent());
    }
}
