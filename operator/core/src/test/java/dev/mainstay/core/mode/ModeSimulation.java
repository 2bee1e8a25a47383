package dev.mainstay.core.mode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mainstay.api.Annotations;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.mode.MaintenanceMode;
import dev.mainstay.core.claims.ClaimAnswer;
import dev.mainstay.core.rollback.ServiceState;
import dev.mainstay.core.task.TaskJson;
import dev.mainstay.core.workload.ScaleChange;
import dev.mainstay.core.workload.StopTarget;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/**
 * A namespace in memory, with an operator whose passes may be cut off between what they do and what they tell, whose cache may
 * be behind, and with people and pipelines that do as they like. The page's Pods, and EndpointSlices, come late.
 */
final class ModeSimulation {

    private static final ManagedApplication APPLICATION =
            Modes.application("[{name: web}, {name: api}], workloads: [{name: web}, {name: worker}]");

    /** A Service: where it leads, where its owner wants it to lead, and what EndpointSlices say. */
    private static final class Served {
        private Map<String, String> selector;
        private Map<String, String> wanted;
        private String saved;
        private List<String> endpoints;
    }

    private final Random random;
    private final SimulatedWorkloads workloads;
    private final Map<String, Served> services = new TreeMap<>();
    private final Map<String, MaintenanceMode> modes = new LinkedHashMap<>();
    private Map<String, MaintenanceMode> cache = new LinkedHashMap<>();
    private Instant now = Modes.NOW;
    private PageSpec page;
    private int pageReady;
    private int version;
    private Instant lastNamed = Instant.EPOCH;
    private boolean fight;

    ModeSimulation(long seed) {
        this.random = new Random(seed);
        this.workloads = new SimulatedWorkloads(random);
        for (String name : List.of("web", "api")) {
            Served served = new Served();
            served.selector = Map.of("app", name);
            served.wanted = served.selector;
            served.endpoints = List.of(name + "-1");
            services.put(name, served);
        }
    }

    /** Something happens: a person, a pipeline, time, a controller, or a pass of the operator. */
    void step() {
        workloads.sweep(modes.values());
        switch (random.nextInt(19)) {
            case 0 -> create();
            case 1 -> delete();
            case 2 -> apply();
            case 3 -> pageReady = page == null ? 0 : random.nextInt(4) == 0 ? 0 : 2;
            case 4, 5 -> now = now.plusSeconds(random.nextInt(9));
            case 6, 7 -> reconcileEndpoints();
            case 8 -> copyToCache();
            case 9, 10 -> workloads.reconcilePods();
            case 11 -> workloads.rollback();
            case 12 -> {
                if (random.nextInt(8) == 0) {
                    workloads.stranger(random);
                }
            }
            default -> pass(random.nextInt(4) == 0);
        }
    }

    /** From now on everybody lets the operator work. */
    void settle() {
        fight = false;
        workloads.endRollback();
        for (int i = 0; i < 300; i++) {
            workloads.sweep(modes.values());
            workloads.reconcilePods();
            pageReady = page == null ? 0 : 2;
            now = now.plusSeconds(1);
            reconcileEndpoints();
            copyToCache();
            pass(false);
        }
    }

    /** Each mode ends. */
    void endAll() {
        List.copyOf(modes.values()).forEach(mode -> {
            MaintenanceMode ending = next(mode);
            ending.getMetadata().setDeletionTimestamp(now.toString());
            modes.put(ending.getMetadata().getName(), ending);
            forget(ending);
        });
    }

    private void create() {
        if (modes.size() < 3) {
            String name = "mode-" + version;
            MaintenanceMode mode = Modes.mode(
                    name,
                    (random.nextBoolean()
                                    ? "until: " + now.plusSeconds(30 + random.nextInt(60))
                                    : "allowNonHttp: false")
                            + List.of("", ", cut: Hard", ", cut: Hard, stopWorkloads: [worker]")
                                    .get(random.nextInt(3)),
                    false);
            mode.getMetadata().setCreationTimestamp(now.toString());
            modes.put(name, next(mode));
        }
    }

    private void delete() {
        if (!modes.isEmpty()) {
            List<MaintenanceMode> all = new ArrayList<>(modes.values());
            MaintenanceMode mode = next(all.get(random.nextInt(all.size())));
            mode.getMetadata().setDeletionTimestamp(now.toString());
            modes.put(mode.getMetadata().getName(), mode);
            forget(mode);
        }
    }

    /** Gone as soon as nothing holds it. */
    private void forget(MaintenanceMode mode) {
        if (mode.getMetadata().getDeletionTimestamp() != null
                && mode.getMetadata().getFinalizers().isEmpty()) {
            modes.remove(mode.getMetadata().getName());
        }
    }

    /** A pipeline applies a Service; a client that merges leaves our label beside its own. */
    private void apply() {
        Served served = any();
        fight = true;
        served.wanted = Map.of("app", "v" + random.nextInt(3));
        Map<String, String> written = new TreeMap<>(served.wanted);
        if (random.nextBoolean() && served.selector.containsKey(Annotations.PAGE)) {
            written.put(Annotations.PAGE, "shop");
        }
        served.selector = written;
    }

    private Served any() {
        return List.copyOf(services.values()).get(random.nextInt(services.size()));
    }

    private void reconcileEndpoints() {
        services.values()
                .forEach(served -> served.endpoints = served.selector.equals(Modes.TO_PAGE)
                        ? pagePods()
                        : served.selector.containsKey(Annotations.PAGE)
                                ? List.of()
                                : List.of(served.selector.get("app") + "-1"));
        if (services.values().stream()
                .anyMatch(served -> served.endpoints.stream().anyMatch(pod -> pod.startsWith(Modes.PAGE)))) {
            lastNamed = now;
        }
    }

    private List<String> pagePods() {
        return page == null || pageReady == 0 ? List.of() : List.of(Modes.PAGE + "-0", Modes.PAGE + "-1");
    }

    private void copyToCache() {
        cache = new LinkedHashMap<>();
        modes.values().forEach(mode -> cache.put(mode.getMetadata().getName(), copy(mode)));
    }

    /** One pass over a mode as the cache has it. */
    private void pass(boolean dies) {
        if (cache.isEmpty()) {
            return;
        }
        List<MaintenanceMode> all = new ArrayList<>(cache.values());
        MaintenanceMode seen = all.get(random.nextInt(all.size()));
        MaintenanceMode there = modes.get(seen.getMetadata().getName());
        boolean same = there != null
                && there.getMetadata()
                        .getResourceVersion()
                        .equals(seen.getMetadata().getResourceVersion());
        if (ModeState.ended(seen)) {
            if (same && ModeState.marked(seen)) {
                MaintenanceMode after = next(there);
                after.getMetadata().setFinalizers(List.of());
                modes.put(after.getMetadata().getName(), after);
                forget(after);
            }
            return;
        }
        boolean leaves = ModeState.leaves(seen, now);
        List<StopTarget> targets = ModeDecider.workloads(seen, APPLICATION, now);
        ModeObservation observation = new ModeObservation(
                seen,
                APPLICATION,
                null,
                (leaves || ModeDecider.saves(seen, targets) ? modes : cache)
                        .values().stream()
                                .filter(other -> !other.getMetadata()
                                        .getUid()
                                        .equals(seen.getMetadata().getUid()))
                                .toList(),
                services.entrySet().stream()
                        .map(service -> state(service.getKey(), service.getValue()))
                        .toList(),
                random.nextInt(3) == 0 ? Set.of() : services.keySet(),
                workloads.seen().stream()
                        .filter(workload -> targets.contains(new StopTarget(workload.kind(), workload.name())))
                        .toList(),
                List.of(),
                page(),
                Modes.IMAGE);
        ModeDecision decision = act(ModeDecider.decide(observation, now), seen, same);
        if (!dies && ModeClaims.letsGo(seen, decision)) {
            workloads.letGo(seen);
            dies = random.nextInt(8) == 0;
        }
        if (!dies && same && modes.get(seen.getMetadata().getName()) == there) {
            MaintenanceMode after = next(there);
            after.setStatus(ModeReport.of(seen, decision, now));
            modes.put(after.getMetadata().getName(), after);
        }
    }

    private ModeDecision act(ModeDecision decision, MaintenanceMode seen, boolean same) {
        switch (decision) {
            case ModeDecision.Mark ignored -> {
                if (same) {
                    MaintenanceMode after = next(modes.get(seen.getMetadata().getName()));
                    after.getMetadata().setFinalizers(List.of(Annotations.MODE_FINALIZER));
                    modes.put(after.getMetadata().getName(), after);
                }
            }
            case ModeDecision.ApplyPage apply -> {
                pageReady = page == null ? 0 : pageReady;
                page = apply.page();
            }
            case ModeDecision.Redirect redirect -> {
                if (!same) {
                    return new ModeDecision.LookAgain();
                }
                redirect.changes().forEach(this::write);
            }
            case ModeDecision.TakeClaim ignored -> {
                return ModeClaims.answered(seen, workloads.ask(seen, now), now);
            }
            case ModeDecision.SaveWorkloads save -> {
                return held(seen, same, save, List.of());
            }
            case ModeDecision.StopWorkloads stop -> {
                return held(seen, same, stop, stop.changes());
            }
            case ModeDecision.GiveBack back -> {
                return held(seen, same, back, back.changes());
            }
            case ModeDecision.LeadBack back -> back.changes().forEach(this::write);
            case ModeDecision.RemovePage ignored -> {
                check(
                        !now.isBefore(lastNamed.plus(ModeLeaving.DRAINED).minus(Duration.ofSeconds(1))),
                        "the page goes " + Duration.between(lastNamed, now) + " after it was named last");
                page = null;
                pageReady = 0;
            }
            default -> {}
        }
        return decision;
    }

    /** What is written is held still; a pass that saw an older state writes nothing. */
    private ModeDecision held(MaintenanceMode seen, boolean same, ModeDecision decision, List<ScaleChange> changes) {
        ClaimAnswer answer = workloads.ask(seen, now);
        if (!ModeClaims.still(seen, answer)) {
            return ModeClaims.answered(seen, answer, now);
        }
        if (!same) {
            return new ModeDecision.LookAgain();
        }
        workloads.write(seen, changes);
        return decision;
    }

    private void write(Redirection redirection) {
        Served served = services.get(redirection.seen().name());
        served.selector = redirection.selector();
        served.saved = redirection.saved();
        if (served.selector.equals(Modes.TO_PAGE)) {
            check(page != null && pageReady > 0, "a Service is led to a page that does not serve");
            check(served.saved != null, "nothing says where the Service led");
        } else {
            check(
                    served.selector.equals(served.wanted),
                    "the Service is led to " + served.selector + ", and its owner wants " + served.wanted);
        }
    }

    private static ServiceState state(String name, Served served) {
        ObjectNode json = (ObjectNode) Modes.service(name, TaskJson.write(served.selector), "", served.endpoints)
                .json();
        if (served.saved != null) {
            json.withObject("/metadata/annotations").put(Annotations.SELECTOR, served.saved);
        }
        return new ServiceState(name, json, List.of(Modes.slice(served.endpoints)), null);
    }

    private PageState page() {
        return page == null ? Modes.noPage() : Modes.page(page, pageReady);
    }

    /** What holds at any moment, whatever has happened. */
    void check() {
        workloads.check(modes.values());
        services.forEach((name, served) -> {
            if (served.selector.equals(Modes.TO_PAGE)) {
                check(served.saved != null, name + " leads to the page, and does not say where it led");
                check(
                        modes.values().stream().anyMatch(ModeState::marked),
                        name + " leads to the page, and no mode would lead it back");
                check(page != null, name + " leads to a page that is gone");
            }
        });
        modes.values()
                .forEach(mode -> ModeState.status(mode)
                        .services()
                        .forEach(line -> check(
                                line.redone() == null || line.redone() <= ModeDecider.REDONE,
                                line.name() + " was redone too often")));
    }

    /** What holds when all modes have ended. */
    void checkEnd() {
        check(modes.isEmpty(), "modes are left: " + modes.keySet());
        workloads.checkEnd();
        check(page == null, "the page is left");
        services.forEach((name, served) -> {
            check(served.selector.equals(served.wanted), name + " leads to " + served.selector);
            check(served.saved == null, name + " keeps its note");
        });
    }

    /** What holds when a mode lasts and nobody is in its way. */
    void checkActive() {
        if (!fight) {
            workloads.checkStopped(modes.values().stream()
                    .filter(mode -> ModeState.wants(mode, now))
                    .toList());
        }
        boolean wanted = modes.values().stream().anyMatch(mode -> ModeState.wants(mode, now));
        if (wanted && !fight) {
            modes.values().stream()
                    .filter(mode -> ModeState.wants(mode, now))
                    .flatMap(mode -> ModeState.status(mode).services().stream())
                    .filter(line -> line.redone() != null && line.redone() < ModeDecider.REDONE)
                    .forEach(line -> check(
                            services.get(line.name()).selector.equals(Modes.TO_PAGE),
                            line.name() + " does not lead to the page"));
        }
    }

    private static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }

    /** The next version of an object. */
    private MaintenanceMode next(MaintenanceMode mode) {
        MaintenanceMode next = copy(mode);
        next.getMetadata().setResourceVersion(String.valueOf(++version));
        return next;
    }

    private static MaintenanceMode copy(MaintenanceMode mode) {
        JsonNode tree = TaskJson.mapper().valueToTree(mode);
        return TaskJson.mapper().convertValue(tree, MaintenanceMode.class);
    }
}
