package dev.mainstay.e2e.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mainstay.e2e.harness.TestNamespace;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** All Pods with a label {@code app} that there ever were since it was opened, and PodDisruptionBudgets for them. */
public final class EvictedPods implements AutoCloseable, ResourceEventHandler<Pod> {

    private static final Duration SOON = Duration.ofMinutes(2);

    private final TestNamespace namespace;
    private final String app;
    private final Set<String> seen = ConcurrentHashMap.newKeySet();
    private final Set<String> before;
    private final SharedIndexInformer<Pod> watch;

    /** Begins as soon as so many are ready. */
    public EvictedPods(TestNamespace namespace, String app, int ready) {
        this.namespace = namespace;
        this.app = app;
        await("Pods of " + app + " are ready")
                .atMost(SOON)
                .until(() -> namespace.all(Pod.class).withLabel("app", app).list().getItems().stream()
                                .filter(EvictedPods::isReady)
                                .count()
                        == ready);
        this.before = now();
        this.watch = namespace
                .client()
                .pods()
                .inNamespace(namespace.name())
                .withLabel("app", app)
                .inform(this);
    }

    private static boolean isReady(Pod pod) {
        return pod.getMetadata().getDeletionTimestamp() == null
                && pod.getStatus().getConditions().stream()
                        .anyMatch(condition -> condition.getType().equals("Ready")
                                && condition.getStatus().equals("True"));
    }

    /** Uids of those that are there and stay. */
    public Set<String> now() {
        return namespace.all(Pod.class).withLabel("app", app).list().getItems().stream()
                .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
                .map(pod -> pod.getMetadata().getUid())
                .collect(Collectors.toSet());
    }

    /** Whether nothing has become of those of the beginning. */
    public boolean untouched() {
        return now().equals(before);
    }

    /** Each of the beginning was replaced. */
    public void replaced() {
        assertThat(now()).hasSameSizeAs(before).doesNotContainAnyElementsOf(before);
    }

    /** The same, and none of those in their place by another one. Not of a StatefulSet: KWOK deletes twice, by name alone. */
    public void replacedOnce() {
        replaced();
        await("all are seen").atMost(SOON).until(() -> seen.containsAll(now()));
        assertThat(seen).as("Pods that there ever were").hasSize(2 * before.size());
    }

    /** A budget for them. */
    public EvictedPods budget(String name, int minAvailable) {
        namespace.create(Serialization.unmarshal("""
                apiVersion: policy/v1
                kind: PodDisruptionBudget
                metadata: {name: %s}
                spec: {minAvailable: %d, selector: {matchLabels: {app: %s}}}
                """.formatted(name, minAvailable, app), PodDisruptionBudget.class));
        await("the controller has counted")
                .atMost(SOON)
                .until(() -> namespace
                                .find(PodDisruptionBudget.class, name)
                                .getStatus()
                                .getCurrentHealthy()
                        == before.size());
        return this;
    }

    /** The budget needs another number. */
    public void needs(String name, int minAvailable) {
        namespace
                .all(PodDisruptionBudget.class)
                .withName(name)
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        "{\"spec\": {\"minAvailable\": %d}}".formatted(minAvailable));
    }

    @Override
    public void onAdd(Pod pod) {
        seen.add(pod.getMetadata().getUid());
    }

    @Override
    public void onUpdate(Pod before, Pod after) {
        seen.add(after.getMetadata().getUid());
    }

    @Override
    public void onDelete(Pod pod, boolean unknown) {
        seen.add(pod.getMetadata().getUid());
    }

    @Override
    public void close() {
        watch.close();
    }
}
