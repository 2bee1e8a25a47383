package dev.mainstay.controller.alert;

import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.api.metrics.Prometheus;
import dev.mainstay.controller.kube.PodUsages;
import dev.mainstay.controller.metrics.PrometheusClient;
import dev.mainstay.core.metrics.MetricSample;
import dev.mainstay.core.metrics.MetricVector;
import dev.mainstay.core.metrics.PrometheusAnswer;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * The real ones.
 *
 * @param prometheus asks a Prometheus
 * @param usages asks metrics.k8s.io
 * @param applications finds an application by namespace and name in a cache
 * @param backups finds the policies of an application in a cache
 */
public record LiveSources(
        PrometheusClient prometheus,
        PodUsages usages,
        BiFunction<String, String, Optional<ManagedApplication>> applications,
        Function<ManagedApplication, List<BackupPolicy>> backups)
        implements AlertSources {

    @Override
    public MetricVector vector(Prometheus source, String promql) {
        return prometheus.query(
                source,
                promql,
                PrometheusAnswer.LARGEST_VECTOR,
                PrometheusAnswer::vector,
                why -> new MetricVector.Failed(why, false));
    }

    @Override
    public OneValue value(Prometheus source, String promql) {
        return prometheus.query(
                source,
                promql,
                PrometheusAnswer.LARGEST,
                answer -> new OneValue(answer.sample(), answer.partial(), answer.blamesQuery()),
                why -> new OneValue(new MetricSample.Failed(why), null, false));
    }

    @Override
    public PodUsages.Read podUse(ManagedApplication application) {
        return usages.of(application);
    }

    @Override
    public Optional<ManagedApplication> application(String namespace, String name) {
        return applications.apply(namespace, name);
    }

    @Override
    public List<BackupPolicy> policies(ManagedApplication application) {
        return backups.apply(application);
    }
}
