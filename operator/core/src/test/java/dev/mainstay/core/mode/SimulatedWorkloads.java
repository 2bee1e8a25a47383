package dev.mainstay.core.mode;

import dev.mainstay.api.mode.MaintenanceMode;
import dev.mainstay.api.workload.StoppedWorkload;
import dev.mainstay.core.claims.ClaimAnswer;
import dev.mainstay.core.claims.Holder;
import dev.mainstay.core.workload.ScaleChange;
import dev.mainstay.core.workload.WorkloadSeen;
import dev.mainstay.core.workload.Workloads;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;

/** The workloads of a simulated namespace, with strangers who scale them, and the claim that operations share. */
final class SimulatedWorkloads {

    private static final String ROLLBACK = "uid-rollback";

    private final Map<String, Integer> replicas = new TreeMap<>();
    private final Map<String, Integer> pods = new TreeMap<>();
    private final Map<String, Integer> first = new TreeMap<>();
    private final Set<String> disturbed = new TreeSet<>();
    private String holder;
    private Instant grantedAt;

    SimulatedWorkloads(Random random) {
        for (String name : List.of("web", "worker")) {
            first.put(name, random.nextInt(4));
        }
        replicas.putAll(first);
        pods.putAll(first);
    }

    List<WorkloadSeen> seen() {
        List<WorkloadSeen> seen = new ArrayList<>();
        replicas.forEach((name, count) -> seen.add(Workloads.deployment(
                name,
                count,
                IntStream.range(0, pods.get(name))
                        .mapToObj(number -> name + "-" + number)
                        .toArray(String[]::new))));
        return seen;
    }

    void reconcilePods() {
        pods.putAll(replicas);
    }

    void stranger(Random random) {
        String name = List.copyOf(replicas.keySet()).get(random.nextInt(replicas.size()));
        replicas.put(name, 1 + random.nextInt(4));
        disturbed.add(name);
    }

    /** A rollback takes its turn, or ends. */
    void rollback() {
        if (holder == null) {
            holder = ROLLBACK;
        } else {
            endRollback();
        }
    }

    void endRollback() {
        holder = ROLLBACK.equals(holder) ? null : holder;
    }

    ClaimAnswer ask(MaintenanceMode mode, Instant now) {
        String uid = mode.getMetadata().getUid();
        if (holder == null) {
            holder = uid;
            grantedAt = now;
        }
        return uid.equals(holder)
                ? new ClaimAnswer.Granted(grantedAt)
                : new ClaimAnswer.Wait(new Holder("RollbackRequest", "other", holder), now);
    }

    void letGo(MaintenanceMode mode) {
        holder = mode.getMetadata().getUid().equals(holder) ? null : holder;
    }

    /** Who has gone is found out by the application's controller. */
    void sweep(Collection<MaintenanceMode> modes) {
        if (holder != null
                && !ROLLBACK.equals(holder)
                && modes.stream().noneMatch(mode -> mode.getMetadata().getUid().equals(holder))) {
            holder = null;
        }
    }

    void write(MaintenanceMode mode, List<ScaleChange> changes) {
        check(mode.getMetadata().getUid().equals(holder), "a workload is changed while others work on it");
        changes.forEach(change -> {
            String name = change.seen().name();
            check(
                    ModeState.status(mode).workloads().stream()
                            .anyMatch(line -> line.name().equals(name)),
                    name + " is changed, and nothing says what it had");
            replicas.put(name, change.value().asInt());
        });
    }

    /** At any moment: what has been stopped can be given back by somebody. */
    void check(Collection<MaintenanceMode> modes) {
        replicas.forEach((name, count) -> {
            if (count == 0 && first.get(name) > 0 && !disturbed.contains(name)) {
                check(
                        modes.stream()
                                .flatMap(mode -> ModeState.status(mode).workloads().stream())
                                .anyMatch(line -> owes(line, name)),
                        name + " is stopped, and no mode knows what it had");
            }
        });
    }

    private boolean owes(StoppedWorkload line, String name) {
        return line.name().equals(name) && line.replicas().equals(first.get(name));
    }

    /** While modes last and nobody is in their way. */
    void checkStopped(Collection<MaintenanceMode> modes) {
        modes.stream()
                .filter(ModeStopping::stops)
                .flatMap(mode -> ModeState.status(mode).workloads().stream())
                .filter(line -> !disturbed.contains(line.name()))
                .forEach(line -> check(pods.get(line.name()) == 0, line.name() + " runs"));
    }

    /** When all modes have ended. */
    void checkEnd() {
        check(holder == null, holder + " keeps the workloads");
        first.forEach((name, count) -> check(
                disturbed.contains(name) || replicas.get(name).equals(count),
                name + " has " + replicas.get(name) + " replicas, and had " + count));
        replicas.forEach((name, count) -> check(
                !disturbed.contains(name) || count > 0 || first.get(name) == 0,
                name + " was started, and is left at 0"));
    }

    private static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }
}
