package dev.mainstay.e2e.node;

import dev.mainstay.e2e.harness.TestNamespace;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.readiness.Readiness;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;

/**
 * A PostgreSQL server of a test's own in its namespace, with the database {@code shop}; it goes with the namespace. Beside
 * its data it has /small, a disk of 48 MiB.
 */
final class NodePostgres {

    private final TestNamespace namespace;
    private final String name;

    /**
     * Begins to start it.
     *
     * @param name of the Pod and its Service
     * @param sql runs once in the database {@code shop}
     * @param files what it finds in /etc/server
     * @param arguments of the server
     */
    NodePostgres(
            TestNamespace namespace,
            String name,
            String major,
            String sql,
            Map<String, String> files,
            List<String> arguments) {
        this.namespace = namespace;
        this.name = name;
        namespace.create(new ConfigMapBuilder()
                .withNewMetadata()
                .withName(name)
                .endMetadata()
                .withData(Map.of("10.sql", sql))
                .build());
        namespace.create(new SecretBuilder()
                .withNewMetadata()
                .withName(name)
                .endMetadata()
                .withStringData(files)
                .build());
        namespace.create(Serialization.unmarshal("""
                apiVersion: v1
                kind: Service
                metadata: {name: %1$s}
                spec: {selector: {server: %1$s}, ports: [{port: 5432}]}
                """.formatted(name), Service.class));
        Pod pod = Serialization.unmarshal("""
                apiVersion: v1
                kind: Pod
                metadata: {name: %1$s, labels: {server: %1$s}}
                spec:
                  automountServiceAccountToken: false
                  enableServiceLinks: false
                  terminationGracePeriodSeconds: 1
                  securityContext:
                    {runAsNonRoot: true, runAsUser: 999, runAsGroup: 999, fsGroup: 999, seccompProfile: {type: RuntimeDefault}}
                  containers:
                  - name: postgres
                    image: localhost/mainstay/example-postgres:%2$s
                    imagePullPolicy: IfNotPresent
                    env: [{name: POSTGRES_PASSWORD, value: of-the-test}, {name: POSTGRES_DB, value: shop}]
                    readinessProbe: {exec: {command: [pg_isready, --quiet, --host=127.0.0.1]}, periodSeconds: 1}
                    resources: {requests: {cpu: 100m, memory: 64Mi}, limits: {memory: 512Mi}}
                    securityContext:
                      {allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: {drop: [ALL]}}
                    volumeMounts:
                    - {name: data, mountPath: /var/lib/postgresql/data}
                    - {name: sockets, mountPath: /var/run/postgresql}
                    - {name: tmp, mountPath: /tmp}
                    - {name: sql, mountPath: /docker-entrypoint-initdb.d}
                    - {name: files, mountPath: /etc/server}
                    - {name: small, mountPath: /small}
                  volumes:
                  - {name: small, emptyDir: {medium: Memory, sizeLimit: 48Mi}}
                  - {name: data, emptyDir: {}}
                  - {name: sockets, emptyDir: {}}
                  - {name: tmp, emptyDir: {}}
                  - {name: sql, configMap: {name: %1$s}}
                  - {name: files, secret: {secretName: %1$s, defaultMode: 0440}}
                """.formatted(name, major), Pod.class);
        pod.getSpec().getContainers().getFirst().setArgs(arguments);
        namespace.create(pod);
    }

    /** Where it is found from within the cluster. */
    String host() {
        return name + "." + namespace.name() + ".svc";
    }

    NodePostgres awaitReady() {
        Awaitility.await(name + " is ready")
                .atMost(NodeShop.PATIENCE)
                .until(() -> namespace.find(Pod.class, name), Readiness::isPodReady);
        return this;
    }

    /** Runs lines of shell in its container, as a superuser of the server. */
    void run(String script) {
        PodProgram.run(namespace.client().pods().inNamespace(namespace.name()).withName(name), "sh", "-euc", script);
    }

    /** The one value that a query answers a superuser. */
    String ask(String database, String query) {
        return PodProgram.output(
                        namespace.client().pods().inNamespace(namespace.name()).withName(name),
                        "psql",
                        "--no-psqlrc",
                        "--tuples-only",
                        "--no-align",
                        "--dbname=" + database,
                        "--command",
                        query)
                .strip();
    }
}
