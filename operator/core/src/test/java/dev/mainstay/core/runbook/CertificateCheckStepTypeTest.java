package dev.mainstay.core.runbook;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.runbook.StepOutcome;
import dev.mainstay.core.backup.BackupObservation.ServiceAccountObservation;
import dev.mainstay.core.backup.JobObservation;
import dev.mainstay.core.backup.PodObservation;
import dev.mainstay.core.certificate.Issued;
import dev.mainstay.core.certificate.IssuedCertificate;
import dev.mainstay.core.runbook.RunnerStepType.Order;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.CertificateCheckWork;
import dev.mainstay.core.task.CertificateCheckWork.Endpoint;
import dev.mainstay.core.task.CertificateCheckWork.Target;
import dev.mainstay.core.task.StepReport;
import dev.mainstay.core.task.Task;
import dev.mainstay.core.task.Task.MountedSecret;
import dev.mainstay.core.task.TaskJson;
import dev.mainstay.core.task.TaskResult;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which certificates a step means, and what the runner is told of them. */
class CertificateCheckStepTypeTest {

    private static final String CERTIFICATES = """
            {name: public, secretRef: {name: shop-tls},
             endpoints: [{host: shop.example.org}, {host: "fd00::7", port: 8443, serverName: shop.example.org}]},
            {name: client, secretRef: {name: shop-client, key: client.pem}, caSecretRef: {name: shop-ca, key: ca.crt}},
            {name: partner, endpoints: [{host: partner.example.org}]}""";

    private static StepTurn turn(String certificates, String step) {
        RunWorld world = new RunWorld("steps:\n- {name: look, certificateCheck: " + step + "}", "");
        return new StepTurn(
                world.run,
                Serialization.unmarshal(
                        "metadata: {name: shop, namespace: shop, uid: uid-shop}\nspec: {certificates: [" + certificates
                                + "]}",
                        ManagedApplication.class),
                world.runbook.getSpec().steps().getFirst(),
                1);
    }

    private static Task task(String step) {
        return RunnerSteps.task(
                        new CertificateCheckStepType(), turn(CERTIFICATES, step), List.of(), "cluster", RunWorld.START)
                .orElseThrow();
    }

    /** The Secrets and the addresses are those of the application, and of a Secret one key alone is asked for. */
    @Test
    void givenCertificates_whenTheTaskIsMade_thenItHasThem() {
        Task task = task("{}");

        assertThat(task.step().work())
                .isEqualTo(new CertificateCheckWork(
                        List.of(
                                new Target(
                                        "public",
                                        MountedSecret.ofKey("certificate-1", "shop-tls", "certificate", "tls.crt"),
                                        List.of(
                                                new Endpoint("shop.example.org", 443, "shop.example.org"),
                                                new Endpoint("fd00::7", 8443, "shop.example.org")),
                                        null),
                                new Target(
                                        "client",
                                        MountedSecret.ofKey(
                                                "certificate-2", "shop-client", "certificate", "client.pem"),
                                        List.of(),
                                        MountedSecret.ofKey("certificate-ca-2", "shop-ca", "ca", "ca.crt")),
                                new Target(
                                        "partner",
                                        null,
                                        List.of(new Endpoint("partner.example.org", 443, "partner.example.org")),
                                        null)),
                        30 * 86_400,
                        7 * 86_400));
        assertThat(task.secrets())
                .extracting(MountedSecret::name)
                .containsExactly("shop-tls", "shop-client", "shop-ca");
        assertThat(task.secrets())
                .allSatisfy(secret -> assertThat(secret.onlyKeys()).isTrue());
        assertThat(task.timeoutSeconds()).isEqualTo(15 * 60);
        assertThat(TaskJson.readTask(TaskJson.write(task))).isEqualTo(task);
    }

    @Test
    void givenNames_whenTheTaskIsMade_thenTheOthersAreLeftOut() {
        CertificateCheckWork work =
                (CertificateCheckWork) task("{certificates: [partner, public], warnBefore: 12h, failBefore: 0s}")
                        .step()
                        .work();

        assertThat(work.certificates()).extracting(Target::name).containsExactly("public", "partner");
        assertThat(work.warnSeconds()).isEqualTo(12 * 3600);
        assertThat(work.failSeconds()).isZero();
    }

    @Test
    void givenAnEndpoint_whenItIsTold_thenTheNameIsWhereItIsAnotherOne() {
        assertThat(new Endpoint("a", 443, "a").server()).isEqualTo("a:443");
        assertThat(new Endpoint("fd00::7", 8443, "b").server()).isEqualTo("[fd00::7]:8443 (for b)");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "none | {}                                 | CERTIFICATE_NOT_FOUND | ManagedApplication shop has no certificate in spec.certificates. Add those that are to be looked at.",
                "all  | {certificates: [public, x]}        | CERTIFICATE_NOT_FOUND | certificateCheck.certificates of the step has x, and ManagedApplication shop has no certificate of that name (found: public, client, partner). Name one that it has, or add it there.",
                "all  | {warnBefore: 10d, failBefore: 11d} | INVALID_SPEC          | certificateCheck.failBefore of the step is 11d, longer than warnBefore (10d): nothing would be a finding before it fails. Make one shorter, or the other longer.",
                "all  | {warnBefore: 3d}                   | INVALID_SPEC          | failBefore of the step is 7d, longer than warnBefore (3d)",
                "all  | {warnBefore: 7d}                   |                       |"
            })
    void givenAStep_whenItCantBeDone_thenItSaysWhy(String certificates, String step, Reason reason, String message) {
        Order order = new CertificateCheckStepType()
                .order(turn(certificates.equals("none") ? "" : CERTIFICATES, step), List.of());

        switch (order) {
            case Order.Ready ignored -> assertThat(reason).isNull();
            case Order.Missing(Reason told, String why) -> {
                assertThat(told).isEqualTo(reason);
                assertThat(why).contains(message);
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{certificates: [public]}  | Looks at certificate public (Secret shop-tls, shop.example.org:443, [fd00::7]:8443 (for shop.example.org)); changes nothing.",
                "{certificates: [client, partner]} | Looks at certificate client (Secret shop-client), partner (partner.example.org:443); changes nothing.",
                "{certificates: [client], renew: true, warnBefore: 21d} | Looks at certificate client (Secret shop-client); before that cert-manager is asked to renew those that end within 21d.",
                "{certificates: [x]}       | Looks at certificates that ManagedApplication shop does not name."
            })
    void givenAStep_whenItIsPlanned_thenItSaysWhatItWouldDo(String step, String plan) {
        assertThat(new CertificateCheckStepType().plan(turn(CERTIFICATES, step)))
                .isEqualTo(plan);
    }

    private static StepSeen.OfCertificates seen(JobObservation job, String conditions) {
        return new StepSeen.OfCertificates(
                new StepSeen.OfRunner(job, ServiceAccountObservation.NOT_NAMED, true, List.of(), RunWorld.START),
                new Issued.Found(List.of(
                        new IssuedCertificate(Serialization.unmarshal("""
                        metadata: {name: web, namespace: shop, resourceVersion: "77", generation: 3}
                        spec: {secretName: shop-tls}
                        status: {notBefore: "2025-12-31T00:00:00Z", notAfter: "2026-03-31T00:00:00Z", conditions: [%s]}
                        """.formatted(conditions), ObjectNode.class)))));
    }

    private static String conditions(StepTurn turn, String issuing) {
        String who = new CertificateCheckStepType()
                .renewals(turn, new Issued.Unknown(), RunWorld.START)
                .who();
        return "{type: Issuing, status: \"" + issuing
                + "\", message: At it}, {type: mainstay.dev/RenewalAsked, status: \"True\"," + " message: \"" + who
                + "\", lastTransitionTime: \"" + RunWorld.START + "\"}";
    }

    @Test
    void givenOneThatEndsSoon_whenTheStepRenews_thenTheJobIsMadeOnceThatIsDone() {
        CertificateCheckStepType type = new CertificateCheckStepType();
        StepTurn turn = turn(CERTIFICATES, "{certificates: [public], renew: true}");

        assertThat(type.judge(turn, seen(null, ""))).as("it is asked for").isEqualTo(new StepProgress.Act());
        assertThat(type.judge(turn, seen(null, conditions(turn, "True"))))
                .isEqualTo(new StepProgress.Wait(
                        "cert-manager was asked at 2026-03-29T03:00:00Z to renew Certificate web (Secret"
                                + " shop-tls), and is at it: At it."));
        assertThat(type.judge(turn, seen(null, conditions(turn, "False"))))
                .as("its Job is made")
                .isEqualTo(new StepProgress.Act());
        assertThat(type.foreseen(turn, seen(null, "")).orElseThrow().message())
                .isEqualTo("cert-manager would be asked to renew Certificate web (Secret shop-tls), which ends at"
                        + " 2026-03-31T00:00:00Z.");
    }

    /** What the Job tells comes first, and both fit. */
    @Test
    void givenAJobThatHasEnded_whenItWasRenewedBefore_thenBothAreTold() {
        CertificateCheckStepType type = new CertificateCheckStepType();
        StepTurn turn = turn(CERTIFICATES, "{certificates: [public], renew: true}");
        JobObservation job = new JobObservation(
                "shop",
                "j",
                true,
                false,
                false,
                RunWorld.START.plusSeconds(60),
                null,
                false,
                null,
                true,
                List.of(),
                new PodObservation(
                        "p",
                        null,
                        "n",
                        RunWorld.START,
                        true,
                        TaskJson.write(
                                TaskResult.of(StepReport.findings("x".repeat(1024), Map.of("leastDaysLeft", 89L)))),
                        null,
                        null,
                        null,
                        null));

        StepResult result = ((StepProgress.Ended) type.judge(turn, seen(job, conditions(turn, "False")))).result();

        assertThat(result.outcome()).isEqualTo(StepOutcome.FINDINGS);
        assertThat(result.measured()).isEqualTo(Map.of("leastDaysLeft", 89L));
        assertThat(result.message())
                .hasSizeLessThanOrEqualTo(1024)
                .startsWith("xxx")
                .endsWith("… cert-manager has renewed Certificate web (Secret shop-tls), as it was asked to at"
                        + " 2026-03-29T03:00:00Z.");
    }
}
