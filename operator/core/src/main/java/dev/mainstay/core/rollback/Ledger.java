package dev.mainstay.core.rollback;

import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.application.ManagedApplicationSpec;
import dev.mainstay.api.application.ReleaseCandidate;
import dev.mainstay.api.application.ReleaseProof;
import dev.mainstay.api.application.ReleaseSummary;
import dev.mainstay.api.application.Workload;
import dev.mainstay.api.application.WorkloadKind;
import dev.mainstay.api.status.ConditionStatus;
import dev.mainstay.core.Durations;
import dev.mainstay.core.rollback.LedgerObservation.Working;
import dev.mainstay.core.status.Reason;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which states of an application were seen to work: what runs becomes a release when every rollout has been complete, the
 * health check has passed and no critical alert has fired for long enough. A history by revision numbers knows nothing of that: the one before a bad release
 * may be bad too (playhouse issue 8), only a restart (kubernetes issue 83448) or pruned (kubermatic issue 13953).
 */
public final class Ledger {

    /** How many releases are kept. */
    public static final int KEPT = 10;

    private Ledger() {}

    /**
     * What follows.
     *
     * @param candidate what runs and works, and since when; null when it does not, or nothing runs
     * @param record whether that is to be written down as a release now
     * @param proof what was looked at
     * @param ready whether there is something to go back to; null where that is no question
     * @param lookAgain when the candidate has worked for long enough; null when nothing is waited for
     */
    public record Decision(
            ReleaseCandidate candidate, boolean record, ReleaseProof proof, RollbackReady ready, Duration lookAgain) {

        /** Nothing follows. */
        public static final Decision NONE = new Decision(null, false, ReleaseProof.ROLLOUT, null, null);
    }

    /** The condition RollbackReady. */
    public record RollbackReady(ConditionStatus status, Reason reason, String message) {}

    /** Decides. */
    public static Decision decide(LedgerObservation observation, Instant now) {
        ManagedApplicationSpec spec = observation.application().getSpec();
        if (spec == null || deployments(spec).isEmpty()) {
            return Decision.NONE;
        }
        ReleaseProof proof = observation.working() == Working.NOT_ASKED ? ReleaseProof.ROLLOUT : ReleaseProof.HEALTH;
        Optional<String> obstacle = obstacle(observation);
        String present = presentHash(observation.deployments());
        if (obstacle.isPresent()) {
            return new Decision(null, false, proof, ready(observation, present, obstacle.get()), null);
        }
        ReleaseCandidate candidate = candidate(observation.application(), present, now);
        Instant due = candidate.since().plus(Durations.parse(spec.releases().soakTime()));
        boolean newest = observation.recorded().stream()
                .findFirst()
                .filter(release -> release.hash().equals(present))
                .filter(release ->
                        release.markedBad() == null || release.verifiedAt().isAfter(candidate.since()))
                .isPresent();
        boolean record = !newest && !now.isBefore(due);
        String waits = "what runs works since " + candidate.since() + " and becomes one at " + due;
        return new Decision(
                candidate,
                record,
                proof,
                ready(observation, present, waits),
                newest || record ? null : Duration.between(now, due));
    }

    /**
     * Those that stand: of each state the newest, and ten of them. One that an operator died over before it removed it would
     * be taken for a release that nobody went away from.
     *
     * @param recorded all that are there, the newest first
     */
    public static List<RecordedRelease> standing(List<RecordedRelease> recorded) {
        Set<String> seen = new HashSet<>();
        return recorded.stream()
                .filter(release -> seen.add(release.hash()))
                .limit(KEPT)
                .toList();
    }

    /** The lines of the status. */
    public static List<ReleaseSummary> summaries(List<RecordedRelease> recorded) {
        return recorded.stream()
                .limit(KEPT)
                .map(release -> new ReleaseSummary(
                        release.hash(), release.version(), release.verifiedAt(), release.proof(), release.markedBad()))
                .toList();
    }

    /** Identifies what runs. */
    public static String presentHash(List<DeploymentState> deployments) {
        return Release.hash(deployments.stream()
                .map(deployment -> Map.entry(deployment.name(), deployment.template()))
                .toList());
    }

    /** Names of the Deployments that an application names. */
    public static List<String> deployments(ManagedApplicationSpec spec) {
        return spec.workloads().stream()
                .filter(workload -> workload.kind() == WorkloadKind.DEPLOYMENT)
                .map(Workload::name)
                .toList();
    }

    /** Why what runs can't be said to work; in words that stay the same while a rollout goes on. */
    private static Optional<String> obstacle(LedgerObservation observation) {
        List<String> names = deployments(observation.application().getSpec());
        List<String> found =
                observation.deployments().stream().map(DeploymentState::name).toList();
        for (String name : names) {
            if (!found.contains(name)) {
                return Optional.of("Deployment " + name + " does not exist");
            }
        }
        if (observation.rollingBack()) {
            return Optional.of("a rollback is under way");
        }
        for (DeploymentState deployment : observation.deployments()) {
            // One that is scaled to zero is taken along.
            if (!deployment.atRest()) {
                return Optional.of("the rollout of Deployment " + deployment.name() + " is not complete");
            }
        }
        if (observation.deployments().stream().noneMatch(deployment -> deployment.wanted() > 0)) {
            return Optional.of("its Deployments are scaled to zero");
        }
        if (observation.working() == Working.NOT_KNOWN) {
            return Optional.of("its health check does not pass");
        }
        return observation.alerts().stream()
                .findFirst()
                .map(name -> "AlertRule " + name + ", severity critical, fires");
    }

    private static ReleaseCandidate candidate(ManagedApplication application, String present, Instant now) {
        return Optional.ofNullable(application.getStatus())
                .map(status -> status.candidate())
                .filter(candidate -> present.equals(candidate.hash()))
                .orElseGet(() -> new ReleaseCandidate(present, now.truncatedTo(ChronoUnit.SECONDS)));
    }

    private static RollbackReady ready(LedgerObservation observation, String present, String why) {
        String application = observation.application().getMetadata().getName();
        Optional<RecordedRelease> target = observation.recorded().stream()
                .filter(release -> release.markedBad() == null)
                .filter(release -> !release.hash().equals(present))
                .findFirst();
        if (target.isPresent()) {
            return new RollbackReady(
                    ConditionStatus.TRUE,
                    Reason.RELEASE_KEPT,
                    application + " can go back to " + named(target.get()) + ", which was verified at "
                            + target.get().verifiedAt() + " ("
                            + target.get().proof().text() + ").");
        }
        Optional<RecordedRelease> running = observation.recorded().stream()
                .filter(release -> release.hash().equals(present))
                .findFirst();
        if (running.isPresent()) {
            return new RollbackReady(
                    ConditionStatus.FALSE,
                    Reason.NO_EARLIER_RELEASE,
                    "The one release of " + application + " that was seen to work is " + named(running.get())
                            + ", which runs now: there is nothing to go back to yet.");
        }
        return new RollbackReady(
                ConditionStatus.FALSE,
                Reason.NO_RELEASE,
                "No release of " + application + " was seen to work for "
                        + observation.application().getSpec().releases().soakTime() + " yet: " + why + ".");
    }

    private static String named(RecordedRelease release) {
        return release.version() == null ? "release " + release.hash() : release.version();
    }
}
