package dev.mainstay.e2e.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.runbook.MaintenanceRunStatus;
import dev.mainstay.api.runbook.RunOutcome;
import dev.mainstay.core.task.StepReport;
import dev.mainstay.e2e.operator.CheckedShop;
import dev.mainstay.e2e.operator.ShippedInstall;
import dev.mainstay.e2e.runner.Behaviour;
import dev.mainstay.e2e.runner.FakeCertManager;
import dev.mainstay.e2e.runner.FakeCertManager.Order;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBuilder;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** cert-manager is asked to renew what ends soon, and the Job looks at the certificates when it is done. */
@Tag("simulated")
class CertificateRenewalSimulatedTest {

    private static final String RIGHT = "renewals";
    private static final Runnable NOTHING = () -> {};

    @RegisterExtension
    static final ScriptedShops SHOPS = new ScriptedShops();

    @AutoClose
    private static FakeCertManager certManager;

    /** The rights are those that certManager.renew of the chart gives. */
    @BeforeAll
    static void open() {
        certManager = new FakeCertManager(SHOPS.namespace());
        SHOPS.namespace()
                .create(new RoleBuilder()
                        .withNewMetadata()
                        .withName(RIGHT)
                        .endMetadata()
                        .addNewRule()
                        .withApiGroups("cert-manager.io")
                        .withResources("certificates")
                        .withVerbs("list")
                        .endRule()
                        .addNewRule()
                        .withApiGroups("cert-manager.io")
                        .withResources("certificates/status")
                        .withVerbs("patch")
                        .endRule()
                        .build());
        allow();
    }

    private static void allow() {
        ShippedInstall install = ShippedInstall.get();
        SHOPS.namespace()
                .create(new RoleBindingBuilder()
                        .withNewMetadata()
                        .withName(RIGHT)
                        .endMetadata()
                        .withNewRoleRef("rbac.authorization.k8s.io", "Role", RIGHT)
                        .addNewSubject(null, "ServiceAccount", install.serviceAccount(), install.namespace())
                        .build());
        await().atMost(ScriptedShops.SOON).until(CertificateRenewalSimulatedTest::allowed);
    }

    private static boolean allowed() {
        ShippedInstall install = ShippedInstall.get();
        return SHOPS.namespace()
                .client()
                .resource(new SubjectAccessReviewBuilder()
                        .withNewSpec()
                        .withUser("system:serviceaccount:" + install.namespace() + ":" + install.serviceAccount())
                        .withNewResourceAttributes()
                        .withGroup("cert-manager.io")
                        .withResource("certificates")
                        .withVerb("list")
                        .withNamespace(SHOPS.namespace().name())
                        .endResourceAttributes()
                        .endSpec()
                        .build())
                .create()
                .getStatus()
                .getAllowed();
    }

    private static CheckedShop shop(String name, String step) {
        SHOPS.shop(name, task -> Behaviour.SUCCEED).open();
        SHOPS.namespace()
                .all(ManagedApplication.class)
                .withName(name)
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        "{\"spec\": {\"certificates\": [{\"name\": \"public\", \"secretRef\": {\"name\": \"%s-tls\"}}]}}"
                                .formatted(name));
        return new CheckedShop(SHOPS.namespace(), name, null, 0).runbook("""
                {"steps": [{"name": "look", "certificateCheck": {"certificates": ["public"], "renew": true}, %s}],
                 "finally": null}""".formatted(step));
    }

    private static String message(MaintenanceRunStatus status) {
        return status.steps().getFirst().message();
    }

    @Test
    void givenACertificateThatEndsSoon_whenARunIsMade_thenItIsRenewedOnceBeforeTheJobLooksAtIt() {
        CheckedShop shop = shop("soon", "\"retries\": 0");
        certManager.issued("soon", Duration.ofDays(20), Order.ISSUED, () -> {
            await("it is told that it is waited for")
                    .atMost(ScriptedShops.SOON)
                    .until(() -> message(shop.status("soon-1")) != null
                            && message(shop.status("soon-1")).startsWith("cert-manager was asked at "));
            assertThat(SHOPS.jobs("soon-1")).isEmpty();
        });
        SHOPS.runner().steps("soon-1", StepReport.passed("Valid until: public.", Map.of("leastDaysLeft", 89L)));

        MaintenanceRunStatus status = shop.run("soon-1", "").finished("soon-1");

        assertThat(status.outcome()).as("%s", status).isEqualTo(RunOutcome.PASSED);
        assertThat(message(status))
                .startsWith(
                        "Valid until: public. cert-manager has renewed Certificate soon (Secret soon-tls), as it was asked to");
        assertThat(SHOPS.jobs("soon-1")).hasSize(1);
        assertThat(certManager.asked("soon")).isEqualTo(1);
        assertThat(new String(
                        Base64.getDecoder()
                                .decode(SHOPS.namespace()
                                        .find(Secret.class, "soon-tls")
                                        .getData()
                                        .get("tls.crt")),
                        StandardCharsets.UTF_8))
                .isEqualTo("revision 2");
        JsonNode conditions = certManager.certificate("soon").path("status").path("conditions");
        assertThat(conditions.findValuesAsText("type")).containsExactly("Ready", "mainstay.dev/RenewalAsked");
        assertThat(conditions.get(1).path("message").asText())
                .startsWith("By step look of MaintenanceRun soon-1, attempt 1 (");
    }

    @Test
    void givenAnIssuerThatRefuses_whenARunIsMade_thenTheJobLooksAtWhatIsThereAndTheRefusalIsTold() {
        CheckedShop shop = shop("refused", "\"retries\": 0");
        certManager.issued("refused", Duration.ofDays(20), Order.REFUSED, NOTHING);
        SHOPS.runner().steps("refused-1", StepReport.findings("It ends.", Map.of()));

        MaintenanceRunStatus status = shop.run("refused-1", "").finished("refused-1");

        assertThat(status.outcome()).as("%s", status).isEqualTo(RunOutcome.FINDINGS);
        assertThat(message(status))
                .startsWith("It ends. cert-manager was asked at ")
                .contains(
                        " to renew Certificate refused (Secret refused-tls), and could not: The order is Failed. kubectl");
        assertThat(certManager.asked("refused")).isEqualTo(1);
    }

    @Test
    void givenAnIssuerOfWhichNothingIsHeard_whenHalfOfTheTimeIsOver_thenTheJobLooksAtWhatIsThere() {
        CheckedShop shop = shop("pending", "\"timeout\": \"20s\"");
        certManager.issued("pending", Duration.ofDays(20), Order.PENDING, NOTHING);
        SHOPS.runner().steps("pending-1", StepReport.findings("It ends.", Map.of()));

        MaintenanceRunStatus status = shop.run("pending-1", "").finished("pending-1");

        assertThat(status.outcome()).as("%s", status).isEqualTo(RunOutcome.FINDINGS);
        assertThat(message(status))
                .contains(
                        " to renew Certificate pending (Secret pending-tls), and has not done it within 10s: Certificate"
                                + " re-issuance manually triggered. kubectl");
    }

    @Test
    void givenTimeLeft_whenARunIsMade_thenNobodyIsAskedAndNothingIsTold() {
        CheckedShop shop = shop("fresh", "\"retries\": 0");
        certManager.issued("fresh", Duration.ofDays(31), Order.ISSUED, NOTHING);
        SHOPS.runner().steps("fresh-1", StepReport.passed("Valid until: public.", Map.of()));

        MaintenanceRunStatus status = shop.run("fresh-1", "").finished("fresh-1");

        assertThat(message(status)).isEqualTo("Valid until: public.");
        assertThat(certManager.asked("fresh")).isZero();
    }

    @Test
    void givenADryRun_whenOneEndsSoon_thenItTellsWhatWouldBeAskedAndAsksNobody() {
        CheckedShop shop = shop("dry", "\"retries\": 0");
        certManager.issued("dry", Duration.ofDays(20), Order.ISSUED, NOTHING);

        MaintenanceRunStatus status = shop.run("dry-1", "dryRun: true").finished("dry-1");

        assertThat(message(status))
                .contains("before that cert-manager is asked to renew those that end within 30d.")
                .contains("cert-manager would be asked to renew Certificate dry (Secret dry-tls), which ends at ");
        assertThat(certManager.asked("dry")).isZero();
    }

    @Test
    void givenAnOperatorWithoutTheRight_whenARunIsMade_thenTheJobLooksAndWhatToDoIsTold() {
        CheckedShop shop = shop("unallowed", "\"retries\": 0");
        certManager.issued("unallowed", Duration.ofDays(20), Order.ISSUED, NOTHING);
        SHOPS.runner().steps("unallowed-1", StepReport.passed("Valid until: public.", Map.of()));
        SHOPS.namespace().all(RoleBinding.class).withName(RIGHT).delete();
        await().atMost(ScriptedShops.SOON).until(() -> !allowed());
        try {
            MaintenanceRunStatus status = shop.run("unallowed-1", "").finished("unallowed-1");

            assertThat(status.outcome()).as("%s", status).isEqualTo(RunOutcome.PASSED);
            assertThat(message(status))
                    .startsWith(
                            "Valid until: public. Nobody was asked for a renewal (renew: true), since the operator may not: ")
                    .endsWith(". Set certManager.renew in the chart's values.");
            assertThat(certManager.asked("unallowed")).isZero();
        } finally {
            allow();
        }
    }
}
