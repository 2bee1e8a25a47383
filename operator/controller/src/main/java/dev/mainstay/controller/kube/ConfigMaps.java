package dev.mainstay.controller.kube;

import dev.mainstay.core.naming.Names;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/** ConfigMaps: ours for long findings, which go with their owner, and what others are told by. */
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
                .withOwnerReferences(Ownership.controlledBy(owner))
                .endMetadata()
                .withData(data)
                .build();
        client.resource(map).patch(APPLY);
    }

    /** Hashes of the content of those that exist, by name. */
    public Map<String, String> hashes(String namespace, Set<String> names) {
        Map<String, String> hashes = new TreeMap<>();
        for (String name : names) {
            ConfigMap found =
                    client.configMaps().inNamespace(namespace).withName(name).get();
            if (found != null) {
                hashes.put(
                        name,
                        Names.digest(
                                new TreeMap<>(Objects.requireNonNullElse(found.getData(), Map.of())),
                                new TreeMap<>(Objects.requireNonNullElse(found.getBinaryData(), Map.of()))));
            }
        }
        return hashes;
    }
}
