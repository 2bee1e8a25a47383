package dev.mainstay.controller.backup;

import dev.mainstay.core.backup.BackupObservation.Places;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How many Jobs run and may run. The cache learns of a Job some time after it was made: of many backups that wait for one
 * place, each would take it. So a place is taken before its Job is made, and is held until the cache has the Job.
 */
public final class JobPlaces {

    /** A Job that the cache does not have by then was deleted, or never made. */
    private static final Duration LONGEST_HELD = Duration.ofMinutes(1);

    private final JobCaches caches;
    private final int limit;
    private final int limitPerNamespace;
    private final Clock clock;
    private final Map<Taken, Instant> taken = new HashMap<>();

    private record Taken(String namespace, String job) {}

    public JobPlaces(JobCaches caches, int limit, int limitPerNamespace, Clock clock) {
        this.caches = caches;
        this.limit = limit;
        this.limitPerNamespace = limitPerNamespace;
        this.clock = clock;
    }

    /** The places as they are now, for one who asks from this namespace. */
    synchronized Places seen(String namespace) {
        Instant tooOld = clock.instant().minus(LONGEST_HELD);
        taken.entrySet()
                .removeIf(entry -> entry.getValue().isBefore(tooOld)
                        || caches.has(entry.getKey().namespace(), entry.getKey().job()));
        List<Job> running = caches.unfinished();
        long here = running.stream()
                        .filter(job -> namespace.equals(job.getMetadata().getNamespace()))
                        .count()
                + taken.keySet().stream()
                        .filter(place -> namespace.equals(place.namespace()))
                        .count();
        return new Places(running.size() + taken.size(), limit, (int) here, limitPerNamespace);
    }

    /** Takes a place for a Job that is about to be made; false when there is none. */
    synchronized boolean take(String namespace, String job) {
        Taken place = new Taken(namespace, job);
        if (!taken.containsKey(place) && !seen(namespace).free()) {
            return false;
        }
        taken.put(place, clock.instant());
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
}
