package dev.mainstay.runner.backup;

import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.Task;
import dev.mainstay.runner.backup.Manifest.Archive;
import dev.mainstay.runner.backup.Manifest.Compression;
import dev.mainstay.runner.backup.Manifest.CompressionFormat;
import dev.mainstay.runner.backup.Manifest.Segment;
import dev.mainstay.runner.backup.Manifest.Table;
import dev.mainstay.runner.postgres.DatabaseAccess;
import dev.mainstay.runner.postgres.DatabaseFacts;
import dev.mainstay.runner.postgres.DumpErrors;
import dev.mainstay.runner.postgres.DumpProgress;
import dev.mainstay.runner.postgres.Pipeline;
import dev.mainstay.runner.postgres.Pipeline.Exit;
import dev.mainstay.runner.postgres.Pipeline.Program;
import dev.mainstay.runner.storage.ObjectStore;
import dev.mainstay.runner.task.ProgressReporter;
import dev.mainstay.runner.task.TaskContext;
import dev.mainstay.runner.task.TaskFailure;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** pg_dump through the pump into the bucket. Objects appear only when every program has succeeded. */
final class ArchiveDump {

    /** The first major whose pg_dump compresses with zstd. */
    private static final int FIRST_WITH_ZSTD = 16;

    private static final int HIGHEST_PARALLEL_LEVEL = 9;
    private static final int MOST_THREADS = 4;

    private final TaskContext context;
    private final DatabaseAccess access;
    private final DatabaseFacts facts;
    private final Path programs;
    private final ObjectStore store;
    private final Leftovers leftovers;

    /** What was dumped. */
    record Dumped(Archive archive, List<Table> tables) {}

    ArchiveDump(
            TaskContext context,
            DatabaseAccess access,
            DatabaseFacts facts,
            Path programs,
            ObjectStore store,
            Leftovers leftovers) {
        this.context = context;
        this.access = access;
        this.facts = facts;
        this.programs = programs;
        this.store = store;
        this.leftovers = leftovers;
    }

    /** Dumps; throws a TaskFailure when anything at all went wrong. */
    Dumped run(String clientVersion) {
        ProgressReporter news = context.progress();
        DumpProgress progress = new DumpProgress(facts.tables(), news::table);
        Task task = context.task();
        try (SegmentedUpload upload = new SegmentedUpload(
                        store, task.path(), context.settings(), context.stop(), leftovers::begun, news::moved);
                Pipeline pipeline = Pipeline.start(programs(progress), context.stop())) {
            long bytes = upload.pump(pipeline.output());
            List<Exit> exits = pipeline.await();
            context.stop().check();
            DumpErrors.of(exits).ifPresent(failure -> {
                throw failure;
            });
            if (bytes == 0) {
                throw new TaskFailure(
                        Reason.DUMP_FAILED,
                        "pg_dump wrote nothing",
                        exits.getFirst().tail());
            }
            List<Segment> segments = upload.complete();
            Archive archive = new Archive("custom", clientVersion, compression(), bytes, segments);
            return new Dumped(archive, tables(progress));
        }
    }

    private List<Program> programs(DumpProgress progress) {
        Task task = context.task();
        List<String> dump = new ArrayList<>(List.of(
                programs.resolve("pg_dump").toString(),
                "--format=custom",
                "--compress=" + (inArchive() ? "zstd:" + task.compressionLevel() : "0"),
                "--lock-wait-timeout=" + task.lockWaitTimeoutSeconds() + "s",
                "--verbose",
                "--no-password",
                "--dbname=" + access.connectionString()));
        if (facts.snapshotId() != null) {
            dump.add("--snapshot=" + facts.snapshotId());
        }
        Program pgDump = new Program("pg_dump", dump, access.environment(), progress::line);
        return inArchive() ? List.of(pgDump) : List.of(pgDump, zstd(task.compressionLevel()));
    }

    /** Threads by what this container may use: zstd itself counts the node's cores, and takes memory for each. */
    private static Program zstd(int level) {
        int threads = level > HIGHEST_PARALLEL_LEVEL
                ? 1
                : Math.min(MOST_THREADS, Runtime.getRuntime().availableProcessors());
        return new Program(
                "zstd",
                List.of("zstd", "-" + level, "-T" + threads, "--quiet", "--stdout"),
                Map.of("PATH", "/usr/local/bin:/usr/bin:/bin", "LC_ALL", "C"),
                line -> {});
    }

    private Compression compression() {
        return new Compression(
                inArchive() ? CompressionFormat.IN_ARCHIVE : CompressionFormat.OUTER,
                context.task().compressionLevel());
    }

    private boolean inArchive() {
        return facts.major() >= FIRST_WITH_ZSTD;
    }

    private static List<Table> tables(DumpProgress progress) {
        return progress.dumped().stream()
                .map(table -> new Table(table.name(), table.bytes(), table.estimatedRows()))
                .toList();
    }
}
