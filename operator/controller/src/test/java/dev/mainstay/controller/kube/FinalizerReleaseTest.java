package dev.mainstay.controller.kube;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import dev.mainstay.api.Annotations;
import dev.mainstay.api.restore.RestoreRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What is done before an uninstallation about objects that a later version has made. */
class FinalizerReleaseTest {

    private static final String LIST = """
            {"apiVersion": "mainstay.dev/v1alpha1", "kind": "List", "metadata": {"resourceVersion": "9"}, "items": [%s]}
            """;

    private static final String REQUEST = """
            {"apiVersion": "mainstay.dev/v1alpha1", "kind": "RestoreRequest",
             "metadata": {"name": "%1$s", "namespace": "shop", "uid": "uid-%1$s", "resourceVersion": "7",
                          "finalizers": ["%4$s"]},
             "spec": {"applicationRef": {"name": "shop"}, "source": %2$s, "reason": "x"},
             "status": {"phase": "Running", "startedAt": "%3$s"}}
            """;

    private static final String RUN = """
            {"apiVersion": "mainstay.dev/v1alpha1", "kind": "MaintenanceRun",
             "metadata": {"name": "release", "namespace": "shop", "uid": "uid-release", "resourceVersion": "7",
                          "finalizers": ["%s"]},
             "spec": {"applicationRef": {"name": "shop"}, "runbookRef": {"name": "release"}, "reason": "x"}}
            """;

    private static final String RULE = """
            {"apiVersion": "mainstay.dev/v1alpha1", "kind": "AlertRule",
             "metadata": {"name": "%1$s", "namespace": "shop", "uid": "uid-%1$s", "resourceVersion": "7",
                          "finalizers": ["%2$s"]},
             "spec": {"applicationRef": {"name": "shop"}, "metric": "HealthCheck"},
             "status": {"notifications": [{"channel": "team", "triggeredAt": "2026-03-29T15:21:00Z", "kind": "%3$s",
                                           "state": "Sent"}]}}
            """;

    private static final String TODAY = "2026-03-29T15:21:00Z";

    private final List<String> events = new CopyOnWriteArrayList<>();
    private final List<String> patched = new CopyOnWriteArrayList<>();

    @AutoClose
    private final LocalApi api = new LocalApi(this::answer);

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        String answer = LIST.formatted("");
        if (path.contains("/events")) {
            events.add(body);
            answer = body;
        } else if (exchange.getRequestMethod().equals("PATCH")) {
            patched.add(path.substring(path.lastIndexOf('/') + 1));
            answer = REQUEST.formatted(
                    "patched", "{\"policyRef\": {\"name\": \"nightly\"}}", TODAY, Annotations.RESTORE_FINALIZER);
        } else if (path.endsWith("/restorerequests")) {
            answer = LIST.formatted(String.join(
                    ",",
                    REQUEST.formatted(
                            "known", "{\"policyRef\": {\"name\": \"nightly\"}}", TODAY, Annotations.RESTORE_FINALIZER),
                    REQUEST.formatted("later-spec", "[\"everywhere\"]", TODAY, Annotations.RESTORE_FINALIZER),
                    REQUEST.formatted(
                            "later-status",
                            "{\"policyRef\": {\"name\": \"nightly\"}}",
                            "in spring",
                            Annotations.RESTORE_FINALIZER)));
        }
        if (path.endsWith("/maintenanceruns")) {
            answer = LIST.formatted(RUN.formatted(Annotations.RUN_FINALIZER));
        }
        if (path.endsWith("/alertrules")) {
            answer = LIST.formatted(RULE.formatted("firing", Annotations.ALERT_FINALIZER, "Trigger") + ","
                    + RULE.formatted("over", Annotations.ALERT_FINALIZER, "Resolve"));
        }
        byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Test
    void givenObjectsThatCannotBeRead_whenMainstayIsUninstalled_thenTheyAreNamedAndLetGoAsTheOthers() {
        List<String> givenBack = new ArrayList<>();

        new FinalizerRelease(
                        api.client(),
                        new EventRecorder(api.client(), "operator-1", Clock.systemUTC()),
                        rollback -> {},
                        (RestoreRequest restore) ->
                                givenBack.add(restore.getMetadata().getName()),
                        run -> givenBack.add(run.getMetadata().getName()))
                .run(Set.of());

        assertThat(givenBack).containsExactly("known", "later-spec", "later-status", "release");
        assertThat(patched).containsExactly("known", "later-spec", "later-status", "release", "firing", "over");
        assertThat(events).hasSize(3);
        assertThat(events.getFirst())
                .contains("spec of RestoreRequest shop/later-spec")
                .contains("What its status tells of is given back");
        assertThat(events.getLast())
                .contains("AlertRule firing goes, and these channels are not told that its alert is over: team");
        assertThat(events.get(1))
                .contains("status of RestoreRequest shop/later-status")
                .contains("kubectl get restorerequest later-status --namespace shop");
    }
}
