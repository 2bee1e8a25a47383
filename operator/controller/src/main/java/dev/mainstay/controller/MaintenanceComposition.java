package dev.mainstay.controller;

import dev.mainstay.controller.kube.Autoscalers;
import dev.mainstay.controller.kube.EventRecorder;
import dev.mainstay.controller.kube.ExecutionMarks;
import dev.mainstay.controller.kube.Finalizers;
import dev.mainstay.controller.kube.MaintenanceModes;
import dev.mainstay.controller.kube.MaintenancePages;
import dev.mainstay.controller.kube.ReadyPods;
import dev.mainstay.controller.kube.ServiceSelectors;
import dev.mainstay.controller.kube.Services;
import dev.mainstay.controller.kube.StatusWriter;
import dev.mainstay.controller.kube.WorkloadScales;
import dev.mainstay.controller.mode.ModeClaimDesk;
import dev.mainstay.controller.mode.ModeObserver;
import dev.mainstay.controller.mode.ModePass;
import dev.mainstay.controller.mode.ModeSurroundings;
import io.fabric8.kubernetes.client.KubernetesClient;

/** Puts together what maintenance modes need, in the operator and before it is uninstalled. */
final class MaintenanceComposition {

    private MaintenanceComposition() {}

    /** What looks at a maintenance mode. */
    static ModePass pass(
            KubernetesClient client,
            Settings settings,
            ModeSurroundings surroundings,
            MaintenanceModes modes,
            ModeClaimDesk claims,
            EventRecorder events) {
        WorkloadScales scales = new WorkloadScales(client);
        MaintenancePages pages = new MaintenancePages(client);
        return new ModePass(
                new ModeObserver(
                        surroundings,
                        modes,
                        new Services(client),
                        pages,
                        new ReadyPods(client),
                        scales,
                        new Autoscalers(client),
                        settings.runnerImage()),
                settings.runnerImagePullPolicy(),
                new ExecutionMarks(client),
                pages,
                new ServiceSelectors(client),
                scales,
                claims,
                new Finalizers(client),
                new StatusWriter(client),
                events);
    }
}
