package dev.mainstay.core.runbook;

import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.runbook.MaintenanceSchedule;
import dev.mainstay.api.runbook.RunOutcome;
import dev.mainstay.api.schedule.LastRollout;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Deployments web and worker, a schedule that follows them, and an operator that looks after each thing that happens. */
final class RolloutWorld {

    private static final Duration STEP = Duration.ofSeconds(10);

    final ScheduleWorld world;
    final RolledDeployment web;
    final RolledDeployment worker;
    private boolean away;
    private boolean hang;

    RolloutWorld(String spec) {
        String created = "2026-01-05T00:00Z";
        web = new RolledDeployment("web", ScheduleWorld.instant(created));
        worker = new RolledDeployment("worker", ScheduleWorld.instant(created));
        world = new ScheduleWorld(created, spec, application("web, worker"), this::seen);
        pass();
    }

    static ManagedApplication application(String names) {
        return Serialization.unmarshal(
                "metadata: {name: shop, namespace: shop, uid: uid-shop}\nspec: {workloads: [%s]}"
                        .formatted(names.replaceAll("[a-z]+", "{name: $0}")),
                ManagedApplication.class);
    }

    private List<RolloutSeen> seen(MaintenanceSchedule schedule) {
        Optional<LastRollout> last = Optional.ofNullable(schedule.getStatus()).map(status -> status.lastRollout());
        return schedule.getSpec().trigger() == null || world.application == null
                ? null
                : RolloutTriggers.watched(schedule.getSpec(), world.application).stream()
                        .map(name -> (name.equals("web") ? web : worker)
                                .seen(last.flatMap(known -> known.workload(name))
                                        .orElse(null)))
                        .toList();
    }

    /**
     * Does what a script says, parted by semicolons, ten seconds apart. The operator looks after each: {@code deploy web 2}, {@code done
     * web}, {@code restart web}, {@code roll web 1 request}, {@code scale web 0}, {@code pause web}, {@code resume web}, {@code delete
     * web}, {@code recreate web 2}, {@code unborn web}, {@code keep web 0}, {@code edit <spec>}, {@code hang} and {@code end} the runs, {@code names <workloads>} of the
     * application, {@code away} and {@code back}, {@code crash} before the status is written, {@code until <time>}.
     */
    RolloutWorld play(String script) {
        for (String line : script.split(";")) {
            world.now = world.now.plus(STEP);
            String[] words = line.trim().split(" ");
            if (!words[0].equals("names") && words.length > 1 && words[1].matches("web|worker")) {
                change(words[0], words[1].equals("web") ? web : worker, words);
            } else {
                happen(words[0], line.trim());
            }
            if (!away) {
                pass();
            }
        }
        return this;
    }

    private void change(String what, RolledDeployment deployment, String[] words) {
        switch (what) {
            case "deploy" -> deployment.deploy(words[2]);
            case "seen" -> deployment.seen();
            case "done" -> deployment.done(world.now);
            case "restart" -> deployment.restart(world.now);
            case "roll" -> deployment.rollBack(words[2], words[3]);
            case "scale" -> deployment.scale(Integer.parseInt(words[2]));
            case "pause" -> deployment.pause(true);
            case "resume" -> deployment.pause(false);
            case "delete" -> deployment.delete();
            case "recreate" -> deployment.recreate(words[2], world.now);
            case "unborn" -> deployment.recreatePaused(world.now);
            case "keep" -> deployment.keep(Integer.parseInt(words[2]));
            default -> throw new IllegalArgumentException(what);
        }
    }

    private void happen(String what, String line) {
        switch (what) {
            case "edit" -> world.edit(line.substring("edit ".length()));
            case "names" -> world.application = application(line.substring("names".length()));
            case "hang" -> hang = true;
            case "end" -> {
                hang = false;
                world.ends(RunOutcome.PASSED);
            }
            case "away" -> away = true;
            case "back" -> away = false;
            case "crash" -> {
                world.dyingPass();
                away = true;
                if (!hang) {
                    world.ends(RunOutcome.PASSED);
                }
            }
            case "until" -> world.until(line.substring("until ".length()), null);
            default -> throw new IllegalArgumentException(line);
        }
    }

    private void pass() {
        world.at(world.now.toString());
        if (!hang) {
            world.ends(RunOutcome.PASSED);
        }
    }

    /** What runs were made for, such as {@code web (2)}. */
    String made() {
        return String.join(
                "; ",
                world.made.stream()
                        .map(run -> run.reason()
                                .replaceFirst("Rollout of Deployments? ", "")
                                .replaceFirst(", followed by MaintenanceSchedule tidy$", ""))
                        .toList());
    }
}
