package dev.mainstay.e2e.runner;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mainstay.core.task.TaskJson;
import dev.mainstay.e2e.harness.ClusterClient;
import dev.mainstay.e2e.harness.TestNamespace;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Plays cert-manager in one namespace: it issues a Certificate under the condition {@code Issuing}, and takes that away when the
 * Secret holds the new one. When it can't, it says False, as its own controller of issuing does.
 */
public final class FakeCertManager implements AutoCloseable {

    private static final String ISSUING = "Issuing";

    /** What comes of an order for a Certificate. */
    public enum Order {
        /** It is issued. */
        ISSUED,
        /** It is refused. */
        REFUSED,
        /** Nothing is heard of it. */
        PENDING
    }

    private final TestNamespace namespace;
    private final Map<String, Order> orders = new ConcurrentHashMap<>();
    private final Map<String, Runnable> before = new ConcurrentHashMap<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final SharedIndexInformer<GenericKubernetesResource> certificates;

    /** Installs the definition, and starts. */
    public FakeCertManager(TestNamespace namespace) {
        this.namespace = namespace;
        try {
            ClusterClient.get()
                    .install(Serialization.unmarshal(
                            Files.readString(ClusterClient.REPOSITORY.resolve(
                                    "operator/e2e/src/test/resources/certmanager/certificates.yaml")),
                            CustomResourceDefinition.class));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        certificates = namespace
                .client()
                .genericKubernetesResources("cert-manager.io/v1", "Certificate")
                .inNamespace(namespace.name())
                .inform(new ResourceEventHandler<>() {
                    @Override
                    public void onAdd(GenericKubernetesResource certificate) {
                        // None is made with the condition.
                    }

                    @Override
                    public void onUpdate(GenericKubernetesResource old, GenericKubernetesResource certificate) {
                        if (!issuing(old) && issuing(certificate)) {
                            String name = certificate.getMetadata().getName();
                            asked.add(name);
                            Thread.startVirtualThread(() -> work(name));
                        }
                    }

                    @Override
                    public void onDelete(GenericKubernetesResource certificate, boolean unknown) {
                        // Nothing is left to do.
                    }
                });
    }

    /**
     * Makes a Certificate that has been issued, and its Secret.
     *
     * @param left for how long it is valid still, of 90 days
     * @param order what comes of the next order
     * @param before what is done before that
     */
    public void issued(String name, Duration left, Order order, Runnable before) {
        orders.put(name, order);
        this.before.put(name, before);
        Instant until = Instant.now().plus(left);
        namespace.create(new SecretBuilder()
                .withNewMetadata()
                .withName(name + "-tls")
                .endMetadata()
                .addToStringData("tls.crt", "revision 1")
                .build());
        namespace
                .client()
                .resource(
                        Serialization.unmarshal("""
                        apiVersion: cert-manager.io/v1
                        kind: Certificate
                        metadata: {name: %1$s, namespace: %2$s}
                        spec: {secretName: %1$s-tls, issuerRef: {name: ca}}
                        """.formatted(name, namespace.name()), GenericKubernetesResource.class))
                .create();
        write(
                name,
                status(until.minus(Duration.ofDays(90)), until, 1)
                        .set(
                                "conditions",
                                TaskJson.mapper().createArrayNode().add(condition("Ready", "True", "Ready"))));
    }

    /** How often a Certificate was asked for. */
    public long asked(String name) {
        return asked.stream().filter(name::equals).count();
    }

    /** The object as it is. */
    public JsonNode certificate(String name) {
        return TaskJson.mapper().valueToTree(resource(name).get());
    }

    private void work(String name) {
        before.get(name).run();
        JsonNode now = certificate(name).path("status");
        ArrayNode conditions = TaskJson.mapper().createArrayNode();
        for (JsonNode condition : now.path("conditions")) {
            if (!condition.path("type").asText().equals(ISSUING)) {
                conditions.add(condition);
            }
        }
        switch (orders.get(name)) {
            case ISSUED -> {
                Secret secret = namespace.find(Secret.class, name + "-tls");
                secret.setStringData(Map.of("tls.crt", "revision 2"));
                namespace.client().resource(secret).update();
                Instant from = Instant.now();
                write(name, status(from, from.plus(Duration.ofDays(90)), 2).set("conditions", conditions));
            }
            case REFUSED -> {
                ObjectNode failed = TaskJson.mapper().createObjectNode();
                failed.put("lastFailureTime", seconds(Instant.now()));
                failed.set("conditions", conditions.add(condition(ISSUING, "False", "Failed")));
                write(name, failed);
            }
            case PENDING -> {}
        }
    }

    private static ObjectNode status(Instant from, Instant until, int revision) {
        return TaskJson.mapper()
                .createObjectNode()
                .put("notBefore", seconds(from))
                .put("notAfter", seconds(until))
                .put("revision", revision);
    }

    private static ObjectNode condition(String type, String status, String reason) {
        return TaskJson.mapper()
                .createObjectNode()
                .put("type", type)
                .put("status", status)
                .put("reason", reason)
                .put("message", "The order is " + reason + ".")
                .put("lastTransitionTime", seconds(Instant.now()));
    }

    private static String seconds(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private void write(String name, JsonNode status) {
        resource(name)
                .subresource("status")
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        TaskJson.write(TaskJson.mapper().createObjectNode().set("status", status)));
    }

    private Resource<GenericKubernetesResource> resource(String name) {
        return namespace
                .client()
                .genericKubernetesResources("cert-manager.io/v1", "Certificate")
                .inNamespace(namespace.name())
                .withName(name);
    }

    private static boolean issuing(GenericKubernetesResource certificate) {
        JsonNode conditions =
                TaskJson.mapper().valueToTree(certificate).path("status").path("conditions");
        return conditions
                .valueStream()
                .anyMatch(condition -> condition.path("type").asText().equals(ISSUING)
                        && condition.path("status").asText().equals("True"));
    }

    @Override
    public void close() {
        certificates.close();
    }
}
