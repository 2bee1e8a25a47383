package dev.mainstay.runner.restore;

import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.Task;
import dev.mainstay.runner.backup.Manifest.CompressionFormat;
import dev.mainstay.runner.backup.StoredBackup;
import dev.mainstay.runner.backup.StoredBackup.Taker;
import dev.mainstay.runner.postgres.Pipeline;
import dev.mainstay.runner.postgres.Pipeline.Exit;
import dev.mainstay.runner.postgres.Pipeline.Program;
import dev.mainstay.runner.task.TaskContext;
import dev.mainstay.runner.task.TaskFailure;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** A backup's archive as pg_restore takes it: opened by age and zstd where it needs them, with what stands at its head. */
final class ArchiveStream {

    private static final int BUFFER_BYTES = 1 << 16;

    private final TaskContext context;
    private final StoredBackup backup;

    /** Takes the archive. */
    interface Receiver {
        /** The table of contents, with all that was read so far. Whether more is wanted. */
        boolean begin(ArchiveToc toc);

        /** What follows. Whether more is wanted. */
        boolean take(byte[] buffer, int length);
    }

    ArchiveStream(TaskContext context, StoredBackup backup) {
        this.context = context;
        this.backup = backup;
    }

    /** Reads the table of contents alone. */
    ArchiveToc head() {
        List<ArchiveToc> found = new ArrayList<>();
        Receiver receiver = new Receiver() {
            @Override
            public boolean begin(ArchiveToc toc) {
                found.add(toc);
                return false;
            }

            @Override
            public boolean take(byte[] buffer, int length) {
                return false;
            }
        };
        run(receiver, backup::readHead);
        return found.getFirst();
    }

    /** Hands the whole archive over, its hashes compared. */
    void whole(Receiver receiver) {
        long total = backup.bytes();
        run(
                receiver,
                taker -> backup.read((buffer, length) -> {
                    context.progress().read(length, total);
                    return taker.take(buffer, length);
                }));
    }

    private void run(Receiver receiver, Consumer<Taker> reading) {
        Head head = new Head(receiver);
        List<Program> programs = opening();
        if (programs.isEmpty()) {
            reading.accept(head);
            head.end();
            return;
        }
        List<Exit> exits;
        Pump pump;
        try (Pipeline pipeline = Pipeline.start(programs, context.stop())) {
            pump = new Pump(pipeline.output(), head);
            // Pipes hold on to their carriers, so this is a thread of the operating system.
            Thread thread = Thread.ofPlatform().daemon().name("archive").start(pump);
            reading.accept(new Feeding(pipeline.input()));
            close(pipeline.input());
            context.stop().check();
            join(thread);
            exits = pipeline.await();
        }
        context.stop().check();
        if (pump.failure != null) {
            throw pump.failure;
        }
        if (!head.enough) {
            exits.stream().filter(exit -> !exit.succeeded()).findFirst().ifPresent(exit -> {
                throw notOpened(exit);
            });
        }
        head.end();
    }

    private void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            context.stop().check();
        }
    }

    private List<Program> opening() {
        List<Program> programs = new ArrayList<>();
        if (backup.manifest().encryption() != null) {
            programs.add(age());
        }
        if (backup.manifest().archive().compression().format() == CompressionFormat.OUTER) {
            programs.add(Program.plain("zstd", List.of("zstd", "--decompress", "--quiet", "--stdout")));
        }
        return programs;
    }

    private Program age() {
        Task task = context.task();
        if (task.restore().identity() == null) {
            throw new TaskFailure(
                    Reason.IDENTITY_WRONG,
                    "the backup is encrypted to "
                            + String.join(", ", backup.manifest().encryption().recipients())
                            + ", and " + request()
                            + " names no key. Put the secret key of one of them into a Secret, and"
                            + " name it in " + OrderWords.identity(task) + ".");
        }
        Path identity = context.secrets().file(task.restore().identity(), "identity");
        return Program.plain("age", List.of("age", "--decrypt", "--identity", identity.toString()));
    }

    private TaskFailure notOpened(Exit exit) {
        String said =
                exit.tail().isEmpty() ? "exit code " + exit.code() : exit.tail().getFirst();
        boolean identity =
                exit.tail().stream().anyMatch(line -> line.contains("no identity matched") || line.contains("identit"));
        if (exit.program().equals("age") && identity) {
            return new TaskFailure(
                    Reason.IDENTITY_WRONG,
                    context.secrets().describe(context.task().restore().identity())
                            + " (" + OrderWords.identity(context.task()) + " of " + request()
                            + ") does not open the backup, which is encrypted"
                            + " to "
                            + String.join(", ", backup.manifest().encryption().recipients()) + " (" + said
                            + "). Name the secret key of one of them.");
        }
        return new TaskFailure(
                exit.signal() == 0 ? Reason.VERIFICATION_FAILED : Reason.INTERNAL_ERROR,
                exit.program() + " can't open the archive: " + said,
                exit.tail());
    }

    private String request() {
        return OrderWords.object(context.task());
    }

    /** Opens a small file that is stored beside the archive. */
    String opened(byte[] stored) {
        if (backup.manifest().encryption() == null) {
            return new String(stored, StandardCharsets.UTF_8);
        }
        try (Pipeline pipeline = Pipeline.start(List.of(age()), context.stop())) {
            Thread.ofPlatform().daemon().name("age").start(() -> {
                try (OutputStream program = pipeline.input()) {
                    new ByteArrayInputStream(stored).transferTo(program);
                } catch (IOException e) {
                    // The program has ended; its exit code tells why.
                }
            });
            byte[] content = pipeline.output().readAllBytes();
            Optional<Exit> failed =
                    pipeline.await().stream().filter(exit -> !exit.succeeded()).findFirst();
            if (failed.isPresent()) {
                throw notOpened(failed.get());
            }
            return new String(content, StandardCharsets.UTF_8);
        } catch (IOException e) {
            context.stop().check();
            throw new UncheckedIOException(e);
        }
    }

    private static void close(OutputStream program) {
        try {
            program.close();
        } catch (IOException e) {
            // The program has ended; its exit code tells why.
        }
    }

    /** Feeds the first program until it ends. */
    private record Feeding(OutputStream program) implements Taker {
        @Override
        public boolean take(byte[] buffer, int length) {
            try {
                program.write(buffer, 0, length);
                return true;
            } catch (IOException e) {
                return false;
            }
        }
    }

    /** Takes what the last program writes. When no more is wanted, the programs are told by the end of their pipe. */
    private static final class Pump implements Runnable {
        private final InputStream program;
        private final Head head;
        private volatile TaskFailure failure;

        Pump(InputStream program, Head head) {
            this.program = program;
            this.head = head;
        }

        @Override
        public void run() {
            byte[] buffer = new byte[BUFFER_BYTES];
            try (program) {
                int read;
                while ((read = program.read(buffer)) >= 0 && head.take(buffer, read)) {
                    // More is wanted.
                }
            } catch (IOException e) {
                // The program was ended.
            } catch (TaskFailure e) {
                failure = e;
            } catch (RuntimeException e) {
                failure = new TaskFailure(
                        Reason.INTERNAL_ERROR,
                        "unexpected " + e.getClass().getSimpleName() + ": " + e.getMessage()
                                + ". Please report it with this Job's log.");
            }
        }
    }

    /** Collects the beginning until the table of contents is there. */
    private static final class Head implements Taker {
        private final Receiver receiver;
        private byte[] bytes = new byte[BUFFER_BYTES];
        private int length;
        private int nextTry = 1;
        private boolean begun;
        private volatile boolean enough;

        Head(Receiver receiver) {
            this.receiver = receiver;
        }

        @Override
        public boolean take(byte[] buffer, int count) {
            if (!begun) {
                collect(buffer, count);
                if (length >= nextTry) {
                    begin();
                }
            } else {
                enough = enough || !receiver.take(buffer, count);
            }
            return !enough;
        }

        private void collect(byte[] buffer, int count) {
            if (length + count > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.max(length + count, 2 * bytes.length));
            }
            System.arraycopy(buffer, 0, bytes, length, count);
            length += count;
        }

        private void begin() {
            Optional<ArchiveToc> toc = ArchiveToc.parse(bytes, length);
            if (toc.isPresent()) {
                begun = true;
                bytes = null;
                enough = !receiver.begin(toc.get());
            } else {
                nextTry = length + length / 2;
            }
        }

        void end() {
            if (!begun && length > 0) {
                begin();
            }
            if (!begun) {
                throw new TaskFailure(
                        Reason.VERIFICATION_FAILED,
                        "the archive ends within its table of contents, after " + length + " bytes");
            }
        }
    }
}
