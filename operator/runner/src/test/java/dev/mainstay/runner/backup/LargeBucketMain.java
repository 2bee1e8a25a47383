package dev.mainstay.runner.backup;

import dev.mainstay.core.retention.RetentionRules;
import dev.mainstay.core.task.RetentionReport;
import dev.mainstay.core.task.Task.MadeBy;
import dev.mainstay.core.task.TaskKind;
import dev.mainstay.runner.task.StopSignal;
import dev.mainstay.runner.task.TaskContext;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Consumer;

/** A dry run over 100,000 backups, in a program of its own so that its memory can be limited. */
public final class LargeBucketMain {

    private static final int BACKUPS = 100_000;

    private LargeBucketMain() {}

    /** Holds no objects: makes each manifest when it is read. */
    private static final class LargeStore extends MemoryStore {
        private final RetentionBucket manifests = new RetentionBucket();

        @Override
        public void scan(String prefix, Consumer<Entry> found) {
            for (int day = 0; day < BACKUPS; day++) {
                String path = RetentionBucket.folder(day);
                for (String name :
                        new String[] {"data.000", "globals.sql", "manifest.json", "verified-fullread.json"}) {
                    found.accept(new Entry(path + name, 1));
                }
            }
        }

        @Override
        public int readRange(String key, long offset, byte[] buffer, int length) {
            int day = Integer.parseInt(key.substring(key.indexOf("Z-") + 2, key.indexOf("Z-") + 10), 16);
            byte[] body = AttemptFolder.json(manifests.manifest(day, MadeBy.POLICY, null, 1));
            System.arraycopy(body, 0, buffer, 0, body.length);
            return body.length;
        }

        @Override
        public Optional<StoredObject> read(String key) {
            return manifests.store.read(key);
        }
    }

    /** Prints what was found and what it took. */
    public static void main(String[] args) {
        RetentionBucket policy = new RetentionBucket();
        policy.dryRun = true;
        policy.rules = new RetentionRules(null, null, 30, null, null, null, null, null);
        TaskContext context = new TaskContext(
                policy.task(TaskKind.BACKUP, RetentionBucket.POLICY),
                RetentionBucket.NOW,
                null,
                null,
                new StopSignal(),
                null,
                RetentionBucket.clock());
        long start = System.nanoTime();
        RetentionReport report = new RetentionRun(context, new LargeStore()).run();
        long millis = (System.nanoTime() - start) / 1_000_000;
        Runtime runtime = Runtime.getRuntime();
        byte[] line = (report.wouldRemove() + " of " + report.stored().count()
                        + " would be removed; found and planned in " + millis + " ms with a heap of "
                        + (runtime.maxMemory() >> 20) + " MiB\n")
                .getBytes(StandardCharsets.UTF_8);
        System.out.write(line, 0, line.length);
        System.out.flush();
    }
}
