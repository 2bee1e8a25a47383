package dev.mainstay.controller.application;

import dev.mainstay.api.application.HealthCheck;
import dev.mainstay.controller.kube.ReadyPods;
import dev.mainstay.controller.kube.ReadyPods.ReadyPod;
import dev.mainstay.core.application.HealthSample;
import dev.mainstay.core.application.ProbeAnswer;
import dev.mainstay.core.application.ProbeAnswer.Answered;
import dev.mainstay.core.application.ProbeAnswer.Silent;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/** One pass over the ready Pods of a workload: each is asked, not too many at once. */
public final class HealthPass implements AutoCloseable {

    /** Of a larger workload the first by name speak for the rest. */
    private static final int PODS_OF_A_PASS = 100;

    private static final int PROBES_AT_ONCE = 64;

    /** An application whose Pods are slow must not keep the others waiting. */
    private static final int PROBES_OF_AN_APPLICATION = 8;

    /** Lists hold whole Pods in memory. */
    private static final int LISTS_AT_ONCE = 4;

    private final HealthProbe probe;
    private final ReadyPods pods;
    private final Semaphore probes = new Semaphore(PROBES_AT_ONCE, true);
    private final Semaphore lists = new Semaphore(LISTS_AT_ONCE, true);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    public HealthPass(HealthProbe probe, ReadyPods pods) {
        this.probe = probe;
        this.pods = pods;
    }

    /** What the Pods answer; none where none is ready. */
    public HealthSample over(HasMetadata workload, HealthCheck check) throws InterruptedException {
        return new HealthSample(each(() -> pods.of(workload, check.port()), pod -> answer(pod, check)));
    }

    /** What a Pod is asked. */
    interface Question<T> {
        T to(ReadyPod pod) throws InterruptedException;
    }

    /** What each of these Pods answers, in their order. */
    <T> List<T> each(Supplier<List<ReadyPod>> pods, Question<T> question) throws InterruptedException {
        return answers(list(pods), question);
    }

    private List<ReadyPod> list(Supplier<List<ReadyPod>> pods) throws InterruptedException {
        lists.acquire();
        try {
            List<ReadyPod> ready = pods.get();
            return List.copyOf(ready.subList(0, Math.min(ready.size(), PODS_OF_A_PASS)));
        } finally {
            lists.release();
        }
    }

    private <T> List<T> answers(List<ReadyPod> ready, Question<T> question) throws InterruptedException {
        Semaphore own = new Semaphore(PROBES_OF_AN_APPLICATION);
        List<Callable<T>> asked = ready.stream()
                .<Callable<T>>map(pod -> () -> answer(pod, question, own))
                .toList();
        List<T> answers = new ArrayList<>();
        for (Future<T> answer : threads.invokeAll(asked)) {
            try {
                answers.add(answer.get());
            } catch (ExecutionException e) {
                throw new IllegalStateException(e.getCause());
            }
        }
        return answers;
    }

    private ProbeAnswer answer(ReadyPod pod, HealthCheck check) throws InterruptedException {
        if (pod.ip() == null) {
            return new Silent("the Pod has no address");
        }
        if (pod.port().isEmpty()) {
            return new Silent("no container has a port named " + check.port() + ". Correct spec.health.port");
        }
        return switch (probe.ask(pod.ip(), pod.port().getAsInt(), check)) {
            case Answered answered -> new Answered(answered.status(), pod.name());
            case Silent silent -> silent;
        };
    }

    private <T> T answer(ReadyPod pod, Question<T> question, Semaphore own) throws InterruptedException {
        own.acquire();
        try {
            probes.acquire();
            try {
                return question.to(pod);
            } finally {
                probes.release();
            }
        } finally {
            own.release();
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
        probe.close();
    }
}
