package dev.mainstay.e2e.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.runbook.MaintenanceRunStatus;
import dev.mainstay.api.runbook.RunOutcome;
import dev.mainstay.api.runbook.RunStep;
import dev.mainstay.core.http.HttpWanted;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.StepReport;
import dev.mainstay.core.task.Task.MountedSecret;
import dev.mainstay.core.task.TaskJson;
import dev.mainstay.core.task.UrlCheckWork;
import dev.mainstay.e2e.operator.CheckedShop;
import dev.mainstay.e2e.operator.PodServers;
import dev.mainstay.e2e.runner.Behaviour;
import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The step httpCheck: of a Service the operator asks the Pods, of a URL a Job asks, and their numbers are kept. */
@Tag("simulated")
class HttpCheckSimulatedTest {

    private static final String POD = "127.0.8.41";

    @RegisterExtension
    static final ScriptedShops SHOPS = new ScriptedShops();

    @AutoClose
    private static final PodServers SERVERS = new PodServers(POD);

    @Test
    void givenAService_whenItsPodAnswersOtherwiseInTheNextRun_thenTheNumbersAndTheirDifferenceAreInTheReport() {
        CheckedShop shop =
                shop("service", "{\"service\": {\"name\": \"service-web\", \"port\": \"http\"}, \"path\": \"/ready\"}");
        SERVERS.answer(POD, 200);

        RunStep first = look(shop, "service-1", RunOutcome.PASSED);
        assertThat(first.message())
                .isEqualTo("1 ready Pod of Service service-web answered GET /ready on port http with 200.");
        assertThat(first.measured())
                .containsEntry("pods", 1L)
                .containsEntry("answered", 1L)
                .containsEntry("status", 200L)
                .containsKey("latencyMilliseconds");

        SERVERS.answer(POD, 503);
        look(shop, "service-2", RunOutcome.FAILED);
        SERVERS.answer(POD, 200);
        MaintenanceRunStatus status = shop.status("service-2");
        assertThat(status.failure().reason()).isEqualTo(Reason.ANSWER_WRONG.text());
        assertThat(status.report().differences()).contains("look: Passed → Failed", "look: status 200 → 503 (+303)");
    }

    @Test
    void givenAServiceThatLeadsElsewhere_whenARunIsMade_thenNobodyIsAskedAndTheReasonIsTold() {
        CheckedShop shop = shop("elsewhere", "{\"service\": {\"name\": \"elsewhere-web\"}}");
        SHOPS.namespace()
                .all(Service.class)
                .withName("elsewhere-web")
                .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\": {\"selector\": null}}");

        RunStep step = look(shop, "elsewhere-1", RunOutcome.COULD_NOT_CHECK);

        assertThat(step.message())
                .startsWith("Service elsewhere-web has no selector")
                .contains("spec.urls");
        assertThat(step.measured()).isNull();
        assertThat(SHOPS.jobs("elsewhere-1")).isEmpty();
    }

    @Test
    void givenAServiceThatTheApplicationDoesNotName_whenARunIsMade_thenBothFieldsAreTold() {
        CheckedShop shop = shop("foreign", "{\"service\": {\"name\": \"kubernetes\"}}");

        assertThat(look(shop, "foreign-1", RunOutcome.COULD_NOT_CHECK).message())
                .startsWith(
                        "httpCheck.service.name of the step is kubernetes, and spec.services of ManagedApplication foreign"
                                + " has foreign-web.");
    }

    @Test
    void givenAUrl_whenARunIsMade_thenAJobAsksItAndMountsItsAuthorityAlone() {
        CheckedShop shop =
                shop("url", "{\"url\": \"public\", \"expectBody\": \"ready\", \"maxLatencyMilliseconds\": 500}");
        SHOPS.runner()
                .steps(
                        "url-1",
                        StepReport.failed(
                                Reason.ANSWER_WRONG,
                                "URL public: 503 instead of 200.",
                                Map.of("status", 503L, "latencyMilliseconds", 12L)));

        RunStep step = look(shop, "url-1", RunOutcome.FAILED);

        assertThat(step.message()).isEqualTo("URL public: 503 instead of 200.");
        assertThat(step.measured()).isEqualTo(Map.of("status", 503L, "latencyMilliseconds", 12L));
        PodSpec pod = SHOPS.jobs("url-1").getFirst().getSpec().getTemplate().getSpec();
        assertThat(pod.getVolumes().stream()
                        .filter(volume -> volume.getSecret() != null)
                        .flatMap(volume -> volume.getSecret().getItems().stream()))
                .extracting(KeyToPath::getKey)
                .containsExactly("ca.crt");
        assertThat(TaskJson.readTask(pod.getContainers()
                                .getFirst()
                                .getEnv()
                                .getFirst()
                                .getValue())
                        .step()
                        .work())
                .isEqualTo(new UrlCheckWork(
                        "public",
                        "https://shop.example.org/ready",
                        MountedSecret.ofKey("url-ca", "shop-ca", "ca", "ca.crt")
                                .namedBy("spec.urls[public].caSecretRef", "ManagedApplication url"),
                        new HttpWanted(List.of(200), "ready", 500),
                        10_000));
    }

    @Test
    void givenAUrlThatNobodyNames_whenARunIsMade_thenItHasNoJobAndSaysWhy() {
        CheckedShop shop = shop("unnamed", "{\"url\": \"private\"}");

        assertThat(look(shop, "unnamed-1", RunOutcome.COULD_NOT_CHECK).message())
                .contains("httpCheck.url of the step is private")
                .contains("(found: public)");
        assertThat(SHOPS.jobs("unnamed-1")).isEmpty();
    }

    @Test
    void givenTheExample_whenItIsApplied_thenTheRunbookIsReady() throws IOException {
        SHOPS.example("http-checks", List.of("runbook.yaml"), "http-checks");
    }

    private static RunStep look(CheckedShop shop, String run, RunOutcome outcome) {
        MaintenanceRunStatus status = shop.run(run, "").finished(run);
        assertThat(status.outcome()).as("%s", status).isEqualTo(outcome);
        return status.steps().getFirst();
    }

    private static CheckedShop shop(String name, String check) {
        SHOPS.script(name, task -> Behaviour.SUCCEED);
        CheckedShop shop = new CheckedShop(SHOPS.namespace(), name, POD, SERVERS.port()).open();
        SHOPS.namespace().create(Serialization.unmarshal("""
                apiVersion: v1
                kind: Service
                metadata: {name: %1$s-web}
                spec: {selector: {app: %1$s}, ports: [{name: http, port: 80, targetPort: http}]}
                """.formatted(name), Service.class));
        SHOPS.namespace()
                .all(ManagedApplication.class)
                .withName(name)
                .patch(PatchContext.of(PatchType.JSON_MERGE), """
                        {"spec": {"services": [{"name": "%s-web"}], "urls": [{
                          "name": "public", "url": "https://shop.example.org/ready",
                          "caSecretRef": {"name": "shop-ca", "key": "ca.crt"}}]}}""".formatted(name));
        return shop.runbook(
                "{\"steps\": [{\"name\": \"look\", \"httpCheck\": %s}], \"finally\": null}".formatted(check));
    }
}
