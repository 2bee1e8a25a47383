package dev.mainstay.core.workload;

import dev.mainstay.api.workload.StoppedWorkload;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What a MaintenanceMode has stopped.
 *
 * @param mode its name
 * @param lasts whether it goes on keeping that stopped; one that ends only waits for its turn to give it back
 * @param lines what it has written down of that
 */
public record KeptStopped(String mode, boolean lasts, List<StoppedWorkload> lines) {

    private static final int NAMED = 5;

    /** All that has been written down, by whichever mode. */
    public static List<StoppedWorkload> all(List<KeptStopped> modes) {
        return modes.stream().flatMap(mode -> mode.lines().stream()).toList();
    }

    /** What modes have that go on. */
    public static List<StoppedWorkload> lasting(List<KeptStopped> modes) {
        return all(modes.stream().filter(KeptStopped::lasts).toList());
    }

    /** The same without what has been given back: by the mode, or by who has stopped it, too. */
    public static List<KeptStopped> still(List<KeptStopped> modes, List<StoppedWorkload> own) {
        return only(
                modes,
                line -> !line.settled()
                        && own.stream().noneMatch(other -> other.names(line.kind(), line.name()) && other.settled()));
    }

    /** The same, of some workloads. */
    public static List<KeptStopped> only(List<KeptStopped> modes, Predicate<StoppedWorkload> wanted) {
        return modes.stream()
                .map(mode -> new KeptStopped(
                        mode.mode(),
                        mode.lasts(),
                        mode.lines().stream().filter(wanted).toList()))
                .filter(mode -> !mode.lines().isEmpty())
                .toList();
    }

    /** For people, of at least one: who keeps what stopped, and until when. */
    public static String text(List<KeptStopped> modes) {
        List<String> workloads =
                all(modes).stream().map(StoppedWorkload::text).distinct().toList();
        boolean one = modes.size() == 1;
        return "MaintenanceMode " + named(modes.stream().map(KeptStopped::mode).toList())
                + (one ? " keeps " : " keep ") + named(workloads) + " stopped: "
                + (workloads.size() == 1 ? "it starts" : "they start")
                + (one ? " when the mode ends" : " when these modes end");
    }

    private static String named(List<String> names) {
        String more = names.size() > NAMED ? " and " + (names.size() - NAMED) + " more" : "";
        return names.stream().limit(NAMED).collect(Collectors.joining(", ")) + more;
    }
}
