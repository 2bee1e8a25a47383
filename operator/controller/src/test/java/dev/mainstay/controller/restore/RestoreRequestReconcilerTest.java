package dev.mainstay.controller.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mainstay.api.restore.RestoreRequest;
import dev.mainstay.controller.backup.JobCaches;
import dev.mainstay.controller.kube.AnsweringApi;
import dev.mainstay.controller.kube.EventRecorder;
import dev.mainstay.controller.kube.StatusWriter;
import dev.mainstay.controller.watch.Wakeups;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A pass over a restore that meets an API server which does not do what it is asked. */
class RestoreRequestReconcilerTest {

    private static final String CALLING = "failed calling webhook, no endpoints available";

    private final AnsweringApi api = new AnsweringApi();
    private final Wakeups wakeups = new Wakeups();

    @AfterEach
    void close() {
        api.close();
    }

    @ParameterizedTest
    @CsvSource({"500, Rejected, 5", "504, Rejected, 5", "403, Forbidden, 30"})
    void givenAnApiServerThatFails_whenAPassIsMade_thenTheStatusTellsAndItIsSoonTriedAgain(
            int code, String reason, int seconds) {
        Duration next = pass(new KubernetesClientException(
                new StatusBuilder().withCode(code).withMessage(CALLING).build()));

        assertThat(api.sent())
                .filteredOn(sent -> sent.what().equals("PATCH a/status"))
                .singleElement()
                .satisfies(sent -> assertThat(sent.body())
                        .contains(CALLING)
                        .contains("\"Stalled\"")
                        .contains("\"reason\":\"" + reason + "\""));
        assertThat(next).isEqualTo(Duration.ofSeconds(seconds));
    }

    @Test
    void givenAStatusThatIsNotTakenEither_whenAPassIsMade_thenItIsTriedAgainAsAnyFailure() {
        api.refuses("PATCH a/status", 500, CALLING);

        assertThatThrownBy(() -> pass(new KubernetesClientException(
                        new StatusBuilder().withCode(500).withMessage(CALLING).build())))
                .isInstanceOf(KubernetesClientException.class);
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
                 [{"name": "restorerequests", "singularName": "restorerequest", "namespaced": true,
                   "kind": "RestoreRequest", "verbs": ["get", "patch"]}]}
                """);
        wakeups.applications(cache(met));
        wakeups.restores(cache(null));
        wakeups.cachesAreFilled();
        return reconciler()
                .reconcile(request(), proxy(Context.class, false))
                .getScheduleDelay()
                .map(Duration::ofMillis)
                .orElseThrow();
    }

    private RestoreRequestReconciler reconciler() {
        JobCaches caches = new JobCaches(wakeups);
        RestoreObserver observer =
                new RestoreObserver(null, null, caches, null, null, null, null, null, null, wakeups, "cluster");
        return new RestoreRequestReconciler(
                observer,
                null,
                caches,
                null,
                null,
                null,
                null,
                null,
                null,
                new StatusWriter(api.client()),
                new EventRecorder(api.client(), "operator-1", Clock.systemUTC()),
                wakeups,
                Clock.systemUTC());
    }

    private static RestoreRequest request() {
        return Serialization.unmarshal("""
                apiVersion: mainstay.dev/v1alpha1
                kind: RestoreRequest
                metadata: {name: a, namespace: shop, uid: uid-a, resourceVersion: "7", generation: 1}
                spec: {applicationRef: {name: shop}, source: {policyRef: {name: nightly}}, reason: orders are gone}
                """, RestoreRequest.class);
    }

    /** A cache whose look-up meets that. */
    @SuppressWarnings("unchecked")
    private static <T extends HasMetadata> IndexerResourceCache<T> cache(RuntimeException met) {
        return (IndexerResourceCache<T>) Proxy.newProxyInstance(
                RestoreRequestReconcilerTest.class.getClassLoader(),
                new Class<?>[] {IndexerResourceCache.class},
                (self, method, arguments) -> {
                    if (met != null && method.getName().equals("get")) {
                        throw met;
                    }
                    return method.getName().equals("byIndex") ? List.of() : null;
                });
    }

    @SuppressWarnings("unchecked")
    private static <T> T proxy(Class<?> type, Object answer) {
        return (T) Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> answer);
    }
}
