package dev.mainstay.controller.alert;

import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.api.metrics.Prometheus;
import dev.mainstay.controller.kube.PodUsages;
import dev.mainstay.core.metrics.MetricSample;
import dev.mainstay.core.metrics.MetricVector;
import java.util.List;
import java.util.Optional;

/** Where what rules watch is read. Each answers in a bounded time, and with a value for every failure that is to be expected. */
public interface AlertSources {

    /** The answer to a query that gives the values of many applications. */
    MetricVector vector(Prometheus source, String promql);

    /** The answer to a query of a user, which is to give one value. */
    OneValue value(Prometheus source, String promql);

    /** What the Pods of an application use now. */
    PodUsages.Read podUse(ManagedApplication application);

    /** An application as a cache has it; empty when it is gone. */
    Optional<ManagedApplication> application(String namespace, String name);

    /** The policies of an application as a cache has them. */
    List<BackupPolicy> policies(ManagedApplication application);

    /**
     * What came of a query of a user.
     *
     * @param sample the value, or why there is none
     * @param partial why the value may be wrong, since a part of what is asked was not there; null when all was
     * @param blamesQuery whether the query is at fault when there is no value, and not the server
     */
    record OneValue(MetricSample sample, String partial, boolean blamesQuery) {}
}
