package dev.mainstay.e2e.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.backup.BackupPhase;
import dev.mainstay.api.backup.DatabaseBackupStatus;
import dev.mainstay.e2e.harness.TestNamespace;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Each mistake of a user ends in the right reason and a message that names what to mend; with real servers and Pods. */
@Tag("node")
class BackupFailuresNodeTest {

    private static final String ONCE = "retry: {limit: 0}";

    @RegisterExtension
    final TestNamespace namespace = new TestNamespace();

    private NodeShop shop;

    @BeforeEach
    void open() {
        shop = new NodeShop(namespace).withSecrets();
    }

    @Test
    void missingSecretIsNamed() {
        shop.application("a", "shop-db.shop.svc", "no-such-secret", "{}");
        shop.policy("a", "shop-backups", "shop-s3-credentials", ONCE);
        expect("CredentialsMissing", "no-such-secret");
    }

    @Test
    void missingKeyIsNamedWithTheKeysFound() {
        shop.secret("without-password", "shop-db-backup", "password", null);
        shop.application("a", "shop-db.shop.svc", "without-password", "{}");
        shop.policy("a", "shop-backups", "shop-s3-credentials", ONCE);
        DatabaseBackupStatus status = expect("CredentialsMissing", "without-password");
        assertThat(status.failure().message()).contains("password").contains("username");
    }

    @Test
    void wrongPasswordIsToldWithoutShowingIt() {
        shop.secret("wrong-password", "shop-db-backup", "password", "canary-7d1f");
        shop.application("a", "shop-db.shop.svc", "wrong-password", "{}");
        shop.policy("a", "shop-backups", "shop-s3-credentials", ONCE);
        DatabaseBackupStatus status = expect("AuthenticationFailed", "wrong-password");
        assertThat(status.toString()).doesNotContain("canary-7d1f");
    }

    @Test
    void wrongHostIsNamed() {
        shop.application("a", "no-such-host.shop.svc", "shop-db-backup", "{}");
        shop.policy("a", "shop-backups", "shop-s3-credentials", ONCE);
        expect("ConnectionFailed", "no-such-host.shop.svc");
    }

    @Test
    void missingBucketIsNamed() {
        shop.application("a", "shop-db.shop.svc", "shop-db-backup", "{}");
        shop.policy("a", "no-such-bucket", "shop-s3-credentials", ONCE);
        expect("StorageDenied", "no-such-bucket");
    }

    @Test
    void wrongSecretAccessKeyNamesItsSecret() {
        shop.secret("wrong-key", "shop-s3-credentials", "secretAccessKey", "canary-9b2e");
        shop.application("a", "shop-db.shop.svc", "shop-db-backup", "{}");
        shop.policy("a", "shop-backups", "wrong-key", ONCE);
        DatabaseBackupStatus status = expect("StorageDenied", "wrong-key");
        assertThat(status.toString()).doesNotContain("canary-9b2e");
    }

    @Test
    void podThatNoNodeTakesIsToldAfterThePendingTimeout() {
        shop.application("a", "shop-db.shop.svc", "shop-db-backup", "{nodeSelector: {no-such-label: \"true\"}}");
        shop.policy("a", "shop-backups", "shop-s3-credentials", ONCE + "\n  pendingTimeout: 5s");
        expect("Unschedulable", "jobTemplate");
    }

    private DatabaseBackupStatus expect(String reason, String named) {
        shop.backup("a");
        DatabaseBackupStatus status = shop.finished("a");
        assertThat(status.phase()).isEqualTo(BackupPhase.FAILED);
        assertThat(status.failure().reason()).as(status.failure().message()).isEqualTo(reason);
        assertThat(status.failure().message()).contains(named);
        assertThat(status.attempts()).hasSize(1);
        return status;
    }
}
