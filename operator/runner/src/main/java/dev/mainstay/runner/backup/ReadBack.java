package dev.mainstay.runner.backup;

import dev.mainstay.api.backup.VerificationLevel;
import dev.mainstay.core.status.Reason;
import dev.mainstay.runner.backup.Manifest.CompressionFormat;
import dev.mainstay.runner.backup.Manifest.Segment;
import dev.mainstay.runner.backup.Manifest.SideFile;
import dev.mainstay.runner.backup.Manifest.Table;
import dev.mainstay.runner.postgres.ClientPrograms;
import dev.mainstay.runner.postgres.Pipeline;
import dev.mainstay.runner.postgres.Pipeline.Exit;
import dev.mainstay.runner.postgres.Pipeline.Program;
import dev.mainstay.runner.postgres.RowCounter;
import dev.mainstay.runner.storage.ObjectStore;
import dev.mainstay.runner.task.TaskContext;
import dev.mainstay.runner.task.TaskFailure;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Reads a committed backup back. Damage throws a TaskFailure of VerificationFailed; whatever else keeps from reading
 * (the store is away, say) says nothing about the backup and throws one of another reason, or is told beside the level
 * that was reached.
 */
final class ReadBack {

    private static final int BUFFER_BYTES = 1 << 16;
    private final TaskContext context;
    private final ObjectStore store;
    private final String path;
    private final SegmentReader reader;
    private final AgeEncryption encryption;

    /**
     * How far it was proven.
     *
     * @param level the level reached
     * @param rows rows by table; null unless it was read in full
     * @param clientMajor major of the pg_restore that read it; null unless it was read in full
     * @param trouble what kept from the level that was asked for; null when it was reached
     */
    record Reached(VerificationLevel level, Map<String, Long> rows, String clientMajor, TaskFailure trouble) {}

    ReadBack(TaskContext context, ObjectStore store, AgeEncryption encryption) {
        this.context = context;
        this.store = store;
        this.encryption = encryption;
        this.path = context.task().path();
        this.reader = new SegmentReader(store, path, context.settings(), context.stop());
    }

    /** Reads it back at the level. */
    Reached run(Manifest manifest, VerificationLevel level) {
        reader.read(sideFiles(manifest), new Hashing(store, path));
        return level == VerificationLevel.FULL_READ ? inFull(manifest) : byHash(manifest, null);
    }

    private Reached byHash(Manifest manifest, TaskFailure trouble) {
        Hashing hashing = new Hashing(store, path);
        reader.read(manifest.archive().segments(), counted(hashing));
        return new Reached(VerificationLevel.CHECKSUM, null, null, trouble);
    }

    private Reached inFull(Manifest manifest) {
        if (manifest.encryption() != null && encryption.decrypting().isEmpty()) {
            return byHash(manifest, identityLost());
        }
        Path programs;
        try {
            programs = new ClientPrograms(context.settings().postgresFolder())
                    .thatRead(manifest.archive().clientMajor());
        } catch (TaskFailure unsupported) {
            return byHash(manifest, unsupported);
        }
        RowCounter counter = new RowCounter();
        List<Exit> exits;
        try (Pipeline pipeline = Pipeline.start(programs(manifest, programs), context.stop())) {
            // Pipes hold on to their carriers, so this is a thread of the operating system.
            Thread counting = Thread.ofPlatform().daemon().name("rows").start(() -> count(pipeline, counter));
            Hashing hashing = new Hashing(store, path);
            Feeding feeding = new Feeding(hashing, pipeline.input());
            reader.read(manifest.archive().segments(), counted(feeding));
            feeding.end();
            exits = pipeline.await();
            join(counting);
        }
        context.stop().check();
        return judged(manifest, counter, exits, programs);
    }

    private Reached judged(Manifest manifest, RowCounter counter, List<Exit> exits, Path programs) {
        for (Exit exit : exits) {
            if (exit.signal() != 0 && !exit.onlyFollowed()) {
                // Every hash is right. A program that was killed says nothing about the backup.
                return new Reached(
                        VerificationLevel.CHECKSUM,
                        null,
                        null,
                        new TaskFailure(
                                Reason.INTERNAL_ERROR,
                                exit.program() + " was ended by signal " + exit.signal() + " while it read the backup"
                                        + " back; the backup is proven by hash only",
                                exit.tail()));
            }
        }
        exits.stream()
                .filter(exit -> !exit.succeeded())
                .min(Comparator.comparing(Exit::onlyFollowed))
                .ifPresent(exit -> {
                    throw new TaskFailure(
                            Reason.VERIFICATION_FAILED,
                            exit.program() + " can't read the archive: "
                                    + (exit.tail().isEmpty()
                                            ? "exit code " + exit.code()
                                            : exit.tail().getLast()),
                            exit.tail());
                });
        compareTables(manifest, counter);
        String major = programs.getParent().getFileName().toString();
        return new Reached(VerificationLevel.FULL_READ, counter.rows(), major, null);
    }

    private static TaskFailure identityLost() {
        return new TaskFailure(
                Reason.IDENTITY_LOST,
                "the backup is encrypted, and the Pod that made it ended before it had read it back in full: it is proven by"
                        + " hash only. Restore it with a key of yours to know more.");
    }

    private static void compareTables(Manifest manifest, RowCounter counter) {
        if (counter.insideTable()) {
            throw new TaskFailure(Reason.VERIFICATION_FAILED, "the archive ends in the middle of a table");
        }
        Set<String> missing =
                manifest.tables().stream().map(Table::name).collect(Collectors.toCollection(TreeSet::new));
        Set<String> found = counter.rows().keySet();
        missing.removeAll(found);
        if (!missing.isEmpty()) {
            throw new TaskFailure(
                    Reason.VERIFICATION_FAILED,
                    "the archive has no rows section for " + missing.size() + " of the tables that were dumped, first "
                            + missing.iterator().next());
        }
    }

    private List<Program> programs(Manifest manifest, Path programs) {
        List<Program> pipeline = new ArrayList<>();
        if (manifest.encryption() != null) {
            encryption.decrypting().ifPresent(pipeline::add);
        }
        if (manifest.archive().compression().format() == CompressionFormat.OUTER) {
            pipeline.add(Program.plain("zstd", List.of("zstd", "--decompress", "--quiet", "--stdout")));
        }
        pipeline.add(Program.plain(
                "pg_restore", List.of(programs.resolve("pg_restore").toString(), "--section=data", "--file=-")));
        return pipeline;
    }

    private static void count(Pipeline pipeline, RowCounter counter) {
        byte[] buffer = new byte[BUFFER_BYTES];
        try (InputStream in = pipeline.output()) {
            int read;
            while ((read = in.read(buffer)) >= 0) {
                counter.take(buffer, read);
            }
        } catch (IOException e) {
            // The program was ended; its exit code tells why.
        }
    }

    private void join(Thread counting) {
        try {
            counting.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            context.stop().check();
        }
    }

    private static List<Segment> sideFiles(Manifest manifest) {
        return Stream.of(manifest.globals(), manifest.settings())
                .filter(file -> file != null && file.object() != null)
                .map(SideFile::object)
                .toList();
    }

    private SegmentReader.Sink counted(SegmentReader.Sink sink) {
        return new SegmentReader.Sink() {
            @Override
            public void take(Segment segment, byte[] buffer, int length) {
                context.progress().moved(length);
                sink.take(segment, buffer, length);
            }

            @Override
            public void endOf(Segment segment) {
                sink.endOf(segment);
            }
        };
    }

    /** Compares hashes. */
    private record Hashing(ObjectStore store, String path, Sha256 hash) implements SegmentReader.Sink {

        Hashing(ObjectStore store, String path) {
            this(store, path, new Sha256());
        }

        @Override
        public void take(Segment segment, byte[] buffer, int length) {
            hash.take(buffer, length);
        }

        @Override
        public void endOf(Segment segment) {
            if (!hash.hex().equals(segment.sha256())) {
                throw new TaskFailure(
                        Reason.VERIFICATION_FAILED,
                        store.describe(path + segment.name()) + " is not what was written: its SHA-256 differs.");
            }
        }
    }

    /** Compares hashes and feeds a program; when that has ended, the hashes are compared all the same. */
    private static final class Feeding implements SegmentReader.Sink {
        private final Hashing hashing;
        private final OutputStream program;
        private boolean ended;

        Feeding(Hashing hashing, OutputStream program) {
            this.hashing = hashing;
            this.program = program;
        }

        @Override
        public void take(Segment segment, byte[] buffer, int length) {
            hashing.take(segment, buffer, length);
            try {
                if (!ended) {
                    program.write(buffer, 0, length);
                }
            } catch (IOException e) {
                ended = true;
            }
        }

        @Override
        public void endOf(Segment segment) {
            hashing.endOf(segment);
        }

        void end() {
            try {
                program.close();
            } catch (IOException e) {
                ended = true;
            }
        }
    }
}
