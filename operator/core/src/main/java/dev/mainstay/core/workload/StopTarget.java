package dev.mainstay.core.workload;

import dev.mainstay.api.application.ManagedApplicationSpec;
import dev.mainstay.api.application.WorkloadKind;
import dev.mainstay.api.workload.StoppableKind;
import java.util.List;
import java.util.stream.Stream;

/** A workload of an application that is to be stopped. */
public record StopTarget(StoppableKind kind, String name) {

    /**
     * The workloads of these names, in the order in which they are started: the CronJobs last.
     *
     * @param names those to stop; all of the application when it is empty
     */
    public static List<StopTarget> of(ManagedApplicationSpec application, List<String> names) {
        return all(application)
                .filter(target -> names.isEmpty() || names.contains(target.name()))
                .toList();
    }

    /** Those of the names that are none of the application's workloads. */
    public static List<String> unknown(ManagedApplicationSpec application, List<String> names) {
        return names.stream()
                .filter(name ->
                        all(application).noneMatch(target -> target.name().equals(name)))
                .toList();
    }

    private static Stream<StopTarget> all(ManagedApplicationSpec application) {
        return Stream.concat(
                        application.workloads().stream()
                                .filter(workload -> workload.kind() != WorkloadKind.UNRECOGNIZED)
                                .map(workload -> new StopTarget(
                                        workload.kind() == WorkloadKind.STATEFUL_SET
                                                ? StoppableKind.STATEFUL_SET
                                                : StoppableKind.DEPLOYMENT,
                                        workload.name())),
                        application.cronJobs().stream().map(name -> new StopTarget(StoppableKind.CRON_JOB, name)))
                .distinct();
    }
}
