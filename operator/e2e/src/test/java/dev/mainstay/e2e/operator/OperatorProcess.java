package dev.mainstay.e2e.operator;

import static org.awaitility.Awaitility.await;

import dev.mainstay.e2e.harness.ClusterClient;
import dev.mainstay.e2e.harness.OperatorLogs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The operator as a process on this machine, with the account, rights and settings of deploy/install.yaml; a test may change
 * settings, and kill it.
 */
public final class OperatorProcess implements AutoCloseable {

    /** It starts in seconds, and in minutes on a machine that is busy with builds. */
    private static final Duration START = Duration.ofMinutes(4);

    /** A port is free until the process that is to have it listens, so none is given twice. */
    private static final Set<Integer> PORTS = ConcurrentHashMap.newKeySet();

    private final HttpClient http = HttpClient.newHttpClient();
    private final Map<String, String> environment = new HashMap<>();
    private final Path folder;
    private final int port;
    private Process process;
    private boolean closed;

    /**
     * Prepares an operator that works one namespace.
     *
     * @param server URL of the API server, or of a proxy before it
     * @param namespace the namespace it watches
     * @param settings environment variables that differ from the shipped ones
     */
    public OperatorProcess(URI server, String namespace, Map<String, String> settings) {
        this(server, namespace, settings, ShippedInstall.get().token());
    }

    /** The same under an account of the test's own, which has the rights that the test gives and takes. */
    public OperatorProcess(URI server, String namespace, Map<String, String> settings, String token) {
        ShippedInstall install = ShippedInstall.get();
        try {
            folder = OperatorLogs.newFolder(namespace);
            Files.writeString(folder.resolve("kubeconfig"), kubeconfig(server, token));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        port = freePort();
        environment.putAll(install.environment());
        environment.put("MAINSTAY_NAMESPACE", install.namespace());
        environment.put("MAINSTAY_POD_NAME", "e2e-" + port);
        environment.put("MAINSTAY_WATCH_NAMESPACES", namespace);
        environment.put("MAINSTAY_RUNNER_IMAGE", "mainstay/runner:e2e");
        environment.put("MAINSTAY_LEADER_ELECTION", "false");
        environment.put("MAINSTAY_HTTP_PORT", String.valueOf(port));
        environment.put("KUBECONFIG", folder.resolve("kubeconfig").toString());
        environment.putAll(settings);
    }

    /** An operator that speaks with the API server itself, ready to work. */
    public static OperatorProcess started(String namespace) {
        OperatorProcess operator = new OperatorProcess(ClusterClient.get().server(), namespace, Map.of());
        operator.start();
        try {
            operator.awaitReady();
            return operator;
        } catch (RuntimeException e) {
            operator.close();
            throw e;
        }
    }

    /** Starts the process; it may have run before. */
    public synchronized void start() {
        process = run(OperatorProgram.command());
    }

    /** Does what is done before an uninstallation, beside the operator; its exit code. */
    public int release() {
        return run(Stream.concat(OperatorProgram.command().stream(), Stream.of("--release"))
                        .toList())
                .onExit()
                .join()
                .exitValue();
    }

    private Process run(List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().keySet().removeIf(name -> name.startsWith("MAINSTAY_") || name.startsWith("KUBE"));
        builder.environment().putAll(environment);
        builder.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        folder.resolve(OperatorLogs.NAME).toFile()));
        try {
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until it says that it is ready. */
    public void awaitReady() {
        await().atMost(START).pollInterval(Duration.ofMillis(50)).until(() -> {
            if (!isAlive()) {
                throw new IllegalStateException("the operator ended before it was ready:\n" + log());
            }
            return isReady();
        });
    }

    public boolean isReady() {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/readyz"))
                .timeout(Duration.ofSeconds(2))
                .build();
        try {
            return http.send(request, BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    public synchronized boolean isAlive() {
        return process != null && process.isAlive();
    }

    public synchronized long pid() {
        return process.pid();
    }

    /** SIGKILL; returns when the process is gone. */
    public void kill() {
        end(process.destroyForcibly());
    }

    /** SIGKILL and a new start. Two callers at once leave one process, as one kubelet does. */
    public synchronized void restart() {
        kill();
        if (!closed) {
            start();
        }
    }

    /** SIGTERM; returns when the process is gone, with its exit code. */
    public int terminate() {
        process.destroy();
        return end(process);
    }

    /** What it logged, over all its starts. */
    public String log() {
        try {
            return Files.readString(folder.resolve(OperatorLogs.NAME));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (isAlive()) {
            kill();
        }
        http.shutdownNow();
    }

    private static int end(Process process) {
        try {
            if (!process.waitFor(START.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException("the operator did not end within " + START);
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static String kubeconfig(URI server, String token) {
        String authority = server.getScheme().equals("https")
                ? ", certificate-authority-data: "
                        + Base64.getEncoder()
                                .encodeToString(ClusterClient.get()
                                        .certificateAuthority()
                                        .getBytes(StandardCharsets.UTF_8))
                : "";
        return """
                apiVersion: v1
                kind: Config
                clusters: [{name: e2e, cluster: {server: "%s"%s}}]
                users: [{name: operator, user: {token: "%s"}}]
                contexts: [{name: e2e, context: {cluster: e2e, user: operator}}]
                current-context: e2e
                """.formatted(server, authority, token);
    }

    /** Not one that the system gives to connections: between two starts of the operator it would be taken. */
    private static int freePort() {
        for (int port : new Random().ints(20, 20_000, 30_000).toArray()) {
            if (!PORTS.add(port)) {
                continue;
            }
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (IOException taken) {
                continue;
            }
        }
        throw new IllegalStateException("no free port between 20000 and 30000");
    }
}
