package dev.mainstay.controller.application;

import dev.mainstay.api.application.HealthCheck;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.controller.watch.Wakeups;
import dev.mainstay.core.Durations;
import dev.mainstay.core.application.ApplicationObservation.WorkloadObservation;
import dev.mainstay.core.application.HealthDecider;
import dev.mainstay.core.application.HealthSample;
import dev.mainstay.core.application.HealthStreak;
import dev.mainstay.core.status.Pause;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the ready Pods of applications how they are, on a timer of each application's own, so that a reconciliation never
 * waits for a Pod. An application is reconciled when its conditions are to change, and not for each pass over its Pods.
 */
public final class HealthSampler implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HealthSampler.class);

    private static final Duration FIRST_WITHIN = Duration.ofSeconds(30);

    private final HealthPass pass;
    private final ApplicationWorkloads workloads;
    private final Wakeups wakeups;
    private final Map<ResourceID, Followed> followed = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final ScheduledExecutorService timers =
            Executors.newSingleThreadScheduledExecutor(Thread.ofVirtual().factory());

    public HealthSampler(HealthPass pass, ApplicationWorkloads workloads, Wakeups wakeups) {
        this.pass = pass;
        this.workloads = workloads;
        this.wakeups = wakeups;
    }

    /** What the last passes over an application's Pods found; asking has them made, as long as spec.health is there. */
    public HealthStreak streak(ManagedApplication application) {
        if (!isAsked(application)) {
            return HealthStreak.NONE;
        }
        return followed.computeIfAbsent(ResourceID.fromResource(application), id -> {
                    Followed begun = new Followed(id);
                    begun.restart(application);
                    return begun;
                })
                .of(application);
    }

    private static boolean isAsked(ManagedApplication application) {
        return application.getSpec() != null
                && application.getSpec().health() != null
                && application.getMetadata().getDeletionTimestamp() == null;
    }

    /** One application. Its timer goes on until the object or its spec.health is gone, so that no two passes run at one time. */
    private final class Followed {

        private final ResourceID id;
        private String uid;
        private HealthCheck check;
        private HealthStreak streak;
        private int beginnings;
        private Future<?> timer;
        private boolean told;

        private Followed(ResourceID id) {
            this.id = id;
        }

        /** What was found of this very object by this very check. */
        private synchronized HealthStreak of(ManagedApplication application) {
            if (!isOf(application)) {
                restart(application);
            } else if (podsToAsk(application).isEmpty()) {
                begin();
            }
            return streak;
        }

        private boolean isOf(ManagedApplication application) {
            return application.getMetadata().getUid().equals(uid)
                    && application.getSpec().health().equals(check);
        }

        /** What another check found says nothing. A timer that has not gone off is set anew, since it may be an hour. */
        private synchronized void restart(ManagedApplication application) {
            uid = application.getMetadata().getUid();
            check = application.getSpec().health();
            begin();
            if (timer == null || timer.cancel(false)) {
                Duration interval = Durations.parse(check.interval());
                // Spread, so that a start does not ask everybody at once.
                schedule(interval.compareTo(FIRST_WITHIN) < 0 ? interval : FIRST_WITHIN, 0, 1);
            }
        }

        /** Sets the timer to a part of the time that lies between two others. */
        private synchronized void schedule(Duration time, double least, double most) {
            double part = ThreadLocalRandom.current().nextDouble(least, most);
            try {
                timer = timers.schedule(
                        () -> threads.execute(this::pass), (long) (time.toMillis() * part), TimeUnit.MILLISECONDS);
            } catch (RejectedExecutionException e) {
                LOG.atDebug().addKeyValue("name", id.getName()).log("the operator stops; no Pod is asked any more");
            }
        }

        private synchronized Duration interval() {
            return Durations.parse(check.interval());
        }

        private void pass() {
            try {
                Optional<ManagedApplication> application = current();
                if (application.isPresent()) {
                    ask(application.get());
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (RuntimeException e) {
                tell(e);
            }
            if (threads.isShutdown()) {
                return;
            }
            // It may have come back meanwhile: a reconciliation that asks for it now finds it, or begins it anew.
            boolean goesOn =
                    followed.computeIfPresent(id, (ignored, self) -> current().isPresent() ? self : null) != null;
            if (goesOn) {
                schedule(interval(), 0.9, 1.1);
            }
        }

        private Optional<ManagedApplication> current() {
            return wakeups.application(id.getNamespace().orElseThrow(), id.getName())
                    .filter(HealthSampler::isAsked);
        }

        private void ask(ManagedApplication application) throws InterruptedException {
            int beginning = beginning();
            Optional<HasMetadata> workload = podsToAsk(application);
            if (workload.isEmpty()) {
                begin();
                return;
            }
            HealthCheck asked = application.getSpec().health();
            HealthSample sample = pass.over(workload.get(), asked);
            told = false;
            if (add(application, beginning, sample)) {
                wakeups.wakeApplication(id);
            }
        }

        /** The workload whose Pods are to be asked: not while there is none, it has none, or nothing is to be done. */
        private Optional<HasMetadata> podsToAsk(ManagedApplication application) {
            return find(application)
                    .filter(workload -> ApplicationWorkloads.seen(workload).replicas() > 0)
                    .filter(workload -> Pause.message(application).isEmpty());
        }

        /** What the Pods of before answered, also in a pass that still runs, says nothing of those that come after. */
        private synchronized void begin() {
            streak = HealthStreak.NONE;
            beginnings++;
        }

        private synchronized int beginning() {
            return beginnings;
        }

        /** Whether the conditions are to change for it. */
        private synchronized boolean add(ManagedApplication application, int beginning, HealthSample sample) {
            if (beginning != beginnings || !isOf(application)) {
                return false;
            }
            streak = streak.next(sample, check);
            ManagedApplication now = current().filter(this::isOf).orElse(application);
            return HealthDecider.changes(now, seen(now), streak);
        }

        private WorkloadObservation seen(ManagedApplication application) {
            return find(application).map(ApplicationWorkloads::seen).orElse(null);
        }

        private Optional<HasMetadata> find(ManagedApplication application) {
            return application.getSpec().healthWorkload().flatMap(workload -> workloads.find(application, workload));
        }

        private void tell(RuntimeException problem) {
            if (!told && !threads.isShutdown()) {
                told = true;
                LOG.atWarn()
                        .addKeyValue("namespace", id.getNamespace().orElse(""))
                        .addKeyValue("name", id.getName())
                        .addKeyValue("problem", problem.getMessage())
                        .log("the Pods of an application could not be asked; its health stays as it was told");
            }
        }
    }

    @Override
    public void close() {
        timers.shutdownNow();
        threads.shutdownNow();
    }
}
