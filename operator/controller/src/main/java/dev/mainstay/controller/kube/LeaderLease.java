package dev.mainstay.controller.kube;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The Lease that decides who works. The framework never gives it up, so that a successor would wait for its end. */
public final class LeaderLease {

    private static final Logger LOG = LoggerFactory.getLogger(LeaderLease.class);

    private final KubernetesClient client;
    private final String namespace;
    private final String name;
    private final String identity;

    public LeaderLease(KubernetesClient client, String namespace, String name, String identity) {
        this.client = client;
        this.namespace = namespace;
        this.name = name;
        this.identity = identity;
    }

    /** Gives the Lease up if it is ours, at the version that was seen; anything else leaves it to run out. */
    public void release() {
        try {
            Lease lease = client.leases().inNamespace(namespace).withName(name).get();
            if (lease == null || !identity.equals(lease.getSpec().getHolderIdentity())) {
                return;
            }
            lease.getSpec().setHolderIdentity("");
            client.leases()
                    .inNamespace(namespace)
                    .resource(lease)
                    .lockResourceVersion(lease.getMetadata().getResourceVersion())
                    .update();
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
                LOG.atWarn()
                        .addKeyValue("lease", namespace + "/" + name)
                        .addKeyValue("problem", e.getMessage())
                        .log("the Lease could not be given up; it runs out by itself");
            }
        }
    }
}
