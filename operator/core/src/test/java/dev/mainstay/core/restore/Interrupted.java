package dev.mainstay.core.restore;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.restore.RestoreRequest;
import dev.mainstay.core.backup.JobObservation;
import dev.mainstay.core.backup.PodObservation;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.Task;
import dev.mainstay.core.task.TaskJson;
import dev.mainstay.core.task.TaskKind;
import dev.mainstay.core.task.TaskResult;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Restores in the middle, and what is seen of the Jobs of theirs. */
final class Interrupted {

    static final Instant NOW = Restores.NOW;
    private static final String PLAN = """
            plan: {backup: last, policy: nightly, location: "s3://b/last/", database: ecommerce,
                   copy: ecommerce_restore_1, previous: ecommerce_before_1, goesBackTo: "2026-03-29T02:00:00Z"},
            claim: {application: shop, database: main, grantedAt: "2026-03-29T15:00:00Z"}""";
    static final String COPYING = """
            steps: [{name: Plan, state: Done}, {name: RestoreCopy, state: %s, startedAt: "2026-03-29T15:00:00Z"},
                    {name: EnterMaintenance, state: Waiting}, {name: Swap, state: Waiting}]""";
    static final String SWAPPING = """
            steps: [{name: RestoreCopy, state: Done}, {name: EnterMaintenance, state: Done},
                    {name: StopWorkloads, state: Done},
                    {name: Swap, state: %s, startedAt: "2026-03-29T15:00:00Z"}, {name: StartWorkloads, state: Waiting}]""";

    /** A request at a step, with a task whose Job is still to be made. */
    static RestoreRequest planned(String phase, String steps, TaskKind kind) {
        RestoreRequest request = at(phase, steps, null, 1);
        String task = ",\"task\":{\"kind\":\"" + kind.text() + "\",\"number\":1}}";
        return Restores.with(request, TaskJson.write(request.getStatus()).replaceFirst("\\}$", task));
    }

    /** A request at a step, with its task. */
    static RestoreRequest at(String phase, String steps, TaskKind kind, int number) {
        RestoreRequest request = Restores.request("a", "{policyRef: {name: nightly}}", "");
        Restores.with(
                request,
                "{phase: " + phase + ", " + PLAN + ", " + steps
                        + (phase.equals("GivingBack") ? ", failure: {reason: RestoreFailed, message: It broke.}" : "")
                        + (kind == null
                                ? ""
                                : ", task: {kind: " + kind.text() + ", number: " + number + ", job: "
                                        + TaskView.jobName(request, kind, number)
                                        + ", plannedAt: \"2026-03-29T15:20:00Z\"}")
                        + "}");
        return request;
    }

    static RestoreRequest copying() {
        return at("Running", COPYING.formatted("Running"), TaskKind.RESTORE_COPY, 1);
    }

    static RestoreRequest swapping() {
        return at("Running", SWAPPING.formatted("Running"), TaskKind.RESTORE_SWAP, 1);
    }

    static RestoreRequest cancelled(RestoreRequest request) {
        request.getMetadata().getAnnotations().put(Annotations.CANCEL, "wrong backup");
        return request;
    }

    static JobObservation job(RestoreRequest request, PodObservation pod, boolean finished) {
        return new JobObservation(
                "shop",
                TaskView.currentJob(request).orElseThrow(),
                true,
                false,
                false,
                NOW.plusSeconds(600),
                NOW.plusSeconds(3600),
                finished,
                null,
                true,
                List.of(),
                pod);
    }

    static PodObservation pod(String said, boolean ended) {
        return new PodObservation(
                "a-pod", null, "node-7", NOW.minusSeconds(60), ended, said, ended ? "Error" : null, null, null, null);
    }

    /** Its task has told that. */
    static RestoreObservation told(RestoreRequest request, Reason reason) {
        TaskKind kind = List.of(TaskKind.values()).stream()
                .filter(found -> found.text().equals(request.getStatus().task().kind()))
                .findFirst()
                .orElseThrow();
        TaskResult result = new TaskResult(
                Task.CONTRACT_VERSION,
                kind,
                TaskResult.Outcome.FAILED,
                reason.text(),
                "the task was told to stop",
                List.of(),
                null);
        return seen(request, job(request, pod(TaskJson.write(result), true), true));
    }

    static RestoreObservation seen(RestoreRequest request, JobObservation job) {
        return new Restores(request)
                .policy("nightly", "applicationRef: {name: shop}")
                .jobs(Map.of(job.name(), job))
                .observation();
    }

    /** The same, told to end. */
    static JobObservation ended(JobObservation job) {
        return new JobObservation(
                job.namespace(),
                job.name(),
                true,
                false,
                true,
                job.startBy(),
                job.endBy(),
                false,
                null,
                true,
                List.of(),
                job.pod());
    }

    /** Nothing but its policy is there, and what else belongs to a shop. */
    static RestoreObservation policy(RestoreRequest request) {
        return new Restores(request)
                .policy("nightly", "applicationRef: {name: shop}")
                .observation();
    }

    /** An application that does not name the database any more. */
    static ManagedApplication withoutTheDatabase() {
        return Serialization.unmarshal(
                Serialization.asJson(Restores.application("host: shop-db")).replace("ecommerce", "blog"),
                ManagedApplication.class);
    }
}
