package dev.mainstay.controller.release;

import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.controller.kube.ConfigMaps;
import dev.mainstay.controller.kube.Deployments;
import dev.mainstay.controller.kube.ReleaseStore;
import dev.mainstay.core.rollback.DeploymentState;
import dev.mainstay.core.rollback.Images;
import dev.mainstay.core.rollback.Ledger;
import dev.mainstay.core.rollback.LedgerObservation;
import dev.mainstay.core.rollback.Release;
import dev.mainstay.core.rollback.Release.ReleasedWorkload;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Writes down what was seen to work, as it is at the API server and not as a cache had it. */
public final class ReleaseKeeper {

    private final Deployments deployments;
    private final ConfigMaps configMaps;
    private final ReleaseStore store;

    public ReleaseKeeper(Deployments deployments, ConfigMaps configMaps, ReleaseStore store) {
        this.deployments = deployments;
        this.configMaps = configMaps;
        this.store = store;
    }

    /** Writes it down, if what was decided on is still what runs. */
    public void record(LedgerObservation observation, Instant now) {
        ManagedApplication application = observation.application();
        String namespace = application.getMetadata().getNamespace();
        List<DeploymentState> fresh = Ledger.deployments(application.getSpec()).stream()
                .flatMap(name -> deployments.read(namespace, name).stream())
                .toList();
        Ledger.Decision decision = Ledger.decide(
                new LedgerObservation(
                        application,
                        fresh,
                        observation.recorded(),
                        observation.working(),
                        observation.rollingBack(),
                        observation.alerts()),
                now);
        if (decision.record()) {
            store.save(application, release(namespace, fresh, decision, now), decision.proof());
        }
    }

    /** Removes what an operator that died has left behind. */
    public void tidy(ManagedApplication application) {
        store.tidy(application);
    }

    private Release release(String namespace, List<DeploymentState> fresh, Ledger.Decision decision, Instant now) {
        List<ReleasedWorkload> workloads = new ArrayList<>();
        Set<String> maps = new TreeSet<>();
        Set<String> secrets = new TreeSet<>();
        for (DeploymentState deployment : fresh) {
            workloads.add(new ReleasedWorkload(
                    deployment.name(),
                    deployment.revision().orElse(null),
                    deployment.template().withoutHashLabels(),
                    digests(namespace, deployment)));
            maps.addAll(deployment.template().configMaps());
            secrets.addAll(deployment.template().secrets());
        }
        return new Release(
                fresh.getFirst().version(),
                now.truncatedTo(ChronoUnit.SECONDS),
                decision.proof(),
                workloads,
                configMaps.hashes(namespace, maps),
                List.copyOf(secrets));
    }

    /** A tag may be moved to another image; a digest is what really ran. */
    private Map<String, String> digests(String namespace, DeploymentState deployment) {
        Map<String, String> digests = new HashMap<>();
        TargetReplicaSet.of(deployments.replicaSets(namespace, deployment), deployment.template())
                .map(replicaSet -> deployments.pods(namespace, replicaSet))
                .orElseGet(List::of)
                .forEach(pod -> pod.getStatus().getContainerStatuses().forEach(status -> {
                    String digest = Images.digest(status.getImageID());
                    if (digest != null) {
                        digests.put(status.getName(), digest);
                    }
                }));
        return digests;
    }
}
