package dev.mainstay.controller.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.backup.BackupPolicy;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PolicyMetricsTest {

    private static final String POLICY = """
            metadata: {name: nightly, namespace: shop}
            status:
              observedGeneration: 1
              consecutiveFailures: 2
              lastSuccess: {name: a, completedAt: "2026-03-29T01:00:00Z"}
              lastFailure: {name: b, completedAt: "2026-03-30T01:00:00Z"}
              missedRuns: 3
              skippedRuns: [{reason: Paused, count: 1}, {reason: Suspended, count: 4}]
              nextRuns: [{at: "2026-03-31T03:00+02:00"}]
              conditions:
              - {type: Ready, status: "True", reason: Ready}
              - {type: BackupFresh, status: "False", reason: Stale}
            """;

    private final List<BackupPolicy> policies = new ArrayList<>();
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    @BeforeEach
    void register() {
        registry.getPrometheusRegistry().register(new PolicyMetrics(() -> policies));
    }

    @Test
    void givenAPolicy_whenItIsScraped_thenItsStatusIsTold() {
        policies.add(Serialization.unmarshal(POLICY, BackupPolicy.class));

        assertThat(registry.scrape().lines().filter(line -> !line.startsWith("#")))
                .containsExactlyInAnyOrder(
                        "mainstay_backup_last_success_timestamp_seconds{namespace=\"shop\",policy=\"nightly\"} 1.774746E9",
                        "mainstay_backup_last_failure_timestamp_seconds{namespace=\"shop\",policy=\"nightly\"} 1.7748324E9",
                        "mainstay_backup_consecutive_failures{namespace=\"shop\",policy=\"nightly\"} 2.0",
                        "mainstay_backup_next_run_timestamp_seconds{namespace=\"shop\",policy=\"nightly\"} 1.7749188E9",
                        "mainstay_backup_missed_runs_total{namespace=\"shop\",policy=\"nightly\"} 3.0",
                        "mainstay_backup_skipped_runs_total{namespace=\"shop\",policy=\"nightly\",reason=\"Paused\"} 1.0",
                        "mainstay_backup_skipped_runs_total{namespace=\"shop\",policy=\"nightly\",reason=\"Suspended\"} 4.0",
                        "mainstay_backup_fresh{namespace=\"shop\",policy=\"nightly\"} 0.0",
                        "mainstay_backup_policy_ready{namespace=\"shop\",policy=\"nightly\"} 1.0");
    }

    @Test
    void givenAPolicyThatIsDeleted_whenItIsScraped_thenItsSeriesAreGone() {
        policies.add(Serialization.unmarshal(POLICY, BackupPolicy.class));
        assertThat(registry.scrape()).contains("nightly");

        policies.clear();

        assertThat(registry.scrape()).doesNotContain("nightly");
    }

    @Test
    void givenAPolicyThatNobodyHasLookedAt_whenItIsScraped_thenItTellsNothing() {
        policies.add(Serialization.unmarshal("metadata: {name: fresh, namespace: shop}", BackupPolicy.class));

        assertThat(registry.scrape()).doesNotContain("fresh");
    }
}
