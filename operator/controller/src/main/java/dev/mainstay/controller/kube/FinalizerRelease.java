package dev.mainstay.controller.kube;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.MainstayResource;
import dev.mainstay.api.alert.AlertRule;
import dev.mainstay.api.backup.DatabaseBackup;
import dev.mainstay.api.restore.RestoreRequest;
import dev.mainstay.api.rollback.RollbackRequest;
import dev.mainstay.api.runbook.MaintenanceRun;
import dev.mainstay.core.alert.OpenAlerts;
import dev.mainstay.core.status.Reason;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.AnyNamespaceOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the operator's finalizers away before it is uninstalled: without it nobody would, and the objects could not be
 * deleted any more, nor their namespaces. Their data stays, and what rollbacks have borrowed and restores
 * have stopped and runs have changed is given back.
 */
public final class FinalizerRelease {

    private static final Logger LOG = LoggerFactory.getLogger(FinalizerRelease.class);
    private static final int TRIES = 5;

    private final KubernetesClient client;
    private final Finalizers finalizers;
    private final EventRecorder events;
    private final Consumer<RollbackRequest> rollbacks;
    private final Consumer<RestoreRequest> restores;
    private final Consumer<MaintenanceRun> runs;

    /**
     * Prepares it.
     *
     * @param rollbacks gives back what a rollback has borrowed
     * @param restores gives back what a restore has stopped
     * @param runs gives back what a run has changed
     */
    public FinalizerRelease(
            KubernetesClient client,
            EventRecorder events,
            Consumer<RollbackRequest> rollbacks,
            Consumer<RestoreRequest> restores,
            Consumer<MaintenanceRun> runs) {
        this.client = client;
        this.events = events;
        this.finalizers = new Finalizers(client);
        this.rollbacks = rollbacks;
        this.restores = restores;
        this.runs = runs;
    }

    /** Releases the objects of these namespaces; of all when none is named. */
    public void run(Set<String> namespaces) {
        LOG.atInfo()
                .addKeyValue(
                        "databasebackups",
                        release(DatabaseBackup.class, Annotations.DATA_FINALIZER, _ -> {}, namespaces))
                .addKeyValue(
                        "rollbackrequests",
                        release(RollbackRequest.class, Annotations.ROLLBACK_FINALIZER, rollbacks, namespaces))
                .addKeyValue(
                        "restorerequests",
                        release(RestoreRequest.class, Annotations.RESTORE_FINALIZER, restores, namespaces))
                .addKeyValue(
                        "maintenanceruns", release(MaintenanceRun.class, Annotations.RUN_FINALIZER, runs, namespaces))
                .addKeyValue(
                        "alertrules", release(AlertRule.class, Annotations.ALERT_FINALIZER, this::tellOpen, namespaces))
                .log("finalizers taken away; the data stays");
    }

    /** Nobody is told any more that an alert is over: whoever was told that it fires has to know that. */
    private void tellOpen(AlertRule rule) {
        if (OpenAlerts.isOpen(rule)) {
            String message = OpenAlerts.leftOpen(rule);
            LOG.warn("{}", message);
            events.tell(rule, Reason.CANCELLED.text(), message);
        }
    }

    private <T extends HasMetadata> int release(
            Class<T> kind, String finalizer, Consumer<T> before, Set<String> namespaces) {
        return namespaces.isEmpty()
                ? release(client.resources(kind).inAnyNamespace(), finalizer, before)
                : namespaces.stream()
                        .mapToInt(
                                namespace -> release(client.resources(kind).inNamespace(namespace), finalizer, before))
                        .sum();
    }

    private <T extends HasMetadata> int release(
            AnyNamespaceOperation<T, KubernetesResourceList<T>, Resource<T>> objects,
            String finalizer,
            Consumer<T> before) {
        int released = 0;
        String next = null;
        do {
            KubernetesResourceList<T> page = objects.list(new ListOptionsBuilder()
                    .withLimit(KubernetesClients.LIST_PAGE)
                    .withContinue(next)
                    .build());
            List<T> holding = page.getItems().stream()
                    .filter(object -> object.getMetadata().getFinalizers().contains(finalizer))
                    .toList();
            holding.forEach(object -> {
                tellUnreadable(object);
                before.accept(object);
                release(object, finalizer);
            });
            released += holding.size();
            next = page.getMetadata().getContinue();
        } while (next != null && !next.isEmpty());
        return released;
    }

    /** Nobody else would ever say so, and what it had changed would be found weeks later. */
    private void tellUnreadable(HasMetadata object) {
        if (object instanceof MainstayResource<?, ?> resource) {
            String name = object.getKind() + " " + object.getMetadata().getNamespace() + "/"
                    + object.getMetadata().getName();
            resource.unreadableSpec()
                    .ifPresent(why -> tell(
                            object,
                            "spec of " + name + " can't be read by this version of Mainstay, which is uninstalled: "
                                    + why + ". What its status tells of is given back."));
            resource.unreadableStatus()
                    .ifPresent(why -> tell(
                            object,
                            "status of " + name + " can't be read by this version of Mainstay, which is uninstalled: "
                                    + why
                                    + ". Nothing of it is given back. Look whether there is something: kubectl get "
                                    + object.getKind().toLowerCase(Locale.ROOT) + " "
                                    + object.getMetadata().getName() + " --namespace "
                                    + object.getMetadata().getNamespace() + " --output jsonpath='{.status}'"));
        }
    }

    private void tell(HasMetadata object, String message) {
        LOG.warn("{}", message);
        events.tell(object, Reason.INVALID_SPEC.text(), message);
    }

    private <T extends HasMetadata> void release(T listed, String finalizer) {
        T object = listed;
        for (int tries = 1; object != null && !finalizers.remove(object, finalizer); tries++) {
            if (tries == TRIES) {
                throw new IllegalStateException(
                        listed.getKind() + " " + listed.getMetadata().getNamespace() + "/"
                                + listed.getMetadata().getName() + " changes all the time: try again");
            }
            object = client.resource(listed).get();
        }
    }
}
