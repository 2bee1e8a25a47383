package dev.mainstay.controller.alert;

import dev.mainstay.core.alert.ReceiverAnswer;
import dev.mainstay.core.http.CredentialAddresses;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ProtocolException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Posts to a receiver, once a call. It follows no redirect, uses no proxy and reads no more of an answer than its beginning,
 * since the URL comes from whoever may write a NotificationChannel.
 */
final class HttpPost {

    private static final String USER_AGENT = "mainstay-operator";
    private static final int LARGEST_ANSWER = 8 * 1024;

    private final Duration deadline;

    HttpPost(Duration deadline) {
        this.deadline = deadline;
    }

    /** What came of a request. */
    sealed interface Result {}

    /** There was an answer. */
    record Answered(ReceiverAnswer answer) implements Result {}

    /** There was none, for this reason. */
    record Broken(Throwable problem) implements Result {}

    /** Nothing was sent, since the host stands for an address of this kind. */
    record NotAllowed(InetAddress address) implements Result {}

    /** Posts, and takes no longer than the limit. */
    Result post(HttpClient client, URI uri, Map<String, String> headers, byte[] body) {
        FutureTask<Result> asking = new FutureTask<>(() -> ask(client, uri, headers, body));
        // A look-up of a name can't be interrupted; on a virtual thread it would hold one of the few that carry all.
        Thread thread = Thread.ofPlatform().daemon().name("notification").start(asking);
        try {
            return asking.get(deadline.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            thread.interrupt();
            return new Broken(e);
        } catch (InterruptedException e) {
            thread.interrupt();
            Thread.currentThread().interrupt();
            return new Broken(e);
        } catch (ExecutionException e) {
            return new Broken(e.getCause());
        }
    }

    private static Result ask(HttpClient client, URI uri, Map<String, String> headers, byte[] body)
            throws IOException, InterruptedException {
        // The JVM keeps what it has looked up for half a minute, so the connection goes to an address of this list.
        Optional<InetAddress> refused =
                CredentialAddresses.refused(InetAddress.getAllByName(uri.getHost()), InetAddress::getAddress);
        if (refused.isPresent()) {
            return new NotAllowed(refused.get());
        }
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .header("Content-Type", "application/json")
                .header("User-Agent", USER_AGENT)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body));
        headers.forEach(request::header);
        try {
            return read(client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream()));
        } catch (IllegalArgumentException e) {
            // What the JDK's client throws for a length that is no number.
            throw (ProtocolException) new ProtocolException("a header is wrong").initCause(e);
        }
    }

    private static Result read(HttpResponse<InputStream> response) throws IOException {
        try (InputStream in = response.body()) {
            byte[] beginning = in.readNBytes(LARGEST_ANSWER);
            return new Answered(new ReceiverAnswer(
                    response.statusCode(),
                    response.headers().firstValue("Retry-After").orElse(null),
                    new String(beginning, StandardCharsets.UTF_8)));
        }
    }
}
