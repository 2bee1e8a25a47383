package dev.mainstay.core.mode;

import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.mode.MaintenanceMode;
import dev.mainstay.core.rollback.AutoscalerState;
import dev.mainstay.core.rollback.ServiceState;
import dev.mainstay.core.workload.WorkloadSeen;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * All that is known when a MaintenanceMode is decided on.
 *
 * @param mode the object
 * @param application the application that it names; null when there is none
 * @param otherRelease the release of Mainstay that works on the application, if it is another one; else null
 * @param others the other modes of the application; as the API server has them when it leaves
 * @param services the Services of the application, and those that it has led to the page, as the API server has them
 * @param answering names of those of them behind whose former selector a Pod is ready; read only when it leaves
 * @param workloads what it stops, in the order in which that is started, and what it has stopped, as the API server has them
 * @param autoscalers those of the namespace; read only while there is a workload of which nothing is written down
 * @param page the page as the API server has it
 * @param image image of the page
 */
public record ModeObservation(
        MaintenanceMode mode,
        ManagedApplication application,
        String otherRelease,
        List<MaintenanceMode> others,
        List<ServiceState> services,
        Set<String> answering,
        List<WorkloadSeen> workloads,
        List<AutoscalerState> autoscalers,
        PageState page,
        String image) {

    /** What the Services that lead to the page led to before, by their names; those that don't say so are missing. */
    public Map<String, Map<String, String>> former() {
        Map<String, Map<String, String>> former = new TreeMap<>();
        services.stream()
                .filter(Redirection::touched)
                .forEach(service -> ModeDecider.former(service, mode, this)
                        .ifPresent(selector -> former.put(service.name(), Redirection.parse(selector))));
        return former;
    }

    /** The same, with what was learnt of the Pods behind it. */
    public ModeObservation answering(Set<String> names) {
        return new ModeObservation(
                mode, application, otherRelease, others, services, names, workloads, autoscalers, page, image);
    }
}
