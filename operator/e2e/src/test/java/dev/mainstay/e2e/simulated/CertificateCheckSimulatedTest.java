package dev.mainstay.e2e.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.runbook.MaintenanceRunStatus;
import dev.mainstay.api.runbook.RunOutcome;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.CertificateCheckWork;
import dev.mainstay.core.task.CertificateCheckWork.Endpoint;
import dev.mainstay.core.task.StepReport;
import dev.mainstay.core.task.TaskJson;
import dev.mainstay.e2e.operator.CheckedShop;
import dev.mainstay.e2e.runner.Behaviour;
import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.SecretVolumeSource;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The step certificateCheck: its Job mounts the keys of certificates and nothing else, and what it finds is told. */
@Tag("simulated")
class CertificateCheckSimulatedTest {

    private static final String STEPS = """
            {"steps": [{"name": "look", "certificateCheck": {"certificates": ["%s"]}}], "finally": null}""";

    @RegisterExtension
    static final ScriptedShops SHOPS = new ScriptedShops();

    @Test
    void givenCertificates_whenARunIsMade_thenItsJobMountsTheirKeyAlone() {
        shop("mounted", "public").run("mounted-1", "").finished("mounted-1");

        PodSpec pod = SHOPS.jobs("mounted-1").getFirst().getSpec().getTemplate().getSpec();
        assertThat(pod.getVolumes())
                .extracting(Volume::getName)
                .containsExactly("tmp", "certificate-1", "certificate-ca-1");
        assertThat(pod.getVolumes().stream().skip(1).map(Volume::getSecret))
                .allSatisfy(secret -> assertThat(secret.getOptional()).isTrue())
                .extracting(SecretVolumeSource::getSecretName)
                .containsExactly("shop-tls", "shop-ca");
        assertThat(pod.getVolumes().stream().skip(1).flatMap(volume -> volume.getSecret().getItems().stream()))
                .extracting(KeyToPath::getKey)
                .containsExactly("tls.crt", "ca.crt");
        CertificateCheckWork work = (CertificateCheckWork) TaskJson.readTask(
                        pod.getContainers().getFirst().getEnv().getFirst().getValue())
                .step()
                .work();
        assertThat(work.certificates())
                .singleElement()
                .satisfies(target -> assertThat(target.endpoints())
                        .containsExactly(new Endpoint("shop-web", 8443, "shop.example.org")));
    }

    @Test
    void givenWhatTheRunnerFound_whenTheRunEnds_thenItIsToldAsItIs() {
        CheckedShop shop = shop("ending", "public");
        SHOPS.runner()
                .steps(
                        "ending-1",
                        StepReport.failed(
                                Reason.CERTIFICATE_ENDS, "Certificate public ends.", Map.of("leastDaysLeft", -2L)));

        MaintenanceRunStatus status = shop.run("ending-1", "").finished("ending-1");

        assertThat(status.outcome()).as("%s", status).isEqualTo(RunOutcome.FAILED);
        assertThat(status.failure().reason()).isEqualTo(Reason.CERTIFICATE_ENDS.text());
        assertThat(status.steps().getFirst().message()).isEqualTo("Certificate public ends.");
        assertThat(status.steps().getFirst().measured()).isEqualTo(Map.of("leastDaysLeft", -2L));
    }

    @Test
    void givenACertificateThatNobodyNames_whenARunIsMade_thenItHasNoJobAndSaysWhy() {
        CheckedShop shop = shop("unknown", "shop-tls");

        MaintenanceRunStatus status = shop.run("unknown-1", "").finished("unknown-1");

        assertThat(status.outcome()).as("%s", status).isEqualTo(RunOutcome.COULD_NOT_CHECK);
        assertThat(status.steps().getFirst().message())
                .contains("certificateCheck.certificates of the step has shop-tls")
                .contains("(found: public)");
        assertThat(SHOPS.jobs("unknown-1")).isEmpty();
    }

    @Test
    void givenTheExample_whenItIsApplied_thenTheRunbookIsReady() throws IOException {
        SHOPS.example("certificates", List.of("runbook.yaml", "schedule.yaml"), "certificates");
    }

    private static CheckedShop shop(String name, String certificate) {
        SHOPS.shop(name, task -> Behaviour.SUCCEED).open();
        SHOPS.namespace()
                .all(ManagedApplication.class)
                .withName(name)
                .patch(PatchContext.of(PatchType.JSON_MERGE), """
                        {"spec": {"certificates": [{
                          "name": "public", "secretRef": {"name": "shop-tls"}, "caSecretRef": {"name": "shop-ca", "key": "ca.crt"},
                          "endpoints": [{"host": "shop-web", "port": 8443, "serverName": "shop.example.org"}]}]}}""");
        return new CheckedShop(SHOPS.namespace(), name, null, 0).runbook(STEPS.formatted(certificate));
    }
}
