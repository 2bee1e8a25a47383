package dev.mainstay.e2e.node;

import dev.mainstay.e2e.harness.TestNamespace;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** A shell in a Pod, as a person has one: with psql, pg_restore and aws, and the settings for the shop's servers. */
public final class ShopShell {

    private final TestNamespace namespace;
    private final NodeShop shop;
    private final Duration patience;
    private int runs;

    /** A shell in the namespace of the shop. */
    public ShopShell(TestNamespace namespace, NodeShop shop) {
        this(namespace, shop, NodeShop.PATIENCE);
    }

    /** A shell whose lines may take that long. */
    public ShopShell(TestNamespace namespace, NodeShop shop, Duration patience) {
        this.patience = patience;
        this.namespace = namespace;
        this.shop = shop;
        shop.secret("shop-db-admin", "shop-db-admin", Map.of());
    }

    /** What the lines print; they end at the first that fails. Each run has a Pod of its own. */
    public String run(String script) {
        String name = "shell-" + ++runs;
        Job job = Serialization.unmarshal("""
                apiVersion: batch/v1
                kind: Job
                metadata: {name: %s}
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
                        command: [bash, -euo, pipefail, -c]
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
                        resources: {requests: {cpu: 100m, memory: 64Mi}}
                        securityContext:
                          {allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: {drop: [ALL]}}
                        volumeMounts: [{name: ca, mountPath: /ca}, {name: tmp, mountPath: /tmp}]
                      volumes:
                      - {name: ca, secret: {secretName: shop-s3-ca, defaultMode: 0440}}
                      - {name: tmp, emptyDir: {}}
                """.formatted(name), Job.class);
        job.getSpec().getTemplate().getSpec().getContainers().getFirst().setArgs(List.of(script));
        namespace.create(job);
        Pod ended = Awaitility.await("the shell ends")
                .atMost(patience)
                .until(() -> pods(name).filter(ShopShell::ended).findFirst(), found -> found.isPresent())
                .orElseThrow();
        String log = shop.log(ended);
        if (!ended.getStatus().getPhase().equals("Succeeded")) {
            throw new IllegalStateException("a line failed:\n" + log);
        }
        return log;
    }

    private Stream<Pod> pods(String job) {
        return namespace.list(Pod.class).stream()
                .filter(pod -> job.equals(pod.getMetadata().getLabels().get("batch.kubernetes.io/job-name")));
    }

    private static boolean ended(Pod pod) {
        return List.of("Succeeded", "Failed").contains(pod.getStatus().getPhase());
    }
}
