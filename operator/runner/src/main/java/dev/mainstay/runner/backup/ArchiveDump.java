package dev.mainstay.runner.backup;

import dev.mainstay.core.backup.TablePattern;
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
import java.util.stream.Collectors;

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
    private final AgeEncryption encryption;
    private final List<TablePattern> excluded;

    /** What was dumped. */
    record Dumped(Archive archive, List<Table> tables, List<String> excludedTables) {}

    ArchiveDump(
            TaskContext context,
            DatabaseAccess access,
            DatabaseFacts facts,
            Path programs,
            ObjectStore store,
            Leftovers leftovers,
            AgeEncryption encryption) {
        this.context = context;
        this.access = access;
        this.facts = facts;
        this.programs = programs;
        this.store = store;
        this.leftovers = leftovers;
        this.encryption = encryption;
        this.excluded = context.task().dump().excludedTableData().stream()
                .map(TablePattern::of)
                .toList();
    }

    /** Dumps; throws a TaskFailure when anything at all went wrong. */
    Dumped run(String clientVersion) {
        ProgressReporter news = context.progress();
        Map<Boolean, List<DatabaseFacts.Table>> byExclusion =
                facts.tables().stream().collect(Collectors.partitioningBy(this::isExcluded));
        DumpProgress progress = new DumpProgress(byExclusion.get(false), news::table);
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
            return new Dumped(
                    archive,
                    tables(progress),
                    byExclusion.get(true).stream()
                            .map(DatabaseFacts.Table::name)
                            .sorted()
                            .toList());
        }
    }

    private List<Program> programs(DumpProgress progress) {
        Task task = context.task();
        List<String> dump = new ArrayList<>(List.of(
                programs.resolve("pg_dump").toString(),
                "--format=custom",
                "--compress=" + (inArchive() ? "zstd:" + task.dump().compressionLevel() : "0"),
                "--lock-wait-timeout=" + task.dump().lockWaitTimeoutSeconds() + "s",
                "--verbose",
                "--no-password",
                "--dbname=" + access.connectionString()));
        if (facts.snapshotId() != null) {
            dump.add("--snapshot=" + facts.snapshotId());
        }
        excluded.forEach(pattern -> dump.add("--exclude-table-data=" + pattern.forProgram()));
        List<Program> pipeline = new ArrayList<>();
        pipeline.add(new Program("pg_dump", dump, access.environment(), progress::line));
        if (!inArchive()) {
            pipeline.add(zstd(task.dump().compressionLevel()));
        }
        encryption.encrypting().ifPresent(pipeline::add);
        return pipeline;
    }

    private boolean isExcluded(DatabaseFacts.Table table) {
        return excluded.stream().anyMatch(pattern -> pattern.matches(table.name()));
    }

    /** Threads by what this container may use: zstd itself counts the node's cores, and takes memory for each. */
    private static Program zstd(int level) {
        int threads = level > HIGHEST_PARALLEL_LEVEL
                ? 1
                : Math.min(MOST_THREADS, Runtime.getRuntime().availableProcessors());
        return Program.plain("zstd", List.of("zstd", "-" + level, "-T" + threads, "--quiet", "--stdout"));
    }

    private Compression compression() {
        return new Compression(
                inArchive() ? CompressionFormat.IN_ARCHIVE : CompressionFormat.OUTER,
                context.task().dump().compressionLevel());
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
