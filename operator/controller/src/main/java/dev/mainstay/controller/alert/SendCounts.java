package dev.mainstay.controller.alert;

import dev.mainstay.core.alert.ReceiverType;
import dev.mainstay.core.alert.SendOutcome;
import dev.mainstay.core.backup.PolicyMetric.Sample;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/** How many requests ended how. All begin at 0: Prometheus takes the first value it sees for no increase. */
final class SendCounts {

    private static final String TAKEN = "taken";
    private static final String FAILED = "failed";
    private static final String REFUSED = "refused";

    private final Map<ReceiverType, Map<String, LongAdder>> counts = new ConcurrentSkipListMap<>();

    SendCounts() {
        for (ReceiverType type : ReceiverType.values()) {
            Map<String, LongAdder> outcomes = new ConcurrentSkipListMap<>();
            Stream.of(TAKEN, FAILED, REFUSED).forEach(outcome -> outcomes.put(outcome, new LongAdder()));
            counts.put(type, outcomes);
        }
    }

    void add(ReceiverType type, SendOutcome outcome) {
        counts.get(type)
                .get(
                        switch (outcome) {
                            case SendOutcome.Taken ignored -> TAKEN;
                            case SendOutcome.Later ignored -> FAILED;
                            case SendOutcome.Refused ignored -> REFUSED;
                        })
                .increment();
    }

    List<Sample> samples() {
        return counts.entrySet().stream()
                .flatMap(type -> type.getValue().entrySet().stream()
                        .map(outcome -> new Sample(
                                Map.of("type", type.getKey().label(), "outcome", outcome.getKey()),
                                outcome.getValue().sum())))
                .toList();
    }
}
