package dev.mainstay.controller.kube;

import dev.mainstay.api.Annotations;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands the applications back before the release is uninstalled: without it the next release, under another name, would
 * leave them alone. The operator that still runs does not take them again, since it began before.
 */
public final class ClaimRelease {

    private static final Logger LOG = LoggerFactory.getLogger(ClaimRelease.class);

    private final KubernetesClient client;
    private final String release;

    /**
     * @param release the release that goes, as {@code namespace/name}
     */
    public ClaimRelease(KubernetesClient client, String release) {
        this.client = client;
        this.release = release;
    }

    /** Hands back the applications of these namespaces; of all when none is named. */
    public void run(Set<String> namespaces, Instant now) {
        Stream<Lease> leases = namespaces.isEmpty()
                ? client.leases().inAnyNamespace().withLabel(Annotations.CLAIMS).list().getItems().stream()
                : namespaces.stream()
                        .map(namespace -> client.leases()
                                .inNamespace(namespace)
                                .withLabel(Annotations.CLAIMS)
                                .list()
                                .getItems())
                        .flatMap(List::stream);
        long handedBack = leases.filter(lease ->
                        ClaimLease.release(lease).filter(release::equals).isPresent())
                .filter(lease -> handBack(lease, now))
                .count();
        LOG.atInfo().addKeyValue("applications", handedBack).log("applications handed back");
    }

    private boolean handBack(Lease listed, Instant now) {
        Lease lease = listed;
        while (lease != null) {
            Map<String, String> annotations = lease.getMetadata().getAnnotations();
            annotations.remove(Annotations.RELEASE);
            annotations.put(Annotations.RELEASED_AT, now.toString());
            try {
                client.leases()
                        .inNamespace(lease.getMetadata().getNamespace())
                        .resource(lease)
                        .lockResourceVersion(lease.getMetadata().getResourceVersion())
                        .update();
                return true;
            } catch (KubernetesClientException e) {
                if (!ApiErrors.goneOrChanged(e)) {
                    throw e;
                }
                lease = client.leases()
                        .inNamespace(listed.getMetadata().getNamespace())
                        .withName(listed.getMetadata().getName())
                        .get();
            }
        }
        return false;
    }
}
