package dev.mainstay.controller;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.alert.AlertRule;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.backup.DatabaseBackup;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** A pass that only saw its own status come back would never end. */
class WakingUpdatesTest {

    @Test
    void givenAStatusWrittenByUs_whenItComesBack_thenNobodyIsWoken() {
        assertThat(changed(is -> is.getMetadata().setResourceVersion("2"))).isFalse();
    }

    @Test
    void givenAnotherLabel_whenItComes_thenNobodyIsWoken() {
        assertThat(changed(is -> is.getMetadata().setLabels(Map.of("team", "shop"))))
                .isFalse();
    }

    @Test
    void givenAnotherSpec_whenItComes_thenItsGenerationWakes() {
        assertThat(changed(is -> is.getMetadata().setGeneration(2L))).isTrue();
    }

    @Test
    void givenAnotherAnnotation_whenItComes_thenItWakes() {
        assertThat(changed(is -> is.getMetadata().setAnnotations(Map.of("mainstay.dev/run-now", "1"))))
                .isTrue();
    }

    @Test
    void givenADeletionThatBegins_whenItComes_thenItWakes() {
        assertThat(changed(is -> is.getMetadata().setDeletionTimestamp("2026-03-29T01:00:00Z")))
                .isTrue();
    }

    @Test
    void givenABackupThatEnds_whenItsStatusComesBack_thenItWakesForItsPolicy() {
        assertThat(WakingUpdates.wakes(backup("Running"), backup("Failed"))).isTrue();
    }

    @Test
    void givenABackupThatGoesOn_whenItsStatusComesBack_thenNobodyIsWoken() {
        assertThat(WakingUpdates.wakes(backup("Running"), backup("Running"))).isFalse();
    }

    @Test
    void givenAnApplicationWhoseTemplateMakesNoJob_whenItsStatusComesBack_thenItWakesForItsPolicies() {
        assertThat(WakingUpdates.wakes(application("WorkloadNotFound"), application("InvalidSpec")))
                .isTrue();
        assertThat(WakingUpdates.wakes(application("InvalidSpec"), application("InvalidSpec")))
                .isFalse();
    }

    @Test
    void givenAnAlertThatBeginsToFire_whenItsStatusComesBack_thenItWakesForItsApplication() {
        assertThat(WakingUpdates.wakes(rule("Pending", ""), rule("Firing", ""))).isTrue();
        assertThat(WakingUpdates.wakes(rule("Firing", ""), rule("Inactive", "")))
                .isTrue();
        assertThat(WakingUpdates.wakes(rule("Inactive", ""), rule("Pending", "")))
                .isFalse();
    }

    @Test
    void givenAMessageOfAnAlert_whenItsStatusComesBack_thenItWakesForItsChannelWhenItIsTakenAndWhenItIsNot() {
        String taken = "sentAt: '2026-03-29T01:00:00Z'";

        assertThat(WakingUpdates.wakes(rule("Firing", "state: Sending"), rule("Firing", taken)))
                .isTrue();
        assertThat(WakingUpdates.wakes(
                        rule("Firing", "state: Sending"), rule("Firing", "failingSince: '2026-03-29T01:00:00Z'")))
                .isTrue();
        assertThat(WakingUpdates.wakes(rule("Firing", taken), rule("Firing", taken.replace("01:00", "05:00"))))
                .as("another message that is taken is no news")
                .isFalse();
    }

    private static AlertRule rule(String state, String line) {
        return Serialization.unmarshal("""
                metadata: {name: errors, generation: 1}
                spec: {applicationRef: {name: shop}, severity: critical}
                status: {state: %s, notifications: [{channel: team, %s}]}
                """.formatted(state, line), AlertRule.class);
    }

    private static ManagedApplication application(String reason) {
        return Serialization.unmarshal("""
                metadata: {name: shop, generation: 1}
                status:
                  observedGeneration: 1
                  conditions:
                  - {type: Stalled, status: "True", reason: %s, message: "ManagedApplication shop, spec.jobTemplate: wrong."}
                """.formatted(reason), ManagedApplication.class);
    }

    private static DatabaseBackup backup(String phase) {
        return Serialization.unmarshal("""
                metadata: {name: first, generation: 1}
                status: {phase: %s}
                """.formatted(phase), DatabaseBackup.class);
    }

    private static boolean changed(Consumer<ConfigMap> change) {
        ConfigMap was = object();
        ConfigMap is = object();
        change.accept(is);
        return WakingUpdates.wakes(was, is);
    }

    private static ConfigMap object() {
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withName("first")
                .withGeneration(1L)
                .withResourceVersion("1")
                .endMetadata()
                .build();
    }
}
