package dev.mainstay.controller.alert;

import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.api.metrics.Prometheus;
import dev.mainstay.controller.kube.PodUsages;
import dev.mainstay.core.metrics.MetricSample;
import dev.mainstay.core.metrics.MetricVector;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** Sources that answer as a test says, and note what they were asked. */
final class FakeSources implements AlertSources {

    /** A question to a Prometheus. */
    record Asked(Prometheus source, String promql) {}

    final List<Asked> asked = new CopyOnWriteArrayList<>();
    volatile Function<Asked, MetricVector> vectors = ignored -> new MetricVector.Found(List.of(), null);
    volatile Function<Asked, OneValue> values = ignored -> new OneValue(new MetricSample.Value(1), null, false);
    volatile PodUsages.Read pods = new PodUsages.Read(List.of(), null);
    volatile ManagedApplication cached;
    volatile List<BackupPolicy> policies = List.of();

    @Override
    public MetricVector vector(Prometheus source, String promql) {
        Asked question = new Asked(source, promql);
        asked.add(question);
        return vectors.apply(question);
    }

    @Override
    public OneValue value(Prometheus source, String promql) {
        Asked question = new Asked(source, promql);
        asked.add(question);
        return values.apply(question);
    }

    @Override
    public PodUsages.Read podUse(ManagedApplication application) {
        return pods;
    }

    @Override
    public Optional<ManagedApplication> application(String namespace, String name) {
        return Optional.ofNullable(cached);
    }

    @Override
    public List<BackupPolicy> policies(ManagedApplication application) {
        return policies;
    }
}
