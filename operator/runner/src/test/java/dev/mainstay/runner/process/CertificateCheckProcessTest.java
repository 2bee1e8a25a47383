package dev.mainstay.runner.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.runbook.StepOutcome;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.CertificateCheckWork;
import dev.mainstay.core.task.CertificateCheckWork.Endpoint;
import dev.mainstay.core.task.CertificateCheckWork.Target;
import dev.mainstay.core.task.StepReport;
import dev.mainstay.core.task.Task.MountedSecret;
import dev.mainstay.core.task.TaskResult;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The step certificateCheck, with Secrets as a Job has them, and servers that speak TLS, or do not. */
@Tag("process")
class CertificateCheckProcessTest {

    private static final String HOST = "shop.example.org";
    private static final String SAN = "dns:" + HOST;
    private static final MountedSecret SECRET =
            MountedSecret.ofKey("certificate-1", "shop-tls", "certificate", "tls.crt");
    private static final MountedSecret AUTHORITY = MountedSecret.ofKey("certificate-ca-1", "shop-ca", "ca", "ca.crt");
    private static final int DAY = 86_400;

    @TempDir
    static Path issued;

    @TempDir
    Path folder;

    private static IssuedCertificates certificates;
    private StepAttempt attempt;

    @BeforeAll
    static void issue() {
        certificates = new IssuedCertificates(issued)
                .issue("new", "between", -1, 90, SAN)
                .issue("old", "between", -40, 89, SAN)
                .issue("warned", "between", -70, 89, SAN)
                .issue("failing", "between", -85, 89, SAN)
                .issue("expired", "between", -93, 90, SAN)
                .issue("early", "between", 2, 90, SAN)
                .issue("other", "between", -1, 90, "dns:other.example.org,dns:*.example.net")
                .issue("addressed", "between", -1, 90, "ip:127.0.0.1,ip:fd00::7")
                .issue("itself", null, -1, 90, SAN)
                .issue("weak", "between", -1, 90, SAN, "-keyalg", "RSA", "-keysize", "1024");
    }

    @BeforeEach
    void open() {
        attempt = new StepAttempt(folder).secret("certificate-ca-1", "ca.crt", certificates.pem("root"));
    }

    private static Endpoint at(int port) {
        return new Endpoint("127.0.0.1", port, HOST);
    }

    private StepReport report(MountedSecret secret, MountedSecret authority, Endpoint... endpoints) {
        return attempt.report(work(secret, authority, endpoints));
    }

    private static CertificateCheckWork work(MountedSecret secret, MountedSecret authority, Endpoint... endpoints) {
        return new CertificateCheckWork(
                List.of(new Target("public", secret, Arrays.asList(endpoints), authority)), 30 * DAY, 7 * DAY);
    }

    private void mount(String... names) {
        attempt.secret("certificate-1", "tls.crt", certificates.pem(names));
    }

    @Test
    void givenTheSameCertificateAtBothPlaces_whenItIsLookedAt_thenItPasses() {
        mount("new", "between");
        try (Listener server = Listener.tls(certificates.server("new", "between"))) {
            StepReport report = report(SECRET, AUTHORITY, at(server.port()));

            assertThat(report.outcome()).as("%s", report).isEqualTo(StepOutcome.PASSED);
            assertThat(report.message()).startsWith("Valid until: public ").endsWith(" (89 days left).");
            assertThat(report.facts())
                    .containsEntry("certificates", 3L)
                    .containsEntry("endpoints", 1L)
                    .containsEntry("leastDaysLeft", 89L);
            assertThat(server.asked()).as("the name that was asked for").containsExactly(HOST);
        }
    }

    @Test
    void givenAServerThatWasNotRestarted_whenItIsLookedAt_thenItServesAnOlderOneThanTheSecretHolds() {
        mount("new", "between");
        try (Listener server = Listener.tls(certificates.server("old", "between"))) {
            StepReport report = report(SECRET, AUTHORITY, at(server.port()));

            assertThat(report.outcome()).as("%s", report).isEqualTo(StepOutcome.FINDINGS);
            assertThat(report.message())
                    .startsWith("Certificate public at 127.0.0.1:" + server.port() + " (for " + HOST
                            + ") is an older one (serial " + certificates.serial("old") + ", from ")
                    .contains("than Secret shop/shop-tls holds (serial " + certificates.serial("new"))
                    .contains("restart what serves it.");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "warned  | FINDINGS | in 19 days, which is within warnBefore (30d)",
                "failing | FAILED   | in 4 days, which is within failBefore (7d)",
                "expired | FAILED   | has ended at",
                "early   | FAILED   | is not valid before",
                "other   | FINDINGS | is made out to other.example.org, *.example.net, and not to shop.example.org",
                "weak    | FINDINGS | has a key of 1024 bits (RSA)"
            })
    void givenACertificate_whenAServerHasIt_thenItIsJudged(String name, StepOutcome outcome, String told) {
        try (Listener server = Listener.tls(certificates.server(name, "between"))) {
            StepReport report = report(null, AUTHORITY, at(server.port()));

            assertThat(report.outcome()).as("%s", report).isEqualTo(outcome);
            assertThat(report.message())
                    .startsWith("Certificate public at 127.0.0.1:")
                    .contains(told)
                    .as("its time says nothing of who signed it")
                    .doesNotContain("trusted");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "new    |         | own    | the certificate of its issuer CN=between does not come along with it, and is none of those in Secret shop/shop-ca (caSecretRef). Add it",
                "new    | between | public | the certificate of its issuer CN=root does not come along with it, and is none of those that are publicly known (caSecretRef is not set).",
                "itself |         | own    | it is signed by itself, and is none of those in Secret shop/shop-ca (caSecretRef). Name"
            })
    void givenAChainThatLeadsNowhere_whenAServerHasIt_thenTheGapIsNamed(
            String name, String next, String authority, String told) {
        String[] chain = Stream.of(name, next).filter(link -> link != null).toArray(String[]::new);
        try (Listener server = Listener.tls(certificates.server(chain))) {
            StepReport report = report(null, authority.equals("own") ? AUTHORITY : null, at(server.port()));

            assertThat(report.outcome()).as("%s", report).isEqualTo(StepOutcome.FINDINGS);
            assertThat(report.message()).contains(" is not trusted: " + told);
        }
    }

    /** An address is a name of its own kind, which no server is asked for. */
    @ParameterizedTest
    @CsvSource({"127.0.0.1, PASSED", "127.0.0.2, FINDINGS", "fd00::7, PASSED", "fd00::8, FINDINGS"})
    void givenAnAddressInTheCertificate_whenItIsWanted_thenItIsComparedAsOne(String name, StepOutcome outcome) {
        try (Listener server = Listener.tls(certificates.server("addressed", "between"))) {
            StepReport report = report(null, AUTHORITY, new Endpoint("127.0.0.1", server.port(), name));

            assertThat(report.outcome()).as("%s", report).isEqualTo(outcome);
            assertThat(server.asked()).isEmpty();
        }
    }

    /** Who names a certificate that signs itself as its authority trusts it. */
    @Test
    void givenACertificateThatIsItsOwnAuthority_whenItIsNamed_thenItPasses() {
        attempt.secret("certificate-ca-1", "ca.crt", certificates.pem("itself"));
        try (Listener server = Listener.tls(certificates.server("itself"))) {
            assertThat(report(null, AUTHORITY, at(server.port())).outcome()).isEqualTo(StepOutcome.PASSED);
        }
    }

    /** Each of them costs the time of one, and tells its own reason. */
    @Test
    void givenServersThatTellNoCertificate_whenTheyAreLookedAt_thenEachSaysWhyNot() {
        try (Listener silent = Listener.plain(connection -> Thread.sleep(60_000));
                Listener slow = Listener.plain(connection -> {
                    // The beginning of a TLS record, a byte each second.
                    byte[] record = {22, 3, 3, 64, 0};
                    for (int i = 0; i < 60; i++) {
                        connection.getOutputStream().write(i < record.length ? record[i] : 2);
                        Thread.sleep(1000);
                    }
                });
                Listener mail = Listener.plain(connection -> {
                    connection
                            .getOutputStream()
                            .write("220 mail.example.org ESMTP\r\n".getBytes(StandardCharsets.US_ASCII));
                    connection.getInputStream().readAllBytes();
                })) {
            StepReport report = report(null, AUTHORITY, at(silent.port()), at(slow.port()), at(mail.port()));

            assertThat(report.outcome()).as("%s", report).isEqualTo(StepOutcome.COULD_NOT_CHECK);
            assertThat(report.reason()).isEqualTo(Reason.ENDPOINT_UNREACHABLE.text());
            assertThat(report.message())
                    .contains(told(silent, "the connection was taken, and no certificate came within 10s."))
                    .contains(told(slow, "the connection was taken, and no certificate came within 10s."))
                    .contains(told(mail, "it answers, and does not speak TLS."));
        }
    }

    /** As packets go that a firewall drops: the queue of the server is full. */
    @Test
    void givenAServerThatTakesNoConnection_whenItIsLookedAt_thenNoneIsSaidToBeTaken() throws IOException {
        List<Socket> waiting = new ArrayList<>();
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            while (joins(waiting, full)) {
                assertThat(waiting).hasSizeLessThan(10);
            }

            assertThat(report(null, AUTHORITY, at(full.getLocalPort())).message())
                    .contains(":" + full.getLocalPort() + " (for " + HOST + "): no connection within 10s.");
        } finally {
            for (Socket socket : waiting) {
                socket.close();
            }
        }
    }

    private static boolean joins(List<Socket> waiting, ServerSocket server) throws IOException {
        Socket socket = new Socket();
        waiting.add(socket);
        try {
            socket.connect(server.getLocalSocketAddress(), 500);
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        }
    }

    private static String told(Listener server, String why) {
        return "Certificate public at 127.0.0.1:" + server.port() + " (for " + HOST + "): " + why;
    }

    @Test
    void givenAServerThatEndsOrIsNotThere_whenItIsLookedAt_thenItSaysSo() {
        try (Listener rude =
                Listener.plain(connection -> connection.getInputStream().read())) {
            int nobody = Programs.freePort();

            String message =
                    report(null, AUTHORITY, at(rude.port()), at(nobody)).message();

            assertThat(message)
                    .contains(":" + rude.port() + " (for " + HOST + "): the server ended the connection before")
                    .contains(":" + nobody + " (for " + HOST + "): no certificate was told: Connection refused.");
        }
    }

    /** What it has told before it refuses is judged. */
    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void givenAServerThatWantsACertificateOfTheClient_whenItIsLookedAt_thenItsOwnIsJudged(String version) {
        try (Listener server = Listener.tls(certificates.server("failing", "between"), true, version)) {
            StepReport report = report(null, AUTHORITY, at(server.port()));

            assertThat(report.outcome()).as("%s", report).isEqualTo(StepOutcome.FAILED);
            assertThat(report.message()).contains("in 4 days");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nothing | Secret shop/shop-tls does not exist, or has nothing under the key tls.crt. Mend the Secret",
                "empty   | Secret shop/shop-tls does not exist, or has nothing under the key tls.crt.",
                "text    | the key tls.crt of Secret shop/shop-tls holds no certificates in PEM form.",
                "broken  | the key tls.crt of Secret shop/shop-tls holds no certificates in PEM form.",
                "key     | the key tls.crt of Secret shop/shop-tls holds no certificates in PEM form."
            })
    void givenASecretWithoutACertificate_whenItIsLookedAt_thenThatIsAFinding(String what, String told) {
        switch (what) {
            case "empty" -> attempt.secret("certificate-1", "tls.crt", "");
            case "text" -> attempt.secret("certificate-1", "tls.crt", "secret-text");
            case "broken" ->
                attempt.secret(
                        "certificate-1",
                        "tls.crt",
                        "-----BEGIN CERTIFICATE-----\nc2VjcmV0LXRleHQ=\n-----END CERTIFICATE-----\n");
            case "key" -> attempt.secret("certificate-1", "tls.crt", certificates.key("new"));
            default -> {}
        }

        StepReport report = report(SECRET, AUTHORITY);

        assertThat(report.outcome()).as("%s", report).isEqualTo(StepOutcome.FINDINGS);
        assertThat(report.message()).contains(told).doesNotContain("secret-text", "c2VjcmV0");
    }

    /** Some programs want both in one file. */
    @Test
    void givenAKeyBesideTheCertificate_whenItIsLookedAt_thenItIsPassedOver() {
        attempt.secret("certificate-1", "tls.crt", certificates.key("new") + certificates.pem("new", "between"));

        assertThat(report(SECRET, AUTHORITY).outcome()).isEqualTo(StepOutcome.PASSED);
    }

    /** Without an endpoint or an authority nobody says what a certificate is for. */
    @Test
    void givenASecretAlone_whenItIsLookedAt_thenAllOfItIsJudgedByTime() {
        mount("itself", "failing");

        StepReport report = report(SECRET, null);

        assertThat(report.outcome()).as("%s", report).isEqualTo(StepOutcome.FAILED);
        assertThat(report.message())
                .startsWith("Certificate public: that of CN=failing in the chain in Secret shop/shop-tls ends at")
                .doesNotContain("trusted");
    }

    @Test
    void givenNoAuthority_whenItIsLookedAt_thenTrustCouldNotBeChecked() {
        attempt = new StepAttempt(folder.resolve("none"));
        mount("new", "between");

        StepReport report = report(SECRET, AUTHORITY);

        assertThat(report.outcome()).as("%s", report).isEqualTo(StepOutcome.COULD_NOT_CHECK);
        assertThat(report.reason()).isEqualTo(Reason.CREDENTIALS_MISSING.text());
        assertThat(report.message())
                .contains(
                        "may be trusted or not: its authority is not known, since Secret shop/shop-ca (caSecretRef) does not"
                                + " exist, or has no certificates in PEM form under the key ca.crt.");
    }

    @Test
    void givenAServerThatIsSilent_whenTheTimeOfTheStepIsOver_thenItEnds() {
        attempt.timeoutSeconds = 1;
        try (Listener silent = Listener.plain(connection -> Thread.sleep(60_000))) {
            TaskResult result = attempt.run(work(null, AUTHORITY, at(silent.port())));

            assertThat(result.step()).as("%s", result).isNull();
            assertThat(result.reason()).isEqualTo(Reason.DEADLINE_EXCEEDED.text());
        }
    }
}
