package dev.mainstay.runner.http;

import dev.mainstay.core.Texts;
import dev.mainstay.core.http.BodyText;
import dev.mainstay.core.http.CredentialAddresses;
import dev.mainstay.core.http.HttpReply;
import dev.mainstay.core.http.HttpReply.Answered;
import dev.mainstay.core.http.HttpReply.BodyFound;
import dev.mainstay.core.http.HttpReply.Late;
import dev.mainstay.core.http.HttpReply.Silent;
import dev.mainstay.core.http.HttpWanted;
import dev.mainstay.core.task.UrlCheckWork;
import dev.mainstay.runner.task.StopSignal;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;

/**
 * A question to a URL. It is sent without credentials and without a proxy, to no address where clouds hand out those of a node,
 * and follows redirects to the same host alone. Of the answer no more is read than is looked at, and nothing of its body is told.
 *
 * @param work what is asked
 * @param tls how the server's certificate is judged
 * @param authorities whom that trusts, for people
 * @param stop tells when it must end
 */
record UrlRequest(UrlCheckWork work, SSLContext tls, String authorities, StopSignal stop) {

    private static final int MOST_REDIRECTS = 5;
    private static final int FIRST_REDIRECT = 300;
    private static final int LAST_REDIRECT = 399;
    private static final int LONGEST_HOST = 100;

    /** The client tells of the end of the time itself, but not while a name is looked up, or a body is read. */
    private static final Duration GRACE = Duration.ofMillis(250);

    /** What came. */
    HttpReply ask() {
        Asking asking = new Asking();
        FutureTask<HttpReply> answer = new FutureTask<>(asking::answer);
        // A look-up of a name can't be interrupted, and is not waited for.
        Thread thread = Thread.ofPlatform().daemon().name("url").start(answer);
        try (StopSignal.Registration _ = stop.onStop(thread::interrupt)) {
            HttpReply reply = answer.get(timeout().plus(GRACE).toMillis(), TimeUnit.MILLISECONDS);
            stop.check();
            return reply;
        } catch (TimeoutException e) {
            thread.interrupt();
            stop.check();
            return asking.resolved
                    ? new Late(work.timeoutMillis())
                    : new Silent("its name was not resolved within " + HttpWanted.time(work.timeoutMillis()));
        } catch (ExecutionException e) {
            stop.check();
            if (e.getCause() instanceof IOException expected) {
                return RequestErrors.told(expected, work, authorities);
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            stop.check();
            throw new IllegalStateException(e);
        }
    }

    private Duration timeout() {
        return Duration.ofMillis(work.timeoutMillis());
    }

    /** The question while it is asked. */
    private final class Asking {

        private final long begun = System.nanoTime();
        private volatile boolean resolved;

        private HttpReply answer() throws IOException, InterruptedException {
            try (HttpClient client = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .proxy(HttpClient.Builder.NO_PROXY)
                    .sslContext(tls)
                    .build()) {
                try {
                    return answer(client);
                } finally {
                    client.shutdownNow();
                }
            }
        }

        private HttpReply answer(HttpClient client) throws IOException, InterruptedException {
            URI uri = URI.create(work.url());
            for (int redirects = 0; ; redirects++) {
                Optional<HttpReply> refused = refused(uri);
                if (refused.isPresent()) {
                    return refused.get();
                }
                Step step = step(client, uri, redirects == MOST_REDIRECTS);
                if (step.reply() != null) {
                    return step.reply();
                }
                uri = step.next();
            }
        }

        /** The JVM keeps what it has looked up for half a minute, so the connection goes to an address that was looked at. */
        private Optional<HttpReply> refused(URI uri) throws IOException {
            if (uri.getHost() == null) {
                return Optional.of(new Silent("it has no host that can be asked"));
            }
            Optional<InetAddress> refused =
                    CredentialAddresses.refused(InetAddress.getAllByName(uri.getHost()), InetAddress::getAddress);
            resolved = true;
            return refused.map(
                    address -> new Silent(
                            "its host stands for " + address.getHostAddress()
                                    + ", an address of the kind where clouds hand out a node's credentials, and none of these is asked"));
        }

        /** An answer, or where it leads. */
        private record Step(HttpReply reply, URI next) {}

        private Step step(HttpClient client, URI uri, boolean last) throws IOException, InterruptedException {
            long left = work.timeoutMillis() - passed();
            if (left <= 0) {
                return new Step(new Late(work.timeoutMillis()), null);
            }
            HttpRequest request = HttpRequest.newBuilder(uri)
                    .timeout(Duration.ofMillis(left))
                    .header("User-Agent", "mainstay-check")
                    .GET()
                    .build();
            HttpResponse<InputStream> response = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream in = response.body()) {
                Optional<URI> next = next(uri, response);
                if (next.isPresent() && !last && sameHost(uri, next.get())) {
                    return new Step(null, next.get());
                }
                BodyFound found = next.isPresent() ? BodyFound.NOT_LOOKED_FOR : found(in);
                long millis = passed();
                return new Step(
                        millis > work.timeoutMillis()
                                ? new Late(work.timeoutMillis())
                                : new Answered(
                                        response.statusCode(),
                                        millis,
                                        found,
                                        next.map(UrlRequest::shown).orElse(null)),
                        null);
            }
        }

        private long passed() {
            return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
        }
    }

    private BodyFound found(InputStream in) throws IOException {
        String wanted = work.wanted().body();
        return wanted == null
                ? BodyFound.NOT_LOOKED_FOR
                : BodyText.in(in.readNBytes(HttpWanted.MOST_BYTES + 1), wanted);
    }

    /** Where an answer leads; empty for one that is what was wanted, and for one that leads nowhere. */
    private Optional<URI> next(URI uri, HttpResponse<?> response) {
        int status = response.statusCode();
        if (status < FIRST_REDIRECT
                || status > LAST_REDIRECT
                || work.wanted().statuses().contains(status)) {
            return Optional.empty();
        }
        try {
            return response.headers().firstValue("Location").map(uri::resolve);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Host and port; or the same host over TLS, but never back. */
    private static boolean sameHost(URI from, URI to) {
        if (!from.getHost().equalsIgnoreCase(to.getHost())) {
            return false;
        }
        return "https".equalsIgnoreCase(to.getScheme()) && "http".equalsIgnoreCase(from.getScheme())
                || from.getScheme().equalsIgnoreCase(to.getScheme()) && port(from) == port(to);
    }

    private static int port(URI uri) {
        if (uri.getPort() >= 0) {
            return uri.getPort();
        }
        return "https".equalsIgnoreCase(uri.getScheme()) ? 443 : 80;
    }

    /** A server's word: neither its path nor its query is told, which may hold what not everybody may read. */
    private static String shown(URI uri) {
        return uri.getHost() == null
                ? "an address that is none"
                : Texts.cut(
                        uri.getScheme() + "://" + uri.getRawAuthority().replaceFirst("^.*@", ""), LONGEST_HOST, "…");
    }
}
