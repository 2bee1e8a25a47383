package dev.mainstay.controller.restore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.backup.DatabaseBackup;
import dev.mainstay.api.mode.MaintenanceMode;
import dev.mainstay.api.restore.RestoreRequest;
import dev.mainstay.api.restore.RestoreStepName;
import dev.mainstay.controller.kube.AnsweringApi;
import dev.mainstay.controller.kube.DatabaseBackups;
import dev.mainstay.controller.kube.EventRecorder;
import dev.mainstay.controller.kube.ExecutionMarks;
import dev.mainstay.controller.kube.MaintenanceModes;
import dev.mainstay.controller.kube.WorkloadScales;
import dev.mainstay.core.restore.RestoreDecision;
import dev.mainstay.core.restore.RestoreObservation;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a restore tells of that the API server does not let it do. */
class RestoreEffectsTest {

    private static final Instant NOW = Instant.parse("2026-03-29T15:22:00Z");
    private static final String LIST = "{\"kind\":\"List\",\"items\":[]}";

    private final AnsweringApi api = new AnsweringApi();
    private final RestoreEffects effects = new RestoreEffects(
            new WorkloadScales(api.client()),
            new DatabaseBackups(api.client()),
            new MaintenanceModes(api.client()),
            new ExecutionMarks(api.client()),
            new EventRecorder(api.client(), "operator-1", Clock.systemUTC()));

    @AfterEach
    void close() {
        api.close();
    }

    /** A restore that has stopped these, as {@code status.workloads} has them. */
    private static RestoreRequest stopped(String... lines) {
        return Serialization.unmarshal("""
                apiVersion: mainstay.dev/v1alpha1
                kind: RestoreRequest
                metadata: {name: a, namespace: shop, uid: uid-a, resourceVersion: "7", generation: 1}
                spec: {applicationRef: {name: shop}, source: {policyRef: {name: nightly}}, reason: orders are gone}
                status:
                  phase: Running
                  step: StopWorkloads
                  plan: {backup: last, policy: nightly, location: "s3://b/last/", database: ecommerce,
                         copy: ecommerce_restore_1, previous: ecommerce_before_1}
                  workloads: [%s]
                """.formatted(String.join(", ", lines)), RestoreRequest.class);
    }

    private static String deployment(String name, int replicas) {
        return "{kind: Deployment, name: " + name + ", uid: uid-" + name + ", replicas: " + replicas + ", redone: 0}";
    }

    private void exists(String name) {
        api.says("GET deployments/" + name, """
                {"apiVersion": "apps/v1", "kind": "Deployment",
                 "metadata": {"name": "%1$s", "namespace": "shop", "uid": "uid-%1$s", "generation": 4,
                              "resourceVersion": "9"},
                 "spec": {"replicas": 0, "selector": {"matchLabels": {"app": "%1$s"}}}}
                """.formatted(name))
                .says("GET shop/pods", LIST)
                .says("GET shop/replicasets", LIST);
    }

    @Test
    void givenWorkloadsThatAreNotGivenBack_whenMainstayIsUninstalled_thenTheEventHasTheCommandsForThese() {
        exists("web");
        exists("worker");
        api.refuses("GET cronjobs/nightly", 403, "cronjobs is forbidden")
                .refuses("PATCH deployments/worker", 403, "no, says a policy");

        effects.giveBack(stopped(
                "{kind: CronJob, name: nightly, uid: uid-nightly, suspend: false, redone: 0}",
                deployment("worker", 2),
                deployment("web", 3)));

        assertThat(api.sent())
                .anyMatch(sent -> sent.what().equals("PATCH deployments/web")
                        && sent.body().contains("\"value\":3"));
        assertThat(api.events("Cancelled"))
                .singleElement()
                .satisfies(event -> assertThat(event)
                        .contains("kubectl scale deployment worker --replicas 2 --namespace shop")
                        .contains("kubectl patch cronjob nightly")
                        .contains("ALTER DATABASE")
                        .doesNotContain("deployment web")
                        .doesNotContain("workloads and Services are given back"));
    }

    @Test
    void givenAllIsGivenBack_whenMainstayIsUninstalled_thenTheEventSaysSo() {
        exists("web");

        effects.giveBack(stopped(deployment("web", 3)));

        assertThat(api.events("Cancelled"))
                .singleElement()
                .satisfies(event -> assertThat(event)
                        .contains("workloads and Services are given back")
                        .doesNotContain("kubectl"));
    }

    @Test
    void givenMoreCommandsThanAnEventHasRoomFor_whenMainstayIsUninstalled_thenItSaysWhereToLook() {
        String[] lines = new String[9];
        for (int number = 0; number < lines.length; number++) {
            lines[number] = deployment("worker-" + number, 2);
            api.refuses("GET deployments/worker-" + number, 403, "deployments is forbidden");
        }

        effects.giveBack(stopped(lines));

        assertThat(api.events("Cancelled"))
                .singleElement()
                .satisfies(event -> assertThat(event)
                        .contains("status.workloads has what each had")
                        .contains("ALLOW_CONNECTIONS true;")
                        .doesNotContain("kubectl"));
    }

    /** One that is at this step, and has nothing of it yet. */
    private RestoreObservation at(String step) {
        RestoreRequest request = Serialization.unmarshal("""
                apiVersion: mainstay.dev/v1alpha1
                kind: RestoreRequest
                metadata:
                  {name: a, namespace: shop, uid: uid-a, resourceVersion: "7", generation: 1,
                   annotations: {mainstay.dev/executed-by: uid-a}, finalizers: [mainstay.dev/restore]}
                spec: {applicationRef: {name: shop}, source: {policyRef: {name: nightly}}, reason: x, safetyBackup: Required}
                status:
                  phase: Running
                  step: %1$s
                  claim: {application: shop, database: main, grantedAt: "2026-03-29T15:00:00Z"}
                  plan: {backup: last, policy: nightly, location: "s3://b/last/", database: ecommerce,
                         copy: ecommerce_restore_1, previous: ecommerce_before_1}
                  steps: [{name: %1$s, state: Running, startedAt: "2026-03-29T15:21:00Z"}]
                """.formatted(step), RestoreRequest.class);
        api.says("GET restorerequests/a", Serialization.asJson(request));
        return new RestoreObservation(
                request, null, null, null, List.of(), List.of(), List.of(), null, null, "cluster", Map.of(), null, null,
                List.of(), List.of(), List.of(), null, null, false, null);
    }

    @ParameterizedTest
    @CsvSource({
        "403, admission webhook m denied the request, Fail",
        "422, spec.reason is too long,                Fail",
        "400, no,                                     Fail",
        "403, 'modes is forbidden: exceeded quota: n',   Watch",
        "409, the quota was written just now,         Watch",
        "500, failed calling webhook,                 Watch"
    })
    void givenAModeOrABackupThatIsNotTaken_thenItIsTriedAgainOrGivenUpWithTheWords(int code, String said, String kind) {
        MaintenanceMode mode = new MaintenanceMode();
        mode.setMetadata(
                new ObjectMetaBuilder().withName("m").withNamespace("shop").build());
        DatabaseBackup backup = new DatabaseBackup();
        backup.setMetadata(
                new ObjectMetaBuilder().withName("b").withNamespace("shop").build());
        api.refuses("POST shop/maintenancemodes", code, said).refuses("POST shop/databasebackups", code, said);

        RestoreDecision entering = effects.make(at("EnterMaintenance"), new RestoreDecision.MakeMode(mode), NOW);
        RestoreDecision backingUp = effects.make(at("SafetyBackup"), new RestoreDecision.MakeBackup(backup));

        assertThat(List.of(entering, backingUp)).allSatisfy(decision -> {
            assertThat(decision.getClass().getSimpleName()).isEqualTo(kind);
            assertThat(
                            decision instanceof RestoreDecision.Watch watch
                                    ? watch.message()
                                    : ((RestoreDecision.Fail) decision).why().message())
                    .contains(said);
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {403, 500})
    void givenAModeThatMayNotBeDeleted_whenItIsToBeEnded_thenTheWordsAreTold(int code) {
        MaintenanceMode mode = new MaintenanceMode();
        mode.setMetadata(new ObjectMetaBuilder()
                .withName("m")
                .withNamespace("shop")
                .withResourceVersion("3")
                .build());
        api.refuses("DELETE maintenancemodes/m", code, "you may not");

        assertThat(effects.end(new RestoreDecision.EndMode(mode, RestoreStepName.LEAVE_MAINTENANCE)))
                .contains("you may not");
    }
}
