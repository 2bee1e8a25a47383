package dev.mainstay.runner.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.mainstay.core.task.TaskJson;
import dev.mainstay.core.task.TaskKind;
import dev.mainstay.core.task.TaskResult;
import dev.mainstay.core.task.TaskResult.Outcome;
import dev.mainstay.runner.process.FaultyStore.Fault;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A policy without an access key: the Pod's ServiceAccount carries an identity that a cloud gives keys for. The variables and
 * files are those that the clouds' webhooks add to a Pod, and a server of the test answers as the cloud does.
 */
@Tag("process")
class BackupIdentityProcessTest {

    private static final String KEYS_OF_STS = """
            <AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
              <AssumeRoleWithWebIdentityResult><Credentials>
                <AccessKeyId>%s</AccessKeyId><SecretAccessKey>%s</SecretAccessKey>
                <SessionToken>of-the-session</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration>
              </Credentials></AssumeRoleWithWebIdentityResult>
            </AssumeRoleWithWebIdentityResponse>
            """.formatted(StoreServer.ACCESS_KEY, StoreServer.SECRET_KEY);

    private static final String KEYS_OF_AN_AGENT = """
            {"AccessKeyId": "%s", "SecretAccessKey": "%s", "Token": "of-the-session", "Expiration": "2099-01-01T00:00:00Z"}
            """.formatted(StoreServer.ACCESS_KEY, StoreServer.SECRET_KEY);

    private static final String REFUSAL_OF_STS = """
            <ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error>
              <Type>Sender</Type><Code>AccessDenied</Code>
              <Message>Not authorized to perform sts:AssumeRoleWithWebIdentity</Message>
            </Error></ErrorResponse>
            """;

    @TempDir
    Path folder;

    private final List<String> asked = new CopyOnWriteArrayList<>();
    private HttpServer cloud;

    @BeforeEach
    void start() throws IOException {
        cloud = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        cloud.createContext("/", exchange -> answer(exchange, 200, "text/xml", KEYS_OF_STS));
        cloud.createContext("/agent", exchange -> answer(exchange, 200, "application/json", KEYS_OF_AN_AGENT));
        cloud.start();
    }

    @AfterEach
    void stop() {
        cloud.stop(0);
    }

    @Test
    void keysComeFromStsForATokenOfTheServiceAccount() throws Exception {
        assertTheStoreIsAskedWith(Map.of(
                "AWS_REGION",
                "us-east-1",
                "AWS_ROLE_ARN",
                "arn:aws:iam::111122223333:role/backups",
                "AWS_WEB_IDENTITY_TOKEN_FILE",
                token(),
                "AWS_ENDPOINT_URL_STS",
                url("/")));

        assertThat(asked)
                .isNotEmpty()
                .allMatch(request -> request.contains("Action=AssumeRoleWithWebIdentity")
                        && request.contains("WebIdentityToken=of-the-account"));
    }

    @Test
    void keysComeFromTheAgentOfTheNode() throws Exception {
        assertTheStoreIsAskedWith(Map.of(
                "AWS_CONTAINER_CREDENTIALS_FULL_URI", url("/agent"),
                "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", token()));

        assertThat(asked).isNotEmpty().allMatch(request -> request.contains("of-the-account"));
    }

    @Test
    void anIdentityThatIsRefusedIsTold() throws Exception {
        cloud.removeContext("/");
        cloud.createContext("/", exchange -> answer(exchange, 403, "text/xml", REFUSAL_OF_STS));
        TaskResult result = backup(
                Peers.store().endpoint(),
                Map.of(
                        "AWS_REGION",
                        "us-east-1",
                        "AWS_ROLE_ARN",
                        "arn:aws:iam::111122223333:role/backups",
                        "AWS_WEB_IDENTITY_TOKEN_FILE",
                        token(),
                        "AWS_ENDPOINT_URL_STS",
                        url("/")));

        assertThat(result.outcome()).isEqualTo(Outcome.ABORTED);
        assertThat(result.reason()).as(result.message()).isEqualTo("CredentialsMissing");
        assertThat(result.message())
                .contains("credentialsSecretRef")
                .contains("Not authorized to perform sts:AssumeRoleWithWebIdentity");
    }

    @Test
    void withoutAnyIdentityTheMessageSaysWhatToDo() throws Exception {
        TaskResult result = backup(Peers.store().endpoint(), Map.of());

        assertThat(result.outcome()).isEqualTo(Outcome.ABORTED);
        assertThat(result.reason()).as(result.message()).isEqualTo("CredentialsMissing");
        assertThat(result.message()).contains("credentialsSecretRef").contains("AWS_WEB_IDENTITY_TOKEN_FILE");
    }

    /** The store of the tests knows no session tokens, so what it is asked with is all that can be seen. */
    private void assertTheStoreIsAskedWith(Map<String, String> environment) throws Exception {
        try (FaultyStore store = new FaultyStore(Peers.store().port())) {
            store.rule(request -> new Fault.Answer(400, "ExpiredToken"));

            TaskResult result = backup(store.endpoint(), environment);

            assertThat(result.reason()).as(result.message()).isEqualTo("StorageDenied");
            assertThat(result.message()).contains("renew the Pod's identity");
            assertThat(store.requests())
                    .isNotEmpty()
                    .allMatch(request -> request.has("x-amz-security-token"))
                    .allMatch(request -> request.head().contains("Credential=" + StoreServer.ACCESS_KEY + "/"));
        }
    }

    private String token() throws IOException {
        return Files.writeString(folder.resolve("token"), "of-the-account").toString();
    }

    private String url(String path) {
        return "http://127.0.0.1:" + cloud.getAddress().getPort() + path;
    }

    private void answer(HttpExchange exchange, int status, String type, String body) throws IOException {
        try (exchange) {
            asked.add(exchange.getRequestHeaders().getFirst("Authorization") + " "
                    + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", type);
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private TaskResult backup(String endpoint, Map<String, String> environment)
            throws IOException, InterruptedException {
        Attempt attempt = new Attempt(folder);
        attempt.ownIdentity = true;
        attempt.endpoint = endpoint;
        attempt.environment = environment;
        Path pod = Files.createTempDirectory(folder, "pod");
        Process process = attempt.pod(TaskKind.BACKUP, pod.resolve("termination-log"), pod.resolve("log"));
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        return TaskJson.readResult(Files.readString(pod.resolve("termination-log")))
                .orElseThrow();
    }
}
