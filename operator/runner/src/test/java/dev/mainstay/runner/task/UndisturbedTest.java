package dev.mainstay.runner.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class UndisturbedTest {

    @Test
    void givenAnInterruptInTheMiddle_thenTheWorkIsDoneAndTheInterruptIsKept() {
        Thread worker = Thread.currentThread();

        String answer = Undisturbed.call(() -> {
            worker.interrupt();
            return Thread.currentThread().isInterrupted() ? "disturbed" : "done";
        });

        assertThat(answer).isEqualTo("done");
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void givenAnInterruptBefore_thenTheWorkMayWait() {
        Thread.currentThread().interrupt();
        CountDownLatch none = new CountDownLatch(0);

        assertThat(Undisturbed.<Boolean>call(() -> {
                    try {
                        none.await();
                        return true;
                    } catch (InterruptedException e) {
                        return false;
                    }
                }))
                .isTrue();
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void givenAFailure_thenItIsThrown() {
        assertThatThrownBy(() -> Undisturbed.call(() -> {
                    throw new IllegalStateException("no");
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("no");
    }
}
