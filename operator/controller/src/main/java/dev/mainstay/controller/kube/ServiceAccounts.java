package dev.mainstay.controller.kube;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.core.backup.BackupObservation.ServiceAccountObservation;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.client.KubernetesClient;

/** Whether a Job may run under the ServiceAccount that an application names. */
public final class ServiceAccounts {

    private final KubernetesClient client;

    public ServiceAccounts(KubernetesClient client) {
        this.client = client;
    }

    /** Asks the API server, not a cache: an administrator who takes the label away means it at once. */
    public ServiceAccountObservation of(String namespace, ManagedApplication application) {
        if (application == null
                || application.getSpec() == null
                || application.getSpec().jobTemplate() == null
                || application.getSpec().jobTemplate().serviceAccountName() == null) {
            return ServiceAccountObservation.NOT_NAMED;
        }
        return allowed(namespace, application.getSpec().jobTemplate().serviceAccountName())
                ? ServiceAccountObservation.ALLOWED
                : ServiceAccountObservation.NOT_ALLOWED;
    }

    /** Whether an administrator lets Jobs run under the ServiceAccount of that name. */
    public boolean allowed(String namespace, String name) {
        ServiceAccount account =
                client.serviceAccounts().inNamespace(namespace).withName(name).get();
        return account != null
                && account.getMetadata().getLabels() != null
                && "true".equals(account.getMetadata().getLabels().get(Annotations.ALLOW_JOBS));
    }
}
