package dev.mainstay.core.rollback;

import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.application.Workload;
import dev.mainstay.api.application.WorkloadKind;
import dev.mainstay.api.rollback.OnFailure;
import dev.mainstay.api.rollback.RollbackOutcome;
import dev.mainstay.api.rollback.RollbackRequest;
import dev.mainstay.api.rollback.RollbackVerification;
import dev.mainstay.core.Durations;
import dev.mainstay.core.rollback.RollbackPlan.PlannedAutoscaler;
import dev.mainstay.core.rollback.RollbackPlan.PlannedWorkload;
import dev.mainstay.core.rollback.TargetChoice.Choice;
import dev.mainstay.core.rollback.TargetChoice.Target;
import dev.mainstay.core.status.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Makes the plan of a rollback, or tells why there is none: a pure function of what was read at one moment. */
final class Planning {

    private static final Set<String> ROLLOUT_CONTROLLERS =
            Set.of("argoproj.io", "flagger.app", "rollouts.kruise.io", "apps.kruise.io", "core.oam.dev");

    private static final int AUTOSCALERS = 32;

    private final RollbackRequest request;
    private final ManagedApplication application;
    private final PlanInputs inputs;
    private final GitOpsPlan gitOps;

    private Planning(RollbackRequest request, ManagedApplication application, PlanInputs inputs) {
        this.request = request;
        this.application = application;
        this.inputs = inputs;
        this.gitOps = new GitOpsPlan(request, inputs);
    }

    /** What came of it. */
    sealed interface Result {
        /** This is to be done. */
        record Planned(RollbackPlan plan) implements Result {}

        /** Nothing is. */
        record Ended(RollbackOutcome outcome, Reason reason, String message) implements Result {}
    }

    static Result plan(RollbackRequest request, ManagedApplication application, PlanInputs inputs) {
        return new Planning(request, application, inputs).plan();
    }

    private Result plan() {
        List<String> wanted = wanted();
        Optional<Result.Ended> misnamed =
                unmeasurable().or(this::heldForNothing).or(() -> misnamed(wanted));
        if (misnamed.isPresent()) {
            return misnamed.get();
        }
        List<DeploymentState> chosen = wanted.stream()
                .flatMap(name -> inputs.deployment(name).stream())
                .toList();
        return switch (TargetChoice.choose(request, application, inputs, chosen)) {
            case Choice.None none -> new Result.Ended(none.outcome(), none.reason(), none.message());
            case Choice.Found found -> plan(chosen, found);
        };
    }

    private List<String> wanted() {
        return request.getSpec().workloads().isEmpty()
                ? Ledger.deployments(application.getSpec())
                : Ledger.deployments(application.getSpec()).stream()
                        .filter(request.getSpec().workloads()::contains)
                        .toList();
    }

    /** Checks of metrics that can't come to a verdict. */
    private Optional<Result.Ended> unmeasurable() {
        RollbackVerification verify = request.getSpec().verify();
        if (!verify.metrics().isEmpty() && application.getSpec().metrics() == null) {
            return Optional.of(new Result.Ended(
                    RollbackOutcome.REFUSED,
                    Reason.INVALID_SPEC,
                    "spec.verify.metrics asks a Prometheus, and ManagedApplication "
                            + application.getMetadata().getName()
                            + " names none in spec.metrics.prometheus.url. Name it there, and make another request."));
        }
        Duration timeout = Durations.parse(request.getSpec().timeout());
        Duration stable = Durations.parse(verify.stableFor());
        if (stable.compareTo(timeout) >= 0) {
            return Optional.of(new Result.Ended(
                    RollbackOutcome.REFUSED,
                    Reason.INVALID_SPEC,
                    "spec.timeout is " + request.getSpec().timeout()
                            + ", which is over before everything can have passed"
                            + " for spec.verify.stableFor (" + verify.stableFor()
                            + "). Make another request with a longer timeout."));
        }
        return verify.metrics().stream()
                .filter(check -> Durations.parse(check.window()).plus(stable).compareTo(timeout) >= 0)
                .findFirst()
                .map(check -> new Result.Ended(
                        RollbackOutcome.REFUSED,
                        Reason.INVALID_SPEC,
                        "spec.verify.metrics has a window of " + check.window() + " and spec.verify.stableFor is "
                                + verify.stableFor() + ", which spec.timeout ("
                                + request.getSpec().timeout()
                                + ") leaves no time for. Make another request with a longer timeout."));
    }

    private Optional<Result.Ended> heldForNothing() {
        Instant begun = Instant.parse(request.getMetadata().getCreationTimestamp());
        return FluxHold.isOver(request, begun)
                ? Optional.of(new Result.Ended(
                        RollbackOutcome.REFUSED,
                        Reason.INVALID_SPEC,
                        "spec.holdUntil is " + request.getSpec().holdUntil()
                                + ", which was over before this request was made. Make another one with a later time, or"
                                + " without holdUntil."))
                : Optional.empty();
    }

    private Optional<Result.Ended> misnamed(List<String> wanted) {
        for (String name : request.getSpec().workloads()) {
            Optional<Workload> workload = application.getSpec().workloads().stream()
                    .filter(candidate -> candidate.name().equals(name))
                    .findFirst();
            if (workload.isEmpty()) {
                return Optional.of(new Result.Ended(
                        RollbackOutcome.REFUSED,
                        Reason.WORKLOAD_NOT_FOUND,
                        "spec.workloads names " + name + ", which ManagedApplication "
                                + application.getMetadata().getName()
                                + " does not have among its workloads. Make a request with one that it has."));
            }
            if (workload.get().kind() == WorkloadKind.STATEFUL_SET) {
                return Optional.of(new Result.Ended(
                        RollbackOutcome.BLOCKED,
                        Reason.KIND_UNSUPPORTED,
                        "StatefulSet " + name + " can't be rolled back by this version of Mainstay, since its Pods keep"
                                + " data that an older release may not read: kubectl rollout undo statefulset/" + name
                                + " --namespace " + request.getMetadata().getNamespace()
                                + " does it without looking."));
            }
        }
        if (wanted.isEmpty()) {
            return Optional.of(new Result.Ended(
                    RollbackOutcome.NO_TARGET,
                    Reason.WORKLOAD_NOT_FOUND,
                    "spec.workloads of ManagedApplication "
                            + application.getMetadata().getName()
                            + " names no Deployment. Add those that make it up."));
        }
        return wanted.stream()
                .filter(name -> inputs.deployment(name).isEmpty())
                .findFirst()
                .map(name -> new Result.Ended(
                        RollbackOutcome.BLOCKED,
                        Reason.WORKLOAD_NOT_FOUND,
                        "Deployment " + name + " does not exist in this namespace. Create it, or make a request whose"
                                + " spec.workloads leaves it out."));
    }

    private Result plan(List<DeploymentState> chosen, Choice.Found found) {
        List<DeploymentState> changed = chosen.stream()
                .filter(deployment -> Optional.ofNullable(found.targets().get(deployment.name()))
                        .filter(target -> !target.template().runsLike(deployment.template()))
                        .isPresent())
                .toList();
        if (changed.isEmpty()) {
            return new Result.Ended(
                    RollbackOutcome.NO_OP,
                    Reason.NO_OP,
                    "What was asked for is deployed already: "
                            + chosen.stream().map(this::asDeployed).collect(Collectors.joining(", "))
                            + ". Nothing was changed.");
        }
        Optional<Result.Ended> blocked = changed.stream()
                .flatMap(deployment -> blocked(deployment).stream())
                .findFirst();
        if (blocked.isPresent()) {
            return blocked.get();
        }
        List<String> configs = changedConfigs(changed, found);
        if (request.getSpec().strictConfig() && !configs.isEmpty()) {
            return new Result.Ended(
                    RollbackOutcome.BLOCKED,
                    Reason.CONFIG_CHANGED,
                    String.join(" ", configs)
                            + " spec.strictConfig is true, so nothing was changed: put back what was in"
                            + " there, or make a request without strictConfig.");
        }
        List<PlannedWorkload> workloads = changed.stream()
                .map(deployment -> planned(deployment, found.targets().get(deployment.name())))
                .toList();
        List<QuotaRoom.Surge> surges = surges(changed, found);
        Optional<QuotaRoom.Lack> lack = QuotaRoom.lack(inputs.quotas(), surges);
        if (lack.isPresent()) {
            return new Result.Ended(
                    RollbackOutcome.BLOCKED,
                    Reason.QUOTA_TOO_SMALL,
                    lack.get().message(request.getMetadata().getNamespace()));
        }
        List<String> warnings = new ArrayList<>(configs);
        warnings.addAll(QuotaRoom.warnings(inputs.quotas(), surges));
        inputs.services().stream()
                .flatMap(service -> EndpointCheck.warning(
                        service,
                        workloads,
                        application.getMetadata().getName(),
                        request.getMetadata().getNamespace())
                        .stream())
                .forEach(warnings::add);
        warnings.addAll(warnings(chosen, changed, found));
        return new Result.Planned(new RollbackPlan(
                found.release() == null ? null : found.release().recorded(),
                left(),
                workloads,
                autoscalers(changed),
                warnings));
    }

    private List<QuotaRoom.Surge> surges(List<DeploymentState> changed, Choice.Found found) {
        return changed.stream()
                .map(deployment -> {
                    PodTemplate target = found.targets().get(deployment.name()).template();
                    List<RevisionState> revisions = inputs.revisions().getOrDefault(deployment.name(), List.of());
                    return new QuotaRoom.Surge(
                            deployment.name(), QuotaRoom.surge(deployment, revisions, target), new PodDemand(target));
                })
                .toList();
    }

    /** A template that is written is no Pod that runs. */
    private String asDeployed(DeploymentState deployment) {
        boolean comes = deployment.wanted() > 0 && !deployment.rolledOut();
        return deployment.name() + " " + deployment.version()
                + (comes
                        ? " (not rolled out: " + deployment.progress() + "; kubectl rollout status deployment "
                                + deployment.name() + " --namespace "
                                + request.getMetadata().getNamespace() + ")"
                        : "");
    }

    private PlannedWorkload planned(DeploymentState deployment, Target target) {
        return new PlannedWorkload(
                deployment.name(),
                deployment.uid(),
                deployment.template(),
                deployment.revision().orElse(null),
                target.template(),
                target.revision(),
                target.digests(),
                gitOps.holds(deployment),
                FluxHold.isByRequest(deployment));
    }

    private List<PlannedAutoscaler> autoscalers(List<DeploymentState> changed) {
        return changed.stream()
                .flatMap(deployment -> inputs.autoscalers().stream()
                        .filter(autoscaler -> autoscaler.scales(deployment.name()))
                        .filter(autoscaler -> autoscaler.minReplicas() < deployment.wanted())
                        .map(autoscaler -> new PlannedAutoscaler(
                                autoscaler.name(), autoscaler.uid(), autoscaler.minReplicas(), deployment.wanted())))
                .limit(AUTOSCALERS)
                .toList();
    }

    /** The recorded release that runs now; null when it was never verified. */
    private String left() {
        String present = Ledger.presentHash(inputs.deployments());
        return inputs.releases().stream()
                .map(StoredRelease::recorded)
                .filter(release -> release.hash().equals(present))
                .map(RecordedRelease::name)
                .findFirst()
                .orElse(null);
    }

    private Optional<Result.Ended> blocked(DeploymentState deployment) {
        String where =
                deployment.name() + " --namespace " + request.getMetadata().getNamespace();
        Optional<String> controller = controller(deployment);
        if (controller.isPresent()) {
            return Optional.of(
                    new Result.Ended(
                            RollbackOutcome.BLOCKED,
                            Reason.FOREIGN_CONTROLLER,
                            "Deployment " + deployment.name() + " is run by " + controller.get()
                                    + ", which would undo what is written into it. Roll back with that controller's own command."));
        }
        if (deployment.paused()) {
            return Optional.of(new Result.Ended(
                    RollbackOutcome.BLOCKED,
                    Reason.DEPLOYMENT_PAUSED,
                    "Deployment " + deployment.name() + " is paused, so nothing that is written into it takes effect."
                            + " Resume it and make another request: kubectl rollout resume deployment/" + where));
        }
        if (deployment.deleting()) {
            return Optional.of(new Result.Ended(
                    RollbackOutcome.BLOCKED,
                    Reason.WORKLOAD_NOT_FOUND,
                    "Deployment " + deployment.name()
                            + " is being deleted. Deploy it again when it is gone, and make another"
                            + " request. What still holds it: kubectl get deployment " + where
                            + " --output jsonpath='{.metadata.finalizers}'"));
        }
        return gitOps.blocked(deployment);
    }

    /** Who writes the Deployment of its own accord: argo-rollouts, Flagger, Kruise, by what they leave on it. */
    private static Optional<String> controller(DeploymentState deployment) {
        for (var owner : deployment.json().path("metadata").path("ownerReferences")) {
            String group = owner.path("apiVersion").asText().replaceFirst("/.*", "");
            if (ROLLOUT_CONTROLLERS.contains(group)) {
                return Optional.of(
                        owner.path("kind").asText() + " " + owner.path("name").asText());
            }
        }
        return deployment.annotations().keySet().stream()
                .filter(key -> key.startsWith("rollouts.kruise.io/in-progressing"))
                .findFirst()
                .map(key -> "an OpenKruise Rollout (annotation " + key + ")");
    }

    private List<String> changedConfigs(List<DeploymentState> changed, Choice.Found found) {
        if (found.release() == null) {
            return List.of();
        }
        Set<String> names = new TreeSet<>();
        changed.forEach(deployment ->
                names.addAll(found.targets().get(deployment.name()).template().configMaps()));
        List<String> told = new ArrayList<>();
        for (String name : names) {
            String then = found.release().release().configMaps().get(name);
            String now = inputs.configMaps().get(name);
            if (now == null) {
                told.add("ConfigMap " + name + " does not exist any more; the target reads it.");
            } else if (then != null && !Objects.equals(then, now)) {
                told.add("ConfigMap " + name + " has another content than it had with the target.");
            }
        }
        return told;
    }

    private List<String> warnings(List<DeploymentState> chosen, List<DeploymentState> changed, Choice.Found found) {
        List<String> warnings = new ArrayList<>();
        if (found.release() == null) {
            warnings.add("The target was never verified.");
        } else if (found.release().recorded().markedBad() != null) {
            warnings.add("RollbackRequest " + found.release().recorded().markedBad() + " went away from the target.");
        }
        chosen.stream()
                .map(DeploymentState::name)
                .filter(name -> !found.targets().containsKey(name))
                .forEach(
                        name -> warnings.add("Deployment " + name + " was not part of the target and stays as it is."));
        changed.forEach(deployment -> gitOps.warning(deployment).ifPresent(warnings::add));
        Set<String> secrets = new TreeSet<>();
        changed.forEach(deployment ->
                secrets.addAll(found.targets().get(deployment.name()).template().secrets()));
        if (!secrets.isEmpty()) {
            warnings.add("The target reads the Secrets " + String.join(", ", secrets)
                    + "; whether these have changed is not known.");
        }
        if (request.getSpec().onFailure() == OnFailure.MAINTENANCE_MODE
                && application.getSpec().services().isEmpty()) {
            warnings.add(
                    "If the target does not work no maintenance page can be shown (spec.onFailure: MaintenanceMode): name"
                            + " the Services that people come through in spec.services of ManagedApplication "
                            + application.getMetadata().getName() + ".");
        }
        if (request.getSpec().workloads().isEmpty()) {
            application.getSpec().workloads().stream()
                    .filter(workload -> workload.kind() == WorkloadKind.STATEFUL_SET)
                    .forEach(workload -> warnings.add("StatefulSet " + workload.name() + " is not rolled back."));
        }
        return warnings;
    }
}
