package dev.mainstay.e2e.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.runbook.MaintenanceRunStatus;
import dev.mainstay.api.runbook.RunOutcome;
import dev.mainstay.api.runbook.RunStep;
import dev.mainstay.e2e.harness.TestNamespace;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Certificates that a real server serves: it reads them from its Secret when it starts, and only then. */
@Tag("node")
@Execution(ExecutionMode.CONCURRENT)
class CertificateCheckNodeTest {

    private static final String HOST = "shop.example.org";

    @TempDir
    static Path folder;

    @RegisterExtension
    final TestNamespace namespace = new TestNamespace();

    private static NodeCertificates certificates;

    @BeforeAll
    static void issue() {
        certificates = new NodeCertificates(folder)
                .issue("new", -1, 90, HOST)
                .issue("old", -40, 89, HOST)
                .issue("ended", -93, 90, HOST);
    }

    private NodeDeployment server;
    private NodeRuns runs;

    @BeforeEach
    void prepare() {
        server = new NodeDeployment(namespace, "server");
        runs = new NodeRuns(namespace, "server");
        runs.runbook("look", "{name: look, certificateCheck: {}}");
        runs.runbook("restart", "{name: again, restart: {}}, {name: look, certificateCheck: {}}");
    }

    /** Redis, since it speaks TLS from the first byte on. */
    private void serve(String certificate) {
        certificates.keep(namespace, "shop-tls", certificate);
        server.open(
                "localhost/mainstay/example-redis:8",
                "command: [redis-server, --save, '', --bind, '*', --port, '0', --tls-port, '6380', --tls-auth-clients, 'no',"
                        + " --tls-cert-file, /tls/tls.crt, --tls-key-file, /tls/tls.key, --tls-ca-cert-file, /tls/ca.crt],"
                        + " volumeMounts: [{name: tls, mountPath: /tls, readOnly: true}]",
                "[{name: tls, secret: {secretName: shop-tls}}]",
                6380,
                "certificates: [{name: public, secretRef: {name: shop-tls}, caSecretRef: {name: shop-tls, key: ca.crt},"
                        + " endpoints: [{host: server, port: 6380, serverName: " + HOST + "}]}]");
    }

    private RunStep look(String runbook, String run, RunOutcome outcome) {
        MaintenanceRunStatus status = runs.run(runbook, run);
        assertThat(status.outcome()).as("%s", status).isEqualTo(outcome);
        return status.steps().getLast();
    }

    @Test
    void givenAServerThatWasNotRestartedSinceARenewal_whenItIsLookedAt_thenItServesTheOldOneUntilARunRestartsIt() {
        serve("old");
        assertThat(look("look", "before", RunOutcome.PASSED).facts())
                .containsEntry("leastDaysLeft", 49L)
                .containsEntry("endpoints", 1L);

        certificates.keep(namespace, "shop-tls", "new");

        assertThat(look("look", "renewed", RunOutcome.FINDINGS).message())
                .contains("Certificate public at server:6380 (for " + HOST + ") is an older one (serial "
                        + certificates.serial("old"))
                .contains("than Secret " + namespace.name() + "/shop-tls holds (serial " + certificates.serial("new"));

        assertThat(look("restart", "restarted", RunOutcome.PASSED).facts()).containsEntry("leastDaysLeft", 89L);
    }

    @Test
    void givenACertificateThatHasEnded_whenItsServerIsLookedAtAndThenIsGone_thenItFailsAndThenBothAreTold() {
        serve("ended");
        assertThat(look("look", "served", RunOutcome.FAILED).message())
                .contains("in Secret " + namespace.name() + "/shop-tls and at server:6380 (for " + HOST
                        + ") has ended at");

        certificates.keep(namespace, "shop-tls", "new");
        server.stop();

        assertThat(look("look", "gone", RunOutcome.COULD_NOT_CHECK).message())
                .containsPattern("Certificate public at server:6380 \\(for " + HOST
                        + "\\): no (certificate was told: Connection refused|connection within 10s)\\.")
                .contains("Valid until: public ");
    }
}
