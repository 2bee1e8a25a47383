package dev.mainstay.core.certificate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which Certificates of cert-manager are asked for, which are waited for, and what is told of them. */
class RenewalsTest {

    private static final Instant NOW = Instant.parse("2026-03-29T03:00:00Z");
    private static final String WHO = "By step look of MaintenanceRun tuesday, attempt 1 (uid-run)";

    /** Another attempt has asked before: that is not this one. */
    private static final String READY = """
            {type: Ready, status: "True", reason: Ready, message: up to date, lastTransitionTime: "2026-01-01T00:00:00Z"},
            {type: mainstay.dev/RenewalAsked, status: "True", reason: Asked, message: "By another (uid-other)",
             lastTransitionTime: "2026-03-01T00:00:00Z"}""";

    private static final String ASKED = """
            {type: Ready, status: "True", reason: Ready, message: up to date, lastTransitionTime: "2026-01-01T00:00:00Z"},
            {type: mainstay.dev/RenewalAsked, status: "True", reason: Asked, message: "%s",
             lastTransitionTime: "2026-03-29T02:58:00Z"}""".formatted(WHO);

    private static final String ISSUING = """
            , {type: Issuing, status: "True", reason: ManuallyTriggered, message: "Waiting for\\n the order",
             lastTransitionTime: "2026-03-29T02:58:00Z"}""";

    private static final String FAILED = """
            , {type: Issuing, status: "False", reason: Failed, message: "The order was refused.",
             lastTransitionTime: "2026-03-29T02:59:00Z"}""";

    private static IssuedCertificate certificate(String name, String secret, String status) {
        return new IssuedCertificate(Serialization.unmarshal("""
                apiVersion: cert-manager.io/v1
                kind: Certificate
                metadata: {name: %s, namespace: shop, resourceVersion: "77", generation: 3}
                spec: {secretName: %s, issuerRef: {name: ca}}
                status: {%s}
                """.formatted(name, secret, status), ObjectNode.class));
    }

    private static IssuedCertificate ending(String from, String until, String conditions) {
        return certificate("web", "shop-tls", """
                notBefore: "%s", notAfter: "%s", conditions: [%s]""".formatted(from, until, conditions));
    }

    private static Renewals renewals(IssuedCertificate... found) {
        return renewals(new Issued.Found(Arrays.asList(found)));
    }

    private static Renewals renewals(Issued issued) {
        return new Renewals(
                List.of("shop-tls"),
                "shop",
                Duration.ofDays(30),
                WHO,
                NOW.minusSeconds(130),
                Duration.ofMinutes(7),
                issued,
                NOW);
    }

    /** A limit is a limit: what ends in just so long is well. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "2026-01-28T03:00:00Z | 2026-04-28T03:00:00Z | Look",
                "2026-01-28T02:59:59Z | 2026-04-28T02:59:59Z | Ask",
                "2025-12-28T00:00:00Z | 2026-03-28T00:00:00Z | Ask"
            })
    void givenTheTimeThatIsLeft_whenItIsLookedAt_thenItIsAskedForBelowTheLimit(String from, String until, String next) {
        assertThat(renewals(ending(from, until, READY)).next().getClass().getSimpleName())
                .isEqualTo(next);
    }

    @Test
    void givenACertificateOfAShortLife_whenItIsLookedAt_thenItIsNotAskedForSinceTheNextWouldBeTheSame() {
        Renewals renewals = renewals(ending("2026-03-10T03:00:00Z", "2026-04-09T03:00:00Z", READY));

        assertThat(renewals.next()).isInstanceOf(Renewals.Next.Look.class);
        assertThat(renewals.hindrances())
                .isEqualTo(
                        "cert-manager was not asked to renew Certificate web (Secret shop-tls), which is valid for 30 days in"
                                + " all: a new one would be within warnBefore (30d) as well. Make warnBefore shorter.");
        assertThat(renewals.foreseen()).contains(renewals.hindrances());
    }

    @Test
    void givenOneThatIsDue_whenItIsAskedFor_thenTheOtherConditionsStayAndTheNextLookWaits() {
        IssuedCertificate due = ending("2025-12-31T00:00:00Z", "2026-03-31T00:00:00Z", READY + FAILED);
        assertThat(renewals(due).next()).isEqualTo(new Renewals.Next.Ask(List.of(due)));
        assertThat(renewals(due).foreseen())
                .contains("cert-manager would be asked to renew Certificate web (Secret shop-tls), which ends at"
                        + " 2026-03-31T00:00:00Z.");

        JsonNode patch = due.asking(WHO, NOW.minusSeconds(60).plusMillis(7));

        assertThat(patch.path("metadata").path("resourceVersion").asText()).isEqualTo("77");
        JsonNode conditions = patch.path("status").path("conditions");
        assertThat(conditions.findValuesAsText("type"))
                .containsExactly("Ready", "Issuing", "mainstay.dev/RenewalAsked");
        assertThat(conditions.get(1))
                .hasToString("{\"type\":\"Issuing\",\"status\":\"True\",\"reason\":\"ManuallyTriggered\","
                        + "\"message\":\"Certificate re-issuance manually triggered\",\"observedGeneration\":3,"
                        + "\"lastTransitionTime\":\"2026-03-29T02:59:00Z\"}");
        ObjectNode asked = (ObjectNode) due.json().deepCopy();
        ((ObjectNode) asked.get("status")).set("conditions", conditions);
        assertThat(renewals(new IssuedCertificate(asked)).next())
                .isEqualTo(
                        new Renewals.Next.Wait("cert-manager was asked at 2026-03-29T02:59:00Z to renew Certificate web"
                                + " (Secret shop-tls), and is at it: Certificate re-issuance manually triggered."));
    }

    /** Whatever it has issued: it is not asked again in this attempt. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "2026-03-29T02:59:00Z | 2026-06-27T02:59:00Z",
                "2026-03-29T02:59:00Z | 2026-04-01T02:59:00Z",
                "2025-12-31T00:00:00Z | 2026-03-31T00:00:00Z"
            })
    void givenOneThatWasAskedFor_whenItIsIssued_thenThatIsToldAndItIsLookedAt(String from, String until) {
        Renewals renewals = renewals(ending(from, until, ASKED));

        assertThat(renewals.next()).isInstanceOf(Renewals.Next.Look.class);
        assertThat(renewals.renewed())
                .isEqualTo("cert-manager has renewed Certificate web (Secret shop-tls), as it was asked to at"
                        + " 2026-03-29T02:58:00Z.");
        assertThat(renewals.hindrances()).isEmpty();
    }

    @Test
    void givenOneThatWasAskedFor_whenItCantBeIssued_thenWhatCertManagerSaysIsTold() {
        Renewals renewals = renewals(certificate("web", "shop-tls", """
                notBefore: "2025-12-31T00:00:00Z", notAfter: "2026-03-31T00:00:00Z", lastFailureTime: "2026-03-29T02:59:00Z",
                conditions: [%s]""".formatted(ASKED + FAILED)));

        assertThat(renewals.next()).isInstanceOf(Renewals.Next.Look.class);
        assertThat(renewals.renewed()).isEmpty();
        assertThat(renewals.hindrances())
                .isEqualTo(
                        "cert-manager was asked at 2026-03-29T02:58:00Z to renew Certificate web (Secret shop-tls), and could"
                                + " not: The order was refused. kubectl describe certificates.cert-manager.io web --namespace shop tells"
                                + " more.");
    }

    /** A failure of before is none of this attempt's. */
    @Test
    void givenAFailureOfYesterday_whenItIsDue_thenItIsAskedForAgain() {
        assertThat(renewals(certificate("web", "shop-tls", """
                        notBefore: "2025-12-31T00:00:00Z", notAfter: "2026-03-31T00:00:00Z",
                        lastFailureTime: "2026-03-28T02:59:00Z", conditions: [%s]""".formatted(READY + FAILED)))
                        .next())
                .isInstanceOf(Renewals.Next.Ask.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "asked | PT4M59S | Wait | ",
                "asked | PT5M    | Look | cert-manager was asked at 2026-03-29T02:58:00Z to renew Certificate web (Secret shop-tls), and has not done it within 7m: Waiting for the order. kubectl",
                "other | PT4M49S | Wait | ",
                "other | PT4M50S | Look | cert-manager is about to renew Certificate web (Secret shop-tls), and has not done it within 7m: Waiting for the order. kubectl"
            })
    void givenOneThatIsBeingIssued_whenTimeGoesBy_thenItIsWaitedForSoLong(
            String who, Duration later, String next, String told) {
        Renewals renewals = renewals(ending(
                "2025-12-31T00:00:00Z", "2026-03-31T00:00:00Z", (who.equals("asked") ? ASKED : READY) + ISSUING));
        Renewals after = new Renewals(
                renewals.secrets(),
                renewals.namespace(),
                renewals.limit(),
                renewals.who(),
                renewals.since(),
                renewals.patience(),
                renewals.issued(),
                NOW.plus(later));

        assertThat(after.next().getClass().getSimpleName()).isEqualTo(next);
        assertThat(after.hindrances()).startsWith(told == null ? "" : told);
        assertThat(after.hindrances().isEmpty()).isEqualTo(told == null);
    }

    @Test
    void givenNoCertificateOfThatSecretOrSeveral_whenItIsLookedAt_thenNobodyIsAsked() {
        Renewals none = renewals(certificate("other", "other-tls", "notAfter: \"2026-03-30T00:00:00Z\""));
        assertThat(none.next()).isInstanceOf(Renewals.Next.Look.class);
        assertThat(none.hindrances())
                .isEqualTo(
                        "Nobody was asked to renew what is in Secret shop-tls: no Certificate of cert-manager has it in"
                                + " spec.secretName.");

        Renewals several = renewals(
                ending("2025-12-31T00:00:00Z", "2026-03-31T00:00:00Z", READY),
                certificate("twin", "shop-tls", "notAfter: \"2026-03-30T00:00:00Z\""));
        assertThat(several.next()).isInstanceOf(Renewals.Next.Look.class);
        assertThat(several.hindrances()).contains("web and twin, Certificates of cert-manager, all have it");
    }

    @Test
    void givenOneThatWasNeverIssued_whenItIsLookedAt_thenItIsLeftToCertManager() {
        Renewals renewals = renewals(certificate("web", "shop-tls", "conditions: []"));

        assertThat(renewals.next()).isInstanceOf(Renewals.Next.Look.class);
        assertThat(renewals.foreseen()).isEmpty();
    }

    @Test
    void givenAClusterWithoutCertManagerOrWithoutTheRight_whenItIsLookedAt_thenThatIsTold() {
        assertThat(renewals(new Issued.Unknown()).next()).isInstanceOf(Renewals.Next.Look.class);
        assertThat(renewals(new Issued.Unknown()).foreseen().orElseThrow())
                .isEqualTo(
                        "Nobody was asked for a renewal (renew: true): this cluster has no Certificates of cert-manager."
                                + " Install it, or take renew out of the step.");
        assertThat(renewals(new Issued.Forbidden("certificates.cert-manager.io is forbidden"))
                        .hindrances())
                .isEqualTo("Nobody was asked for a renewal (renew: true), since the operator may not:"
                        + " certificates.cert-manager.io is forbidden. Set certManager.renew in the chart's values.");
    }
}
