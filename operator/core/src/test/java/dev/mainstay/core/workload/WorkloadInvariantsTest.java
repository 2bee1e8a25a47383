package dev.mainstay.core.workload;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ValueNode;
import dev.mainstay.api.workload.StoppableKind;
import dev.mainstay.api.workload.StoppedWorkload;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What holds of every history of workloads that are stopped and given back, by an operator that is cut off anywhere, while others
 * scale as they like. {@code -Dinvariants.seed=…} begins with another seed.
 */
class WorkloadInvariantsTest {

    private static final long FIRST_SEED = Long.getLong("invariants.seed", 1);
    private static final int SEEDS = 100;
    private static final int STEPS = 80;

    private final Map<String, Integer> replicas = new TreeMap<>();
    private final Map<String, Integer> pods = new TreeMap<>();
    private List<StoppedWorkload> saved = List.of();

    static LongStream seeds() {
        return LongStream.range(FIRST_SEED, FIRST_SEED + SEEDS);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void givenAnyHistory_thenEachHasWhatItHadOrWhatAStrangerGaveIt(long seed) {
        Random random = new Random(seed);
        Map<String, Integer> before = new TreeMap<>();
        for (String name : List.of("db", "web", "worker")) {
            before.put(name, random.nextInt(4));
        }
        replicas.putAll(before);
        pods.putAll(before);
        Map<String, Integer> strangers = new TreeMap<>();

        for (int step = 0; step < STEPS; step++) {
            switch (random.nextInt(8)) {
                case 0 -> stranger(random, strangers);
                case 1, 2 -> pods.replaceAll((name, count) -> replicas.get(name));
                default -> stop(random.nextInt(3) == 0);
            }
        }
        for (int step = 0; step < 20; step++) {
            stop(false);
            pods.replaceAll((name, count) -> replicas.get(name));
        }
        assertThat(WorkloadStop.decide(seen(), saved, List.of())).isInstanceOf(WorkloadStop.Next.Stopped.class);
        saved.stream()
                .filter(line -> line.redone() < WorkloadStop.REDONE)
                .forEach(line ->
                        assertThat(pods.get(line.name())).as(line.name()).isZero());

        Map<String, Integer> left = new TreeMap<>(replicas);
        for (int step = 0; step < STEPS; step++) {
            giveBack(random.nextInt(3) == 0);
        }
        giveBack(false);
        assertThat(WorkloadReturn.owes(saved, List.of())).isFalse();
        saved.forEach(line -> assertThat(replicas.get(line.name()))
                .as(line.name())
                .isEqualTo(left.get(line.name()) == 0 ? line.replicas() : left.get(line.name())));
        before.forEach((name, count) -> {
            if (!strangers.containsKey(name)) {
                assertThat(replicas.get(name)).as(name).isEqualTo(count);
            }
        });
    }

    private void stranger(Random random, Map<String, Integer> strangers) {
        String name = List.copyOf(replicas.keySet()).get(random.nextInt(replicas.size()));
        strangers.put(name, 1 + random.nextInt(4));
        replicas.put(name, strangers.get(name));
    }

    private void stop(boolean dies) {
        switch (WorkloadStop.decide(seen(), saved, List.of())) {
            case WorkloadStop.Next.Save save -> write(save.lines(), dies);
            case WorkloadStop.Next.Stop stop -> {
                stop.changes().forEach(this::write);
                write(stop.lines(), dies);
            }
            case WorkloadStop.Next.Await await -> write(await.lines(), dies);
            case WorkloadStop.Next.Stopped stopped -> write(stopped.lines(), dies);
            case WorkloadStop.Next.Unreadable unreadable -> throw new AssertionError(unreadable.message());
        }
    }

    private void giveBack(boolean dies) {
        if (WorkloadReturn.decide(seen(), saved, List.of()) instanceof WorkloadReturn.Next.GiveBack back) {
            back.changes().forEach(this::write);
            write(back.lines(), dies);
        }
    }

    private void write(ScaleChange change) {
        assertThat(saved)
                .as("saved before anything is changed")
                .anyMatch(line -> line.names(change.seen().kind(), change.seen().name()));
        ValueNode value = change.value();
        replicas.put(change.seen().name(), value.asInt());
    }

    /** What is written down of a workload never changes, but for how often it was done and that it is over. */
    private void write(List<StoppedWorkload> lines, boolean dies) {
        for (StoppedWorkload line : saved) {
            assertThat(lines)
                    .anyMatch(other -> other.names(line.kind(), line.name())
                            && other.replicas().equals(line.replicas())
                            && (line.redone() == null || other.redone() != null && other.redone() >= line.redone())
                            && (!line.settled() || other.settled()));
        }
        if (!dies) {
            saved = lines;
        }
    }

    private List<WorkloadSeen> seen() {
        List<WorkloadSeen> seen = new ArrayList<>();
        replicas.forEach((name, count) -> {
            String[] names = new String[pods.get(name)];
            for (int number = 0; number < names.length; number++) {
                names[number] = name + "-" + number;
            }
            seen.add(Workloads.deployment(name, count, names));
        });
        assertThat(seen).allMatch(workload -> workload.kind() == StoppableKind.DEPLOYMENT);
        return seen;
    }
}
