package dev.mainstay.controller.kube;

import dev.mainstay.core.naming.Names;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** ConfigMaps: ours for what is too long for a status, which go with their owner, and what others are told by. */
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
        client.resource(owned(owner, name, data)).patch(APPLY);
    }

    /**
     * Makes one that nobody can change, once: the first stands.
     *
     * @return why there is none of the owner's under that name; empty when there is one
     */
    public Optional<String> keep(HasMetadata owner, String name, Map<String, String> data) {
        ConfigMap map = new ConfigMapBuilder(owned(owner, name, data))
                .withImmutable(true)
                .build();
        try {
            client.resource(map).create();
            return Optional.empty();
        } catch (KubernetesClientException e) {
            if (ApiErrors.alreadyExists(e)) {
                return isOurs(owner, name)
                        ? Optional.empty()
                        : Optional.of("There is one of that name that does not belong to this run: delete it.");
            }
            return Optional.of(ApiErrors.rejection(e).orElseThrow(() -> e));
        }
    }

    private boolean isOurs(HasMetadata owner, String name) {
        return RawReads.json(client, "/api/v1/namespaces/" + owner.getMetadata().getNamespace() + "/configmaps/" + name)
                .filter(found ->
                        Ownership.isControlledBy(found, owner.getMetadata().getUid()))
                .isPresent();
    }

    private static ConfigMap owned(HasMetadata owner, String name, Map<String, String> data) {
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(owner.getMetadata().getNamespace())
                .addToLabels("app.kubernetes.io/managed-by", "mainstay")
                .withOwnerReferences(Ownership.controlledBy(owner))
                .endMetadata()
                .withData(data)
                .build();
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
