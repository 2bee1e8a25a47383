package dev.mainstay.core.runbook;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mainstay.api.application.Workload;
import dev.mainstay.api.application.WorkloadKind;
import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.api.runbook.AuditFailAt;
import dev.mainstay.api.runbook.AuditedDependencies;
import dev.mainstay.api.runbook.DependencyAuditStep;
import dev.mainstay.api.runbook.RunbookStep;
import dev.mainstay.core.rollback.PodTemplate;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.DependencyAuditWork;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * npm audit is run in the image that a workload of the application has, and the runner judges what it prints. The image is the
 * application's own: whoever writes a Runbook chooses among its workloads, and can run nothing else.
 */
public record DependencyAuditStepType() implements RunnerStepType {

    @Override
    public String name() {
        return "dependencyAudit";
    }

    @Override
    public boolean is(RunbookStep step) {
        return step.dependencyAudit() != null;
    }

    @Override
    public String does() {
        return "runs `npm audit` for the package-lock.json in the image of a workload, in a container with that image, and judges"
                + " what it prints ([more](steps/dependency-audit.md))";
    }

    @Override
    public String judgedBy() {
        return "the JSON, never the exit code: a known vulnerability that is not in `allow` is Findings, or Failed from `failAt`"
                + " on. No answer of the registry, no lock file, or what is no report is CouldNotCheck";
    }

    @Override
    public Optional<Duration> timeout() {
        return Optional.of(Duration.ofMinutes(15));
    }

    @Override
    public String plan(StepTurn turn) {
        DependencyAuditStep step = turn.step().dependencyAudit();
        return workload(turn)
                .map(found -> "Runs npm audit for "
                        + (step.dependencies() == AuditedDependencies.PRODUCTION
                                ? "the dependencies of production"
                                : "all dependencies")
                        + " in the image of " + text(found) + "; "
                        + (step.failAt() == AuditFailAt.NEVER
                                ? "a known vulnerability is a finding."
                                : "fails on a known vulnerability of severity " + words(step.failAt()) + ".")
                        + (step.allow().isEmpty()
                                ? ""
                                : " Allowed: "
                                        + step.allow().stream()
                                                .map(one -> one.advisory() + " until " + one.until())
                                                .collect(Collectors.joining(", "))
                                        + "."))
                .orElseGet(() -> "Can't run npm audit: " + unnamed(turn));
    }

    private static String words(AuditFailAt failAt) {
        return switch (failAt) {
            case CRITICAL -> "critical";
            case HIGH -> "high or critical";
            case MODERATE -> "moderate or worse";
            case LOW, UNRECOGNIZED, NEVER -> "low or worse";
        };
    }

    @Override
    public boolean changes() {
        return false;
    }

    @Override
    public Optional<Workload> workload(StepTurn turn) {
        String wanted = turn.step().dependencyAudit().workload();
        return turn.application() == null || turn.application().getSpec() == null
                ? Optional.empty()
                : turn.application().getSpec().workloads().stream()
                        .filter(workload -> workload.kind() != WorkloadKind.UNRECOGNIZED)
                        .filter(workload -> wanted == null || wanted.equals(workload.name()))
                        .findFirst();
    }

    @Override
    public Order order(StepTurn turn, List<BackupPolicy> policies) {
        return order(turn, policies, null);
    }

    @Override
    public Order order(StepTurn turn, List<BackupPolicy> policies, PodTemplate template) {
        Optional<Workload> workload = workload(turn);
        if (workload.isEmpty()) {
            return new Order.Missing(Reason.WORKLOAD_NOT_FOUND, unnamed(turn));
        }
        String text = text(workload.get());
        if (template == null) {
            return new Order.Missing(
                    Reason.WORKLOAD_NOT_FOUND,
                    text
                            + " does not exist, so there is no image to look into. Create it, or take it out of spec.workloads of "
                            + named(turn) + ".");
        }
        DependencyAuditStep step = turn.step().dependencyAudit();
        JsonNode pod = template.json().path("spec");
        return container(pod, step.container())
                .<Order>map(container -> new Order.Ready(work(text, pod, container, step)))
                .orElseGet(() -> new Order.Missing(
                        Reason.WORKLOAD_UNSUITABLE,
                        "dependencyAudit.container of the step names " + step.container() + ", and " + text + " has "
                                + stream(pod.path("containers"))
                                        .map(container -> container.path("name").asText())
                                        .collect(Collectors.joining(", "))
                                + ". Correct the Runbook, and make another run."));
    }

    private static DependencyAuditWork work(String text, JsonNode pod, JsonNode container, DependencyAuditStep step) {
        return new DependencyAuditWork(
                text,
                container.path("image").asText(),
                container.path("imagePullPolicy").textValue(),
                stream(pod.path("imagePullSecrets"))
                        .map(secret -> secret.path("name").asText())
                        .filter(name -> !name.isEmpty())
                        .toList(),
                user(container, pod),
                step.directory() == null ? container.path("workingDir").textValue() : step.directory(),
                step);
    }

    /** The Pod must not run as root, whatever the workload does. */
    private static Long user(JsonNode container, JsonNode pod) {
        return Stream.of(container, pod)
                .map(from -> from.path("securityContext").path("runAsUser"))
                .filter(JsonNode::isIntegralNumber)
                .findFirst()
                .map(JsonNode::asLong)
                .filter(user -> user > 0)
                .orElse(null);
    }

    private static Optional<JsonNode> container(JsonNode pod, String wanted) {
        return stream(pod.path("containers"))
                .filter(container ->
                        wanted == null || wanted.equals(container.path("name").asText()))
                .findFirst();
    }

    private static Stream<JsonNode> stream(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false);
    }

    private static String unnamed(StepTurn turn) {
        String wanted = turn.step().dependencyAudit().workload();
        return wanted == null
                ? named(turn)
                        + " has no workload in spec.workloads, so there is no image to look into. Add the one whose image has"
                        + " npm and package-lock.json."
                : "dependencyAudit.workload of the step names " + wanted + ", which is not among spec.workloads of "
                        + named(turn) + ". Name it there, or correct the Runbook, and make another run.";
    }

    private static String named(StepTurn turn) {
        return "ManagedApplication " + turn.run().getSpec().applicationRef().name();
    }

    private static String text(Workload workload) {
        return workload.kind().text() + " " + workload.name();
    }
}
