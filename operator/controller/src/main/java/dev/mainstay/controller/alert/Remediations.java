package dev.mainstay.controller.alert;

import dev.mainstay.api.alert.AlertRule;
import dev.mainstay.api.alert.AlertRuleStatus;
import dev.mainstay.api.alert.AlertState;
import dev.mainstay.api.alert.RemediationStatus;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.runbook.MaintenanceRun;
import dev.mainstay.api.runbook.Runbook;
import dev.mainstay.controller.kube.EventRecorder;
import dev.mainstay.controller.kube.ExecutionMarks;
import dev.mainstay.controller.kube.KillSwitches;
import dev.mainstay.controller.kube.MaintenanceRuns;
import dev.mainstay.controller.kube.OwnUser;
import dev.mainstay.controller.watch.RunWakeups;
import dev.mainstay.core.alert.AlertDecision;
import dev.mainstay.core.alert.AlertObservation;
import dev.mainstay.core.alert.Evaluation;
import dev.mainstay.core.alert.FiringShare;
import dev.mainstay.core.alert.KillSwitch;
import dev.mainstay.core.alert.RemediationDecider;
import dev.mainstay.core.alert.RemediationDecision;
import dev.mainstay.core.alert.RemediationObservation;
import dev.mainstay.core.alert.RemediationRuns;
import dev.mainstay.core.alert.RemediationWords;
import dev.mainstay.core.restore.Declined;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Has something done about alerts: observes and decides beside the alert itself, and makes the runs. */
public final class Remediations {

    private final MaintenanceRuns runs;
    private final OwnUser user;
    private final ExecutionMarks marks;
    private final KillSwitches killSwitch;
    private final Function<ManagedApplication, Optional<String>> rollouts;
    private final Supplier<List<AlertRule>> rules;
    private final RunWakeups wakeups;
    private final EventRecorder events;

    /** Since when this process has measured values for a rule, by uid. */
    private final Map<String, Instant> watched = new ConcurrentHashMap<>();

    /** What was made last for an application, until the cache has it: two rules must not have it worked on at once. */
    private final Map<String, MaintenanceRun> newest = new ConcurrentHashMap<>();

    /**
     * Composes it.
     *
     * @param rollouts what of an application's Deployments is being rolled out or is paused, in a sentence; empty when nothing is
     * @param rules all rules that this process watches
     */
    public Remediations(
            MaintenanceRuns runs,
            OwnUser user,
            ExecutionMarks marks,
            KillSwitches killSwitch,
            Function<ManagedApplication, Optional<String>> rollouts,
            Supplier<List<AlertRule>> rules,
            RunWakeups wakeups,
            EventRecorder events) {
        this.runs = runs;
        this.user = user;
        this.marks = marks;
        this.killSwitch = killSwitch;
        this.rollouts = rollouts;
        this.rules = rules;
        this.wakeups = wakeups;
        this.events = events;
    }

    /**
     * Has done what is to be done, as far as the status that was observed says so already, and adds to what was decided of the
     * alert what is to be told of that.
     *
     * @param seen what was observed of the rule
     * @param decided what was decided of its alert
     */
    public AlertDecision remediate(AlertObservation seen, AlertDecision decided, Instant now) {
        AlertRule rule = seen.rule();
        RemediationStatus before =
                rule.getStatus() == null ? null : rule.getStatus().remediation();
        boolean nothing = rule.getSpec() == null
                || rule.getMetadata().getDeletionTimestamp() != null
                || rule.getSpec().remediation() == null && before == null;
        if (seen.evaluation() instanceof Evaluation.Measured measured) {
            watched.putIfAbsent(rule.getMetadata().getUid(), measured.at());
        }
        return nothing ? with(decided, before, null) : with(decided, decide(seen, decided.status(), now));
    }

    private static AlertDecision with(AlertDecision decided, RemediationDecision done) {
        return with(decided, done.status(), done.wakeUp());
    }

    private static AlertDecision with(AlertDecision decided, RemediationStatus status, Instant wakeUp) {
        Instant earlier = Stream.of(decided.wakeUp(), wakeUp)
                .filter(Objects::nonNull)
                .min(Instant::compareTo)
                .orElse(null);
        return new AlertDecision(
                decided.status().withRemediation(status),
                decided.messages(),
                decided.open(),
                decided.finalizer(),
                earlier);
    }

    /** A rule that is gone. */
    public void forget(AlertRule rule) {
        watched.remove(rule.getMetadata().getUid());
    }

    /** Tells of what was written, as Events: each attempt, what came of it, and what keeps the next one from being made. */
    public void told(AlertRule observed, AlertRuleStatus written) {
        RemediationWords.events(
                        observed.getStatus() == null
                                ? null
                                : observed.getStatus().remediation(),
                        written.remediation())
                .forEach(event -> events.tell(observed, event.reason().text(), event.message()));
    }

    private RemediationDecision decide(AlertObservation seen, AlertRuleStatus alert, Instant now) {
        RemediationObservation observation = observe(seen, alert);
        RemediationDecision decision = RemediationDecider.decide(observation, now);
        if (decision.begins()) {
            decision = begin(seen, observation, now);
        }
        String namespace = seen.rule().getMetadata().getNamespace();
        if (decision.cancel() != null) {
            runs.cancel(namespace, decision.cancel(), RemediationRuns.ALERT_ENDED);
        }
        RemediationRuns.outdated(
                        seen.rule(),
                        wakeups.ofRule(namespace, RemediationRuns.label(seen.rule())),
                        decision.status(),
                        now)
                .forEach(runs::remove);
        return decision;
    }

    /** One at a time: of two rules of an application the second sees what the first has made. */
    private synchronized RemediationDecision begin(AlertObservation seen, RemediationObservation before, Instant now) {
        RemediationObservation observation = before.with(runsOf(seen.rule())).with(killSwitch.read());
        RemediationDecision decision = RemediationDecider.decide(observation, now);
        // A cache may be behind: what has stood still since the intent was written is what the run is made for.
        if (decision.make() == null || !marks.unchanged(seen.rule())) {
            return decision;
        }
        Optional<Declined> declined = runs.make(decision.make());
        if (declined.isEmpty()) {
            newest.put(application(seen.rule()), decision.make());
        }
        return declined.map(why -> RemediationDecider.decide(observation.with(why), now))
                .orElse(decision);
    }

    private RemediationObservation observe(AlertObservation seen, AlertRuleStatus alert) {
        AlertRule rule = seen.rule();
        boolean fires = alert.state() == AlertState.FIRING && rule.getSpec().remediation() != null;
        Optional<Runbook> runbook = Optional.ofNullable(rule.getSpec().remediation())
                .flatMap(wanted -> wakeups.runbook(
                        rule.getMetadata().getNamespace(), wanted.runbookRef().name()));
        ManagedApplication application = seen.application();
        return new RemediationObservation(
                rule,
                alert,
                application,
                seen.evaluation(),
                runbook.orElse(null),
                runsOf(rule),
                seen.mute(),
                fires ? FiringShare.of(rules.get(), rule, alert.state()) : new FiringShare(0, 0),
                fires && application != null && application.getSpec() != null
                        ? rollouts.apply(application).orElse(null)
                        : null,
                watched.get(rule.getMetadata().getUid()),
                fires ? user.name() : null,
                new KillSwitch.NotRead(),
                null);
    }

    /** Those for its application, those that were made for it, and what no cache has yet. */
    private List<MaintenanceRun> runsOf(AlertRule rule) {
        String namespace = rule.getMetadata().getNamespace();
        List<MaintenanceRun> known = new ArrayList<>(
                wakeups.ofApplication(namespace, rule.getSpec().applicationRef().name()));
        wakeups.ofRule(namespace, RemediationRuns.label(rule)).stream()
                .filter(run -> !isAmong(known, run.getMetadata().getName()))
                .forEach(known::add);
        MaintenanceRun made = newest.get(application(rule));
        if (made != null && isAmong(known, made.getMetadata().getName())) {
            newest.remove(application(rule), made);
        } else if (made != null) {
            runs.find(namespace, made.getMetadata().getName())
                    .ifPresentOrElse(known::add, () -> newest.remove(application(rule), made));
        }
        // One that was deleted is told from one that this cache has not heard of yet.
        RemediationRuns.expected(rule)
                .filter(name -> !isAmong(known, name))
                .flatMap(name -> runs.find(namespace, name))
                .ifPresent(known::add);
        return known;
    }

    private static boolean isAmong(List<MaintenanceRun> known, String name) {
        return known.stream().anyMatch(run -> run.getMetadata().getName().equals(name));
    }

    private static String application(AlertRule rule) {
        return rule.getMetadata().getNamespace() + "/"
                + rule.getSpec().applicationRef().name();
    }
}
