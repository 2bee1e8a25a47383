package dev.mainstay.e2e.runner;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** KWOK's stages by which it leaves the Pods of tasks to fake runners; they are the cluster's, and applied once for all tests. */
final class Stages {

    private static boolean applied;

    private Stages() {}

    static synchronized void apply(KubernetesClient client) {
        if (applied) {
            return;
        }
        try (InputStream stages = Stages.class.getResourceAsStream("/simulation/stages.yaml")) {
            client.load(stages)
                    .items()
                    .forEach(stage -> client.resource(stage)
                            .patch(new PatchContext.Builder()
                                    .withPatchType(PatchType.SERVER_SIDE_APPLY)
                                    .withFieldManager("mainstay-e2e")
                                    .withForce(true)
                                    .build()));
            applied = true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
