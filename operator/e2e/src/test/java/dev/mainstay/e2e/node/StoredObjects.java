package dev.mainstay.e2e.node;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.TreeSet;

/** The objects of the shop's S3 server as it keeps them on its volume, which is a folder of this machine. */
final class StoredObjects {

    private StoredObjects() {}

    /** The folder of a bucket. */
    static Path bucket(String name) {
        return Path.of(System.getenv("MAINSTAY_VOLUMES"), "shop-s3/buckets", name);
    }

    /**
     * The files below a folder, in order. Backups, sweeps and preflights write and delete beside whoever looks: what goes
     * meanwhile is no error, and the object by which a preflight tries the store is left out, since it comes and goes.
     */
    static List<Path> below(Path folder) {
        TreeSet<Path> files = new TreeSet<>();
        try {
            Files.walkFileTree(folder, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    if (!file.endsWith("preflight/object")) {
                        files.add(file);
                    }
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                    return goOnWithout(failure);
                }

                @Override
                public FileVisitResult postVisitDirectory(Path directory, IOException failure) throws IOException {
                    return failure == null ? FileVisitResult.CONTINUE : goOnWithout(failure);
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return List.copyOf(files);
    }

    private static FileVisitResult goOnWithout(IOException failure) throws IOException {
        if (failure instanceof NoSuchFileException) {
            return FileVisitResult.CONTINUE;
        }
        throw failure;
    }
}
