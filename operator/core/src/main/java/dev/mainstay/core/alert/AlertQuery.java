package dev.mainstay.core.alert;

import dev.mainstay.api.alert.AlertMetric;
import dev.mainstay.api.metrics.Prometheus;
import dev.mainstay.core.Texts;
import dev.mainstay.core.naming.Names;
import java.util.List;

/** What is asked for a rule, and whom. */
public sealed interface AlertQuery {

    /** So much of a query goes into a status. */
    int LONGEST_TEXT = 1024;

    /** The query, for people: PromQL that gives the value of this application alone, or words. */
    String text();

    /**
     * A metric that Mainstay knows, asked together with those of other applications.
     *
     * @param group the question
     * @param values what tells this application's series from those of others: the values of the group's labels
     */
    record Grouped(AlertGroup group, List<String> values) implements AlertQuery {

        /** Keeps a copy. */
        public Grouped {
            values = List.copyOf(values);
        }

        @Override
        public String text() {
            return cut(group.single(values));
        }
    }

    /**
     * A query of the rule's own.
     *
     * @param source who is asked
     * @param promql the query
     */
    record Single(Prometheus source, String promql) implements AlertQuery {

        @Override
        public String text() {
            return cut(promql);
        }
    }

    /**
     * What the application's Pods use of what they may, as metrics.k8s.io tells.
     *
     * @param application name of the ManagedApplication
     * @param metric Cpu or Memory
     */
    record PodUsage(String application, AlertMetric metric) implements AlertQuery {

        @Override
        public String text() {
            return (metric == AlertMetric.CPU ? "cpu" : "memory") + " of the Pods of ManagedApplication " + application
                    + " at metrics.k8s.io, of their limits, or requests where they have no limit";
        }
    }

    /**
     * What is found of spec.health.
     *
     * @param application name of the ManagedApplication
     */
    record Health(String application) implements AlertQuery {

        @Override
        public String text() {
            return "condition Healthy of ManagedApplication " + application;
        }
    }

    /**
     * How old the last backup is.
     *
     * @param application name of the ManagedApplication
     */
    record BackupAge(String application) implements AlertQuery {

        @Override
        public String text() {
            return "status.lastSuccess of the BackupPolicies of ManagedApplication " + application;
        }
    }

    /** Texts that differ stay different, since a query that has changed is known by its text. */
    private static String cut(String text) {
        return Texts.cut(text, LONGEST_TEXT, " … (cut, " + Names.digest(text) + ")");
    }
}
