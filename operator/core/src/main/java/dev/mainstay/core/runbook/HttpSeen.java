package dev.mainstay.core.runbook;

import dev.mainstay.core.http.HttpReply;
import dev.mainstay.core.status.Reason;
import java.util.List;

/** What came of asking the ready Pods of a workload or of a Service. */
public sealed interface HttpSeen {

    /**
     * They were asked.
     *
     * @param pods what each answered; empty when none was ready
     */
    record Asked(List<PodReply> pods) implements HttpSeen {}

    /** They could not be asked: why, in sentences for people. */
    record NotAsked(Reason reason, String message) implements HttpSeen {}

    /** What one Pod answered. */
    record PodReply(String pod, HttpReply reply) {}
}
