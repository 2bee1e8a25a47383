package dev.mainstay.e2e.api;

import dev.mainstay.e2e.harness.ClusterClient;
import dev.mainstay.e2e.harness.GoProgram;
import java.nio.file.Path;
import java.util.List;

/** The health script that is shipped for Argo CD, in the engine that Argo CD runs it in. */
final class ArgoCdHealth {

    private static final Path SCRIPTS = ClusterClient.REPOSITORY.resolve("deploy/gitops/argocd/argocd-cm.yaml");

    private ArgoCdHealth() {}

    /** What it says of each JSON document, such as {@code Progressing}. */
    static List<String> verdicts(String objects) {
        return Holder.PROGRAM
                .run(objects, SCRIPTS.toString())
                .lines()
                .map(line -> line.split("\t", 2)[0])
                .toList();
    }

    private static final class Holder {
        static final GoProgram PROGRAM = new GoProgram("argocd-health");
    }
}
