package dev.mainstay.controller.backup;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.backup.DatabaseBackup;
import dev.mainstay.controller.kube.JobClient;
import dev.mainstay.controller.kube.JobClient.Made;
import dev.mainstay.core.backup.BackupObservation.Places;
import dev.mainstay.core.task.TaskKind;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * How many Jobs run and may run, and who waits for a place. The cache learns of a Job some time after it was made: of many
 * backups that wait for one place, each would take it. So a place is taken before its Job is made, and is held until the
 * cache has the Job. Places go to those who have waited longest.
 */
public final class JobPlaces {

    /** A Job that the cache does not have by then was deleted, or never made. */
    private static final Duration LONGEST_HELD = Duration.ofMinutes(1);

    /** One that waits asks again every ten seconds; who hasn't for so long is gone. */
    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(45);

    private static final Comparator<Waiter> AGE =
            Comparator.comparing(Waiter::createdAt).thenComparing(Waiter::uid);

    private final Jobs caches;
    private final int limit;
    private final int limitPerNamespace;
    private final int limitPerServer;
    private final Clock clock;
    private final Map<Taken, Instant> taken = new HashMap<>();
    private final Map<String, Waiter> waiting = new HashMap<>();

    /** The Jobs that are known. */
    public interface Jobs {

        /** Whether a Job is known, finished or not. */
        boolean has(String namespace, String job);

        /** Those that are neither complete nor failed. */
        List<Job> unfinished();
    }

    private record Taken(String namespace, String job, String server, boolean test) {}

    private record Waiter(
            String uid, String namespace, String name, String server, Instant createdAt, Instant askedAt) {}

    /**
     * @param limit how many Jobs run at once
     * @param limitPerNamespace how many of them in one namespace
     * @param limitPerServer how many of them dump databases of one server
     */
    public JobPlaces(Jobs caches, int limit, int limitPerNamespace, int limitPerServer, Clock clock) {
        this.caches = caches;
        this.limit = limit;
        this.limitPerNamespace = limitPerNamespace;
        this.limitPerServer = limitPerServer;
        this.clock = clock;
    }

    /**
     * The places as they are now, for this backup.
     *
     * @param server the server that it dumps from; null when that isn't known
     */
    synchronized Places seen(DatabaseBackup backup, String server) {
        tidy();
        Waiter self = waiter(backup, server);
        boolean stuck = isFull(self);
        // Those whose own namespace or server is full keep nobody else from a place.
        int ahead = (int) waiting.values().stream()
                .filter(other -> AGE.compare(other, self) < 0)
                .filter(other -> stuck ? waitsForTheSame(other, self) : !isFull(other))
                .count();
        return new Places(
                running(null),
                limit,
                running(self.namespace()),
                limitPerNamespace,
                dumping(server),
                limitPerServer,
                ahead);
    }

    /** Those whose own namespace or server is full gain nothing by others who hold back. */
    private boolean nobodyIsKeptBack() {
        return waiting.values().stream().allMatch(this::isFull);
    }

    private boolean isFull(Waiter waiter) {
        return running(waiter.namespace()) >= limitPerNamespace || dumping(waiter.server()) >= limitPerServer;
    }

    private static boolean waitsForTheSame(Waiter one, Waiter other) {
        return one.namespace().equals(other.namespace())
                || one.server() != null && one.server().equals(other.server());
    }

    /** Notes that it waits, or doesn't any more. */
    synchronized void waits(DatabaseBackup backup, String server, boolean waits) {
        if (waits) {
            waiting.put(backup.getMetadata().getUid(), waiter(backup, server));
        } else {
            waiting.remove(backup.getMetadata().getUid());
        }
    }

    /** Those for whom there is a place now. */
    synchronized List<ResourceID> next() {
        if (waiting.isEmpty()) {
            return List.of();
        }
        tidy();
        return waiting.values().stream()
                .filter(waiter -> !isFull(waiter))
                .sorted(AGE)
                .limit(Math.max(0, limit - running(null)))
                .map(waiter -> new ResourceID(waiter.name(), waiter.namespace()))
                .toList();
    }

    /** Takes a place for a Job that is about to be made; false when there is none, or it is another one's turn. */
    synchronized boolean take(DatabaseBackup backup, String server, String job) {
        String namespace = backup.getMetadata().getNamespace();
        boolean held = taken.keySet().stream()
                .anyMatch(place ->
                        place.namespace().equals(namespace) && place.job().equals(job));
        if (!held && !seen(backup, server).free()) {
            return false;
        }
        waiting.remove(backup.getMetadata().getUid());
        taken.put(new Taken(namespace, job, server, false), clock.instant());
        return true;
    }

    /** Whether there is room for work that can wait: half of the house stays free, and nobody waits whom that helps. */
    public synchronized boolean idle(String namespace) {
        tidy();
        return nobodyIsKeptBack()
                && running(null) < Math.max(1, limit / 2)
                && running(namespace) < Math.max(1, limitPerNamespace / 2);
    }

    /** Takes a place for such work; false when there is none. */
    public synchronized boolean takeIdle(String namespace, String job) {
        if (!idle(namespace)) {
            return false;
        }
        taken.put(new Taken(namespace, job, null, false), clock.instant());
        return true;
    }

    /**
     * Whether a restore test may begin. Tests have places of their own, half as many as all the others, so that no backup
     * waits for one; and none begins while somebody waits whom that helps.
     */
    synchronized boolean roomForTest(String namespace) {
        tidy();
        return nobodyIsKeptBack()
                && count(null, true) < Math.max(1, limit / 2)
                && count(namespace, true) < Math.max(1, limitPerNamespace / 2);
    }

    /** Takes a place for a restore test; false when there is none. */
    synchronized boolean takeForTest(String namespace, String job) {
        if (!roomForTest(namespace)) {
            return false;
        }
        taken.put(new Taken(namespace, job, null, true), clock.instant());
        return true;
    }

    /** Takes a place, be there one or not: of a task that ends what was begun. */
    public synchronized void takeAnyway(String namespace, String job) {
        taken.put(new Taken(namespace, job, null, false), clock.instant());
    }

    /** Makes a Job whose place is taken; the place of one that is not made is given back. */
    public Made fill(JobClient client, Job job) {
        Made made = client.make(job);
        if (!(made instanceof Made.Exists)) {
            giveBack(job.getMetadata().getNamespace(), job.getMetadata().getName());
        }
        return made;
    }

    /** Gives back a place whose Job was not made. */
    synchronized void giveBack(String namespace, String job) {
        taken.keySet()
                .removeIf(place ->
                        place.namespace().equals(namespace) && place.job().equals(job));
    }

    private void tidy() {
        Instant now = clock.instant();
        taken.entrySet()
                .removeIf(entry -> entry.getValue().isBefore(now.minus(LONGEST_HELD))
                        || caches.has(entry.getKey().namespace(), entry.getKey().job()));
        waiting.values().removeIf(waiter -> waiter.askedAt().isBefore(now.minus(LONGEST_SILENCE)));
    }

    /** Jobs that run or are about to, restore tests aside; in all namespaces when none is given. */
    private int running(String namespace) {
        return count(namespace, false);
    }

    private int count(String namespace, boolean tests) {
        return (int) Stream.concat(
                        caches.unfinished().stream()
                                .filter(job -> isTest(job) == tests)
                                .map(JobPlaces::namespace),
                        taken.keySet().stream()
                                .filter(place -> place.test() == tests)
                                .map(Taken::namespace))
                .filter(found -> namespace == null || namespace.equals(found))
                .count();
    }

    private static boolean isTest(Job job) {
        return job.getMetadata().getLabels() != null
                && TaskKind.RESTORE_TEST
                        .text()
                        .equals(job.getMetadata().getLabels().get(Annotations.TASK));
    }

    /** Jobs that dump from a server, or are about to; none for one that isn't known. */
    private int dumping(String server) {
        return server == null
                ? 0
                : (int) Stream.concat(
                                caches.unfinished().stream()
                                        .map(job -> job.getMetadata().getLabels())
                                        .filter(Objects::nonNull)
                                        .map(labels -> labels.get(Annotations.SERVER)),
                                taken.keySet().stream().map(Taken::server))
                        .filter(server::equals)
                        .count();
    }

    private static String namespace(Job job) {
        return job.getMetadata().getNamespace();
    }

    private Waiter waiter(DatabaseBackup backup, String server) {
        return new Waiter(
                backup.getMetadata().getUid(),
                backup.getMetadata().getNamespace(),
                backup.getMetadata().getName(),
                server,
                Instant.parse(backup.getMetadata().getCreationTimestamp()),
                clock.instant());
    }
}
