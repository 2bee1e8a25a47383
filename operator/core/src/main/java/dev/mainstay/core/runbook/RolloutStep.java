package dev.mainstay.core.runbook;

import dev.mainstay.api.schedule.KnownDeployment;
import dev.mainstay.api.schedule.RolloutStage;
import dev.mainstay.core.naming.Names;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What has become of the Deployments since they were looked at last, and whether a rollout has come. What Mainstay itself does is
 * none: a restart runs the same, and a rollback has checks of its own. So no run ever follows from what a run has done.
 *
 * @param known what is known of them now
 * @param came those that were rolled out; empty when none was, or it goes on
 * @param at when; null when none was, or nobody tells
 */
record RolloutStep(List<KnownDeployment> known, List<RolloutSeen> came, Instant at) {

    /** What is there at the beginning, of which nothing has come; empty while a controller has yet to look at one of them. */
    static Optional<List<KnownDeployment>> beginning(List<RolloutSeen> seen) {
        return seen.stream().anyMatch(one -> one.exists() && !one.observed())
                ? Optional.empty()
                : Optional.of(seen.stream().map(RolloutSeen::present).toList());
    }

    /** What follows from what is seen. */
    static RolloutStep of(List<RolloutSeen> seen, List<KnownDeployment> before, RolloutStage stage) {
        List<KnownDeployment> known = new ArrayList<>();
        List<RolloutSeen> changed = new ArrayList<>();
        boolean waits = false;
        for (RolloutSeen one : seen) {
            Optional<KnownDeployment> was = before.stream()
                    .filter(deployment -> deployment.name().equals(one.name()))
                    .findFirst();
            if (one.exists() && !one.observed()) {
                waits = true;
                was.ifPresent(known::add);
            } else if (was.isEmpty() || !one.exists()) {
                known.add(one.present());
            } else if (!one.differsFrom(was.get())) {
                known.add(one.renewed(was.get()));
            } else if (one.rolledBackSince(was.get())) {
                known.add(one.present());
            } else {
                known.add(was.get());
                changed.add(one);
            }
        }
        List<RolloutSeen> came = stage == RolloutStage.STARTED
                ? changed.stream().filter(one -> !one.paused()).toList()
                : !waits && complete(changed) ? changed : List.of();
        Set<String> names = new HashSet<>(came.stream().map(RolloutSeen::name).toList());
        List<KnownDeployment> now = known.stream()
                .map(deployment -> names.contains(deployment.name())
                        ? came.stream()
                                .filter(one -> one.name().equals(deployment.name()))
                                .findFirst()
                                .orElseThrow()
                                .present()
                        : deployment)
                .toList();
        return new RolloutStep(now, came, at(came));
    }

    /** Of Pods that nobody wants it is not seen whether they run. */
    private static boolean complete(List<RolloutSeen> changed) {
        return changed.stream().allMatch(RolloutSeen::atRest)
                && changed.stream().anyMatch(RolloutSeen::running);
    }

    /** One that goes on has only come now. */
    private static Instant at(List<RolloutSeen> came) {
        return came.isEmpty() || !came.stream().allMatch(RolloutSeen::atRest)
                ? null
                : came.stream()
                        .map(RolloutSeen::completeSince)
                        .filter(Objects::nonNull)
                        .max(Instant::compareTo)
                        .orElse(null);
    }

    /** Identifies what has been rolled out; the same however often and by whom it is looked at, and after restarts. */
    static String identity(List<KnownDeployment> known) {
        return Names.digest(known.stream()
                .map(deployment -> deployment.name() + "=" + deployment.uid() + ":" + deployment.revision())
                .sorted()
                .toArray());
    }

    /** What came, for people: such as {@code Deployment web (1.4.2)}. */
    static String named(List<String> changed, List<KnownDeployment> known) {
        return known.stream()
                .filter(deployment -> changed.contains(deployment.name()))
                .map(deployment ->
                        deployment.name() + (deployment.version() == null ? "" : " (" + deployment.version() + ")"))
                .collect(Collectors.joining(", ", changed.size() == 1 ? "Deployment " : "Deployments ", ""));
    }
}
