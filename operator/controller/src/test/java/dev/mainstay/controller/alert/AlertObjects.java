package dev.mainstay.controller.alert;

import dev.mainstay.api.alert.AlertRule;
import dev.mainstay.api.application.ManagedApplication;
import io.fabric8.kubernetes.client.utils.Serialization;

/** Rules and applications of the tests. */
final class AlertObjects {

    private AlertObjects() {}

    /**
     * A rule.
     *
     * @param spec its fields besides the application, in one line of YAML
     */
    static AlertRule rule(String name, String application, String spec) {
        return Serialization.unmarshal("""
                metadata: {name: %1$s, namespace: shop, uid: uid-%1$s}
                spec: {applicationRef: {name: %2$s}, %3$s}
                """.formatted(name, application, spec), AlertRule.class);
    }

    /** A rule on a metric whose threshold is 1 %. */
    static AlertRule percent(String name, String application, String metric) {
        return rule(name, application, "metric: " + metric + ", comparison: GreaterThan, threshold: {percent: 1}");
    }

    /**
     * An application.
     *
     * @param labels its labels, in YAML
     * @param more more of spec.metrics
     */
    static ManagedApplication application(String name, String url, String labels, String more) {
        return Serialization.unmarshal(
                """
                metadata: {name: %s, namespace: shop, uid: uid-app}
                spec: {metrics: {prometheus: {url: "%s"}, labels: {%s}%s}}
                """.formatted(name, url, labels, more.isEmpty() ? "" : ", " + more), ManagedApplication.class);
    }

    /** An application whose series have its name as their job. */
    static ManagedApplication application(String name) {
        return application(name, "http://prometheus:9090", "job: " + name, "");
    }
}
