package dev.mainstay.e2e.node;

import dev.mainstay.e2e.harness.ClusterClient;
import dev.mainstay.e2e.harness.Programs;
import dev.mainstay.e2e.harness.TestNamespace;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** The example shop's web server and worker, as Helm installs them. */
final class HelmShop {

    private static final Path CHART = ClusterClient.REPOSITORY.resolve("deploy/local/shop/chart");

    private HelmShop() {}

    /** Installs a version, or goes over to it; waits for its Pods unless there are other arguments for Helm. */
    static void deploy(TestNamespace namespace, String version, String... more) {
        List<String> command = Stream.concat(
                        Stream.of(
                                "helm",
                                "upgrade",
                                "--install",
                                "shop",
                                CHART.toString(),
                                "--namespace",
                                namespace.name(),
                                "--set",
                                "version=" + version),
                        more.length == 0 ? Stream.of("--wait", "--timeout", "180s") : Arrays.stream(more))
                .toList();
        Programs.run(new ProcessBuilder(command), "");
    }
}
