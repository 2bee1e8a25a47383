package dev.mainstay.runner.task;

import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Work that has to be done to its end although its task was told to stop: cleaning up. It runs on a thread of its own, since
 * the one that works for the task is interrupted at any moment, also after what it does was ended by the same stop.
 */
public final class Undisturbed {

    private Undisturbed() {}

    /** Does it, and answers what it answers; throws what it throws. An interrupt that comes meanwhile is kept for later. */
    public static <T> T call(Supplier<T> work) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        Thread thread = Thread.ofPlatform().name("clean-up").start(() -> {
            try {
                answer.complete(work.get());
            } catch (RuntimeException | Error problem) {
                answer.completeExceptionally(problem);
            }
        });
        boolean interrupted = false;
        while (true) {
            try {
                thread.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return switch (answer.state()) {
            case SUCCESS -> answer.resultNow();
            case FAILED -> throw rethrown(answer.exceptionNow());
            default -> throw new IllegalStateException("the work has ended without an answer");
        };
    }

    private static RuntimeException rethrown(Throwable problem) {
        if (problem instanceof Error error) {
            throw error;
        }
        return (RuntimeException) problem;
    }
}
