package dev.mainstay.controller;

import static org.assertj.core.api.Assertions.assertThat;

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
