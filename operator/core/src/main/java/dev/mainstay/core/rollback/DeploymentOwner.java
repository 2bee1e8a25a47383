package dev.mainstay.core.rollback;

import java.util.Map;
import java.util.Optional;

/**
 * Who applies a Deployment from elsewhere, by what that program leaves on it.
 *
 * @param who for people
 * @param consequence what a rollback in the cluster means there, and what to do
 */
record DeploymentOwner(String who, String consequence) {

    private static final String KUSTOMIZE = "kustomize.toolkit.fluxcd.io/";
    private static final String HELM_CONTROLLER = "helm.toolkit.fluxcd.io/";

    /** The owner; empty when nothing tells one. */
    static Optional<DeploymentOwner> of(DeploymentState deployment, String namespace) {
        Map<String, String> labels = deployment.labels();
        Map<String, String> annotations = deployment.annotations();
        String where = deployment.name() + " --namespace " + namespace;
        if (labels.containsKey(KUSTOMIZE + "name")) {
            boolean held = "disabled".equals(annotations.get(KUSTOMIZE + "reconcile"))
                    || "disabled".equals(labels.get(KUSTOMIZE + "reconcile"));
            return Optional.of(new DeploymentOwner(
                    "Flux Kustomization " + labels.getOrDefault(KUSTOMIZE + "namespace", namespace) + "/"
                            + labels.get(KUSTOMIZE + "name"),
                    held
                            ? "It leaves this Deployment alone for now (annotation " + KUSTOMIZE + "reconcile)."
                            : "It will put it back at its next interval. To hold it: kubectl annotate deployment "
                                    + where + " " + KUSTOMIZE + "reconcile=disabled"));
        }
        if (labels.containsKey(HELM_CONTROLLER + "name")) {
            return Optional.of(new DeploymentOwner(
                    "Flux HelmRelease " + labels.getOrDefault(HELM_CONTROLLER + "namespace", namespace) + "/"
                            + labels.get(HELM_CONTROLLER + "name"),
                    "Its next upgrade, or its drift detection where that is on, will put it back. To hold it: flux suspend"
                            + " helmrelease " + labels.get(HELM_CONTROLLER + "name") + " --namespace "
                            + labels.getOrDefault(HELM_CONTROLLER + "namespace", namespace)));
        }
        return argo(deployment).or(() -> helm(annotations, namespace));
    }

    /** By annotation; the label that older ones use may be anybody's, so that counts only beside its field manager. */
    private static Optional<DeploymentOwner> argo(DeploymentState deployment) {
        String tracking = deployment.annotations().get("argocd.argoproj.io/tracking-id");
        String application = tracking != null
                ? tracking.replaceFirst(":.*", "")
                : appliedBy(deployment, "argocd-controller")
                        ? deployment.labels().get("app.kubernetes.io/instance")
                        : null;
        return Optional.ofNullable(application)
                .map(name -> new DeploymentOwner(
                        "Argo CD Application " + name,
                        "With selfHeal it puts it back within seconds. To hold it: argocd app set " + name
                                + " --sync-policy none"));
    }

    private static Optional<DeploymentOwner> helm(Map<String, String> annotations, String namespace) {
        String release = annotations.get("meta.helm.sh/release-name");
        return Optional.ofNullable(release)
                .map(name -> new DeploymentOwner(
                        "Helm release " + annotations.getOrDefault("meta.helm.sh/release-namespace", namespace) + "/"
                                + name,
                        "Helm still has the former values; its next upgrade applies what they say then."));
    }

    private static boolean appliedBy(DeploymentState deployment, String manager) {
        for (var entry : deployment.json().path("metadata").path("managedFields")) {
            if (manager.equals(entry.path("manager").asText())) {
                return true;
            }
        }
        return false;
    }
}
