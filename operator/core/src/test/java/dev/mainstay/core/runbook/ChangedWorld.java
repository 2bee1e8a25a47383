package dev.mainstay.core.runbook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mainstay.api.Annotations;
import dev.mainstay.api.mode.MaintenanceMode;
import dev.mainstay.api.mode.MaintenanceModeStatus;
import dev.mainstay.api.runbook.ChangedKind;
import dev.mainstay.api.runbook.MaintenanceRun;
import dev.mainstay.api.runbook.RunStep;
import dev.mainstay.api.runbook.SavedChange;
import dev.mainstay.api.workload.StoppableKind;
import dev.mainstay.api.workload.StoppedWorkload;
import dev.mainstay.core.claims.ClaimAnswer;
import dev.mainstay.core.claims.ClaimRequest;
import dev.mainstay.core.claims.Claims;
import dev.mainstay.core.claims.Grant;
import dev.mainstay.core.claims.Holder;
import dev.mainstay.core.claims.Operation;
import dev.mainstay.core.rollback.AutoscalerState;
import dev.mainstay.core.workload.WorkloadSeen;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/** A Deployment with or without an autoscaler, the record of the claims, and what an operator does to them. */
final class ChangedWorld {

    static final Holder ROLLBACK = new Holder("RollbackRequest", "emergency", "uid-emergency");

    int replicas = 3;
    int ready = 3;

    /** Those of the autoscaler; null when there is none. */
    Integer minReplicas;

    /** Whether the application has the workload that the step names. */
    boolean known = true;

    boolean keda;
    boolean statefulSet;
    String uid = "uid-web";
    String refusal;

    /** Why the API server takes no change; null when it does. */
    String rejection;

    /** Whether Pods become ready as soon as they are wanted. */
    boolean podsComeUp = true;

    /** Whether maintenance modes come to where they are to go. */
    boolean pagesWork = true;

    final Map<String, MaintenanceMode> modes = new TreeMap<>();

    List<StoppedWorkload> stopped = List.of();
    Claims claims = Claims.NONE;

    /** What was written, in its order. */
    final List<String> writes = new ArrayList<>();

    /** Somebody's way out of an outage needs the workloads; whether it has them. */
    boolean emergencyBegins(Instant now) {
        Claims.Outcome outcome = claims.decide(ClaimRequest.of(Operation.ROLLBACK, ROLLBACK, null), now);
        claims = outcome.after();
        return outcome.answer() instanceof ClaimAnswer.Granted;
    }

    void emergencyEnds() {
        claims = claims.without(ROLLBACK::equals);
    }

    Holder makeRoomFor(MaintenanceRun run) {
        return claims.of(RunClaims.holder(run)).map(Grant::makeRoomFor).orElse(null);
    }

    StepSeen look(StepTurn turn) {
        return turn.step().scale() != null
                ? look()
                : new StepSeen.OfMode(RunLines.of(turn)
                        .map(RunStep::saved)
                        .map(saved -> mode(saved.name()))
                        .orElse(null));
    }

    StepSeen look(Owed owed) {
        return owed.saved().kind() == ChangedKind.MAINTENANCE_MODE
                ? new StepSeen.OfMode(mode(owed.saved().name()))
                : look();
    }

    /** One that is to go is gone as soon as it was seen once, and a page is there as soon as it may be. */
    private MaintenanceMode mode(String name) {
        MaintenanceMode mode = modes.get(name);
        if (mode != null && mode.getMetadata().getDeletionTimestamp() != null && pagesWork) {
            modes.remove(name);
            return null;
        }
        if (mode != null && pagesWork) {
            mode.setStatus(Serialization.unmarshal(
                    "phase: Active\nendsAt: \"2026-03-29T05:00:00Z\"", MaintenanceModeStatus.class));
        }
        return mode;
    }

    private StepSeen look() {
        if (podsComeUp) {
            ready = minReplicas == null || replicas == 0 ? replicas : Math.max(replicas, minReplicas);
            replicas = ready;
        }
        WorkloadSeen workload = !known
                ? null
                : refusal == null
                        ? new WorkloadSeen(kind(), "web", workload(), List.of(), List.of(), null)
                        : WorkloadSeen.unreadable(kind(), "web", refusal);
        return new StepSeen.OfScale(workload, autoscalers(), stopped);
    }

    private StoppableKind kind() {
        return statefulSet ? StoppableKind.STATEFUL_SET : StoppableKind.DEPLOYMENT;
    }

    private JsonNode workload() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.putObject("metadata").put("name", "web").put("uid", uid).put("generation", 1);
        ObjectNode spec = json.putObject("spec").put("replicas", replicas);
        if (statefulSet) {
            spec.putObject("persistentVolumeClaimRetentionPolicy").put("whenScaled", "Delete");
        }
        json.putObject("status")
                .put("observedGeneration", 1)
                .put("replicas", ready)
                .put("readyReplicas", ready);
        return json;
    }

    private List<AutoscalerState> autoscalers() {
        if (minReplicas == null) {
            return List.of();
        }
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ObjectNode metadata = json.putObject("metadata").put("name", "web-hpa").put("uid", "uid-hpa");
        if (keda) {
            ArrayNode owners = metadata.putArray("ownerReferences");
            owners.addObject()
                    .put("kind", "ScaledObject")
                    .put("apiVersion", "keda.sh/v1alpha1")
                    .put("name", "web-scaled");
        }
        ObjectNode spec = json.putObject("spec").put("minReplicas", minReplicas).put("maxReplicas", 10);
        spec.putObject("scaleTargetRef").put("kind", kind().text()).put("name", "web");
        return List.of(new AutoscalerState(json));
    }

    RunDecision act(RunWorld world, RunObservation observation, RunDecision decision) {
        MaintenanceRun seen = observation.run();
        return switch (decision) {
            case RunDecision.Mark mark -> {
                if (isCurrent(world, seen)) {
                    world.finalizers(List.of(Annotations.RUN_FINALIZER));
                }
                yield mark;
            }
            case RunDecision.Unmark unmark -> {
                if (isCurrent(world, seen)) {
                    world.finalizers(List.of());
                }
                yield unmark;
            }
            case RunDecision.TakeClaim take -> {
                ClaimRequest request = RunClaims.request(seen, take.needed());
                yield RunClaims.answered(seen, take.step(), request, ask(request, world.now), world.now);
            }
            case RunDecision.LetGo go -> {
                claims = claims.without(RunClaims.holder(seen)::equals);
                yield go;
            }
            case RunDecision.Save save -> held(world, seen, save.step(), save.claimed(), () -> save);
            case RunDecision.Change change ->
                held(
                        world,
                        seen,
                        change.turn().step().name(),
                        change.turn().step().scale() != null,
                        () -> rejection == null
                                ? change(change)
                                : RunDecider.rejected(observation, change, false, rejection, world.now));
            case RunDecision.GiveBack back ->
                held(
                        world,
                        seen,
                        back.owed().line().name(),
                        back.owed().type().claimsWorkloads(),
                        () -> rejection == null
                                ? giveBack(world, back)
                                : RunDecider.kept(back.owed(), false, rejection));
            default -> decision;
        };
    }

    private RunDecision held(
            RunWorld world, MaintenanceRun seen, String step, boolean claimed, Supplier<RunDecision> then) {
        if (claimed && world.application != null) {
            ClaimRequest had = RunClaims.request(seen);
            ClaimAnswer answer = ask(had, world.now);
            if (!RunClaims.still(seen, answer)) {
                return RunClaims.answered(seen, step, had, answer, world.now);
            }
        }
        return isCurrent(world, seen) ? then.get() : new RunDecision.LookAgain();
    }

    private ClaimAnswer ask(ClaimRequest request, Instant now) {
        Claims.Outcome outcome = claims.decide(request, now);
        claims = outcome.after();
        return outcome.answer();
    }

    private RunDecision change(RunDecision.Change change) {
        if (change.turn().step().scale() != null) {
            return write(RunLines.of(change.turn()).orElseThrow().saved(), false, change);
        }
        MaintenanceMode mode = MaintenanceModeStepType.mode(change.turn());
        writes.add("make " + mode.getMetadata().getName());
        modes.putIfAbsent(mode.getMetadata().getName(), mode);
        return change;
    }

    private RunDecision giveBack(RunWorld world, RunDecision.GiveBack back) {
        SavedChange saved = back.owed().saved();
        if (saved.kind() != ChangedKind.MAINTENANCE_MODE) {
            return write(saved, true, back);
        }
        writes.add("delete " + saved.name());
        modes.get(saved.name()).getMetadata().setDeletionTimestamp(world.now.toString());
        return back;
    }

    private RunDecision write(SavedChange saved, boolean back, RunDecision decision) {
        if (claims.of(ROLLBACK).isPresent()) {
            throw new AssertionError("it writes while an emergency has the workloads: " + decision);
        }
        int value = back ? saved.before() : saved.after();
        writes.add(saved.text() + " " + value);
        if (saved.kind() == ChangedKind.HORIZONTAL_POD_AUTOSCALER) {
            minReplicas = value;
        } else {
            replicas = value;
        }
        return decision;
    }

    private static boolean isCurrent(RunWorld world, MaintenanceRun seen) {
        return seen.getMetadata()
                .getResourceVersion()
                .equals(world.run.getMetadata().getResourceVersion());
    }
}
