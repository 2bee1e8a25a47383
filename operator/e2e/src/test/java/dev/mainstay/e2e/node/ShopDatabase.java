package dev.mainstay.e2e.node;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.PodResource;
import io.fabric8.kubernetes.client.readiness.Readiness;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;

/** The example shop's PostgreSQL server. */
final class ShopDatabase {

    private final KubernetesClient client;

    ShopDatabase(KubernetesClient client) {
        this.client = client;
    }

    /** Runs statements as its superuser, each in a transaction of its own. */
    void execute(String database, String... statements) {
        List<String> command =
                new ArrayList<>(List.of("psql", "--no-psqlrc", "--set=ON_ERROR_STOP=1", "--dbname=" + database));
        for (String statement : statements) {
            command.addAll(List.of("--command", statement));
        }
        PodProgram.run(pod(), command.toArray(String[]::new));
    }

    /** The one value that a query answers. */
    String ask(String database, String query) {
        return PodProgram.output(
                        pod(),
                        "psql",
                        "--no-psqlrc",
                        "--tuples-only",
                        "--no-align",
                        "--dbname=" + database,
                        "--command",
                        query)
                .strip();
    }

    /** Whether a program in its container succeeds. */
    boolean tries(String... command) {
        return PodProgram.succeeds(pod(), command);
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
                .until(pod()::get, pod -> pod != null && Readiness.isPodReady(pod));
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
