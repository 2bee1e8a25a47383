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
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Each mistake of a user ends in the right reason and a message that names what to mend; with real servers and Pods. */
@Tag("node")
@Execution(ExecutionMode.CONCURRENT)
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
    void storeThatTakesNoObjectNamesTheRight() {
        String reader = namespace.name();
        shop.bucket = reader;
        shop.secret("reader", "shop-s3-credentials", Map.of("accessKeyId", reader, "secretAccessKey", "canary-31c8"));
        shop.storeSecret = "reader";
        try (ShopStoreUser _ = new ShopStoreUser(namespace.client(), reader, "canary-31c8")) {
            new ShopShell(namespace, shop).run("""
                    aws s3api create-bucket --bucket %1$s
                    aws s3api put-bucket-policy --bucket %1$s --policy '{"Version": "2012-10-17", "Statement": [{
                      "Effect": "Allow", "Principal": "%1$s", "Action": ["s3:GetObject", "s3:ListBucket"],
                      "Resource": ["arn:aws:s3:::%1$s", "arn:aws:s3:::%1$s/*"]}]}'
                    """.formatted(reader));

            DatabaseBackupStatus status = expect("StorageDenied", "s3:PutObject");

            assertThat(status.failure().message()).contains("Secret " + namespace.name() + "/reader");
            assertThat(status.toString()).doesNotContain("canary-31c8");
            assertThat(shop.everythingStored()).isEmpty();
        }
    }

    @Test
    void pathOfAnotherClusterIsNamedWithWhatTakesItOver() {
        new ShopShell(namespace, shop).run("""
                echo '{"formatVersion": 1, "clusterId": "cluster-of-the-year-before", "namespace": "shop",
                  "application": "shop", "database": "main", "since": "2025-03-29T01:00:02Z"}' |
                  aws s3 cp --only-show-errors - s3://shop-backups/e2e/%s/a/owner.json
                """.formatted(namespace.name()));

        DatabaseBackupStatus status = expect("OwnedByOther", "in cluster cluster-of-the-year-before");

        assertThat(status.failure().message())
                .contains("kubectl patch backuppolicy a --namespace " + namespace.name())
                .contains("{\"spec\":{\"storage\":{\"adopt\":\"cluster-of-the-year-before\"}}}");
        assertThat(shop.stored()).containsExactly("owner.json");
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
