package dev.mainstay.core.mode;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mainstay.api.Annotations;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.mode.MaintenanceMode;
import dev.mainstay.core.naming.Names;
import dev.mainstay.core.rollback.ServiceState;
import dev.mainstay.core.task.TaskJson;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Objects for the tests of maintenance modes. */
final class Modes {

    static final Instant NOW = Instant.parse("2026-03-29T01:00:00Z");
    static final String PAGE = Names.page("shop");
    static final String IMAGE = "registry/runner:1";
    static final Map<String, String> TO_PAGE = Map.of(Annotations.PAGE, "shop");

    private Modes() {}

    static JsonNode json(String text) {
        try {
            return TaskJson.mapper().readTree(text.replace('\'', '"'));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    static MaintenanceMode mode(String spec) {
        return mode("night", spec, true);
    }

    static MaintenanceMode mode(String name, String spec, boolean marked) {
        return Serialization.unmarshal(
                """
                apiVersion: mainstay.dev/v1alpha1
                kind: MaintenanceMode
                metadata:
                  name: %1$s
                  namespace: shop
                  uid: uid-%1$s
                  generation: 1
                  resourceVersion: "1"
                  creationTimestamp: "2026-03-29T00:30:00Z"
                  finalizers: [%3$s]
                spec: {applicationRef: {name: shop}, reason: Moving%2$s}
                """.formatted(name, spec.isEmpty() ? "" : ", " + spec, marked ? Annotations.MODE_FINALIZER : ""),
                MaintenanceMode.class);
    }

    static MaintenanceMode mode(String spec, String status) {
        MaintenanceMode mode = mode(spec);
        mode.setStatus(Serialization.unmarshal(status, dev.mainstay.api.mode.MaintenanceModeStatus.class));
        return mode;
    }

    static ManagedApplication application(String services) {
        return Serialization.unmarshal("""
                metadata: {name: shop, namespace: shop, uid: uid-shop}
                spec: {services: %s}
                """.formatted(services), ManagedApplication.class);
    }

    static ServiceState service(String selector, String more) {
        return service("web", selector, more, List.of());
    }

    /** A Service with these ready Pods as endpoints. */
    static ServiceState service(String name, String selector, String spec, List<String> pods) {
        JsonNode object = json("""
                {'metadata': {'name': '%1$s', 'uid': 'uid-%1$s', 'resourceVersion': '7'}, 'spec': {'clusterIP': '10.0.0.1',
                  'ports': [{'port': 80, 'targetPort': 'http'}], 'selector': %2$s}}
                """.formatted(name, selector));
        if (!spec.isEmpty()) {
            ((ObjectNode) object.path("spec")).setAll((ObjectNode) json(spec));
        }
        return new ServiceState(name, object, List.of(slice(pods)), null);
    }

    static JsonNode slice(List<String> pods) {
        return TaskJson.mapper()
                .valueToTree(Map.of(
                        "endpoints",
                        pods.stream()
                                .map(pod -> Map.of(
                                        "conditions", Map.of("ready", true),
                                        "targetRef", Map.of("kind", "Pod", "name", pod)))
                                .toList()));
    }

    static ServiceState annotated(ServiceState service, String saved) {
        ObjectNode object = service.json().deepCopy();
        object.withObject("/metadata/annotations").put(Annotations.SELECTOR, saved);
        return new ServiceState(service.name(), object, service.slices(), null);
    }

    static PageState noPage() {
        return new PageState(null, new ServiceState(PAGE, null, List.of(), null));
    }

    /** A page that was made of this, with as many ready Pods. */
    static PageState page(PageSpec spec, int ready) {
        List<String> pods = java.util.stream.IntStream.range(0, ready)
                .mapToObj(number -> PAGE + "-" + number)
                .toList();
        JsonNode deployment = json("""
                {'metadata': {'name': '%1$s', 'uid': 'uid-page', 'generation': 1, 'labels': {'%2$s': 'shop'},
                   'annotations': {'%3$s': '%4$s'}},
                 'spec': {'replicas': 2}, 'status': {'observedGeneration': 1, 'updatedReplicas': 2, 'readyReplicas': %5$d}}
                """.formatted(PAGE, Annotations.PAGE, Annotations.PAGE_HASH, spec.hash(), ready));
        return new PageState(deployment, service(PAGE, "{'a': 'b'}", "", pods));
    }

    static ModeObservation observation(MaintenanceMode mode, List<ServiceState> services, PageState page) {
        return observation(mode, List.of(), services, page);
    }

    static ModeObservation observation(
            MaintenanceMode mode, List<MaintenanceMode> others, List<ServiceState> services, PageState page) {
        return new ModeObservation(
                mode,
                application("[{name: web}]"),
                null,
                others,
                services,
                Set.of("web"),
                List.of(),
                List.of(),
                page,
                IMAGE);
    }
}
