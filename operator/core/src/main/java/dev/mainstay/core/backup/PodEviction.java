package dev.mainstay.core.backup;

import dev.mainstay.api.status.Failure;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.RestoreOrder.PodServer;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What it means that the kubelet has evicted a Pod. */
final class PodEviction {

    private static final Pattern OUTGROWN =
            Pattern.compile("volume \"" + PodServer.VOLUME + "\" exceeds the limit \"([^\"]+)\"");

    private PodEviction() {}

    /** That the data of a server in the Pod has outgrown its volume; empty when it was nothing of the kind. */
    static Optional<Failure> outgrown(JobObservation job) {
        return Optional.ofNullable(job.pod())
                .map(PodObservation::eviction)
                .map(OUTGROWN::matcher)
                .filter(Matcher::find)
                .map(found -> new Failure(
                        Reason.DISK_FULL.text(),
                        "The copy did not fit in size: " + found.group(1)
                                + " (spec.verification.restoreTest.target.pod), so the kubelet evicted Pod "
                                + job.pod().name() + ". Raise it.",
                        List.of()));
    }

    /** The kubelet's words as a sentence after another one; nothing when it has not evicted the Pod. */
    static String words(PodObservation pod) {
        return pod.eviction() == null
                ? ""
                : " The kubelet says: " + pod.eviction().strip();
    }
}
