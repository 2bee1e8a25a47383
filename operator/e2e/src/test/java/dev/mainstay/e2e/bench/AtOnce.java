package dev.mainstay.e2e.bench;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/** Work that is done for many numbers, some of them at a time. */
final class AtOnce {

    private static final int PLACES = 16;

    private AtOnce() {}

    static void each(int count, IntConsumer work) throws InterruptedException, ExecutionException {
        Semaphore places = new Semaphore(PLACES);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Void>> all = IntStream.range(0, count)
                    .<Callable<Void>>mapToObj(number -> () -> {
                        places.acquire();
                        try {
                            work.accept(number);
                            return null;
                        } finally {
                            places.release();
                        }
                    })
                    .toList();
            for (Future<Void> one : threads.invokeAll(all)) {
                one.get();
            }
        }
    }
}
