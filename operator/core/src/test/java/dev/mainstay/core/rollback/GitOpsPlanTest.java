package dev.mainstay.core.rollback;

import static dev.mainstay.core.rollback.Deploys.application;
import static dev.mainstay.core.rollback.Deploys.deployment;
import static dev.mainstay.core.rollback.Deploys.json;
import static dev.mainstay.core.rollback.Deploys.release;
import static dev.mainstay.core.rollback.Deploys.request;
import static dev.mainstay.core.rollback.Deploys.template;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.rollback.RollbackOutcome;
import dev.mainstay.core.rollback.Planning.Result;
import dev.mainstay.core.status.Reason;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a plan says and does about the one who applies the Deployment. */
class GitOpsPlanTest {

    private static final String FLUX =
            "{'labels': {'kustomize.toolkit.fluxcd.io/name': 'apps', 'kustomize.toolkit.fluxcd.io/namespace': 'flux-system'}";
    private static final String TRACKED =
            "{'annotations': {'argocd.argoproj.io/tracking-id': '%sshop:apps/Deployment:shop/web'}}";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                FLUX
                        + "} | | true | Flux Kustomization flux-system/apps applies Deployment web and still says 1.5.0. It is kept from putting that back until this request is deleted; change its repository before.",
                FLUX
                        + "} | holdUntil: \"2026-03-29T04:00:00Z\" | true | Flux Kustomization flux-system/apps applies Deployment web and still says 1.5.0. It is kept from putting that back until 2026-03-29T04:00:00Z (spec.holdUntil); change its repository before.",
                FLUX
                        + "} | gitOps: PatchAnyway | false | Flux Kustomization flux-system/apps applies Deployment web and still says 1.5.0. It will put that back at its next interval (spec.gitOps: PatchAnyway).",
                FLUX
                        + ", 'annotations': {'kustomize.toolkit.fluxcd.io/reconcile': 'disabled'}} | | false | Flux Kustomization flux-system/apps applies Deployment web and still says 1.5.0. Somebody has it leave this Deployment alone by an annotation or a label; that stays as it is.",
                FLUX
                        + ", 'annotations': {'kustomize.toolkit.fluxcd.io/ssa': 'Ignore'}} | | false | Flux Kustomization flux-system/apps applies Deployment web and still says 1.5.0. Somebody has it leave this Deployment alone by an annotation or a label; that stays as it is.",
                FLUX
                        + ", 'annotations': {'kustomize.toolkit.fluxcd.io/reconcile': 'disabled', 'mainstay.dev/held-by': 'another'}} | | true | Flux Kustomization flux-system/apps applies Deployment web, and is kept by an earlier rollback from what it says. It is kept from putting that back until this request is deleted; change its repository before.",
                "{'labels': {'helm.toolkit.fluxcd.io/name': 'shop'}} | | false | Flux HelmRelease shop/shop applies Deployment web and still says 1.5.0. Its next upgrade, or its drift detection where that is on, will put that back. To hold it: flux suspend helmrelease shop --namespace shop",
                "{'labels': {'app.kubernetes.io/instance': 'shop'}, 'annotations': {'meta.helm.sh/release-name': 'shop'}} | | false | Helm release shop/shop applies Deployment web and still says 1.5.0. Helm still has the former values; its next upgrade applies what they say then.",
                "{'labels': {'app.kubernetes.io/instance': 'shop'}, 'managedFields': [{'manager': 'argocd-controller'}]} | | false | Argo CD Application shop applies Deployment web and still says 1.5.0. Whether it heals itself can't be read (argocd.namespace of Mainstay's chart); if it does, it puts that back within seconds. To hold it: argocd app set shop --sync-policy none",
                "{'labels': {'app.kubernetes.io/instance': 'shop'}} | | false | "
            })
    void givenSomebodyWhoAppliesTheDeployment_whenPlanned_thenItIsSaidWhatThatMeans(
            String metadata, String more, boolean hold, String warning) {
        DeploymentState web = deployment("web", template("web", "1.5.0"), metadata, "{}", "{}");

        RollbackPlan plan = ((Result.Planned) plan(web, more, Map.of())).plan();

        assertThat(plan.workload("web").orElseThrow().hold()).isEqualTo(hold);
        assertThat(plan.warnings()).containsExactlyElementsOf(warning == null ? List.of() : List.of(warning));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'automated': {'selfHeal': true}}                   |                     | false",
                "{'automated': {'selfHeal': true, 'enabled': true}}  |                     | false",
                "{'automated': {'selfHeal': true, 'enabled': false}} |                     | It does not heal itself now; its next sync puts that back, so change its repository before.",
                "{'automated': {'prune': true}}                      |                     | It does not heal itself now; its next sync puts that back, so change its repository before.",
                "{}                                                  |                     | It does not heal itself now; its next sync puts that back, so change its repository before.",
                "{'automated': {'selfHeal': true}}                   | gitOps: PatchAnyway | It heals itself and will put that back within seconds (spec.gitOps: PatchAnyway).",
            })
    void givenAnApplicationOfArgo_whenPlanned_thenOneThatHealsItselfBlocks(
            String syncPolicy, String more, String consequence) {
        Result result = plan(tracked(""), more, Map.of("web", argo("{}", syncPolicy)));

        if (consequence.equals("false")) {
            Result.Ended ended = (Result.Ended) result;
            assertThat(ended.outcome()).isEqualTo(RollbackOutcome.BLOCKED);
            assertThat(ended.reason()).isEqualTo(Reason.GIT_OPS_SELF_HEAL);
            assertThat(ended.message())
                    .isEqualTo(
                            "Argo CD Application argocd/shop heals Deployment web and would put 1.5.0 back within seconds."
                                    + " Pause that, then make another request: kubectl patch applications.argoproj.io shop"
                                    + " --namespace argocd --type merge --patch"
                                    + " '{\"spec\":{\"syncPolicy\":{\"automated\":{\"selfHeal\":false}}}}'");
        } else {
            assertThat(((Result.Planned) result).plan().warnings())
                    .containsExactly(
                            "Argo CD Application shop applies Deployment web and still says 1.5.0. " + consequence);
        }
    }

    @Test
    void givenAnApplicationThatReconcilesNothing_whenPlanned_thenItDoesNotBlock() {
        ArgoApplication skipped =
                argo("{'argocd.argoproj.io/skip-reconcile': 'true'}", "{'automated': {'selfHeal': true}}");

        assertThat(plan(tracked(""), null, Map.of("web", skipped))).isInstanceOf(Result.Planned.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'ownerReferences': [{'kind': 'ApplicationSet', 'name': 'shops'}]} | ApplicationSet shops",
                "{'annotations': {'argocd.argoproj.io/tracking-id': 'root:argoproj.io/Application:argocd/shop'}} | Application root",
            })
    void givenAnApplicationThatSomethingElseWrites_whenBlocked_thenThatIsSaid(String metadata, String parent) {
        DeploymentState web = tracked("");
        ArgoApplication application = new ArgoApplication(json("""
                {'metadata': %s, 'spec': {'syncPolicy': {'automated': {'selfHeal': true}}}}
                """.formatted(metadata)));

        Result result = plan(web, null, Map.of("web", application));

        assertThat(((Result.Ended) result).message())
                .endsWith(" (" + parent + " writes this Application and may set that back; change it there then)");
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {"'', -", "apps_, apps"})
    void givenATrackingId_whenRead_thenItTellsWhereTheApplicationIs(String prefix, String namespace) {
        assertThat(DeploymentOwner.of(tracked(prefix), "shop"))
                .contains(new DeploymentOwner(DeploymentOwner.Program.ARGO_CD, namespace, "shop"));
    }

    @Test
    void givenAHoldThatIsOverBeforeItBegins_whenPlanned_thenItIsRefused() {
        Result result = plan(deployment("web", "1.5.0"), "holdUntil: \"2026-03-29T02:59:00Z\"", Map.of());

        Result.Ended ended = (Result.Ended) result;
        assertThat(ended.outcome()).isEqualTo(RollbackOutcome.REFUSED);
        assertThat(ended.message()).startsWith("spec.holdUntil is 2026-03-29T02:59:00Z, which was over before");
    }

    private static DeploymentState tracked(String prefix) {
        return deployment("web", template("web", "1.5.0"), TRACKED.formatted(prefix), "{}", "{}");
    }

    private static ArgoApplication argo(String annotations, String syncPolicy) {
        return new ArgoApplication(json("""
                {'metadata': {'name': 'shop', 'namespace': 'argocd', 'annotations': %s}, 'spec': {'syncPolicy': %s}}
                """.formatted(annotations, syncPolicy)));
    }

    private static Result plan(DeploymentState web, String more, Map<String, ArgoApplication> applications) {
        return Planning.plan(
                more == null ? request() : request(more),
                application("[{name: web}]"),
                new PlanInputs(
                        List.of(web),
                        List.of(release(6, "1.4.2", null)),
                        Map.of(),
                        List.of(),
                        applications,
                        Map.of(),
                        Set.of(),
                        List.of(),
                        List.of()));
    }
}
