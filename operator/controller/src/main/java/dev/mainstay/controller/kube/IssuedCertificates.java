package dev.mainstay.controller.kube;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mainstay.core.certificate.Issued;
import dev.mainstay.core.certificate.IssuedCertificate;
import dev.mainstay.core.certificate.Renewals;
import dev.mainstay.core.task.TaskJson;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.net.HttpURLConnection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Certificates of cert-manager: read from the API server itself, and of their status is written what asks for a renewal. */
public final class IssuedCertificates {

    private static final PatchContext ASK = new PatchContext.Builder()
            .withPatchType(PatchType.JSON_MERGE)
            .withFieldManager("mainstay-renewal")
            .build();

    private static final String VERSION = "cert-manager.io/v1";
    private static final String KIND = "Certificate";

    /** Said in full: the client would ask the API server for it. */
    private static final ResourceDefinitionContext CERTIFICATES = new ResourceDefinitionContext.Builder()
            .withGroup("cert-manager.io")
            .withVersion("v1")
            .withKind(KIND)
            .withPlural("certificates")
            .withNamespaced(true)
            .build();

    private final KubernetesClient client;

    public IssuedCertificates(KubernetesClient client) {
        this.client = client;
    }

    /** Those of a namespace. */
    public Issued read(String namespace) {
        Optional<JsonNode> list;
        try {
            list = RawReads.json(client, Renewals.path(namespace));
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_FORBIDDEN) {
                return new Issued.Forbidden(ApiErrors.message(e));
            }
            throw e;
        }
        if (list.isEmpty()) {
            return new Issued.Unknown();
        }
        List<IssuedCertificate> found = new ArrayList<>();
        list.get().path("items").forEach(item -> found.add(new IssuedCertificate(item)));
        return new Issued.Found(found);
    }

    /**
     * Asks for one.
     *
     * @throws KubernetesClientException when it is not known whether it was asked for
     */
    public Written ask(String namespace, IssuedCertificate certificate, String who, Instant now) {
        try {
            // By the object and not by its name, which the client would read before.
            client.genericKubernetesResources(CERTIFICATES)
                    .inNamespace(namespace)
                    .resource(reference(namespace, certificate))
                    .subresource("status")
                    .patch(ASK, TaskJson.write(certificate.asking(who, now)));
            return new Written.There();
        } catch (KubernetesClientException e) {
            if (ApiErrors.goneOrChanged(e)) {
                return new Written.Changed();
            }
            Optional<String> said = ApiErrors.rejection(e);
            if (said.isEmpty()) {
                throw e;
            }
            return new Written.Rejected(e.getCode() == HttpURLConnection.HTTP_FORBIDDEN, said.get());
        }
    }

    private static GenericKubernetesResource reference(String namespace, IssuedCertificate certificate) {
        return new GenericKubernetesResourceBuilder()
                .withApiVersion(VERSION)
                .withKind(KIND)
                .withNewMetadata()
                .withName(certificate.name())
                .withNamespace(namespace)
                .endMetadata()
                .build();
    }
}
