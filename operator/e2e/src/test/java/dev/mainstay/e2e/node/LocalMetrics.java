package dev.mainstay.e2e.node;

import dev.mainstay.e2e.harness.ClusterClient;
import dev.mainstay.e2e.harness.Programs;

/** The metrics-server beside the cluster, by which Pods' CPU and memory are known. The level's tests share it. */
final class LocalMetrics {

    private LocalMetrics() {}

    /** Starts it where it does not run yet; it ends with the level, or with the cluster. */
    static void up() {
        Programs.run(
                new ProcessBuilder(
                        ClusterClient.REPOSITORY.resolve("deploy/local/metrics").toString(), "up"),
                "");
    }
}
