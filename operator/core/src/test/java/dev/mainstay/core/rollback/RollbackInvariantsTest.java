package dev.mainstay.core.rollback;

import static dev.mainstay.core.rollback.Deploys.NOW;
import static dev.mainstay.core.rollback.Deploys.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mainstay.api.rollback.CheckVerdict;
import dev.mainstay.api.rollback.MetricValue;
import dev.mainstay.api.rollback.OnFailure;
import dev.mainstay.api.rollback.RollbackOutcome;
import dev.mainstay.api.rollback.RollbackPhase;
import dev.mainstay.api.rollback.RollbackRequest;
import dev.mainstay.api.rollback.RollbackRequestStatus;
import dev.mainstay.api.rollback.RolledBackWorkload;
import dev.mainstay.api.rollback.VerificationCheck;
import dev.mainstay.api.status.Condition;
import dev.mainstay.api.status.ConditionStatus;
import dev.mainstay.core.rollback.RollbackDecision.End;
import dev.mainstay.core.rollback.RollbackPlan.PlannedAutoscaler;
import dev.mainstay.core.rollback.RollbackPlan.PlannedWorkload;
import dev.mainstay.core.rollback.RollbackSimulation.Pass;
import dev.mainstay.core.status.Conditions;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.TaskJson;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds of every status, whatever happened. {@code -Dinvariants.seed=…} begins with another seed. */
class RollbackInvariantsTest {

    private static final long FIRST_SEED = Long.getLong("invariants.seed", 1);
    private static final int SEEDS = 300;
    private static final int STEPS = 40;
    private static final int PEACEFUL_STEPS = 40;
    private static final int LARGEST = 32 * 1024;

    static LongStream seeds() {
        return LongStream.range(FIRST_SEED, FIRST_SEED + SEEDS);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void givenAnyHistory_whenTheOperatorPasses_thenTheInvariantsHold(long seed) {
        run(seed, RollbackInvariantsTest::check);
    }

    @Test
    void givenAllSeeds_whenTheyAreCounted_thenEveryDecisionAndMostEndsOccur() {
        Set<String> decisions = new TreeSet<>();
        Set<RollbackOutcome> ends = new TreeSet<>();
        seeds().forEach(seed -> run(seed, pass -> {
            decisions.add(pass.decision().getClass().getSimpleName());
            if (pass.after() != null && pass.after().outcome() != null) {
                ends.add(pass.after().outcome());
            }
        }));

        assertThat(decisions)
                .containsExactlyInAnyOrder(
                        "LeaveAlone",
                        "Wait",
                        "Mark",
                        "Begin",
                        "AwaitClaim",
                        "LookAgain",
                        "Store",
                        "Tell",
                        "Write",
                        "Watch",
                        "Restore",
                        "ShowPage",
                        "EnterMaintenance",
                        "AwaitPage",
                        "End",
                        "Hold",
                        "EndHold");
        assertThat(ends)
                .contains(
                        RollbackOutcome.SUCCEEDED,
                        RollbackOutcome.VERIFY_FAILED,
                        RollbackOutcome.REVERTED,
                        RollbackOutcome.SUPERSEDED,
                        RollbackOutcome.CANCELLED,
                        RollbackOutcome.BLOCKED,
                        RollbackOutcome.FAILED);
    }

    private static void run(long seed, Consumer<Pass> check) {
        RollbackSimulation simulation = new RollbackSimulation(seed);
        for (int step = 0; step < STEPS; step++) {
            check.accept(simulation.step());
        }
        simulation.makePeace();
        Pass last = null;
        for (int step = 0; step < PEACEFUL_STEPS; step++) {
            last = simulation.step();
            check.accept(last);
        }
        assertThat(last.after().outcome())
                .as("1. left in peace, every rollback comes to an end")
                .isNotNull();
    }

    private static void check(Pass pass) {
        if (pass.after() == RollbackRequestStatus.NONE) {
            return;
        }
        facts(pass);
        conditions(pass);
        end(pass);
        truth(pass);
    }

    private static void facts(Pass pass) {
        kept("2. a plan stays", pass, RollbackRequestStatus::plan);
        kept("3. a start stays", pass, RollbackRequestStatus::startedAt);
        kept("4. what ran stays told", pass, RollbackRequestStatus::from);
        kept("5. what is gone back to stays told", pass, RollbackRequestStatus::to);
        kept("6. the release stays told", pass, RollbackRequestStatus::release);
        kept("7. the way back by hand stays told", pass, RollbackRequestStatus::undoCommand);
        kept(
                "8. a claim stays",
                pass,
                status -> status.claim() == null ? null : status.claim().grantedAt());
        List<RolledBackWorkload> before = workloads(pass.before());
        if (!before.isEmpty()) {
            assertThat(pass.after().workloads())
                    .as("9. no workload comes or goes")
                    .extracting(RolledBackWorkload::uid)
                    .isEqualTo(before.stream().map(RolledBackWorkload::uid).toList());
        }
        for (int i = 0; i < before.size(); i++) {
            RolledBackWorkload was = before.get(i);
            RolledBackWorkload is = pass.after().workloads().get(i);
            assertThat(List.of(is.name(), is.from(), is.to(), is.diff()))
                    .as("10. what becomes of a workload stays told")
                    .isEqualTo(List.of(was.name(), was.from(), was.to(), was.diff()));
            if (was.writtenAt() != null) {
                assertThat(is.writtenAt()).as("11. a write stays noted").isEqualTo(was.writtenAt());
            }
        }
    }

    private static void kept(String invariant, Pass pass, Function<RollbackRequestStatus, Object> fact) {
        if (pass.before() != null && fact.apply(pass.before()) != null) {
            assertThat(fact.apply(pass.after())).as(invariant).isEqualTo(fact.apply(pass.before()));
        }
    }

    private static List<RolledBackWorkload> workloads(RollbackRequestStatus status) {
        return status == null ? List.of() : status.workloads();
    }

    private static void conditions(Pass pass) {
        List<Condition> conditions = pass.after().conditions();
        assertThat(conditions)
                .as("12. Ready is always there, each condition once")
                .extracting(Condition::type)
                .contains("Ready")
                .doesNotHaveDuplicates();
        assertThat(conditions.stream()
                        .filter(condition -> condition.status() == ConditionStatus.TRUE)
                        .map(Condition::type)
                        .filter(Set.of("Ready", "Reconciling", "Stalled")::contains))
                .as("13. exactly one of done, at work and stuck")
                .hasSize(1);
        assertThat(pass.after().observedGeneration())
                .as("14. the generation is told")
                .isEqualTo(1);
        assertThat(conditions)
                .as("15. messages are there and fit")
                .allSatisfy(condition -> assertThat(condition.message())
                        .isNotBlank()
                        .hasSizeLessThanOrEqualTo(Conditions.MESSAGE_LENGTH));
    }

    private static void end(Pass pass) {
        boolean finished = Set.of(RollbackPhase.HOLDING, RollbackPhase.FINISHED)
                .contains(Objects.requireNonNullElse(pass.after().phase(), RollbackPhase.PENDING));
        if (pass.before() != null && pass.before().phase() == RollbackPhase.FINISHED) {
            assertThat(pass.after()).as("16. what is finished never changes").isEqualTo(pass.before());
            assertThat(pass.decision())
                    .as("17. what is finished never acts")
                    .isInstanceOf(RollbackDecision.LeaveAlone.class);
        }
        assertThat(pass.after().outcome() != null)
                .as("18. an end has its outcome")
                .isEqualTo(finished);
        assertThat(pass.after().completedAt() != null)
                .as("19. an end has its time")
                .isEqualTo(finished);
        assertThat(pass.after().conditions().stream()
                        .map(Condition::type)
                        .filter(Set.of("Finished", "Succeeded")::contains))
                .as("20. an end has its conditions")
                .hasSize(finished ? 2 : 0);
    }

    /** What the status says is what runs. */
    private static void truth(Pass pass) {
        boolean ends = pass.decision() instanceof End;
        if (ends && pass.after().outcome() == RollbackOutcome.SUCCEEDED) {
            assertThat(pass.after().workloads())
                    .as("21. after a success all run the target")
                    .isNotEmpty()
                    .allSatisfy(line -> assertThat(pass.running())
                            .containsEntry(line.name(), line.to().version()));
        }
        assertThat(pass.pagesMade())
                .as("26. one page is made, and only for a target that does not work")
                .isLessThanOrEqualTo(
                        pass.request().getSpec().onFailure() == OnFailure.MAINTENANCE_MODE
                                        && pass.after().checks().stream()
                                                .anyMatch(check -> check.verdict() == CheckVerdict.FAIL
                                                        || check.verdict() == CheckVerdict.NO_DATA)
                                ? 1
                                : 0);
        if (pass.after().maintenanceMode() != null) {
            assertThat(pass.after().phase())
                    .as("27. once a page was shown, the outcome is that it does not work, or that somebody ended it")
                    .isIn(RollbackPhase.ENTERING_MAINTENANCE, RollbackPhase.HOLDING, RollbackPhase.FINISHED);
            assertThat(pass.after().outcome())
                    .isIn(null, RollbackOutcome.VERIFY_FAILED, RollbackOutcome.CANCELLED, RollbackOutcome.FAILED);
        }
        if (pass.after().phase() == RollbackPhase.FINISHED) {
            assertThat(pass.held()).as("24. what is finished holds nothing").isEmpty();
        }
        if (ends) {
            assertThat(pass.held())
                    .as("25. what outlives the end is the hold of a Deployment that runs the target")
                    .allSatisfy(name -> assertThat(pass.after().workloads())
                            .filteredOn(line -> line.name().equals(name))
                            .allSatisfy(line -> assertThat(pass.running())
                                    .containsEntry(name, line.to().version())));
        }
        if (pass.after().workloads().stream().anyMatch(line -> line.writtenAt() != null)) {
            assertThat(pass.after().claim().grantedAt())
                    .as("22. nothing is written without the claim")
                    .isNotNull();
            assertThat(pass.after().plan())
                    .as("23. nothing is written without a plan")
                    .isNotNull();
        }
    }

    /** All names are as long as a Service may have them; longer ones are rare, and then texts are cut first. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4, 8, 16, 24, 32})
    void givenAnApplicationOfManyHugeWorkloads_whenReported_thenTheStatusStaysSmall(int workloads) {
        RollbackPlan plan = new RollbackPlan(
                null,
                null,
                IntStream.range(0, workloads)
                        .mapToObj(RollbackInvariantsTest::huge)
                        .toList(),
                IntStream.range(0, 32)
                        .mapToObj(i -> new PlannedAutoscaler("%063d".formatted(i), "u", 1, 2))
                        .toList(),
                IntStream.range(0, 40).mapToObj(i -> "w".repeat(2_000)).toList());
        List<VerificationCheck> checks = Stream.concat(
                        plan.workloads().stream()
                                .flatMap(workload ->
                                        Stream.of("Rollout ", "Image ").map(what -> what + workload.name())),
                        IntStream.range(0, 16).mapToObj("Endpoints %063d"::formatted))
                .map(name -> new VerificationCheck(name, CheckVerdict.NO_DATA, NOW, "m".repeat(512)))
                .toList();
        List<MetricValue> values = IntStream.range(0, 60)
                .mapToObj(i -> new MetricValue("Metric 1", NOW.plusSeconds(i), "2.4 %", CheckVerdict.PASS))
                .toList();
        RollbackRequest request = Deploys.request();

        for (RollbackDecision decision : List.of(
                new RollbackDecision.Store(plan),
                new RollbackDecision.Watch(plan, checks, values, Duration.ofSeconds(1)),
                new RollbackDecision.Restore(plan, checks),
                new RollbackDecision.ShowPage(plan, checks),
                new RollbackDecision.EnterMaintenance(plan, "m".repeat(253), null),
                new End(RollbackOutcome.VERIFY_FAILED, Reason.VERIFY_FAILED, "x".repeat(5_000), plan, checks))) {
            request.setStatus(RollbackReport.of(request, decision, NOW));

            RollbackRequestStatus status = request.getStatus();
            assertThat(TaskJson.write(status).getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(LARGEST);
            assertThat(status.undoCommand()).hasSizeLessThanOrEqualTo(1024);
            assertThat(status.undoCommand().endsWith("names more of them")).isEqualTo(workloads > 4);
            assertThat(status.warnings()).hasSizeLessThanOrEqualTo(16).allMatch(warning -> warning.length() <= 512);
            assertThat(status.workloads())
                    .hasSize(workloads)
                    .allMatch(line -> line.diff().getLast().endsWith("more"));
        }
        assertThat(request.getStatus().checks())
                .hasSize(2 * workloads + 16)
                .allMatch(check -> check.since().equals(NOW));
    }

    @Test
    void givenOneWorkload_whenReported_thenAllOfItIsTold() {
        RollbackPlan plan = new RollbackPlan(null, null, List.of(huge(1)), List.of(), List.of());
        RollbackRequest request = Deploys.request();

        RolledBackWorkload line = RollbackReport.of(request, new RollbackDecision.Store(plan), NOW)
                .workloads()
                .getFirst();

        assertThat(line.diff()).hasSize(12).allMatch(text -> text.length() <= 256);
        assertThat(line.to().digests()).hasSize(16).allMatch(text -> text.length() <= 256);
        assertThat(line.to().images()).allMatch(text -> text.length() <= 600);
    }

    private static PlannedWorkload huge(int number) {
        String name = "%063d".formatted(number);
        Map<String, String> digests = new HashMap<>();
        for (int i = 0; i < 40; i++) {
            digests.put("container-" + i, "sha256:" + "0".repeat(64));
        }
        return new PlannedWorkload(
                name,
                "6a8bd8f6-1a55-4c39-a1ad-7d5b9ddcb84b",
                huge(name, "1.5.0"),
                "42",
                huge(name, "1.4.2"),
                "41",
                digests,
                false,
                false);
    }

    private static PodTemplate huge(String name, String version) {
        ObjectNode template = (ObjectNode) Deploys.template(name, version).json();
        for (int i = 0; i < 40; i++) {
            template.withObject("/spec")
                    .withArray("containers")
                    .add(json(
                            "{'name': 'container-%d', 'image': 'registry.example/%s:%s', 'env': [{'name': 'A', 'value': '%s'}]}"
                                    .formatted(i, "long".repeat(300), version, version + "\\\\".repeat(5_000))));
        }
        return new PodTemplate(template);
    }
}
