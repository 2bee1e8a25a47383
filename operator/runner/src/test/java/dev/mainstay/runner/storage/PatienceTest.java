package dev.mainstay.runner.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mainstay.core.status.Reason;
import dev.mainstay.runner.task.StopSignal;
import dev.mainstay.runner.task.TaskFailure;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PatienceTest {

    private static final Patience QUICK = new Patience(4, Duration.ofMillis(1), Duration.ofMillis(2));

    private final AtomicInteger calls = new AtomicInteger();
    private final StopSignal stop = new StopSignal();

    @Test
    void waitsDoubleUpToTheLongest() {
        Patience patience = new Patience(10, Duration.ofMillis(200), Duration.ofSeconds(15));

        assertThat(patience.waitAfter(1)).isEqualTo(Duration.ofMillis(200));
        assertThat(patience.waitAfter(4)).isEqualTo(Duration.ofMillis(1600));
        assertThat(patience.waitAfter(9)).isEqualTo(Duration.ofSeconds(15));
    }

    @Test
    void whatPassesIsTriedAgain() {
        assertThat(QUICK.call(() -> failing(3), e -> true, stop)).isEqualTo("done");
    }

    @Test
    void theLastErrorIsTold() {
        assertThatThrownBy(() -> QUICK.call(() -> failing(9), e -> true, stop)).hasMessage("4");
    }

    @Test
    void whatDoesNotPassIsNotTriedAgain() {
        assertThatThrownBy(() -> QUICK.call(() -> failing(9), e -> false, stop)).hasMessage("1");
    }

    @Test
    void aStopEndsIt() {
        stop.stop(Reason.CANCELLED, "stop");

        assertThatThrownBy(() -> QUICK.call(() -> failing(9), e -> true, stop))
                .isInstanceOf(TaskFailure.class)
                .hasMessage("stop");
    }

    private String failing(int times) {
        int call = calls.incrementAndGet();
        if (call <= times) {
            throw new IllegalStateException(String.valueOf(call));
        }
        return "done";
    }
}
