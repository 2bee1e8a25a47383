package dev.mainstay.controller;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * Answers like an API server that has a few objects, over TLS, to whatever the operator asks at its start. It checks nothing:
 * it is there so that a training run loads what a start loads.
 */
final class TrainingServer implements AutoCloseable {

    private static final String ALIAS = "training";
    private static final char[] PASSWORD = "training".toCharArray();
    private static final String EMPTY_LIST =
            "{\"kind\":\"List\",\"apiVersion\":\"v1\",\"metadata\":{\"resourceVersion\":\"1\"},\"items\":[%s]}";

    private static final String EVERYTHING_ALLOWED = """
            {"kind": "SelfSubjectRulesReview", "apiVersion": "authorization.k8s.io/v1", "status": {"incomplete": false,
             "nonResourceRules": [], "resourceRules": [{"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]}]}}
            """;

    private static final String OUR_RESOURCES = """
            {"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": "mainstay.dev/v1alpha1", "resources": [
             {"name": "managedapplications", "kind": "ManagedApplication", "namespaced": true, "verbs": []},
             {"name": "backuppolicies", "kind": "BackupPolicy", "namespaced": true, "verbs": []},
             {"name": "databasebackups", "kind": "DatabaseBackup", "namespaced": true, "verbs": []},
             {"name": "rollbackrequests", "kind": "RollbackRequest", "namespaced": true, "verbs": []},
             {"name": "restorerequests", "kind": "RestoreRequest", "namespaced": true, "verbs": []},
             {"name": "maintenancemodes", "kind": "MaintenanceMode", "namespaced": true, "verbs": []},
             {"name": "runbooks", "kind": "Runbook", "namespaced": true, "verbs": []},
             {"name": "maintenanceschedules", "kind": "MaintenanceSchedule", "namespaced": true, "verbs": []},
             {"name": "maintenanceruns", "kind": "MaintenanceRun", "namespaced": true, "verbs": []},
             {"name": "alertrules", "kind": "AlertRule", "namespaced": true, "verbs": []},
             {"name": "notificationchannels", "kind": "NotificationChannel", "namespaced": true, "verbs": []}]}
            """;

    private final HttpsServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Map<String, String> objects;
    private final CountDownLatch statuses;
    private final String certificate;

    /**
     * Starts it.
     *
     * @param objects the one object of each resource, by the resource's plural name
     */
    TrainingServer(Map<String, String> objects) throws IOException, GeneralSecurityException {
        this.objects = objects;
        this.statuses = new CountDownLatch(objects.size());
        KeyStore keys = keys();
        certificate = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                .encodeToString(keys.getCertificate(ALIAS).getEncoded());
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    String url() {
        return "https://127.0.0.1:" + server.getAddress().getPort();
    }

    /** The certificate of its authority, as a kubeconfig holds one. */
    String authority() {
        String pem = "-----BEGIN CERTIFICATE-----\n" + certificate + "\n-----END CERTIFICATE-----\n";
        return Base64.getEncoder().encodeToString(pem.getBytes(StandardCharsets.US_ASCII));
    }

    /** Whether as many statuses were written as there are objects. */
    boolean awaitStatuses(Duration atMost) throws InterruptedException {
        return statuses.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange;
                InputStream request = exchange.getRequestBody()) {
            String body = new String(request.readAllBytes(), StandardCharsets.UTF_8);
            String path = exchange.getRequestURI().getPath();
            String query = String.valueOf(exchange.getRequestURI().getQuery());
            String last = path.substring(path.lastIndexOf('/') + 1);
            if (exchange.getRequestHeaders().containsKey("Upgrade") && query.contains("watch=true")) {
                // The client then watches by a request whose answer does not end.
                send(exchange, HttpURLConnection.HTTP_UNAVAILABLE, "{}");
            } else if (query.contains("watch=true")) {
                exchange.sendResponseHeaders(HttpURLConnection.HTTP_OK, 0);
                exchange.getResponseBody().flush();
                closed.await();
            } else if (last.equals("selfsubjectrulesreviews")) {
                send(exchange, HttpURLConnection.HTTP_OK, EVERYTHING_ALLOWED);
            } else if (!exchange.getRequestMethod().equals("GET")) {
                send(exchange, HttpURLConnection.HTTP_OK, body);
                if (last.equals("status")) {
                    statuses.countDown();
                }
            } else if (path.equals("/apis/mainstay.dev/v1alpha1")) {
                send(exchange, HttpURLConnection.HTTP_OK, OUR_RESOURCES);
            } else if (path.matches(".*/(namespaces|leases|jobs|serviceaccounts)/[^/]+")) {
                send(
                        exchange,
                        HttpURLConnection.HTTP_NOT_FOUND,
                        "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"code\":404}");
            } else {
                send(exchange, HttpURLConnection.HTTP_OK, EMPTY_LIST.formatted(objects.getOrDefault(last, "")));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void send(HttpExchange exchange, int code, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(code, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    /** A key of its own with a certificate for this machine, made by the runtime's own tool. */
    private static KeyStore keys() throws IOException, GeneralSecurityException {
        Path folder = Files.createTempDirectory("training");
        Path file = folder.resolve("keys");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-keystore",
                        file.toString(),
                        "-storepass",
                        new String(PASSWORD),
                        "-alias",
                        ALIAS,
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=" + ALIAS,
                        "-ext",
                        "san=ip:127.0.0.1")
                .inheritIO()
                .start();
        int code = keytool.onExit().join().exitValue();
        if (code != 0) {
            throw new IOException("keytool ended with " + code);
        }
        try {
            return KeyStore.getInstance(file.toFile(), PASSWORD);
        } finally {
            Files.delete(file);
            Files.delete(folder);
        }
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
