package dev.mainstay.core.runbook;

import dev.mainstay.api.runbook.MaintenanceRun;
import dev.mainstay.api.runbook.MaintenanceRunStatus;
import dev.mainstay.core.backup.PolicyMetric.Sample;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What is measured of each MaintenanceRun, all of it gauges, read from the status as {@code PolicyMetric} is.
 * docs/reference/metrics.md is made from this list.
 */
public enum RunMetric {
    STARTED(
            "mainstay_run_started_timestamp_seconds",
            "When it began; no series before that, nor once it is finished.",
            run -> time(
                    run,
                    Map.of(),
                    Optional.ofNullable(RunLines.status(run).startedAt()).filter(ignored -> !RunLines.ended(run)))),
    COMPLETED("mainstay_run_completed_timestamp_seconds", "When it was finished; label outcome.", RunMetric::completed);

    private final String text;
    private final String help;
    private final Function<MaintenanceRun, Stream<Sample>> samples;

    RunMetric(String text, String help, Function<MaintenanceRun, Stream<Sample>> samples) {
        this.text = text;
        this.help = help;
        this.samples = samples;
    }

    /** Its name. */
    public String text() {
        return text;
    }

    /** What it is, in a sentence. */
    public String help() {
        return help;
    }

    /** Its values for a run; none when there is nothing to tell. */
    public List<Sample> of(MaintenanceRun run) {
        return samples.apply(run).toList();
    }

    private static Stream<Sample> completed(MaintenanceRun run) {
        MaintenanceRunStatus status = RunLines.status(run);
        return status.outcome() == null
                ? Stream.empty()
                : time(run, Map.of("outcome", status.outcome().text()), Optional.ofNullable(status.completedAt()));
    }

    private static Stream<Sample> time(MaintenanceRun run, Map<String, String> labels, Optional<Instant> time) {
        Map<String, String> all = new HashMap<>(labels);
        all.put(
                "application",
                run.getSpec() == null ? "" : run.getSpec().applicationRef().name());
        return time.map(at -> new Sample(all, at.getEpochSecond())).stream();
    }
}
