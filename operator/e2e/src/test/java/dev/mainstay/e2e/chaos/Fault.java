package dev.mainstay.e2e.chaos;

import java.time.Duration;

/** What the proxy does to one write. */
public sealed interface Fault {

    /** The operator dies with the write sent and not yet arrived. */
    record KillBefore() implements Fault {}

    /** The operator dies with the write done and its answer not yet read. */
    record KillAfter() implements Fault {}

    /** The write is not passed on; the answer is this one. */
    record Answer(int status) implements Fault {}

    /** The write is done and its answer comes late. */
    record Hang(Duration time) implements Fault {}

    /** The write arrives late, perhaps after the operator has given it up. */
    record Delay(Duration time) implements Fault {}
}
