package dev.mainstay.controller.kube;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.Map;

/** Long findings, which don't fit into a status: a ConfigMap that goes with its owner. */
public final class ConfigMaps {

    private static final PatchContext APPLY = new PatchContext.Builder()
            .withPatchType(PatchType.SERVER_SIDE_APPLY)
            .withFieldManager("mainstay")
            .withForce(true)
            .build();

    private final KubernetesClient client;

    public ConfigMaps(KubernetesClient client) {
        this.client = client;
    }

    /** Writes it; written twice it is there once. */
    public void apply(HasMetadata owner, String name, Map<String, String> data) {
        ConfigMap map = new ConfigMapBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(owner.getMetadata().getNamespace())
                .addToLabels("app.kubernetes.io/managed-by", "mainstay")
                .withOwnerReferences(new OwnerReferenceBuilder()
                        .withApiVersion(owner.getApiVersion())
                        .withKind(owner.getKind())
                        .withName(owner.getMetadata().getName())
                        .withUid(owner.getMetadata().getUid())
                        .withController(true)
                        .build())
                .endMetadata()
                .withData(data)
                .build();
        client.resource(map).patch(APPLY);
    }
}
