package dev.mainstay.controller.kube;

import io.fabric8.kubernetes.client.KubernetesClientException;

/** What the API server means by an error. */
public final class ApiErrors {

    private ApiErrors() {}

    /**
     * Whether a create was refused because there is an object of that name. The code 409 alone does not say so: a namespace's
     * ResourceQuota that was written at the same moment gives it as well, and nothing was created (kubernetes issue 67761).
     */
    public static boolean alreadyExists(KubernetesClientException e) {
        return e.getStatus() != null && "AlreadyExists".equals(e.getStatus().getReason());
    }
}
