package dev.mainstay.controller.application;

import dev.mainstay.api.runbook.HttpScheme;
import dev.mainstay.core.Texts;
import dev.mainstay.core.http.BodyText;
import dev.mainstay.core.http.HttpReply;
import dev.mainstay.core.http.HttpReply.Answered;
import dev.mainstay.core.http.HttpReply.BodyFound;
import dev.mainstay.core.http.HttpReply.Late;
import dev.mainstay.core.http.HttpReply.Silent;
import dev.mainstay.core.http.HttpWanted;
import dev.mainstay.core.runbook.HttpQuestion;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpClient.Version;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;

/**
 * Asks one Pod, over HTTP, at its own address, for a step of a run. Of the answer the status and the time are told, and whether
 * a text is in its body.
 */
public final class HttpProbe implements AutoCloseable {

    /** The client tells of the end of the time itself, but not while a body is read. */
    private static final Duration GRACE = Duration.ofMillis(250);

    private static final int LONGEST_SAID = 120;

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private HttpClient client;

    /**
     * What a Pod answers.
     *
     * @param podIp address of the Pod, as its status has it
     * @param port number of its port
     * @param question what it is asked
     * @throws InterruptedException when this thread is to end
     */
    public HttpReply ask(String podIp, int port, HttpQuestion question) throws InterruptedException {
        PodAddress address = PodAddress.of(podIp);
        if (address.refusal() != null) {
            return new Silent(address.refusal());
        }
        URI uri = URI.create(
                (secured(question) ? "https://" : "http://") + address.host() + ":" + port + question.path());
        Future<HttpReply> reply = threads.submit(() -> answer(uri, question));
        try {
            return reply.get(question.timeout().plus(GRACE).toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return new Late(question.timeout().toMillis());
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException expected) {
                return told(expected, question);
            }
            throw new IllegalStateException(e.getCause());
        } finally {
            reply.cancel(true);
        }
    }

    private HttpReply answer(URI uri, HttpQuestion question) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(uri)
                .timeout(question.timeout())
                .header("User-Agent", "mainstay-check")
                .GET()
                .build();
        long begun = System.nanoTime();
        HttpResponse<InputStream> response = client().send(request, BodyHandlers.ofInputStream());
        // Ends the connection: what else the Pod sends is not read.
        try (InputStream in = response.body()) {
            String wanted = question.wanted().body();
            BodyFound found = wanted == null
                    ? BodyFound.NOT_LOOKED_FOR
                    : BodyText.in(in.readNBytes(HttpWanted.MOST_BYTES + 1), wanted);
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
            return millis > question.timeout().toMillis()
                    ? new Late(question.timeout().toMillis())
                    : new Answered(response.statusCode(), millis, found, null);
        }
    }

    private static HttpReply told(IOException why, HttpQuestion question) {
        String letIn = "let NetworkPolicies and the mesh let the operator's Pods in";
        String field = question.portField();
        return switch (why) {
            case HttpConnectTimeoutException _ ->
                new Silent("no " + (secured(question) ? "TLS connection" : "connection") + " within "
                        + HttpWanted.time(question.timeout().toMillis()) + ". Correct " + field + ", or " + letIn);
            case HttpTimeoutException _ -> new Late(question.timeout().toMillis());
            case ConnectException _ -> new Silent("no connection to the port. Correct " + field + ", or " + letIn);
            case SSLException e
            when e.getMessage() != null && e.getMessage().contains("nrecognized SSL message") ->
                new Silent("it does not speak TLS. Correct httpCheck.service.scheme or " + field);
            case SSLException e ->
                new Silent("the TLS connection failed (" + said(e) + "). Mend TLS there, or correct " + field);
            default ->
                new Silent(
                        "the connection ended without an answer of HTTP. Let " + field
                                + " name a port that speaks HTTP, correct the scheme, and let the mesh let the operator's Pods in");
        };
    }

    private static boolean secured(HttpQuestion question) {
        return question.service() != null && question.service().scheme() == HttpScheme.HTTPS;
    }

    private static String said(IOException why) {
        return why.getMessage() == null
                ? why.getClass().getSimpleName()
                : Texts.cut(why.getMessage().replaceAll("\\p{C}", "?"), LONGEST_SAID, "…");
    }

    /** Made when the first Pod is asked: it takes a thread and memory that most installations can spare. */
    private synchronized HttpClient client() {
        if (client == null) {
            client = HttpClient.newBuilder()
                    .version(Version.HTTP_1_1)
                    .followRedirects(Redirect.NEVER)
                    // A proxy would be told the address, and ask whoever has it there.
                    .proxy(HttpClient.Builder.NO_PROXY)
                    .sslContext(AnyCertificate.context())
                    .executor(threads)
                    .build();
        }
        return client;
    }

    @Override
    public synchronized void close() {
        if (client != null) {
            client.shutdownNow();
        }
        threads.shutdownNow();
    }
}
