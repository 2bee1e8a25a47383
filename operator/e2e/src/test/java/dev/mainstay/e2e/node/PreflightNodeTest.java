package dev.mainstay.e2e.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.api.backup.BackupPolicyStatus;
import dev.mainstay.api.status.Condition;
import dev.mainstay.core.status.Conditions;
import dev.mainstay.e2e.harness.TestNamespace;
import io.fabric8.kubernetes.api.model.ConfigMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What a policy tells of itself before any backup, by a real Pod whose log the operator reads. */
@Tag("node")
@Execution(ExecutionMode.CONCURRENT)
class PreflightNodeTest {

    @RegisterExtension
    final TestNamespace namespace = new TestNamespace();

    @Test
    void aPolicyThatIsRightPasses() {
        NodeShop shop = new NodeShop(namespace);
        shop.open();

        assertThat(told(shop).reason()).isEqualTo("Passed");
        assertThat(condition(shop, "StorageReachable").map(Condition::reason)).contains("Passed");
    }

    @Test
    void mistakesOnBothSidesStandInOneConfigMap() {
        NodeShop shop = new NodeShop(namespace);
        shop.secret("wrong", "shop-db-backup", Map.of("password", "wrong"));
        shop.databaseSecret = "wrong";
        shop.bucket = "no-such-bucket";
        shop.open();

        Condition told = told(shop);

        assertThat(told.reason()).isEqualTo("GapsFound");
        assertThat(told.message()).startsWith("2 gaps, see ConfigMap a-preflight: connection: ");
        ConfigMap findings = namespace.find(ConfigMap.class, "a-preflight");
        assertThat(findings.getData().get("findings"))
                .contains("Error, connection (AuthenticationFailed)")
                .contains("Secret " + namespace.name() + "/wrong (key password)")
                .contains("Error, bucket: list (StorageDenied)")
                .contains("There is no bucket no-such-bucket")
                .doesNotContain("could not be read whole");
    }

    private Condition told(NodeShop shop) {
        return await("a preflight of " + shop.name)
                .atMost(NodeShop.PATIENCE)
                .until(() -> condition(shop, "PreflightPassed"), Optional::isPresent)
                .orElseThrow();
    }

    private Optional<Condition> condition(NodeShop shop, String type) {
        BackupPolicyStatus status =
                namespace.find(BackupPolicy.class, shop.name).getStatus();
        return status == null ? Optional.empty() : Conditions.find(status.conditions(), type);
    }
}
