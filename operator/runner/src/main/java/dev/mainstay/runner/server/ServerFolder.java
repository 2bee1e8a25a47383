package dev.mainstay.runner.server;

import dev.mainstay.core.task.TaskJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;

/**
 * The folder that a task and the server beside it share: an order goes one way, the server's end the other. Each is there
 * as a whole or not at all.
 *
 * @param path the folder
 */
public record ServerFolder(Path path) {

    private static final String ORDER = "order.json";
    private static final String END = "end.json";

    /** Where the server has its data. */
    public Path data() {
        return path.resolve("data");
    }

    /** Asks for a server. */
    public void order(ServerOrder order) throws IOException {
        write(ORDER, order);
    }

    /** The server that is asked for; empty while none is. */
    Optional<ServerOrder> order() throws IOException {
        return read(ORDER, ServerOrder.class);
    }

    /** Nobody needs the password any more. */
    void forgetOrder() throws IOException {
        Files.deleteIfExists(path.resolve(ORDER));
    }

    /** Tells that there is no server, or none any more. */
    void end(ServerEnd end) throws IOException {
        write(END, end);
    }

    /** How it ended; empty while it has not. */
    public Optional<ServerEnd> end() {
        try {
            return read(END, ServerEnd.class);
        } catch (IOException e) {
            return Optional.of(new ServerEnd("its end can't be read: " + e.getMessage(), java.util.List.of()));
        }
    }

    /** Bytes of all that is in the folder; what comes and goes meanwhile may be missed. */
    public long bytes() {
        long[] sum = {0};
        try {
            Files.walkFileTree(path, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    sum[0] += attributes.size();
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException gone) {
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path folder, IOException gone) {
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return sum[0];
    }

    private void write(String name, Object content) throws IOException {
        Path half = Files.createTempFile(path, name, ".half");
        Files.writeString(half, TaskJson.write(content));
        Files.move(half, path.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }

    private <T> Optional<T> read(String name, Class<T> type) throws IOException {
        try {
            return Optional.of(TaskJson.mapper().readValue(Files.readString(path.resolve(name)), type));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }
}
