package dev.mainstay.core.certificate;

import static dev.mainstay.core.certificate.Certificates.NOW;
import static dev.mainstay.core.certificate.Certificates.ROOT;
import static dev.mainstay.core.certificate.Certificates.ending;
import static dev.mainstay.core.certificate.Certificates.held;
import static dev.mainstay.core.certificate.Certificates.of;
import static dev.mainstay.core.certificate.Certificates.served;
import static dev.mainstay.core.certificate.Certificates.trusted;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.runbook.StepOutcome;
import dev.mainstay.core.certificate.CertificateCheck.Limits;
import dev.mainstay.core.certificate.Looked.Held;
import dev.mainstay.core.certificate.Looked.Served;
import dev.mainstay.core.certificate.SeenChain.Trust;
import dev.mainstay.core.task.StepReport;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What follows from a look at certificates. */
class CertificateCheckTest {

    private static final long DAY = 24;
    private static final Limits LIMITS = new Limits(Duration.ofDays(30), Duration.ofDays(7));

    private static StepReport report(Held held, Served... served) {
        return report(LIMITS, new Looked("public", held, Arrays.asList(served)));
    }

    private static StepReport report(Limits limits, Looked... looked) {
        return new CertificateCheck(List.of(looked), limits, "shop", NOW).report();
    }

    @Test
    void givenACertificateThatIsWell_whenItIsJudged_thenItsEndIsTold() {
        SeenChain chain = trusted(ending("a", 60 * DAY + 3));

        StepReport report = report(held(chain), served(chain));

        assertThat(report)
                .isEqualTo(StepReport.passed(
                        "Valid until: public 2026-05-28T15:00:00Z (60 days left).",
                        Map.of("certificates", 1L, "endpoints", 1L, "leastDaysLeft", 60L)));
    }

    @Test
    void givenTenCertificatesWithMuchToSay_whenTheyAreJudged_thenTheWorstIsWholeAndTheRestIsCounted() {
        Looked[] looked = IntStream.rangeClosed(1, 10)
                .mapToObj(i -> new Looked(
                        "certificate-with-a-name-" + i,
                        held(trusted(ending("a" + i, (i == 10 ? 1 : 20 + i) * DAY))),
                        List.of()))
                .toArray(Looked[]::new);

        StepReport report = report(LIMITS, looked);

        assertThat(report.outcome()).isEqualTo(StepOutcome.FAILED);
        assertThat(report.message())
                .startsWith(
                        "Certificate certificate-with-a-name-10 in Secret shop/shop-tls ends at 2026-03-30T12:00:00Z")
                .matches("(?s).* [1-9] more remarks are left out \\([1-9] Findings\\)\\. .*")
                .contains("measured, in status.steps and in the run's report (status.report.configMap)")
                .endsWith("certificate-with-a-name-2 2026-04-20T12:00:00Z (22 days left) and 7 more.")
                .doesNotContain("(cut)");
        assertThat(report.message().length()).isLessThanOrEqualTo(StepReport.LONGEST);
        assertThat(report.facts())
                .containsEntry("leastDaysLeft", 1L)
                .containsEntry("daysLeft.certificate-with-a-name-10", 1L)
                .containsEntry("daysLeft.certificate-with-a-name-9", 29L);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                " 721 | 30d | 7d | PASSED   |",
                " 720 | 30d | 7d | PASSED   |",
                " 719 | 30d | 7d | FINDINGS | ends at 2026-04-28T11:00:00Z, in 29 days, which is within warnBefore (30d). Renew it",
                " 168 | 30d | 7d | FINDINGS | in 7 days, which is within warnBefore",
                " 167 | 30d | 7d | FAILED   | in 6 days, which is within failBefore (7d). Renew it",
                "  30 | 30d | 7d | FAILED   | in 1d6h, which is within failBefore",
                "   1 | 30d | 0  | FINDINGS | in 1h, which is within warnBefore",
                "   1 | 0   | 0  | PASSED   |",
                "   0 | 0   | 0  | FAILED   | has ended at 2026-03-29T12:00:00Z, 0s ago. Renew it",
                "  -1 | 0   | 0  | FAILED   | has ended at 2026-03-29T11:00:00Z, 1h ago. Renew it",
                " -72 | 30d | 7d | FAILED   | has ended at 2026-03-26T12:00:00Z, 3 days ago. Renew it"
            })
    void givenTimeLeft_whenItIsJudged_thenItIsComparedWithBothLimits(
            long hours, String warn, String fail, StepOutcome outcome, String told) {
        Limits limits = new Limits(days(warn), days(fail));

        StepReport report = report(limits, new Looked("public", held(trusted(ending("a", hours))), List.of()));

        assertThat(report.outcome()).isEqualTo(outcome);
        if (told != null) {
            assertThat(report.message())
                    .startsWith("Certificate public in Secret shop/shop-tls ")
                    .contains(told);
        }
        assertThat(report.reason()).isEqualTo(outcome == StepOutcome.FAILED ? "CertificateEnds" : null);
        assertThat(report.facts()).containsEntry("leastDaysLeft", Math.floorDiv(hours, DAY));
    }

    private static Duration days(String text) {
        return Duration.ofDays(Long.parseLong(text.replace("d", "")));
    }

    @Test
    void givenOneThatIsNotValidYet_whenItIsJudged_thenItFails() {
        SeenChain chain = trusted(of("a", "CN=a", ROOT, NOW.plusSeconds(7200), NOW.plusSeconds(9_000_000), "EC", 256));

        StepReport report = report(null, served(chain));

        assertThat(report.outcome()).isEqualTo(StepOutcome.FAILED);
        assertThat(report.message())
                .startsWith("Certificate public at 10.0.0.7:443 (for shop.example.org) is not valid before"
                        + " 2026-03-29T14:00:00Z, in 2h: clients refuse it until then.");
    }

    /** The same finding of two places is one. */
    @Test
    void givenTheSameCertificateAtBothPlaces_whenItEnds_thenItIsToldOnce() {
        SeenChain chain = trusted(ending("a", 10 * DAY));

        assertThat(report(held(chain), served(chain)).message())
                .isEqualTo(
                        "Certificate public in Secret shop/shop-tls and at 10.0.0.7:443 (for shop.example.org) ends at"
                                + " 2026-04-08T12:00:00Z, in 10 days, which is within warnBefore (30d). Renew it, or find out why what"
                                + " renews it did not. Valid until: public 2026-04-08T12:00:00Z (10 days left).");
    }

    @Test
    void givenAnEndpointWithAnOlderCertificate_whenItIsJudged_thenItIsToBeRestarted() {
        StepReport report = report(held(trusted(ending("new", 80 * DAY))), served(trusted(ending("old", 40 * DAY))));

        assertThat(report.outcome()).isEqualTo(StepOutcome.FINDINGS);
        assertThat(report.message())
                .startsWith(
                        "Certificate public at 10.0.0.7:443 (for shop.example.org) is an older one (serial OLD, from"
                                + " 2026-02-07T12:00:00Z to 2026-05-08T12:00:00Z) than Secret shop/shop-tls holds (serial NEW,"
                                + " from 2026-03-19T12:00:00Z to 2026-06-17T12:00:00Z): restart what serves it. Valid until: public 2026-05-08");
    }

    /** It is renewed already, so that is not what is asked for. */
    @Test
    void givenAnOlderCertificateThatEnds_whenItIsJudged_thenNobodyIsToRenewIt() {
        StepReport report = report(held(trusted(ending("new", 80 * DAY))), served(trusted(ending("old", 3 * DAY))));

        assertThat(report.outcome()).isEqualTo(StepOutcome.FAILED);
        assertThat(report.message())
                .startsWith(
                        "Certificate public at 10.0.0.7:443 (for shop.example.org) ends at 2026-04-01T12:00:00Z, in 3 days,"
                                + " which is within failBefore (7d). Restart what serves it: Secret shop/shop-tls holds a newer one."
                                + " Certificate public at")
                .contains("is an older one (serial OLD")
                .doesNotContain("Renew");
        assertThat(report.facts()).containsEntry("certificates", 2L);
    }

    @Test
    void givenAnEndpointWithANewerCertificate_whenItIsJudged_thenTheWrongOneIsNamed() {
        assertThat(report(held(trusted(ending("a", 40 * DAY))), served(trusted(ending("b", 80 * DAY))))
                        .message())
                .startsWith("Certificate public at 10.0.0.7:443 (for shop.example.org) is another one (serial B, from"
                        + " 2026-03-19T12:00:00Z to 2026-06-17T12:00:00Z) than Secret shop/shop-tls holds (serial A, from"
                        + " 2026-02-07T12:00:00Z to 2026-05-08T12:00:00Z):"
                        + " something else serves there. Correct secretRef or endpoints in spec.certificates[public] of"
                        + " ManagedApplication shop.");
    }

    /** What is in the Secret is not to be served yet. */
    @Test
    void givenASecretThatIsNotValidYet_whenTheEndpointServesTheOneBefore_thenNothingIsToBeRestarted() {
        SeenChain next = trusted(of("next", "CN=a", ROOT, NOW.plusSeconds(60), NOW.plusSeconds(9_000_000), "EC", 256));

        StepReport report = report(held(next), served(trusted(ending("old", 3 * DAY))));

        assertThat(report.message())
                .contains("is not valid before")
                .doesNotContainIgnoringCase("restart")
                .doesNotContain("another one");
    }

    @Test
    void givenTwoEndpoints_whenOneServesAnOlderOne_thenThatOneIsNamed() {
        SeenChain fresh = trusted(ending("new", 80 * DAY));
        Served second = new Served("[fd00::7]:8443", "fd00:0:0:0:0:0:0:7", trusted(ending("old", 40 * DAY)), null);

        assertThat(report(held(fresh), served(fresh), second).message())
                .startsWith("Certificate public at [fd00::7]:8443 is an older one")
                .containsOnlyOnce("is an older one");
    }

    @Test
    void givenAnEndpointThatIsSilent_whenItIsJudged_thenItCouldNotBeChecked() {
        SeenChain chain = trusted(ending("a", 60 * DAY));

        StepReport report = report(held(chain), new Served("shop:443", "shop", null, "no connection within 10s."));

        assertThat(report.outcome()).isEqualTo(StepOutcome.COULD_NOT_CHECK);
        assertThat(report.reason()).isEqualTo("EndpointUnreachable");
        assertThat(report.message())
                .startsWith(
                        "Certificate public at shop:443: no connection within 10s. Mend what stands in the way, or correct"
                                + " endpoints in spec.certificates[public] of ManagedApplication shop.");
    }

    @Test
    void givenASecretThatIsMissing_whenItIsJudged_thenThatIsAFinding() {
        StepReport report = report(
                new Held("Secret shop/shop-tls", null, "Secret shop/shop-tls does not exist."),
                served(trusted(ending("a", 60 * DAY))));

        assertThat(report.outcome()).isEqualTo(StepOutcome.FINDINGS);
        assertThat(report.message())
                .startsWith(
                        "Certificate public: Secret shop/shop-tls does not exist. Mend the Secret, or correct secretRef in"
                                + " spec.certificates[public] of ManagedApplication shop.");
    }

    @ParameterizedTest
    @CsvSource({
        "shop.example.org, true",
        "SHOP.example.ORG, true",
        "www.shop.example.org, false",
        "example.org, false",
        "a.shop.test, true",
        "shop.test, false",
        "a.b.shop.test, false",
        "10.0.0.7, true",
        "10.0.0.8, false",
        "10.0.1.8, false",
        "fd00:0:0:0:0:0:0:7, true",
        "FD00:0:0:0:0:0:0:7, true",
        "fd00:0:0:0:0:0:0:8, false"
    })
    void givenANameThatIsAskedFor_whenTheCertificateIsJudged_thenItHasToHaveIt(String name, boolean fits) {
        SeenChain chain = trusted(ending("a", 60 * DAY));

        StepReport report = report(held(chain), new Served("x:443", name, chain, null));

        assertThat(report.outcome()).isEqualTo(fits ? StepOutcome.PASSED : StepOutcome.FINDINGS);
        if (!fits) {
            assertThat(report.message())
                    .startsWith(
                            "Certificate public in Secret shop/shop-tls and at x:443 is made out to shop.example.org,"
                                    + " *.shop.test, *.0.1.8, 10.0.0.7, fd00:0:0:0:0:0:0:7, and not to " + name
                                    + ": clients refuse it.");
        }
    }

    @Test
    void givenACertificateWithoutNames_whenItIsServed_thenItsSubjectIsNoName() {
        SeenCertificate old = ending("a", 60 * DAY);
        SeenChain chain = trusted(new SeenCertificate(
                "a", "A", "CN=shop.example.org", ROOT, old.from(), old.until(), List.of(), "RSA", 4096));

        assertThat(report(null, served(chain)).message())
                .contains("is made out to no name (it has no subject alternative names), and not to shop.example.org");
    }

    @Test
    void givenAChainThatEndsBefore_whenItIsTrusted_thenItsIssuerIsNamed() {
        SeenCertificate leaf = ending("a", 60 * DAY);
        SeenCertificate issuer = ending("between", 5 * DAY);

        StepReport report = report(null, served(trusted(leaf, issuer)));

        assertThat(report.outcome()).isEqualTo(StepOutcome.FAILED);
        assertThat(report.message())
                .startsWith(
                        "Certificate public: that of CN=between in the chain at 10.0.0.7:443 (for shop.example.org) ends at"
                                + " 2026-04-03T12:00:00Z, in 5 days");
    }

    /** What is served without need is passed over by clients, and a root that has ended is often there. */
    @ParameterizedTest
    @CsvSource({"path, PASSED", "refused, FINDINGS", "unknown, COULD_NOT_CHECK", "not-asked, FAILED"})
    void givenARootThatHasEnded_whenItComesAlong_thenItCountsOnlyWhereNobodyKnowsWhatItIsFor(
            String how, StepOutcome outcome) {
        SeenCertificate leaf = ending("a", 60 * DAY);
        SeenCertificate root =
                of("root", ROOT, ROOT, NOW.minus(Duration.ofDays(4000)), NOW.minus(Duration.ofDays(3)), "RSA", 1024);
        Trust trust =
                switch (how) {
                    case "path" -> new Trust.Path(List.of(leaf));
                    case "refused" -> new Trust.Refused("it is not.");
                    case "unknown" -> new Trust.Unknown("who knows.");
                    default -> new Trust.NotAsked();
                };

        StepReport report = report(held(new SeenChain(List.of(leaf, root), trust)));

        assertThat(report.outcome()).isEqualTo(outcome);
    }

    @Test
    void givenNoTrust_whenItIsJudged_thenItIsToldWhereAndWhy() {
        SeenChain trusted = trusted(ending("a", 60 * DAY));
        SeenChain bare = new SeenChain(List.of(ending("a", 60 * DAY)), new Trust.Refused("the issuer is missing."));

        StepReport report = report(held(trusted), served(bare));

        assertThat(report.outcome()).isEqualTo(StepOutcome.FINDINGS);
        assertThat(report.message())
                .startsWith(
                        "Certificate public at 10.0.0.7:443 (for shop.example.org) is not trusted: the issuer is missing."
                                + " Valid until");
    }

    @Test
    void givenAnAuthorityThatIsMissing_whenItIsJudged_thenItCouldNotBeCheckedAndIsToldOnce() {
        SeenChain chain =
                new SeenChain(List.of(ending("a", 60 * DAY)), new Trust.Unknown("Secret shop/ca is missing."));

        StepReport report = report(held(chain), served(chain));

        assertThat(report.outcome()).isEqualTo(StepOutcome.COULD_NOT_CHECK);
        assertThat(report.reason()).isEqualTo("CredentialsMissing");
        assertThat(report.message())
                .startsWith(
                        "Certificate public in Secret shop/shop-tls and at 10.0.0.7:443 (for shop.example.org) may be"
                                + " trusted or not: Secret shop/ca is missing. Valid");
    }

    @ParameterizedTest
    @CsvSource({
        "RSA, 1024, true",
        "RSA, 2047, true",
        "RSA, 2048, false",
        "EC, 192, true",
        "EC, 224, false",
        "DSA, 1024, true",
        "EdDSA, 0, false",
        "RSA, 0, false"
    })
    void givenAKey_whenItIsSmall_thenThatIsAFinding(String algorithm, int bits, boolean weak) {
        Instant until = NOW.plus(Duration.ofDays(60));
        SeenChain chain = trusted(of("a", "CN=a", ROOT, NOW, until, algorithm, bits));

        StepReport report = report(held(chain), served(chain));

        assertThat(report.outcome()).isEqualTo(weak ? StepOutcome.FINDINGS : StepOutcome.PASSED);
        if (weak) {
            assertThat(report.message())
                    .contains("has a key of " + bits + " bits (" + algorithm + "), which is too small");
        }
    }

    /** What is worst comes first, and the message fits whatever is found. */
    @Test
    void givenEverythingWrong_whenItIsJudged_thenTheWorstComesFirst() {
        Looked[] looked = {
            new Looked("a", new Held("Secret shop/a", null, "Secret shop/a does not exist."), List.of()),
            new Looked("b", null, List.of(new Served("b:443", "b", null, "no connection within 10s."))),
            new Looked("c", held(trusted(ending("c", -5))), List.of())
        };

        StepReport report = report(LIMITS, looked);

        assertThat(report.outcome()).isEqualTo(StepOutcome.FAILED);
        assertThat(report.message())
                .matches("Certificate c in .* has ended .* Certificate b at b:443: .* Certificate a: .*"
                        + " Valid until: c 2026-03-29T07:00:00Z\\.");
    }

    @Test
    void givenNamesThatAStrangerWrote_whenTheyAreTold_thenTheyAreShortAndPlain() {
        SeenCertificate leaf = ending("a", 60 * DAY);
        SeenCertificate odd = of(
                "odd",
                "CN=x\n\u001b[31m" + "y".repeat(500),
                ROOT,
                NOW.minusSeconds(60),
                NOW.plus(Duration.ofDays(5)),
                "EC",
                256);

        assertThat(report(null, served(trusted(leaf, odd))).message())
                .contains("that of CN=x??[31myyy")
                .contains("yyy… in the chain")
                .doesNotContain("y".repeat(81));
    }
}
