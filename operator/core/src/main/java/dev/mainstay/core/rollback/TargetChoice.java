package dev.mainstay.core.rollback;

import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.rollback.RollbackOutcome;
import dev.mainstay.api.rollback.RollbackRequest;
import dev.mainstay.api.rollback.RollbackRequestSpec;
import dev.mainstay.api.rollback.RollbackTarget;
import dev.mainstay.core.rollback.Release.ReleasedWorkload;
import dev.mainstay.core.status.Reason;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a rollback goes back to. A release that was seen to work comes first, as a whole: a web server and its worker of
 * different releases have failed together (deis controller issue 1013). A Deployment's own history, which knows numbers and
 * no proof, is used only when the request allows that.
 */
final class TargetChoice {

    private static final int NAMED = 8;

    private final RollbackRequest request;
    private final ManagedApplication application;
    private final PlanInputs inputs;
    private final List<DeploymentState> chosen;

    private TargetChoice(
            RollbackRequest request, ManagedApplication application, PlanInputs inputs, List<DeploymentState> chosen) {
        this.request = request;
        this.application = application;
        this.inputs = inputs;
        this.chosen = chosen;
    }

    /** What is to run. */
    sealed interface Choice {

        /**
         * This.
         *
         * @param release the release that it is; null when it was never verified
         * @param targets what each Deployment is to run, by name; those that run it already too
         */
        record Found(StoredRelease release, Map<String, Target> targets) implements Choice {}

        /** Nothing, and why. */
        record None(RollbackOutcome outcome, Reason reason, String message) implements Choice {}
    }

    /**
     * What one Deployment is to run.
     *
     * @param template its template
     * @param revision its number in the Deployment's history, the last one that it had if it is not there any more; null when
     *     unknown
     * @param digests digests of the images that ran when it was verified
     */
    record Target(PodTemplate template, String revision, Map<String, String> digests) {

        static Target of(RevisionState revision) {
            return new Target(
                    revision.template(), revision.number() > 0 ? String.valueOf(revision.number()) : null, Map.of());
        }

        static Target of(ReleasedWorkload workload) {
            return new Target(workload.template(), workload.revision(), workload.digests());
        }
    }

    /**
     * Chooses.
     *
     * @param chosen the Deployments that are to be rolled back
     */
    static Choice choose(
            RollbackRequest request, ManagedApplication application, PlanInputs inputs, List<DeploymentState> chosen) {
        return new TargetChoice(request, application, inputs, chosen).choose();
    }

    private Choice choose() {
        RollbackTarget to = request.getSpec().to();
        if (to.revision() != null) {
            return byRevision(to.revision());
        }
        if (to.version() != null) {
            return bySign(
                    "version " + to.version(),
                    (template, version) -> to.version().equals(version),
                    inputs.releases().stream().map(TargetChoice::named));
        }
        if (to.image() != null) {
            return bySign(
                    "image " + to.image(),
                    (template, version) -> template.images().containsValue(to.image()),
                    images());
        }
        return lastKnownGood();
    }

    private Choice lastKnownGood() {
        Optional<StoredRelease> release = inputs.releases().stream()
                .filter(stored -> stored.recorded().markedBad() == null)
                .filter(this::differs)
                .findFirst();
        if (release.isPresent()) {
            return found(release.get());
        }
        Map<String, Target> earlier = earlier();
        if (request.getSpec().allowUnverified()) {
            return unverified(earlier);
        }
        Optional<StoredRelease> present = inputs.releases().stream()
                .filter(stored -> stored.recorded().markedBad() == null)
                .findFirst();
        return new Choice.None(
                RollbackOutcome.NO_TARGET,
                present.isPresent() ? Reason.NO_EARLIER_RELEASE : Reason.NO_RELEASE,
                present.map(stored -> "The one release of " + application()
                                        + " that was seen to work and that no rollback" + " went away from is "
                                        + named(stored) + ", which is deployed now. ")
                                .orElse("No release of " + application()
                                        + " that no rollback went away from was seen to" + " work. ")
                        + (earlier.isEmpty() ? nothingEarlier() : anyway(earlier)));
    }

    /**
     * The state before the present one in each Deployment's own history that no rollback went away from; those whose history has
     * none stay as they are.
     */
    private Map<String, Target> earlier() {
        return chosen.stream()
                .flatMap(deployment -> revisions(deployment).stream()
                        .filter(revision -> revision.number() < present(deployment))
                        .filter(revision -> !revision.template().runsLike(deployment.template()))
                        .filter(revision -> !wasLeft(deployment, revision))
                        .findFirst()
                        .map(revision -> Map.entry(deployment.name(), Target.of(revision)))
                        .stream())
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** Whether a rollback went away from it, be it a release or a state that never became one. */
    private boolean wasLeft(DeploymentState deployment, RevisionState revision) {
        return inputs.left().contains(revision.template().hash())
                || inputs.releases().stream()
                        .filter(stored -> stored.recorded().markedBad() != null)
                        .flatMap(stored -> stored.release().workload(deployment.name()).stream())
                        .anyMatch(workload -> workload.template().runsLike(revision.template()));
    }

    private Choice unverified(Map<String, Target> earlier) {
        return earlier.isEmpty()
                ? new Choice.None(
                        RollbackOutcome.NO_TARGET,
                        Reason.NO_RELEASE,
                        "No other release of " + application() + " was seen to work. " + nothingEarlier())
                : new Choice.Found(null, earlier);
    }

    private String nothingEarlier() {
        return "The history of " + names(chosen)
                + " has no earlier state either that differs from what runs now and that no rollback went away from"
                + " (kubectl rollout history). Deploy a version that works.";
    }

    private Choice byRevision(long number) {
        if (chosen.size() != 1) {
            return new Choice.None(
                    RollbackOutcome.REFUSED,
                    Reason.INVALID_SPEC,
                    "spec.to.revision counts the states of one Deployment, and this request is for " + names(chosen)
                            + ". Make another request that names one of them in spec.workloads, or use spec.to.version.");
        }
        DeploymentState deployment = chosen.getFirst();
        Optional<Target> target = revisions(deployment).stream()
                .filter(revision -> revision.numbers().contains(number))
                .findFirst()
                .map(Target::of)
                .or(() -> inputs.releases().stream()
                        .flatMap(stored -> stored.release().workload(deployment.name()).stream())
                        .filter(workload -> String.valueOf(number).equals(workload.revision()))
                        .findFirst()
                        .map(Target::of));
        if (target.isEmpty()) {
            return new Choice.None(
                    RollbackOutcome.NO_TARGET,
                    Reason.REVISION_NOT_FOUND,
                    "Deployment " + deployment.name() + " has no revision " + number + ": there are "
                            + revisions(deployment).stream()
                                    .map(revision -> revision.number() + " ("
                                            + String.join(
                                                    ", ",
                                                    revision.template().images().values()) + ")")
                                    .limit(NAMED)
                                    .collect(Collectors.joining(", "))
                            + ".");
        }
        Optional<StoredRelease> release = inputs.releases().stream()
                .filter(stored -> stored.release()
                        .workload(deployment.name())
                        .filter(workload ->
                                workload.template().runsLike(target.get().template()))
                        .isPresent())
                .findFirst();
        return new Choice.Found(release.orElse(null), Map.of(deployment.name(), target.get()));
    }

    /** How a state is recognised. */
    private interface Sign {
        boolean fits(PodTemplate template, String version);
    }

    private Stream<String> images() {
        return inputs.releases().stream()
                .flatMap(stored ->
                        chosen.stream().flatMap(deployment -> stored.release().workload(deployment.name()).stream()))
                .flatMap(workload -> workload.template().images().values().stream());
    }

    /**
     * By what a state shows.
     *
     * @param known what releases show in its place, the newest first
     */
    private Choice bySign(String what, Sign sign, Stream<String> known) {
        Predicate<StoredRelease> fits = stored -> chosen.stream()
                .anyMatch(deployment -> stored.release()
                        .workload(deployment.name())
                        .filter(workload -> sign.fits(
                                workload.template(), workload.template().version()))
                        .isPresent());
        List<StoredRelease> fitting = inputs.releases().stream().filter(fits).toList();
        Optional<StoredRelease> release = fitting.stream()
                .filter(stored -> stored.recorded().markedBad() == null)
                .findFirst()
                .or(() -> fitting.stream().findFirst());
        if (release.isPresent()) {
            return found(release.get());
        }
        Map<String, Target> targets = chosen.stream()
                .flatMap(deployment -> revisions(deployment).stream()
                        .filter(revision -> sign.fits(
                                revision.template(), revision.template().version()))
                        .findFirst()
                        .map(revision -> Map.entry(deployment.name(), Target.of(revision)))
                        .stream())
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        if (!targets.isEmpty() && request.getSpec().allowUnverified()) {
            return new Choice.Found(null, targets);
        }
        String shown = known.distinct().limit(NAMED).collect(Collectors.joining(", "));
        return new Choice.None(
                RollbackOutcome.NO_TARGET,
                Reason.REVISION_NOT_FOUND,
                "No release of " + application() + " that was seen to work has " + what + ": there "
                        + (shown.isEmpty() ? "are none. " : "are " + shown + ". ")
                        + (targets.isEmpty()
                                ? "The history of " + names(chosen) + " has none with it either."
                                : "The history of " + String.join(", ", targets.keySet()) + " has one that was never"
                                        + " verified. " + anyway(targets)));
    }

    private Choice found(StoredRelease release) {
        Map<String, Target> targets = chosen.stream()
                .flatMap(deployment -> release.release().workload(deployment.name()).stream()
                        .map(workload -> Map.entry(deployment.name(), target(deployment, workload))))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        return new Choice.Found(release, targets);
    }

    /** Under the number that its state has now: each time one runs again it gets the next number. */
    private Target target(DeploymentState deployment, ReleasedWorkload workload) {
        Target released = Target.of(workload);
        return revisions(deployment).stream()
                .filter(revision -> revision.number() > 0 && revision.template().runsLike(workload.template()))
                .findFirst()
                .map(revision -> new Target(released.template(), String.valueOf(revision.number()), released.digests()))
                .orElse(released);
    }

    private boolean differs(StoredRelease stored) {
        return chosen.stream()
                .anyMatch(deployment -> stored.release()
                        .workload(deployment.name())
                        .filter(workload -> !workload.template().runsLike(deployment.template()))
                        .isPresent());
    }

    /** The newest first. */
    private List<RevisionState> revisions(DeploymentState deployment) {
        List<RevisionState> revisions = new ArrayList<>(inputs.revisions().getOrDefault(deployment.name(), List.of()));
        revisions.sort(Comparator.comparingLong(RevisionState::number).reversed());
        return revisions;
    }

    private long present(DeploymentState deployment) {
        return revisions(deployment).stream()
                .filter(revision -> revision.template().runsLike(deployment.template()))
                .mapToLong(RevisionState::number)
                .max()
                .orElse(Long.MAX_VALUE);
    }

    /** The ready-made command: a request's spec can't be changed, so it makes another one. */
    private String anyway(Map<String, Target> targets) {
        RollbackRequestSpec spec = request.getSpec();
        String to = spec.to().version() != null
                ? ",\"to\":{\"version\":\"" + spec.to().version() + "\"}"
                : spec.to().image() != null
                        ? ",\"to\":{\"image\":\"" + spec.to().image() + "\"}"
                        : "";
        return "To go back to "
                + targets.values().stream()
                        .map(target ->
                                Objects.requireNonNullElse(target.template().version(), "one"))
                        .distinct()
                        .sorted()
                        .collect(Collectors.joining(" and "))
                + ", which was never verified: echo '{\"apiVersion\":\"mainstay.dev/v1alpha1\",\"kind\":\"RollbackRequest\",\"metadata\":"
                + "{\"generateName\":\"" + spec.applicationRef().name()
                + "-\"},\"spec\":{\"applicationRef\":{\"name\":\""
                + spec.applicationRef().name() + "\"},\"reason\":\"no verified release\",\"allowUnverified\":true" + to
                + "}}' | kubectl create --namespace " + request.getMetadata().getNamespace() + " --filename -";
    }

    private String application() {
        return application.getMetadata().getName();
    }

    private static String names(List<DeploymentState> deployments) {
        return deployments.stream()
                .map(deployment -> "Deployment " + deployment.name())
                .collect(Collectors.joining(", "));
    }

    private static String named(StoredRelease stored) {
        String version = stored.recorded().version();
        return Objects.requireNonNullElseGet(
                version, () -> "release " + stored.recorded().hash());
    }
}
