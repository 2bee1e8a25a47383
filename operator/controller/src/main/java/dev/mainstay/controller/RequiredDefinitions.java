package dev.mainstay.controller;

import dev.mainstay.api.MainstayResource;
import io.fabric8.kubernetes.api.model.APIResource;
import io.fabric8.kubernetes.api.model.APIResourceList;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The definitions without which no controller can watch. */
final class RequiredDefinitions {

    private static final List<String> PLURALS = List.of(
            "managedapplications",
            "backuppolicies",
            "databasebackups",
            "rollbackrequests",
            "restorerequests",
            "maintenancemodes",
            "runbooks",
            "maintenanceschedules",
            "maintenanceruns",
            "alertrules",
            "notificationchannels");

    private RequiredDefinitions() {}

    /**
     * Asks the API server which kinds of ours it serves.
     *
     * @throws IllegalStateException naming those that are missing
     */
    static void check(KubernetesClient client) {
        APIResourceList served = client.getApiResources(MainstayResource.GROUP + "/" + MainstayResource.VERSION);
        Set<String> names = served == null
                ? Set.of()
                : served.getResources().stream().map(APIResource::getName).collect(Collectors.toSet());
        List<String> missing =
                PLURALS.stream().filter(plural -> !names.contains(plural)).toList();
        if (!missing.isEmpty()) {
            throw new IllegalStateException("CustomResourceDefinitions are missing: "
                    + String.join(", ", missing) + " of " + MainstayResource.GROUP
                    + "; install the chart mainstay-crds, or crds.install=true");
        }
    }
}
