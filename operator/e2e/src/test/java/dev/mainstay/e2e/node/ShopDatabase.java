package dev.mainstay.e2e.node;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.ExecWatch;
import io.fabric8.kubernetes.client.dsl.PodResource;
import io.fabric8.kubernetes.client.readiness.Readiness;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.awaitility.Awaitility;

/** The example shop's PostgreSQL server. */
final class ShopDatabase {

    private final KubernetesClient client;

    ShopDatabase(KubernetesClient client) {
        this.client = client;
    }

    /** Runs statements as its superuser, each in a transaction of its own. */
    void execute(String database, String... statements) {
        String[] command = new String[4 + 2 * statements.length];
        command[0] = "psql";
        command[1] = "--no-psqlrc";
        command[2] = "--set=ON_ERROR_STOP=1";
        command[3] = "--dbname=" + database;
        for (int i = 0; i < statements.length; i++) {
            command[4 + 2 * i] = "--command";
            command[5 + 2 * i] = statements[i];
        }
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        try (ExecWatch psql = pod().writingError(errors).exec(command)) {
            int code = psql.exitCode().get(1, TimeUnit.MINUTES);
            if (code != 0) {
                throw new IllegalStateException("psql: " + errors.toString(StandardCharsets.UTF_8));
            }
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Kills the server with SIGKILL; the kubelet starts it again. */
    void crash() {
        ContainerProcesses.of(pod().get().getStatus().getContainerStatuses().getFirst())
                .main()
                .destroyForcibly();
    }

    void awaitReady() {
        Awaitility.await("the shop's database is ready")
                .atMost(NodeShop.PATIENCE)
                .until(pod()::get, pod -> Objects.nonNull(pod) && Readiness.isPodReady(pod));
    }

    /** How often it was started again. */
    int restarts() {
        Pod pod = pod().get();
        return pod.getStatus().getContainerStatuses().getFirst().getRestartCount();
    }

    private PodResource pod() {
        return client.pods().inNamespace(NodeShop.SHOP).withName("shop-db-0");
    }
}
