package dev.mainstay.core.rollback;

import dev.mainstay.api.rollback.CheckVerdict;
import dev.mainstay.api.rollback.RollbackRequest;
import dev.mainstay.api.rollback.RollbackRequestStatus;
import dev.mainstay.api.rollback.VerificationCheck;
import dev.mainstay.core.Durations;
import dev.mainstay.core.rollback.RollbackPlan.PlannedWorkload;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Whether what a rollback put in place works. Readiness alone says little: a Deployment of no Pods is rolled out at once, old
 * Pods count as ready right after a change, and a condition may be of an earlier rollout (kubernaut issue 199).
 */
final class Verification {

    private static final int MESSAGE = 512;
    private static final int SAID = 200;
    private static final Duration SOON = Duration.ofSeconds(1);
    private static final Duration AT_LATEST = Duration.ofSeconds(5);

    private final RollbackObservation observation;
    private final RollbackRequestStatus before;
    private final Instant exactly;
    private final Instant now;

    private Verification(RollbackObservation observation, Instant now) {
        this.observation = observation;
        this.before = observation.request().getStatus();
        this.exactly = now;
        this.now = now.truncatedTo(ChronoUnit.SECONDS);
    }

    /** How far it is. */
    enum State {
        /** It goes on. */
        RUNNING,
        /** Everything passed for long enough. */
        PASSED,
        /** Something does not work. */
        FAILED,
        /** The time is over, or there is nothing to see, and nothing failed. */
        INCONCLUSIVE
    }

    /**
     * What was found.
     *
     * @param why for a message; null while it goes on and when all passed
     * @param next when to look again at the latest, while it goes on
     */
    record Finding(State state, List<VerificationCheck> checks, String why, Duration next) {

        Finding(State state, List<VerificationCheck> checks, String why) {
            this(state, checks, why, SOON);
        }
    }

    static Finding judge(RollbackObservation observation, Instant now) {
        return new Verification(observation, now).judge();
    }

    private Finding judge() {
        RollbackRequest request = observation.request();
        List<VerificationCheck> checks = Stream.of(
                        observation.plan().workloads().stream().flatMap(workload -> checks(workload).stream()),
                        observation.services().stream()
                                .flatMap(service -> EndpointCheck.of(service, observation).stream())
                                .map(this::dated),
                        observation.sampled().checks().stream().map(this::sampled))
                .flatMap(Function.identity())
                .toList();
        Optional<VerificationCheck> failed = first(checks, CheckVerdict.FAIL);
        if (failed.isPresent()) {
            return new Finding(State.FAILED, checks, told(failed.get()));
        }
        List<String> empty = observation.plan().workloads().stream()
                .filter(this::scaledToZero)
                .map(Verification::rollout)
                .toList();
        if (empty.size() == observation.plan().workloads().size()) {
            return new Finding(
                    State.INCONCLUSIVE,
                    checks,
                    "Every Deployment of the target is scaled to zero: there is no Pod that could show it.");
        }
        Duration stableFor = Durations.parse(request.getSpec().verify().stableFor());
        List<VerificationCheck> telling =
                checks.stream().filter(check -> !empty.contains(check.name())).toList();
        if (observation.sampled().awaited()) {
            return new Finding(State.RUNNING, checks, null);
        }
        boolean stable = telling.stream()
                .allMatch(check -> check.verdict() == CheckVerdict.PASS
                        && !check.since().plus(stableFor).isAfter(now));
        if (stable) {
            return new Finding(State.PASSED, checks, null);
        }
        Instant deadline =
                before.startedAt().plus(Durations.parse(request.getSpec().timeout()));
        if (now.isBefore(deadline)) {
            return new Finding(State.RUNNING, checks, null, next(checks, stableFor, deadline));
        }
        return overdue(checks, telling, request.getSpec().timeout());
    }

    /**
     * A Pod that can't start shows in no event of its Deployment, so a rollout is looked at again soon. When all Pods are there,
     * an event tells of each that is lost, and what is left is to be there when the time is over.
     */
    private Duration next(List<VerificationCheck> checks, Duration stableFor, Instant deadline) {
        if (checks.stream().anyMatch(check -> check.verdict() != CheckVerdict.PASS && isRollout(check))) {
            return SOON;
        }
        Instant stable = checks.stream()
                .map(check -> check.since().plus(stableFor))
                .max(Comparator.naturalOrder())
                .orElse(deadline);
        Duration left = Duration.between(exactly, stable.isBefore(deadline) ? stable : deadline);
        return left.compareTo(AT_LATEST) < 0 && left.isPositive() ? left : AT_LATEST;
    }

    private static boolean isRollout(VerificationCheck check) {
        return check.name().startsWith("Rollout ");
    }

    /** One that has nothing to show is no reason to wait, as long as another one shows something. */
    private boolean scaledToZero(PlannedWorkload workload) {
        return observation
                .deployment(workload)
                .filter(deployment -> deployment.wanted() == 0)
                .isPresent();
    }

    private Finding overdue(List<VerificationCheck> checks, List<VerificationCheck> telling, String timeout) {
        Optional<VerificationCheck> rollout = telling.stream()
                .filter(check -> check.verdict() == CheckVerdict.NO_DATA)
                .filter(check -> isRollout(check) || check.name().startsWith("Metric "))
                .findFirst();
        if (rollout.isPresent()) {
            return new Finding(State.FAILED, checks, over(timeout) + ": " + told(rollout.get()));
        }
        String missing = telling.stream()
                .filter(check -> check.verdict() != CheckVerdict.PASS)
                .map(Verification::told)
                .reduce((told, next) -> told + (told.endsWith(".") ? " " : "; ") + next)
                .orElse("");
        return new Finding(
                State.INCONCLUSIVE,
                checks,
                missing.isEmpty()
                        ? "Everything passed, but not for spec.verify.stableFor without a break before spec.timeout ("
                                + timeout + ") was over"
                        : over(timeout) + ": " + missing);
    }

    private static String over(String timeout) {
        return "spec.timeout (" + timeout + ") is over";
    }

    private List<VerificationCheck> checks(PlannedWorkload workload) {
        Optional<DeploymentState> deployment = observation.deployment(workload);
        List<VerificationCheck> checks = new ArrayList<>();
        if (deployment.isEmpty()) {
            return checks;
        }
        checks.add(rollout(workload, deployment.get()));
        image(workload).ifPresent(checks::add);
        return checks;
    }

    private VerificationCheck rollout(PlannedWorkload workload, DeploymentState deployment) {
        Instant written = before.writtenAt(workload.name())
                .or(() -> Optional.ofNullable(before.startedAt()))
                .orElse(Instant.EPOCH);
        List<TargetPod> pods = observation.pods().getOrDefault(workload.name(), List.of());
        Optional<String> trouble = pods.stream()
                .map(TargetPod::trouble)
                .filter(Objects::nonNull)
                .findFirst()
                .or(() -> deployment.deadlineExceeded(written).map(said -> gaveUp(deployment, said)));
        if (trouble.isPresent()) {
            return check(rollout(workload), CheckVerdict.FAIL, trouble.get());
        }
        return deployment.rolledOut()
                ? check(rollout(workload), CheckVerdict.PASS, "all Pods run the target and are available")
                : check(
                        rollout(workload),
                        CheckVerdict.NO_DATA,
                        deployment.wanted() == 0 ? "it is scaled to zero" : deployment.progress());
    }

    private String gaveUp(DeploymentState deployment, String said) {
        return "its controller gave up waiting (" + StatusRoom.cut(said, SAID)
                + "). What became of its Pods: kubectl get pods --namespace "
                + observation.request().getMetadata().getNamespace() + " --selector '" + deployment.selector() + "'";
    }

    /** A tag that was moved since brings something else than what was verified (origin issue 23754). */
    private Optional<VerificationCheck> image(PlannedWorkload workload) {
        if (workload.digests() == null || workload.digests().isEmpty()) {
            return Optional.empty();
        }
        List<Map.Entry<String, String>> running = observation.pods().getOrDefault(workload.name(), List.of()).stream()
                .flatMap(pod -> pod.digests().entrySet().stream())
                .filter(digest -> workload.digests().containsKey(digest.getKey()))
                .toList();
        Optional<Map.Entry<String, String>> other = running.stream()
                .filter(digest -> !digest.getValue().equals(workload.digests().get(digest.getKey())))
                .findFirst();
        if (other.isPresent()) {
            return Optional.of(check(
                    "Image " + workload.name(),
                    CheckVerdict.FAIL,
                    "container " + other.get().getKey() + " runs " + other.get().getValue() + ", and "
                            + workload.digests().get(other.get().getKey())
                            + " is what was verified: the image's tag was moved since"));
        }
        return running.isEmpty()
                ? Optional.empty()
                : Optional.of(check(
                        "Image " + workload.name(), CheckVerdict.PASS, "the images are those that were verified"));
    }

    /** What was found before a restart stands until it is asked again. */
    private VerificationCheck sampled(VerificationCheck sampled) {
        return observation.sampled().awaited()
                ? before.checks().stream()
                        .filter(check -> check.name().equals(sampled.name()))
                        .findFirst()
                        .orElseGet(() -> dated(sampled))
                : dated(sampled);
    }

    private VerificationCheck dated(VerificationCheck sampled) {
        return check(sampled.name(), sampled.verdict(), sampled.message());
    }

    /** Since when it says so: what said the same before keeps its time. */
    private VerificationCheck check(String name, CheckVerdict verdict, String message) {
        Instant since = before.checks().stream()
                .filter(check -> check.name().equals(name) && check.verdict() == verdict)
                .map(VerificationCheck::since)
                .findFirst()
                .orElse(now);
        return new VerificationCheck(name, verdict, since, StatusRoom.cut(message, MESSAGE));
    }

    private static String rollout(PlannedWorkload workload) {
        return "Rollout " + workload.name();
    }

    private static Optional<VerificationCheck> first(List<VerificationCheck> checks, CheckVerdict verdict) {
        return checks.stream().filter(check -> check.verdict() == verdict).findFirst();
    }

    /** Why it failed, once that is told. */
    static String why(RollbackRequestStatus told) {
        return first(told.checks(), CheckVerdict.FAIL)
                .map(Verification::told)
                .orElse("It could not be verified in time.");
    }

    private static String told(VerificationCheck check) {
        return check.name() + ": " + check.message();
    }
}
