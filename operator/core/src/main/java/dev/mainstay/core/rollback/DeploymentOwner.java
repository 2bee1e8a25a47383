package dev.mainstay.core.rollback;

import java.util.Map;
import java.util.Optional;

/**
 * Who applies a Deployment from elsewhere, by what that program leaves on it.
 *
 * @param program which program
 * @param namespace namespace of the object that stands for the Deployment there; null when what is left does not tell
 * @param name name of that object
 */
public record DeploymentOwner(Program program, String namespace, String name) {

    private static final String KUSTOMIZE = "kustomize.toolkit.fluxcd.io/";
    private static final String HELM_CONTROLLER = "helm.toolkit.fluxcd.io/";
    private static final String RELEASE = "meta.helm.sh/release-";

    /** A program that applies Deployments. */
    public enum Program {
        FLUX_KUSTOMIZATION("Flux Kustomization"),
        FLUX_HELM_RELEASE("Flux HelmRelease"),
        ARGO_CD("Argo CD Application"),
        HELM("Helm release");

        private final String kind;

        Program(String kind) {
            this.kind = kind;
        }
    }

    /** The owner; empty when nothing tells one. */
    public static Optional<DeploymentOwner> of(DeploymentState deployment, String namespace) {
        Map<String, String> labels = deployment.labels();
        Map<String, String> annotations = deployment.annotations();
        return named(Program.FLUX_KUSTOMIZATION, labels, KUSTOMIZE, namespace)
                .or(() -> named(Program.FLUX_HELM_RELEASE, labels, HELM_CONTROLLER, namespace))
                .or(() -> argo(deployment))
                .or(() -> named(Program.HELM, annotations, RELEASE, namespace));
    }

    private static Optional<DeploymentOwner> named(
            Program program, Map<String, String> marks, String prefix, String namespace) {
        return Optional.ofNullable(marks.get(prefix + "name"))
                .map(name -> new DeploymentOwner(program, marks.getOrDefault(prefix + "namespace", namespace), name));
    }

    /** By annotation; the label that older ones use may be anybody's, so that counts only beside its field manager. */
    private static Optional<DeploymentOwner> argo(DeploymentState deployment) {
        String tracking = deployment.annotations().get(ArgoApplication.TRACKING);
        if (tracking != null) {
            return Optional.of(tracked(tracking.replaceFirst(":.*", "")));
        }
        return appliedBy(deployment, "argocd-controller")
                ? Optional.ofNullable(deployment.labels().get("app.kubernetes.io/instance"))
                        .map(DeploymentOwner::tracked)
                : Optional.empty();
    }

    /** One of another namespace than Argo CD's own is tracked as {@code namespace_name}; no name has that character. */
    private static DeploymentOwner tracked(String application) {
        int end = application.indexOf('_');
        return new DeploymentOwner(
                Program.ARGO_CD, end < 0 ? null : application.substring(0, end), application.substring(end + 1));
    }

    private static boolean appliedBy(DeploymentState deployment, String manager) {
        for (var entry : deployment.json().path("metadata").path("managedFields")) {
            if (manager.equals(entry.path("manager").asText())) {
                return true;
            }
        }
        return false;
    }

    /** The owner for people, such as {@code Flux Kustomization flux-system/shop}. */
    String who() {
        return program.kind + " " + (namespace == null ? "" : namespace + "/") + name;
    }
}
