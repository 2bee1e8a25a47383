package dev.mainstay.e2e.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.backup.BackupPhase;
import dev.mainstay.api.backup.DatabaseBackupStatus;
import dev.mainstay.e2e.harness.ClusterClient;
import dev.mainstay.e2e.harness.TestNamespace;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The lines of docs/restore-by-hand.md restore a backup with aws and pg_restore alone, to the last row. */
@Tag("node")
class RestoreByHandNodeTest {

    private static final List<String> TABLES =
            List.of("customers", "products", "orders", "order_items", "payments", "audit");

    @RegisterExtension
    final TestNamespace namespace = new TestNamespace();

    @Test
    void documentedLinesRestoreEveryRow() throws IOException {
        NodeShop shop = new NodeShop(namespace);
        shop.secret("shop-db-admin", "shop-db-admin", Map.of());
        shop.open().backup();
        DatabaseBackupStatus backup = shop.finished();
        assertThat(backup.phase()).as("%s", backup.failure()).isEqualTo(BackupPhase.SUCCEEDED);

        String database = "restored_" + namespace.name().replace('-', '_');
        String script =
                "set -euo pipefail\nlocation=" + backup.location() + "\n" + documented(database) + counts(database);
        String log = run(script, shop);

        assertThat(log).contains("rows are equal");
    }

    /** The indented block of the page, less the line that asks kubectl: the location is given. */
    private static String documented(String database) throws IOException {
        String page = Files.readString(ClusterClient.REPOSITORY.resolve("docs/restore-by-hand.md"));
        List<String> lines = page.lines()
                .dropWhile(line -> !line.startsWith("    location="))
                .takeWhile(line -> line.startsWith("    "))
                .skip(1)
                .map(String::strip)
                .toList();
        assertThat(lines).as("the lines of the page").hasSizeBetween(2, 3);
        return String.join("\n", lines).replace("ecommerce_restored", database) + "\n";
    }

    private static String counts(String database) {
        String query = String.join(
                        " UNION ALL ",
                        TABLES.stream()
                                .map(table -> "SELECT '" + table + "', count(*) FROM " + table)
                                .toList())
                + " ORDER BY 1";
        return """
                psql --no-psqlrc --tuples-only --dbname ecommerce --command "%s" >/tmp/before
                psql --no-psqlrc --tuples-only --dbname %s --command "%s" >/tmp/after
                cat /tmp/after
                dropdb %s
                diff /tmp/before /tmp/after && echo rows are equal
                """.formatted(query, database, query, database);
    }

    private String run(String script, NodeShop shop) {
        Job job = Serialization.unmarshal("""
                apiVersion: batch/v1
                kind: Job
                metadata: {name: restore-by-hand}
                spec:
                  backoffLimit: 0
                  template:
                    spec:
                      restartPolicy: Never
                      automountServiceAccountToken: false
                      securityContext:
                        {runAsNonRoot: true, runAsUser: 65532, fsGroup: 65532, seccompProfile: {type: RuntimeDefault}}
                      containers:
                      - name: shell
                        image: localhost/mainstay/restore-check:13
                        imagePullPolicy: IfNotPresent
                        command: [bash, -c]
                        env:
                        - {name: PGHOST, value: shop-db.shop.svc}
                        - {name: PGUSER, valueFrom: {secretKeyRef: {name: shop-db-admin, key: username}}}
                        - {name: PGPASSWORD, valueFrom: {secretKeyRef: {name: shop-db-admin, key: password}}}
                        - {name: AWS_ENDPOINT_URL, value: "https://shop-s3.shop.svc:7443"}
                        - {name: AWS_DEFAULT_REGION, value: us-east-1}
                        - {name: AWS_CA_BUNDLE, value: /ca/ca.crt}
                        - {name: AWS_ACCESS_KEY_ID, valueFrom: {secretKeyRef: {name: shop-s3-credentials, key: accessKeyId}}}
                        - name: AWS_SECRET_ACCESS_KEY
                          valueFrom: {secretKeyRef: {name: shop-s3-credentials, key: secretAccessKey}}
                        - {name: HOME, value: /tmp}
                        securityContext:
                          {allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: {drop: [ALL]}}
                        volumeMounts: [{name: ca, mountPath: /ca}, {name: tmp, mountPath: /tmp}]
                      volumes:
                      - {name: ca, secret: {secretName: shop-s3-ca, defaultMode: 0440}}
                      - {name: tmp, emptyDir: {}}
                """, Job.class);
        job.getSpec().getTemplate().getSpec().getContainers().getFirst().setArgs(List.of(script));
        namespace.create(job);
        Awaitility.await("the restore by hand ends").atMost(NodeShop.PATIENCE).until(() -> ended());
        return pods().map(shop::log).findFirst().orElseThrow();
    }

    private boolean ended() {
        return pods().anyMatch(pod ->
                List.of("Succeeded", "Failed").contains(pod.getStatus().getPhase()));
    }

    private Stream<Pod> pods() {
        return namespace.list(Pod.class).stream()
                .filter(pod -> pod.getMetadata().getLabels().containsValue("restore-by-hand"));
    }
}
