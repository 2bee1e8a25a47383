package dev.mainstay.e2e.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.runbook.MaintenanceRun;
import dev.mainstay.api.runbook.MaintenanceRunStatus;
import dev.mainstay.api.runbook.RunPhase;
import dev.mainstay.api.runbook.RunStep;
import dev.mainstay.api.runbook.Runbook;
import dev.mainstay.api.runbook.StepOutcome;
import dev.mainstay.e2e.harness.TestNamespace;
import io.fabric8.kubernetes.client.utils.Serialization;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * The step httpCheck against a shop that runs: a Service is asked by the operator, URLs by a Job, through the names and the network
 * of the cluster. The store of the shop is where TLS is spoken.
 */
@Tag("node")
@Execution(ExecutionMode.CONCURRENT)
class UrlCheckNodeTest {

    @RegisterExtension
    final TestNamespace namespace = new TestNamespace();

    @Test
    void givenAShopThatRuns_whenAServiceAndUrlsAreAsked_thenEachIsJudgedByItsAnswerAndTheNumbersAreKept() {
        HelmShop.deploy(namespace, "1.4.2");
        namespace.create(Serialization.unmarshal("""
                apiVersion: mainstay.dev/v1alpha1
                kind: ManagedApplication
                metadata: {name: shop}
                spec:
                  workloads: [{name: web}, {name: worker}]
                  services: [{name: web}]
                  urls:
                  - {name: web, url: "http://web.%1$s.svc/api/health"}
                  - {name: store, url: "https://shop-s3.shop.svc:7443/"}
                  - {name: nobody, url: "http://nobody.%1$s.svc/"}
                  - {name: closed, url: "http://web.%1$s.svc:9/"}
                  - {name: metadata, url: "http://169.254.169.254/"}
                """.formatted(namespace.name()), ManagedApplication.class));
        namespace.create(Serialization.unmarshal("""
                apiVersion: mainstay.dev/v1alpha1
                kind: Runbook
                metadata: {name: look}
                spec:
                  steps:
                  - {name: service, httpCheck: {service: {name: web}, path: /api/health}, retries: 5, onFailure: Continue}
                  - {name: url, httpCheck: {url: web, maxLatencyMilliseconds: 5000}, onFailure: Continue}
                  - {name: wrong, httpCheck: {url: web, path: /no/such/page}, onFailure: Continue}
                  - {name: untrusted, httpCheck: {url: store}, onFailure: Continue}
                  - {name: nobody, httpCheck: {url: nobody}, onFailure: Continue}
                  - {name: closed, httpCheck: {url: closed, requestTimeout: 3s}, onFailure: Continue}
                  - {name: metadata, httpCheck: {url: metadata}, onFailure: Continue}
                """, Runbook.class));
        namespace.create(Serialization.unmarshal("""
                apiVersion: mainstay.dev/v1alpha1
                kind: MaintenanceRun
                metadata: {name: tuesday}
                spec: {applicationRef: {name: shop}, runbookRef: {name: look}, reason: it is Tuesday}
                """, MaintenanceRun.class));

        MaintenanceRunStatus status = await("the run is finished")
                .atMost(KeptShop.PATIENCE)
                .until(
                        () -> namespace.find(MaintenanceRun.class, "tuesday").getStatus(),
                        found -> found != null && found.phase() == RunPhase.FINISHED);

        RunStep service = step(status, "service", StepOutcome.PASSED);
        assertThat(service.message()).contains("of Service web answered GET /api/health with 200.");
        assertThat(service.measured()).containsEntry("status", 200L).containsKeys("pods", "latencyMilliseconds");
        RunStep url = step(status, "url", StepOutcome.PASSED);
        assertThat(url.measured()).containsEntry("status", 200L).containsOnlyKeys("status", "latencyMilliseconds");
        assertThat(step(status, "wrong", StepOutcome.FAILED).message()).contains("404 instead of 200");
        assertThat(step(status, "untrusted", StepOutcome.FAILED).message())
                .contains("TLS failed, since its certificate is signed by none of the authorities that are trusted");
        assertThat(step(status, "nobody", StepOutcome.COULD_NOT_CHECK).message())
                .contains("its name can't be resolved");
        assertThat(step(status, "closed", StepOutcome.COULD_NOT_CHECK).measured())
                .isNull();
        assertThat(step(status, "metadata", StepOutcome.COULD_NOT_CHECK).message())
                .contains("where clouds hand out a node's credentials");
    }

    private static RunStep step(MaintenanceRunStatus status, String name, StepOutcome outcome) {
        RunStep step = status.steps().stream()
                .filter(one -> one.name().equals(name))
                .findFirst()
                .orElseThrow();
        assertThat(step.outcome()).as("%s", step).isEqualTo(outcome);
        return step;
    }
}
