package dev.mainstay.controller.mode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.mode.MaintenanceMode;
import dev.mainstay.controller.kube.AnsweringApi;
import dev.mainstay.controller.kube.EventRecorder;
import dev.mainstay.controller.kube.StatusWriter;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A pass over a mode that meets an API server which does not do what it is asked. */
class ModePassTest {

    private static final String CALLING = "failed calling webhook, no endpoints available";

    private final AnsweringApi api = new AnsweringApi();

    @AfterEach
    void close() {
        api.close();
    }

    @ParameterizedTest
    @CsvSource({"500, Rejected, 5", "504, Rejected, 5", "403, Forbidden, 10"})
    void givenAnApiServerThatFails_whenAPassIsMade_thenTheStatusTellsAndItIsSoonTriedAgain(
            int code, String reason, int seconds) {
        Duration next = pass(new KubernetesClientException(
                new StatusBuilder().withCode(code).withMessage(CALLING).build()));

        assertThat(api.sent())
                .filteredOn(sent -> sent.what().equals("PATCH move/status"))
                .singleElement()
                .satisfies(sent -> assertThat(sent.body())
                        .contains(CALLING)
                        .contains("\"Stalled\"")
                        .contains("\"reason\":\"" + reason + "\""));
        assertThat(next).isEqualTo(Duration.ofSeconds(seconds));
    }

    @Test
    void givenAMistakeOfItsOwn_whenAPassIsMade_thenNobodyElseIsBlamed() {
        assertThatThrownBy(() -> pass(new IllegalStateException("broken"))).isInstanceOf(IllegalStateException.class);
        assertThat(api.sent()).isEmpty();
    }

    /** When it is looked at again, after a pass that meets that. */
    private Duration pass(RuntimeException met) {
        api.says("GET mainstay.dev/v1alpha1", """
                {"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": "mainstay.dev/v1alpha1", "resources":
                 [{"name": "maintenancemodes", "singularName": "maintenancemode", "namespaced": true,
                   "kind": "MaintenanceMode", "verbs": ["get", "patch"]}]}
                """);
        ModeObserver observer = new ModeObserver(meeting(met), null, null, null, null, null, null, "page");
        return new ModePass(
                        observer,
                        "IfNotPresent",
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        new StatusWriter(api.client()),
                        new EventRecorder(api.client(), "operator-1", Clock.systemUTC()))
                .make(Serialization.unmarshal("""
                apiVersion: mainstay.dev/v1alpha1
                kind: MaintenanceMode
                metadata: {name: move, namespace: shop, uid: uid-move, resourceVersion: "7", generation: 1}
                spec: {applicationRef: {name: shop}, reason: it is moved}
                """, MaintenanceMode.class), Instant.parse("2026-03-29T01:00:00Z"));
    }

    private static ModeSurroundings meeting(RuntimeException met) {
        return new ModeSurroundings() {
            @Override
            public Optional<ManagedApplication> application(String namespace, String name) {
                throw met;
            }

            @Override
            public List<MaintenanceMode> modes(String namespace) {
                return List.of();
            }

            @Override
            public Optional<String> otherRelease(String namespace, String application) {
                return Optional.empty();
            }
        };
    }
}
