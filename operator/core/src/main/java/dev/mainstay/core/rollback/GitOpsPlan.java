package dev.mainstay.core.rollback;

import dev.mainstay.api.rollback.GitOps;
import dev.mainstay.api.rollback.RollbackOutcome;
import dev.mainstay.api.rollback.RollbackRequest;
import dev.mainstay.core.rollback.DeploymentOwner.Program;
import dev.mainstay.core.status.Reason;
import java.util.Optional;

/** What a rollback does about the one who applies a Deployment from elsewhere, and what it tells of that. */
final class GitOpsPlan {

    private final RollbackRequest request;
    private final PlanInputs inputs;

    GitOpsPlan(RollbackRequest request, PlanInputs inputs) {
        this.request = request;
        this.inputs = inputs;
    }

    /** Why the Deployment can't be written: what heals itself would undo it within seconds. */
    Optional<Planning.Result.Ended> blocked(DeploymentState deployment) {
        if (patchesAnyway()) {
            return Optional.empty();
        }
        return Optional.ofNullable(inputs.argoApplications().get(deployment.name()))
                .filter(ArgoApplication::heals)
                .map(application -> new Planning.Result.Ended(
                        RollbackOutcome.BLOCKED,
                        Reason.GIT_OPS_SELF_HEAL,
                        "Argo CD Application " + application.qualifiedName() + " heals Deployment " + deployment.name()
                                + " and would put " + deployment.version()
                                + " back within seconds. Pause that, then make"
                                + " another request: " + application.pauseCommand() + parent(application)));
    }

    private static String parent(ArgoApplication application) {
        return application
                .parent()
                .map(parent -> " (" + parent + " writes this Application and may set that back; change it there then)")
                .orElse("");
    }

    /** Whether Flux is to be kept from putting the Deployment back. */
    boolean holds(DeploymentState deployment) {
        return !patchesAnyway()
                && !FluxHold.isByHand(deployment)
                && owner(deployment)
                        .filter(owner -> owner.program() == Program.FLUX_KUSTOMIZATION)
                        .isPresent();
    }

    /** What to know about the one who applies the Deployment. */
    Optional<String> warning(DeploymentState deployment) {
        return owner(deployment)
                .map(owner -> owner.who() + " applies Deployment " + deployment.name() + says(deployment)
                        + switch (owner.program()) {
                            case FLUX_KUSTOMIZATION -> kustomization(deployment);
                            case FLUX_HELM_RELEASE -> helmRelease(owner);
                            case ARGO_CD -> argo(deployment, owner);
                            case HELM ->
                                "Helm still has the former values; its next upgrade applies what they say then.";
                        });
    }

    /** What an earlier rollback wrote is not what the repository says. */
    private static String says(DeploymentState deployment) {
        return FluxHold.isByRequest(deployment)
                ? ", and is kept by an earlier rollback from what it says. "
                : " and still says " + deployment.version() + ". ";
    }

    private String kustomization(DeploymentState deployment) {
        if (holds(deployment)) {
            return "It is kept from putting that back until " + until() + "; change its repository before.";
        }
        if (FluxHold.isByHand(deployment)) {
            return "Somebody has it leave this Deployment alone by an annotation or a label; that stays as it is.";
        }
        return "It will put that back at its next interval (spec.gitOps: PatchAnyway).";
    }

    private static String helmRelease(DeploymentOwner owner) {
        return "Its next upgrade, or its drift detection where that is on, will put that back. To hold it: flux suspend"
                + " helmrelease " + owner.name() + " --namespace " + owner.namespace();
    }

    private String argo(DeploymentState deployment, DeploymentOwner owner) {
        ArgoApplication application = inputs.argoApplications().get(deployment.name());
        if (application == null) {
            return "Whether it heals itself can't be read (argocd.namespace of Mainstay's chart); if it does, it puts that back"
                    + " within seconds. To hold it: argocd app set " + owner.name() + " --sync-policy none";
        }
        return application.heals()
                ? "It heals itself and will put that back within seconds (spec.gitOps: PatchAnyway)."
                : "It does not heal itself now; its next sync puts that back, so change its repository before.";
    }

    private String until() {
        return request.getSpec().holdUntil() == null
                ? "this request is deleted"
                : request.getSpec().holdUntil() + " (spec.holdUntil)";
    }

    private Optional<DeploymentOwner> owner(DeploymentState deployment) {
        return DeploymentOwner.of(deployment, request.getMetadata().getNamespace());
    }

    private boolean patchesAnyway() {
        return request.getSpec().gitOps() == GitOps.PATCH_ANYWAY;
    }
}
