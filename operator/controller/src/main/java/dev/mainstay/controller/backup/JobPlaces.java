package dev.mainstay.controller.backup;

import dev.mainstay.api.backup.DatabaseBackup;
import dev.mainstay.core.backup.BackupObservation.Places;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

    private record Taken(String namespace, String job) {}

    private record Waiter(String uid, String namespace, String name, Instant createdAt, Instant askedAt) {}

    public JobPlaces(Jobs caches, int limit, int limitPerNamespace, Clock clock) {
        this.caches = caches;
        this.limit = limit;
        this.limitPerNamespace = limitPerNamespace;
        this.clock = clock;
    }

    /** The places as they are now, for this backup. */
    synchronized Places seen(DatabaseBackup backup) {
        tidy();
        String namespace = backup.getMetadata().getNamespace();
        int inAll = running(null);
        int here = running(namespace);
        Waiter self = waiter(backup);
        // Those of a namespace that is full wait for their own, and keep nobody else from a place.
        int ahead = (int) waiting.values().stream()
                .filter(other -> AGE.compare(other, self) < 0)
                .filter(other -> here >= limitPerNamespace
                        ? other.namespace().equals(namespace)
                        : other.namespace().equals(namespace) || running(other.namespace()) < limitPerNamespace)
                .count();
        return new Places(inAll, limit, here, limitPerNamespace, ahead);
    }

    /** Notes that it waits, or doesn't any more. */
    synchronized void waits(DatabaseBackup backup, boolean waits) {
        if (waits) {
            waiting.put(backup.getMetadata().getUid(), waiter(backup));
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
                .filter(waiter -> running(waiter.namespace()) < limitPerNamespace)
                .sorted(AGE)
                .limit(Math.max(0, limit - running(null)))
                .map(waiter -> new ResourceID(waiter.name(), waiter.namespace()))
                .toList();
    }

    /** Takes a place for a Job that is about to be made; false when there is none, or it is another one's turn. */
    synchronized boolean take(DatabaseBackup backup, String job) {
        Taken place = new Taken(backup.getMetadata().getNamespace(), job);
        if (!taken.containsKey(place) && !seen(backup).free()) {
            return false;
        }
        waiting.remove(backup.getMetadata().getUid());
        taken.put(place, clock.instant());
        return true;
    }

    /** Whether there is room for work that can wait: half of the house stays free, and nobody waits. */
    synchronized boolean idle(String namespace) {
        tidy();
        return waiting.isEmpty()
                && running(null) < Math.max(1, limit / 2)
                && running(namespace) < Math.max(1, limitPerNamespace / 2);
    }

    /** Takes a place for such work; false when there is none. */
    synchronized boolean takeIdle(String namespace, String job) {
        if (!idle(namespace)) {
            return false;
        }
        taken.put(new Taken(namespace, job), clock.instant());
        return true;
    }

    /** Takes a place, be there one or not: of a task that ends what was begun. */
    synchronized void takeAnyway(String namespace, String job) {
        taken.put(new Taken(namespace, job), clock.instant());
    }

    /** Gives back a place whose Job was not made. */
    synchronized void giveBack(String namespace, String job) {
        taken.remove(new Taken(namespace, job));
    }

    private void tidy() {
        Instant now = clock.instant();
        taken.entrySet()
                .removeIf(entry -> entry.getValue().isBefore(now.minus(LONGEST_HELD))
                        || caches.has(entry.getKey().namespace(), entry.getKey().job()));
        waiting.values().removeIf(waiter -> waiter.askedAt().isBefore(now.minus(LONGEST_SILENCE)));
    }

    /** Jobs that run or are about to; in all namespaces when none is given. */
    private int running(String namespace) {
        return (int) Stream.concat(
                        caches.unfinished().stream().map(JobPlaces::namespace),
                        taken.keySet().stream().map(Taken::namespace))
                .filter(found -> namespace == null || namespace.equals(found))
                .count();
    }

    private static String namespace(Job job) {
        return job.getMetadata().getNamespace();
    }

    private Waiter waiter(DatabaseBackup backup) {
        return new Waiter(
                backup.getMetadata().getUid(),
                backup.getMetadata().getNamespace(),
                backup.getMetadata().getName(),
                Instant.parse(backup.getMetadata().getCreationTimestamp()),
                clock.instant());
    }
}
