package dev.mainstay.controller.application;

import dev.mainstay.api.application.HealthCheck;
import dev.mainstay.core.Durations;
import dev.mainstay.core.application.ProbeAnswer;
import dev.mainstay.core.application.ProbeAnswer.Answered;
import dev.mainstay.core.application.ProbeAnswer.Silent;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Asks one Pod, over HTTP, at its own address. Of the answer only the status is read. */
public final class HealthProbe implements AutoCloseable {

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private HttpClient client;

    /**
     * What a Pod answers.
     *
     * @param podIp address of the Pod, as its status has it
     * @param port number of its port
     * @param check path and timeout
     * @throws InterruptedException when this thread is to end
     */
    public ProbeAnswer ask(String podIp, int port, HealthCheck check) throws InterruptedException {
        PodAddress address = PodAddress.of(podIp);
        if (address.refusal() != null) {
            return new Silent(address.refusal());
        }
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + address.host() + ":" + port + check.path()))
                .timeout(Durations.parse(check.timeout()))
                .header("User-Agent", "mainstay-health")
                .GET()
                .build();
        try {
            HttpResponse<InputStream> response = client().send(request, BodyHandlers.ofInputStream());
            // Ends the connection: what else the Pod sends is not read.
            response.body().close();
            return new Answered(response.statusCode());
        } catch (HttpTimeoutException e) {
            return new Silent("no answer within " + check.timeout()
                    + ". Let NetworkPolicies and the mesh let the operator's Pods in, or raise spec.health.timeout");
        } catch (ConnectException e) {
            return new Silent("no connection to the port. Correct spec.health.port, or let NetworkPolicies and the mesh"
                    + " let the operator's Pods in");
        } catch (IOException e) {
            return new Silent("the connection ended without an answer of HTTP. Let spec.health.port name a port that"
                    + " speaks HTTP without TLS, and the mesh let the operator's Pods in");
        }
    }

    /** Made when the first Pod is asked: it takes a thread and memory that most installations can spare. */
    private synchronized HttpClient client() {
        if (client == null) {
            client = HttpClient.newBuilder()
                    .version(Version.HTTP_1_1)
                    .followRedirects(Redirect.NEVER)
                    // A proxy would be told the address, and ask whoever has it there.
                    .proxy(HttpClient.Builder.NO_PROXY)
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
