package dev.mainstay.controller.alert;

import dev.mainstay.api.SecretKeyReference;
import dev.mainstay.api.alert.AlertmanagerDestination;
import dev.mainstay.api.alert.NotificationDestination;
import dev.mainstay.api.alert.SlackDestination;
import dev.mainstay.api.alert.WebhookDestination;
import dev.mainstay.controller.alert.ChannelSecret.Obstacle;
import dev.mainstay.core.Texts;
import dev.mainstay.core.alert.AlertMessage;
import dev.mainstay.core.alert.AlertmanagerBody;
import dev.mainstay.core.alert.CutMessage;
import dev.mainstay.core.alert.ReceiverType;
import dev.mainstay.core.alert.SendOutcome;
import dev.mainstay.core.alert.SlackBody;
import dev.mainstay.core.alert.WebhookBody;
import dev.mainstay.core.status.Reason;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Tells receivers over HTTP: Slack, webhooks and Alertmanagers. Credentials are read for each attempt, and kept nowhere. */
final class HttpSender implements Sender, AutoCloseable {

    /** A receiver may take its time: the next request to it waits for the end of this one, and to others for nobody. */
    static final Duration DEADLINE = Duration.ofSeconds(15);

    /** Of so many messages of a request it is told that they were cut; what was merged says by itself how many more there were. */
    private static final int MOST_CUTS = 10;

    private static final int LONGEST_MESSAGE = 1_000;
    private static final String HMAC = "HmacSHA256";
    private static final String AUTHORIZATION = "Authorization";
    private static final String BASIC = "Basic ";
    private static final int SHORTEST_PASSWORD = 8;

    private final ChannelSecret secrets;
    private final Clock clock;
    private final Duration deadline;
    private final HttpPost http;
    private final Consumer<CutMessage> cuts;
    private final TrustingClients clients = new TrustingClients();

    /**
     * One that tells of messages of which a receiver was not told all.
     *
     * @param cuts is told each time that such a message was taken: an Alertmanager is told the same again and again
     */
    HttpSender(SecretValues secrets, Clock clock, Duration deadline, Consumer<CutMessage> cuts) {
        this.cuts = cuts;
        this.secrets = new ChannelSecret(secrets);
        this.clock = clock;
        this.deadline = deadline;
        this.http = new HttpPost(deadline);
    }

    @Override
    public SendOutcome send(List<AlertMessage> messages, int more) {
        SendOutcome outcome = attempt(messages, more);
        if (outcome instanceof SendOutcome.Taken) {
            CutMessage.of(messages).stream().limit(MOST_CUTS).forEach(cuts);
        }
        return outcome;
    }

    private SendOutcome attempt(List<AlertMessage> messages, int more) {
        AlertMessage first = messages.getFirst();
        NotificationDestination to = first.destination();
        try {
            if (to.slack() != null) {
                return slack(first, to.slack(), messages);
            }
            return to.webhook() != null
                    ? webhook(first, to.webhook(), messages, more)
                    : alertmanager(first, to.alertmanager(), messages);
        } catch (Obstacle e) {
            return e.outcome();
        }
    }

    /** Ends what is under way. */
    @Override
    public void close() {
        clients.close();
    }

    private SendOutcome slack(AlertMessage first, SlackDestination to, List<AlertMessage> messages) throws Obstacle {
        URI url = secrets.url(first, "spec.slack.urlSecretRef", to.urlSecretRef());
        return post(first, clients.usual(), url, secret(url), Map.of(), bytes(SlackBody.of(messages)));
    }

    private SendOutcome webhook(AlertMessage first, WebhookDestination to, List<AlertMessage> messages, int more)
            throws Obstacle {
        List<String> secret = new ArrayList<>();
        URI url = to.urlSecretRef() == null
                ? ChannelSecret.url(to.url()).orElseThrow(() -> wrongUrl(first, "spec.webhook.url"))
                : secrets.url(first, "spec.webhook.urlSecretRef", to.urlSecretRef());
        if (to.urlSecretRef() != null) {
            secret.addAll(secret(url));
        }
        byte[] body = bytes(WebhookBody.of(messages, to.maxAlerts(), more));
        Map<String, String> headers = new TreeMap<>();
        headers.put("Idempotency-Key", idempotencyKey(messages));
        secrets.header(first, "spec.webhook.authorizationSecretRef", to.authorizationSecretRef())
                .ifPresent(value -> authorize(headers, secret, value));
        secrets.read(first, "spec.webhook.hmacSecretRef", to.hmacSecretRef()).ifPresent(key -> {
            headers.put("X-Mainstay-Signature-256", "sha256=" + signature(key, body));
            secret.add(key);
        });
        return post(first, client(first, "spec.webhook.caSecretRef", to.caSecretRef()), url, secret, headers, body);
    }

    /** Each of the cluster's members is told, since they do not tell each other; it is enough that one of them knows. */
    private SendOutcome alertmanager(AlertMessage first, AlertmanagerDestination to, List<AlertMessage> messages)
            throws Obstacle {
        List<String> secret = new ArrayList<>();
        Map<String, String> headers = new TreeMap<>();
        secrets.header(first, "spec.alertmanager.authorizationSecretRef", to.authorizationSecretRef())
                .ifPresent(value -> authorize(headers, secret, value));
        HttpClient client = client(first, "spec.alertmanager.caSecretRef", to.caSecretRef());
        if (messages.stream().noneMatch(message -> AlertmanagerBody.tells(message.kind()))) {
            return new SendOutcome.Taken();
        }
        byte[] body = bytes(AlertmanagerBody.of(messages, clock.instant()));
        List<URI> urls = new ArrayList<>();
        for (String url : to.urls()) {
            urls.add(ChannelSecret.url(url.replaceFirst("/+$", "") + "/api/v2/alerts")
                    .orElseThrow(() -> wrongUrl(first, "spec.alertmanager.urls")));
        }
        List<SendOutcome> outcomes = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<SendOutcome>> posts = urls.stream()
                    .map(url -> threads.submit(() -> post(first, client, url, secret, headers, body)))
                    .toList();
            posts.forEach(post -> outcomes.add(ended(post)));
        }
        return best(outcomes);
    }

    private static SendOutcome ended(Future<SendOutcome> post) {
        try {
            return post.get();
        } catch (InterruptedException e) {
            post.cancel(true);
            Thread.currentThread().interrupt();
            return new SendOutcome.Later(Reason.RECEIVER_UNREACHABLE, "the operator stops.", null);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause().getClass().getSimpleName());
        }
    }

    private static SendOutcome best(List<SendOutcome> outcomes) {
        return Stream.<Predicate<SendOutcome>>of(
                        SendOutcome.Taken.class::isInstance,
                        outcome -> outcome instanceof SendOutcome.Later later && later.unanswered(),
                        SendOutcome.Later.class::isInstance)
                .flatMap(wanted -> outcomes.stream().filter(wanted))
                .findFirst()
                .orElseGet(outcomes::getFirst);
    }

    private SendOutcome post(
            AlertMessage first,
            HttpClient client,
            URI url,
            List<String> secret,
            Map<String, String> headers,
            byte[] body) {
        ReceiverType type = ReceiverType.of(first.destination());
        String who = type == ReceiverType.ALERTMANAGER ? type.words() + " at " + url.getRawAuthority() : type.words();
        return about(
                first,
                switch (http.post(client, url, headers, body)) {
                    case HttpPost.Answered(var answer) -> answer.outcome(type, secret, clock.instant());
                    case HttpPost.Broken(Throwable problem) ->
                        new SendOutcome.Later(
                                Reason.RECEIVER_UNREACHABLE,
                                who + ": " + SendErrors.found(problem, deadline) + ".",
                                null,
                                SendErrors.mayHaveArrived(problem));
                    case HttpPost.NotAllowed ignored ->
                        new SendOutcome.Refused(
                                Reason.RECEIVER_REFUSED,
                                "the host of " + who
                                        + " stands for an address of the kind where clouds hand out a node's credentials,"
                                        + " and nothing is sent there. Name the receiver by its own host.");
                });
    }

    private static SendOutcome about(AlertMessage first, SendOutcome outcome) {
        String at = "NotificationChannel " + first.namespace() + "/" + first.channel() + ": ";
        return switch (outcome) {
            case SendOutcome.Taken taken -> taken;
            case SendOutcome.Later later ->
                new SendOutcome.Later(later.reason(), cut(at + later.message()), later.after(), later.unanswered());
            case SendOutcome.Refused refused -> new SendOutcome.Refused(refused.reason(), cut(at + refused.message()));
        };
    }

    private static String cut(String message) {
        return Texts.cut(message, LONGEST_MESSAGE, "…");
    }

    private static Obstacle wrongUrl(AlertMessage first, String field) {
        return new Obstacle(about(
                first,
                new SendOutcome.Refused(
                        Reason.INVALID_SPEC,
                        field + " must be a URL of http or https with a host and no user. Correct it.")));
    }

    private HttpClient client(AlertMessage first, String field, SecretKeyReference authorities) throws Obstacle {
        Optional<String> pem = secrets.read(first, field, authorities);
        if (pem.isEmpty()) {
            return clients.usual();
        }
        try {
            return clients.of(pem.get());
        } catch (GeneralSecurityException e) {
            throw ChannelSecret.unsuitable(first, field, authorities, "holds no certificates as PEM");
        }
    }

    private static void authorize(Map<String, String> headers, List<String> secret, String value) {
        headers.put(AUTHORIZATION, value);
        String credentials = value.substring(value.indexOf(' ') + 1).strip();
        secret.add(credentials);
        if (value.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
            secret.addAll(password(credentials));
        }
    }

    /** A receiver knows the password itself, and may say it. */
    private static List<String> password(String credentials) {
        try {
            String both = new String(Base64.getDecoder().decode(credentials), StandardCharsets.UTF_8);
            return Stream.of(both, both.substring(both.indexOf(':') + 1))
                    .filter(part -> !part.isEmpty())
                    .toList();
        } catch (IllegalArgumentException e) {
            return List.of();
        }
    }

    /** What of a URL is a password: all behind the host, and each part of it that is long enough for one. */
    private static List<String> secret(URI url) {
        return Stream.of(url.getRawPath(), url.getRawQuery())
                .filter(part -> part != null && part.length() > 1)
                .flatMap(part -> Stream.concat(
                        Stream.of(part),
                        Stream.of(part.split("[/&=;]")).filter(one -> one.length() >= SHORTEST_PASSWORD)))
                .collect(Collectors.toCollection(ArrayList::new));
    }

    /** That of the message; of several, the same when the same are told once more. */
    private static String idempotencyKey(List<AlertMessage> messages) {
        if (messages.size() == 1) {
            return messages.getFirst().key();
        }
        byte[] keys = bytes(messages.stream().map(AlertMessage::key).collect(Collectors.joining("\n")));
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(keys));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static String signature(String key, byte[] body) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(bytes(key), HMAC));
            return HexFormat.of().formatHex(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + HMAC, e);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
