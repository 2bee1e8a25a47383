package dev.mainstay.e2e.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.backup.BackupPhase;
import dev.mainstay.api.backup.DatabaseBackupStatus;
import dev.mainstay.e2e.harness.TestNamespace;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Each mistake of a user ends in the right reason and a message that names what to mend; with real servers and Pods. */
@Tag("node")
class BackupFailuresNodeTest {

    @RegisterExtension
    final TestNamespace namespace = new TestNamespace();

    private NodeShop shop;

    @BeforeEach
    void open() {
        shop = new NodeShop(namespace);
        shop.policy = "retry: {limit: 0}";
    }

    @Test
    void missingSecretIsNamed() {
        shop.databaseSecret = "no-such-secret";
        expect("CredentialsMissing", "no-such-secret");
    }

    @Test
    void missingKeyIsNamedWithTheKeysFound() {
        shop.secretWithout("password", "without-password", "shop-db-backup");
        shop.databaseSecret = "without-password";
        DatabaseBackupStatus status = expect("CredentialsMissing", "without-password");
        assertThat(status.failure().message()).contains("password").contains("username");
    }

    @Test
    void wrongPasswordIsToldWithoutShowingIt() {
        shop.secret("wrong-password", "shop-db-backup", Map.of("password", "canary-7d1f"));
        shop.databaseSecret = "wrong-password";
        DatabaseBackupStatus status = expect("AuthenticationFailed", "wrong-password");
        assertThat(status.toString()).doesNotContain("canary-7d1f");
    }

    @Test
    void wrongHostIsNamed() {
        shop.host = "no-such-host.shop.svc";
        expect("ConnectionFailed", "no-such-host.shop.svc");
    }

    @Test
    void missingBucketIsNamed() {
        shop.bucket = "no-such-bucket";
        expect("StorageDenied", "no-such-bucket");
    }

    @Test
    void wrongSecretAccessKeyNamesItsSecret() {
        shop.secret("wrong-key", "shop-s3-credentials", Map.of("secretAccessKey", "canary-9b2e"));
        shop.storeSecret = "wrong-key";
        DatabaseBackupStatus status = expect("StorageDenied", "wrong-key");
        assertThat(status.toString()).doesNotContain("canary-9b2e");
    }

    @Test
    void podThatNoNodeTakesIsToldAfterThePendingTimeout() {
        shop.jobTemplate = "{nodeSelector: {no-such-label: \"true\"}}";
        shop.policy += "\n  pendingTimeout: 5s";
        expect("Unschedulable", "jobTemplate");
    }

    private DatabaseBackupStatus expect(String reason, String named) {
        shop.open().backup();
        DatabaseBackupStatus status = shop.finished();
        assertThat(status.phase()).isEqualTo(BackupPhase.FAILED);
        assertThat(status.failure().reason()).as(status.failure().message()).isEqualTo(reason);
        assertThat(status.failure().message()).contains(named);
        assertThat(status.attempts()).hasSize(1);
        return status;
    }
}
