package dev.mainstay.controller.metrics;

import dev.mainstay.api.metrics.Prometheus;
import dev.mainstay.core.Durations;
import dev.mainstay.core.http.CredentialAddresses;
import dev.mainstay.core.metrics.MetricSample;
import dev.mainstay.core.metrics.MetricSample.Failed;
import dev.mainstay.core.metrics.PrometheusAnswer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ProtocolException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/**
 * Asks a Prometheus, once a call: who wants another sample asks again. It sends no credentials, follows no redirect, uses
 * no proxy and reads no more than an answer needs, since the URL comes from whoever may write a ManagedApplication.
 */
public final class PrometheusClient implements AutoCloseable {

    private static final String USER_AGENT = "mainstay-operator";
    private static final int LARGEST_PORT = 65_535;

    /** Without a proxy, which would look up the host by itself. HTTP/1.1, since not all take the offer of HTTP/2. */
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .proxy(HttpClient.Builder.NO_PROXY)
            .build();

    /**
     * The answer to a query now. It takes no longer than the time of the source, and what goes wrong is an answer too.
     *
     * @param source who is asked
     * @param promql the query
     */
    public MetricSample query(Prometheus source, String promql) {
        return query(source, promql, null);
    }

    /**
     * The same as of a moment.
     *
     * @param at the moment; null for now, by the server's clock
     */
    public MetricSample query(Prometheus source, String promql, Instant at) {
        return query(source, promql, at, PrometheusAnswer.LARGEST, PrometheusAnswer::sample, Failed::new);
    }

    /**
     * The answer to a query now, read in another way.
     *
     * @param largest how many bytes of an answer are read
     * @param reading what is read from an answer
     * @param unanswered what stands for none, from a message for people
     */
    public <T> T query(
            Prometheus source,
            String promql,
            int largest,
            Function<PrometheusAnswer, T> reading,
            Function<String, T> unanswered) {
        return query(source, promql, null, largest, reading, unanswered);
    }

    private <T> T query(
            Prometheus source,
            String promql,
            Instant at,
            int largest,
            Function<PrometheusAnswer, T> reading,
            Function<String, T> unanswered) {
        Duration limit = Durations.parse(source.timeout());
        FutureTask<T> asking = new FutureTask<>(() -> {
            Asked asked = ask(source, promql, at, limit, largest);
            return asked.refused() == null ? reading.apply(asked.answer()) : unanswered.apply(asked.refused());
        });
        // A look-up of a name can't be interrupted; on a virtual thread it would hold one of the few that carry all.
        Thread thread = Thread.ofPlatform().daemon().name("prometheus").start(asking);
        try {
            return asking.get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            thread.interrupt();
            return unanswered.apply(PrometheusErrors.at(source) + "there was no whole answer within "
                    + source.timeout()
                    + ". Check host and port, network policies and the Prometheus, or raise"
                    + " spec.metrics.prometheus.timeout.");
        } catch (InterruptedException e) {
            thread.interrupt();
            Thread.currentThread().interrupt();
            return unanswered.apply(PrometheusErrors.at(source) + "the operator stops.");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException expected) {
                return unanswered.apply(PrometheusErrors.found(source, expected));
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    /** Ends what is under way. */
    @Override
    public void close() {
        client.shutdownNow();
    }

    /**
     * What came of a question.
     *
     * @param answer what was answered; null when nothing was asked
     * @param refused why nothing was asked; null when something was
     */
    private record Asked(PrometheusAnswer answer, String refused) {}

    private Asked ask(Prometheus source, String promql, Instant at, Duration limit, int largest)
            throws IOException, InterruptedException {
        Optional<URI> endpoint = endpoint(source.url());
        if (endpoint.isEmpty()) {
            return new Asked(
                    null,
                    "spec.metrics.prometheus.url must be http or https, a host, maybe a port and maybe a path, and"
                            + " nothing else. Correct it.");
        }
        // The JVM keeps what it has looked up for half a minute, so the connection goes to an address of this list.
        InetAddress[] addresses = InetAddress.getAllByName(endpoint.get().getHost());
        Optional<InetAddress> refused = CredentialAddresses.refused(addresses, InetAddress::getAddress);
        if (refused.isPresent()) {
            return new Asked(
                    null,
                    PrometheusErrors.at(source) + "the host stands for "
                            + refused.get().getHostAddress()
                            + ", an address of the kind where clouds hand out a node's credentials, and none of these is"
                            + " asked. Name the Prometheus by its Service.");
        }
        try {
            HttpRequest request = request(endpoint.get(), promql, at, limit);
            return new Asked(read(client.send(request, HttpResponse.BodyHandlers.ofInputStream()), largest), null);
        } catch (IllegalArgumentException e) {
            // What the JDK's client throws for a length that is no number.
            throw (ProtocolException) new ProtocolException("a header is wrong").initCause(e);
        }
    }

    private static HttpRequest request(URI endpoint, String promql, Instant at, Duration limit) {
        // The server gives up earlier than we do, so that its word about that comes in time.
        long milliseconds = limit.toMillis() * 4 / 5;
        String form = "query=" + URLEncoder.encode(promql, StandardCharsets.UTF_8) + "&timeout=" + milliseconds + "ms"
                + (at == null ? "" : "&time=" + at.getEpochSecond());
        return HttpRequest.newBuilder(endpoint)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("Accept", "application/json")
                .header("User-Agent", USER_AGENT)
                .POST(HttpRequest.BodyPublishers.ofString(form))
                .build();
    }

    private static PrometheusAnswer read(HttpResponse<InputStream> response, int largest) throws IOException {
        try (InputStream in = response.body()) {
            byte[] body = in.readNBytes(largest + 1);
            return new PrometheusAnswer(
                    response.statusCode(),
                    response.headers().firstValue("Location").orElse(null),
                    new String(body, 0, Math.min(body.length, largest), StandardCharsets.UTF_8),
                    body.length <= largest);
        }
    }

    /** The API server has checked the URL; an object of before that rule, or Java's own idea of a host, has not. */
    private static Optional<URI> endpoint(String url) {
        try {
            URI base = new URI(url);
            boolean good = ("http".equals(base.getScheme()) || "https".equals(base.getScheme()))
                    && base.getHost() != null
                    && base.getPort() <= LARGEST_PORT
                    && base.getRawUserInfo() == null
                    && base.getRawQuery() == null
                    && base.getRawFragment() == null;
            return good ? Optional.of(new URI(url.replaceFirst("/+$", "") + "/api/v1/query")) : Optional.empty();
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }
}
