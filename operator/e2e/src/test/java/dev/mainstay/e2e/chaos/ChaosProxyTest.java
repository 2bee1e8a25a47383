package dev.mainstay.e2e.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.SocketFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The proxy in front of a small server of the JDK; no cluster is needed. */
@Tag("harness")
class ChaosProxyTest {

    private static final String JOBS = "/apis/batch/v1/namespaces/shop/jobs";

    private final HttpClient client = HttpClient.newHttpClient();
    private final AtomicInteger kills = new AtomicInteger();
    private StubServer server;
    private ChaosProxy proxy;

    @BeforeEach
    void start() throws IOException {
        server = new StubServer();
        proxy = new ChaosProxy(server.uri(), SocketFactory.getDefault());
        proxy.onKill(kills::incrementAndGet);
    }

    @AfterEach
    void stop() {
        proxy.close();
        client.shutdownNow();
        server.close();
    }

    @Test
    void givenNoFault_whenRequestsPass_thenMethodBodyAndTokenArriveAndTheAnswerComesBack() throws Exception {
        HttpRequest request = request(JOBS)
                .header("Authorization", "Bearer secret")
                .POST(BodyPublishers.ofString("{\"kind\":\"Job\"}"))
                .build();

        HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(201);
        assertThat(answer.body()).isEqualTo("answer to POST " + JOBS);
        assertThat(server.received()).containsExactly("POST " + JOBS + " Bearer secret {\"kind\":\"Job\"}");
    }

    @Test
    void givenReadsLeasesAndEvents_whenTheyPass_thenOnlyOtherWritesAreNumbered() throws Exception {
        send("GET", JOBS);
        send("PUT", "/apis/coordination.k8s.io/v1/namespaces/shop/leases/leader");
        send("POST", "/api/v1/namespaces/shop/events");
        send("POST", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews");
        send("POST", JOBS);
        send("DELETE", JOBS + "/a");

        assertThat(proxy.journal())
                .containsExactly(new Write(1, "POST", JOBS, 201), new Write(2, "DELETE", JOBS + "/a", 201));
    }

    @Test
    void givenKillBeforeTheSecondWrite_whenItIsSent_thenItNeverArrives() throws Exception {
        proxy.atWrite(2, new Fault.KillBefore());
        send("POST", JOBS + "/first");

        assertThatThrownBy(() -> send("POST", JOBS + "/second")).isInstanceOf(IOException.class);

        assertThat(kills).hasValue(1);
        assertThat(server.received()).hasSize(1);
        assertThat(proxy.journal().getLast().status()).isZero();
    }

    @Test
    void givenKillAfterTheFirstWrite_whenItIsSent_thenItArrivesAndItsAnswerIsLost() {
        proxy.atWrite(1, new Fault.KillAfter());

        assertThatThrownBy(() -> send("POST", JOBS)).isInstanceOf(IOException.class);

        assertThat(kills).hasValue(1);
        assertThat(server.received()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {409, 410, 429, 500})
    void givenAnAnswerIsPlanned_whenTheWriteIsSent_thenItIsAnsweredAndDoesNotArrive(int status) throws Exception {
        proxy.atWrite(1, new Fault.Answer(status));

        HttpResponse<String> answer = send("PATCH", JOBS + "/a");

        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.body()).contains("\"code\":" + status);
        assertThat(server.received()).isEmpty();
        assertThat(proxy.journal()).containsExactly(new Write(1, "PATCH", JOBS + "/a", status));
    }

    @Test
    void givenEverySecondTryIsAnswered_whenTwoWritesAreTriedInTurn_thenTheirFirstAndThirdTriesDoNotArrive()
            throws Exception {
        proxy.atEverySecondTry(new Fault.Answer(409));

        for (int tried = 0; tried < 3; tried++) {
            send("POST", JOBS);
            send("PATCH", JOBS + "/a");
        }

        assertThat(proxy.journal()).extracting(Write::status).containsExactly(409, 409, 201, 201, 409, 409);
        assertThat(server.received()).hasSize(2);
    }

    @Test
    void givenAWriteHangs_whenItIsSent_thenItArrivesAtOnceAndItsAnswerComesLate() throws Exception {
        proxy.atWrite(1, new Fault.Hang(Duration.ofMillis(300)));

        CompletableFuture<HttpResponse<String>> answer =
                client.sendAsync(request(JOBS).POST(BodyPublishers.noBody()).build(), BodyHandlers.ofString());

        await().until(() -> server.received().size() == 1);
        assertThat(answer).isNotDone();
        assertThat(answer.get().statusCode()).isEqualTo(201);
    }

    @Test
    void givenAWriteIsDelayed_whenTheClientGivesUp_thenItStillArrives() {
        proxy.atWrite(1, new Fault.Delay(Duration.ofMillis(300)));
        HttpRequest request = request(JOBS)
                .timeout(Duration.ofMillis(50))
                .POST(BodyPublishers.noBody())
                .build();

        assertThatThrownBy(() -> client.send(request, BodyHandlers.ofString())).isInstanceOf(IOException.class);

        assertThat(server.received()).isEmpty();
        await().until(() -> server.received().size() == 1);
    }

    @Test
    void givenListsAreFrozen_whenTheListIsReadAgain_thenItIsTheEarlierOneUntilTheyAreFreshAgain() throws Exception {
        server.answerLists("first");
        send("GET", JOBS + "?resourceVersion=0");
        proxy.freezeLists("jobs");
        server.answerLists("second");

        assertThat(send("GET", JOBS + "?resourceVersion=7").body()).isEqualTo("first");
        proxy.freshLists("jobs");
        assertThat(send("GET", JOBS).body()).isEqualTo("second");
    }

    @Test
    void givenTheServerIsAway_whenItComesBack_thenTheSameAddressAnswersAgain() throws Exception {
        send("GET", JOBS);
        proxy.down();
        assertThatThrownBy(() -> send("GET", JOBS)).isInstanceOf(IOException.class);

        proxy.up();

        assertThat(send("GET", JOBS).statusCode()).isEqualTo(200);
    }

    private HttpResponse<String> send(String method, String target) throws IOException, InterruptedException {
        return client.send(
                request(target).method(method, BodyPublishers.noBody()).build(), BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String target) {
        return HttpRequest.newBuilder(URI.create(proxy.uri() + target));
    }
}
