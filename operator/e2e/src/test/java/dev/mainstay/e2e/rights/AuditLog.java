package dev.mainstay.e2e.rights;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** What one user asked of the API server, by its audit log. */
final class AuditLog {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int FORBIDDEN = 403;
    private static final int CREATED = 201;

    private final Set<Right> used = new TreeSet<>();
    private final Set<Right> refused = new TreeSet<>();

    private AuditLog() {}

    /** Reads the log of the local cluster whose kubeconfig this is, with its older parts. */
    static AuditLog read(Path kubeconfig, String user, Instant since) {
        AuditLog log = new AuditLog();
        for (Path file : files(kubeconfig)) {
            try (Stream<String> lines = Files.lines(file)) {
                // Parsing is what takes time, and most lines are of other users.
                lines.filter(line -> line.contains(user)).forEach(line -> log.add(parse(line), user, since));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return log;
    }

    Set<Right> used() {
        return used;
    }

    Set<Right> refused() {
        return refused;
    }

    private void add(JsonNode event, String user, Instant since) {
        JsonNode object = event.path("objectRef");
        boolean counts = event.at("/user/username").asText().equals(user)
                && !object.isMissingNode()
                && !Instant.parse(event.path("requestReceivedTimestamp").asText())
                        .isBefore(since);
        if (counts) {
            String subresource = object.path("subresource").asText();
            int code = event.at("/responseStatus/code").asInt();
            // Admission answers with the same code: a namespace that ends takes nothing new from anybody.
            boolean allowed = event.path("annotations")
                    .path("authorization.k8s.io/decision")
                    .asText()
                    .equals("allow");
            Right right = new Right(
                    object.path("apiGroup").asText(),
                    object.path("resource").asText() + (subresource.isEmpty() ? "" : "/" + subresource),
                    event.path("verb").asText());
            (code == FORBIDDEN && !allowed ? refused : used).add(right);
            // A server-side apply of what isn't there takes the right to create beside that to patch.
            if (code == CREATED && right.verb().equals("patch")) {
                used.add(new Right(right.group(), right.resource(), "create"));
            }
        }
    }

    private static List<Path> files(Path kubeconfig) {
        Path logs = Stream.iterate(kubeconfig.toAbsolutePath().getParent(), folder -> folder != null, Path::getParent)
                .map(folder -> folder.resolve("logs"))
                .filter(folder -> Files.exists(folder.resolve("audit.log")))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(
                        "no logs/audit.log beside " + kubeconfig + ": rights are proven on the local cluster only"));
        try (Stream<Path> files = Files.list(logs)) {
            return files.filter(file -> file.getFileName().toString().matches("audit.*\\.log"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonNode parse(String line) {
        try {
            return JSON.readTree(line);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The kubeconfig of this run. */
    static Path kubeconfig() {
        return Path.of(Optional.ofNullable(System.getenv("KUBECONFIG")).orElseThrow());
    }
}
