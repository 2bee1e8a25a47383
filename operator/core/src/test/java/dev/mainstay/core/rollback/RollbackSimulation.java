package dev.mainstay.core.rollback;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.rollback.RollbackRequest;
import dev.mainstay.api.rollback.RollbackRequestStatus;
import dev.mainstay.core.claims.ClaimAnswer;
import dev.mainstay.core.claims.ExecutedRequests;
import dev.mainstay.core.claims.Holder;
import dev.mainstay.core.rollback.RollbackDecider.Rejection;
import dev.mainstay.core.rollback.RollbackDecision.Change;
import dev.mainstay.core.rollback.RollbackDecision.End;
import dev.mainstay.core.task.TaskJson;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * A small world around one rollback: people deploy, pause, cancel and delete, Pods crash, the API server refuses, the operator
 * is killed between its effect and its status.
 */
final class RollbackSimulation {

    /**
     * One pass of the operator.
     *
     * @param before the status it saw
     * @param after the status that follows
     * @param running versions of web and worker after it
     * @param held those that Flux leaves alone after it
     * @param pagesMade how many maintenance modes it has made until then
     */
    record Pass(
            RollbackRequest request,
            RollbackRequestStatus before,
            RollbackDecision decision,
            RollbackRequestStatus after,
            Map<String, String> running,
            List<String> held,
            int pagesMade) {}

    private static final List<Duration> STEPS =
            List.of(Duration.ofSeconds(1), Duration.ofSeconds(5), Duration.ofSeconds(40), Duration.ofMinutes(4));
    private static final List<String> SPECS = List.of(
            "requestedBy: alice",
            "onFailure: RestorePrevious",
            "onFailure: RestorePrevious",
            "onFailure: MaintenanceMode",
            "onFailure: MaintenanceMode",
            "onFailure: MaintenanceMode",
            "workloads: [web]",
            "to: {version: 1.3.0}",
            "strictConfig: true",
            "gitOps: PatchAnyway",
            "holdUntil: \"2026-03-29T03:20:00Z\"",
            "dryRun: true");
    private static final Holder OTHER = new Holder("RestoreRequest", "orders-back", "uid-2");

    private final Random random;
    private final RollbackRequest request;
    private final Map<String, Integer> generations = new HashMap<>();
    private final Map<String, String> running = new TreeMap<>(Map.of("web", "1.5.0", "worker", "1.5.0"));
    private final Map<String, Map<String, String>> notes = new HashMap<>();
    private final boolean flux;
    private final Map<String, String> uids = new HashMap<>(Map.of("web", "uid-web", "worker", "uid-worker"));
    private final Map<String, PageState> pages = new TreeMap<>();
    private int pagesMade;
    private ManagedApplication application = Deploys.application();
    private RollbackPlan stored;
    private boolean rolledOut = true;
    private boolean crashing;
    private boolean paused;
    private boolean peace;
    private Instant now = Deploys.NOW;

    RollbackSimulation(long seed) {
        random = new Random(seed);
        flux = random.nextBoolean();
        request = Deploys.request(SPECS.get(random.nextInt(SPECS.size())), "verify: {stableFor: 30s}");
        request.getMetadata().setAnnotations(new HashMap<>());
    }

    /** Everything that is missing comes back, and nothing bad happens any more. */
    void makePeace() {
        peace = true;
        application = Deploys.application();
        request.getMetadata().getAnnotations().remove(Annotations.PAUSED);
        rolledOut = true;
    }

    /** The world moves on, then the operator makes a pass. */
    Pass step() {
        now = now.plus(STEPS.get(random.nextInt(STEPS.size())));
        if (!peace) {
            happen();
        }
        RollbackRequestStatus before = request.getStatus();
        RollbackDecision decision = act(RollbackDecider.decide(observe(), now));
        RollbackRequestStatus after = RollbackReport.of(request, decision, now);
        // A pass that is killed here, or whose status is refused as stale, leaves its effect behind.
        if (!disturbed(15)) {
            request.setStatus(after);
        }
        return new Pass(request, before, decision, after, Map.copyOf(running), held(), pagesMade);
    }

    private List<String> held() {
        return deployments().stream()
                .filter(deployment -> FluxHold.isBy(deployment, request))
                .map(DeploymentState::name)
                .toList();
    }

    private RollbackDecision act(RollbackDecision decision) {
        return switch (decision) {
            case RollbackDecision.Mark mark -> {
                request.getMetadata()
                        .getAnnotations()
                        .put(Annotations.EXECUTED_BY, request.getMetadata().getUid());
                request.getMetadata().setFinalizers(List.of(Annotations.ROLLBACK_FINALIZER));
                yield mark;
            }
            case RollbackDecision.TakeClaim ignored -> RollbackClaims.answered(request, answer(), now);
            case RollbackDecision.Store store -> {
                stored = stored == null ? store.plan() : stored;
                yield new RollbackDecision.Store(stored);
            }
            case RollbackDecision.Write write -> {
                RollbackDecision after = write(write);
                yield after instanceof End end ? end(end) : after;
            }
            case RollbackDecision.EnterMaintenance enter -> enter(enter);
            case End end -> end(end);
            case RollbackDecision.EndHold hold -> {
                deployments().forEach(this::endHold);
                yield hold;
            }
            default -> decision;
        };
    }

    private ClaimAnswer answer() {
        return disturbed(40) ? new ClaimAnswer.Wait(OTHER, now) : new ClaimAnswer.Granted(now);
    }

    private RollbackDecision enter(RollbackDecision.EnterMaintenance enter) {
        if (enter.mode() == null) {
            return enter;
        }
        if (disturbed(10)) {
            return end((End) RollbackMaintenance.refused(request, enter, "not allowed"));
        }
        if (pages.putIfAbsent(enter.name(), page(enter.name(), false, false)) == null) {
            pagesMade++;
        }
        return enter;
    }

    private PageState page(String name, boolean active, boolean stalled) {
        return new PageState(name, now, now, true, null, active, stalled, "it says so.");
    }

    private RollbackDecision end(End end) {
        if (end.plan() == null) {
            deployments().forEach(this::endHold);
            return end;
        }
        List<DeploymentState> lasting = FluxHold.lasting(request, end.plan(), deployments(), now);
        deployments().stream()
                .filter(deployment ->
                        lasting.stream().noneMatch(held -> held.name().equals(deployment.name())))
                .forEach(this::endHold);
        return end.holding(lasting.stream().map(DeploymentState::name).toList());
    }

    private void endHold(DeploymentState deployment) {
        if (FluxHold.end(deployment, request).isPresent()) {
            notes.remove(deployment.name());
        }
    }

    private RollbackDecision write(RollbackDecision.Write write) {
        boolean any = false;
        for (Change change : write.changes()) {
            String name = change.deployment().name();
            if (disturbed(10)) {
                return new RollbackDecision.LookAgain();
            }
            if (disturbed(5)) {
                return RollbackDecider.rejected(write, new Rejection(name, true, "not allowed"), any);
            }
            running.put(name, change.to().version());
            notes.computeIfAbsent(name, _ -> new TreeMap<>()).putAll(change.annotations());
            generations.merge(name, 1, Integer::sum);
            rolledOut = !disturbed(50);
            any = true;
        }
        return write;
    }

    private RollbackObservation observe() {
        List<DeploymentState> deployments = deployments();
        Map<String, List<TargetPod>> pods = crashing
                ? Map.of("web", List.of(new TargetPod("web-1", "Pod web-1 crashes", Map.of())))
                : Map.of("web", List.of(new TargetPod("web-1", null, Map.of())));
        return new RollbackObservation(
                request,
                application,
                null,
                ExecutedRequests.NONE,
                List.of(),
                RollbackDecider.plans(request) && stored == null
                        ? Deploys.inputs(
                                deployments, Deploys.release(6, "1.4.2", null), Deploys.release(5, "1.3.0", null))
                        : null,
                stored,
                stored == null && !RollbackClaims.ended(request) ? List.of() : deployments,
                stored == null ? Map.of() : pods,
                List.of(),
                Sampled.NOTHING,
                RollbackMaintenance.looksAtModes(request) ? List.copyOf(pages.values()) : List.of());
    }

    private List<DeploymentState> deployments() {
        List<DeploymentState> deployments = new ArrayList<>();
        running.forEach((name, version) -> deployments.add(deployment(name, version)));
        return deployments;
    }

    private DeploymentState deployment(String name, String version) {
        return Deploys.deployment(
                name,
                Deploys.template(name, version),
                "{'uid': '" + uids.get(name) + "', 'generation': " + generations.getOrDefault(name, 1)
                        + (flux ? ", 'labels': {'kustomize.toolkit.fluxcd.io/name': 'shop'}" : "")
                        + ", 'annotations': " + TaskJson.write(notes.getOrDefault(name, Map.of())) + "}",
                paused ? "{'paused': true}" : "{}",
                "{'observedGeneration': " + generations.getOrDefault(name, 1) + ", 'updatedReplicas': "
                        + (rolledOut ? 2 : 1) + "}");
    }

    private void happen() {
        switch (random.nextInt(80)) {
            case 0 -> application = null;
            case 1, 2, 3 -> application = Deploys.application();
            case 4 -> running.put("web", "1.5.0");
            case 5 -> running.put("worker", "1.6.0");
            case 6 -> {
                running.remove("worker");
                notes.remove("worker");
            }
            case 7 -> uids.put("web", "uid-of-another");
            case 8 -> request.getMetadata().getAnnotations().put(Annotations.PAUSED, "migration");
            case 9, 10 -> request.getMetadata().getAnnotations().remove(Annotations.PAUSED);
            case 11 -> request.getMetadata().getAnnotations().put(Annotations.CANCEL, "wrong application");
            case 12, 13, 14 -> crashing = !crashing;
            case 15, 16, 17 -> rolledOut = !rolledOut;
            case 18 -> paused = !paused;
            case 19 -> stored = null;
            case 20 -> notes.clear();
            case 21 -> pages.put("by-hand", page("by-hand", false, false));
            case 22, 23 -> pages.replaceAll((name, _) -> page(name, true, false));
            case 24 -> pages.replaceAll((name, _) -> page(name, false, true));
            case 25, 26 -> pages.clear();
            default -> {}
        }
    }

    private boolean disturbed(int percent) {
        return !peace && random.nextInt(100) < percent;
    }
}
