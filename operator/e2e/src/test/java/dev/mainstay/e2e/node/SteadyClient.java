package dev.mainstay.e2e.node;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;

/** A client that asks a Service again and again, and notes each answer: on a connection of its own each time, or on one that lasts. */
final class SteadyClient implements AutoCloseable {

    private static final int TIMEOUT = (int) Duration.ofSeconds(5).toMillis();
    private static final long PAUSE = 20;
    private static final Duration PATIENCE = Duration.ofMinutes(4);

    /**
     * One request.
     *
     * @param begun when it was begun
     * @param status the answer's; 0 when there was none
     * @param problem what stood in the way of an answer; null when there was one
     */
    record Answer(Instant begun, int status, String problem) {}

    private final InetSocketAddress address;
    private final boolean reuses;
    private final List<Answer> answers = new CopyOnWriteArrayList<>();
    private final Thread thread;
    private volatile boolean stopped;
    private Socket kept;
    private BufferedReader reader;

    /** Begins to ask once the Service takes connections: its Pods may be ready before kube-proxy has heard of them. */
    SteadyClient(String host, int port, boolean reuses) {
        this.address = new InetSocketAddress(host, port);
        this.reuses = reuses;
        Awaitility.await(address + " takes connections").atMost(PATIENCE).until(this::takesConnections);
        this.thread = Thread.ofPlatform().name("steady-client").start(this::run);
    }

    List<Answer> answers() {
        return answers;
    }

    /** Waits for so many further answers with this status. */
    void awaitMore(int count, int status) {
        int before = answers.size();
        Awaitility.await("answers " + status)
                .atMost(PATIENCE)
                .until(() -> answers.stream()
                                .skip(before)
                                .filter(answer -> answer.status() == status)
                                .count()
                        >= count);
    }

    /** How many answers there were of each status. */
    Map<Integer, Long> counted() {
        return answers.stream().collect(Collectors.groupingBy(Answer::status, TreeMap::new, Collectors.counting()));
    }

    private boolean takesConnections() {
        try (Socket socket = new Socket()) {
            socket.connect(address, TIMEOUT);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private void run() {
        try {
            while (!stopped) {
                ask();
                TimeUnit.MILLISECONDS.sleep(PAUSE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            hangUp();
        }
    }

    private void ask() {
        Instant begun = Instant.now();
        try {
            if (kept == null) {
                kept = new Socket();
                kept.setSoTimeout(TIMEOUT);
                kept.connect(address, TIMEOUT);
                reader = new BufferedReader(new InputStreamReader(kept.getInputStream(), StandardCharsets.ISO_8859_1));
            }
            kept.getOutputStream()
                    .write(("GET /api/health HTTP/1.1\r\nHost: shop\r\nConnection: " + (reuses ? "keep-alive" : "close")
                                    + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            boolean last = read(begun);
            if (last || !reuses) {
                hangUp();
            }
        } catch (IOException e) {
            answers.add(new Answer(begun, 0, e.toString()));
            hangUp();
        }
    }

    /** Reads one answer; whether the server ends the connection with it. */
    private boolean read(Instant begun) throws IOException {
        String line = reader.readLine();
        if (line == null) {
            throw new IOException("the connection was closed without an answer");
        }
        int status = Integer.parseInt(line.split(" ")[1]);
        int length = 0;
        boolean last = false;
        while (!(line = reader.readLine()).isEmpty()) {
            String header = line.toLowerCase(Locale.ROOT);
            length = header.startsWith("content-length:")
                    ? Integer.parseInt(line.substring(15).trim())
                    : length;
            last = last || header.equals("connection: close");
        }
        for (int read = 0; read < length; read++) {
            reader.read();
        }
        answers.add(new Answer(begun, status, null));
        return last;
    }

    private void hangUp() {
        if (kept != null) {
            try {
                kept.close();
            } catch (IOException ignored) {
                // It is not used any more either way.
            }
            kept = null;
        }
    }

    @Override
    public void close() {
        stopped = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
