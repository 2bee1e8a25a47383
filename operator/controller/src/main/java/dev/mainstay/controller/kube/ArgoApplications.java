package dev.mainstay.controller.kube;

import dev.mainstay.core.rollback.ArgoApplication;
import dev.mainstay.core.rollback.DeploymentOwner;
import dev.mainstay.core.rollback.DeploymentOwner.Program;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.Optional;

/** Argo CD's Applications, which are read and never written. */
public final class ArgoApplications {

    private final KubernetesClient client;
    private final String namespace;

    /**
     * Applications as an installation of Argo CD has them.
     *
     * @param namespace Argo CD's own namespace; empty when nothing may be read
     */
    public ArgoApplications(KubernetesClient client, String namespace) {
        this.client = client;
        this.namespace = namespace;
    }

    /** The Application that an owner names; empty when it can't be read, for whatever reason. */
    public Optional<ArgoApplication> read(DeploymentOwner owner) {
        if (owner.program() != Program.ARGO_CD || namespace.isBlank()) {
            return Optional.empty();
        }
        String where = owner.namespace() == null ? namespace : owner.namespace();
        try {
            return RawReads.json(
                            client, "/apis/argoproj.io/v1alpha1/namespaces/" + where + "/applications/" + owner.name())
                    .map(ArgoApplication::new);
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_FORBIDDEN) {
                return Optional.empty();
            }
            throw e;
        }
    }
}
