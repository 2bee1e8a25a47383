package dev.mainstay.core.alert;

import dev.mainstay.api.alert.AlertRule;
import dev.mainstay.api.alert.AlertRuleStatus;
import dev.mainstay.api.alert.AlertState;
import dev.mainstay.api.alert.RemediationAttempt;
import dev.mainstay.api.alert.RemediationStatus;
import dev.mainstay.api.alert.ResolveReason;
import dev.mainstay.api.alert.ResolvedAlert;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.runbook.MaintenanceRun;
import dev.mainstay.api.runbook.Runbook;
import dev.mainstay.core.restore.Declined;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A cluster in memory with one rule that heals, its application and its Runbook, and an operator that looks at the rule. */
final class RemediationWorld {

    static final Instant START = Instant.parse("2026-03-29T03:00:00Z");

    Instant now = START;
    AlertRule rule;
    ManagedApplication application;
    Runbook runbook;

    AlertState state = AlertState.FIRING;
    long episode = 1;
    Instant activeSince = START.minusSeconds(300);
    Instant recoveringSince;
    ResolvedAlert lastResolved;

    /** What is measured; null stands for a good and new value. */
    Evaluation evaluation;

    AlertMute mute;
    FiringShare share = new FiringShare(1, 100);
    String rollout;
    Instant watchedSince = START.minusSeconds(3600);
    KillSwitch killSwitch = new KillSwitch.Off();
    Declined declined;

    final Map<String, MaintenanceRun> runs = new TreeMap<>();

    /** Runs that others have made. */
    final List<MaintenanceRun> others = new ArrayList<>();

    /** How often a run came to be under each name. */
    final Map<String, Integer> made = new TreeMap<>();

    /** When each was made. */
    final Map<String, Instant> madeAt = new TreeMap<>();

    final List<String> cancelled = new ArrayList<>();

    private int version = 1;

    /**
     * Starts with a rule that fires.
     *
     * @param remediation of its spec, beside the Runbook, as YAML in one line
     */
    RemediationWorld(String remediation) {
        rule = Serialization.unmarshal("""
                apiVersion: mainstay.dev/v1alpha1
                kind: AlertRule
                metadata: {name: slow, namespace: shop, uid: uid-rule, generation: 1, resourceVersion: "1", annotations: {}}
                spec:
                  applicationRef: {name: shop}
                  metric: ResponseTime
                  comparison: GreaterThan
                  threshold: {milliseconds: 500}
                  remediation: {runbookRef: {name: performance}, parameters: {pods: "2"}, %s}
                """.formatted(remediation), AlertRule.class);
        application = Serialization.unmarshal("""
                apiVersion: mainstay.dev/v1alpha1
                kind: ManagedApplication
                metadata: {name: shop, namespace: shop, uid: uid-shop, annotations: {}}
                spec: {workloads: [{name: web}]}
                """, ManagedApplication.class);
        runbook = Serialization.unmarshal("""
                metadata: {name: performance, namespace: shop, uid: uid-runbook, generation: 1}
                spec: {steps: [{name: again, restart: {}}]}
                """, Runbook.class);
    }

    /** One that acts by itself. */
    static RemediationWorld acting() {
        return new RemediationWorld("dryRun: false, approval: None");
    }

    /** One pass over what is there. */
    RemediationDecision pass() {
        return pass(rule, Map.copyOf(runs), Death.NONE);
    }

    /** Where the operator dies. */
    enum Death {
        NONE,
        BEFORE_EFFECT,
        AFTER_EFFECT
    }

    /**
     * One pass over what caches have.
     *
     * @param cached the rule as the cache has it
     * @param cachedRuns its runs as the cache has them
     */
    RemediationDecision pass(AlertRule cached, Map<String, MaintenanceRun> cachedRuns, Death death) {
        RemediationObservation seen = seen(cached, cachedRuns);
        RemediationDecision decision = RemediationDecider.decide(seen, now);
        if (decision.begins()) {
            decision = RemediationDecider.decide(seen.with(killSwitch), now);
        }
        if (death == Death.BEFORE_EFFECT) {
            return decision;
        }
        if (decision.make() != null) {
            if (!unchanged(cached)) {
                return decision;
            }
            if (declined != null) {
                decision = RemediationDecider.decide(seen.with(killSwitch).with(declined), now);
            } else {
                make(decision.make());
            }
        }
        if (decision.cancel() != null) {
            cancelled.add(decision.cancel());
        }
        if (death == Death.NONE && unchanged(cached)) {
            write(decision.status());
        }
        return decision;
    }

    private boolean unchanged(AlertRule cached) {
        return cached.getMetadata()
                .getResourceVersion()
                .equals(rule.getMetadata().getResourceVersion());
    }

    private void make(MaintenanceRun run) {
        String name = run.getMetadata().getName();
        if (runs.putIfAbsent(name, run) == null) {
            made.merge(name, 1, Integer::sum);
            madeAt.put(name, now);
        }
    }

    private void write(RemediationStatus remediation) {
        AlertRuleStatus status = alert().withRemediation(remediation);
        if (!status.equals(rule.getStatus())) {
            change();
            rule.setStatus(status);
        }
    }

    /** The rule is about to be another version; what caches have stays. */
    RemediationWorld change() {
        AlertRule next = Serialization.clone(rule);
        version++;
        next.getMetadata().setResourceVersion("" + version);
        rule = next;
        return this;
    }

    RemediationObservation seen(AlertRule cached, Map<String, MaintenanceRun> cachedRuns) {
        List<MaintenanceRun> all = new ArrayList<>(cachedRuns.values());
        RemediationRuns.expected(cached)
                .filter(name -> !cachedRuns.containsKey(name) && runs.containsKey(name))
                .ifPresent(name -> all.add(runs.get(name)));
        all.addAll(others);
        return new RemediationObservation(
                cached,
                alert(),
                application,
                evaluation == null ? new Evaluation.Measured(0.9, "900 ms", null, now) : evaluation,
                runbook,
                all,
                mute,
                share,
                rollout,
                watchedSince,
                "system:serviceaccount:mainstay:mainstay",
                new KillSwitch.NotRead(),
                null);
    }

    AlertRuleStatus alert() {
        return new AlertRuleStatus(
                null,
                null,
                state,
                episode,
                null,
                activeSince,
                state == AlertState.FIRING ? activeSince.plusSeconds(300) : null,
                recoveringSince,
                "900 ms",
                lastResolved,
                null,
                null,
                null);
    }

    RemediationWorld later(Duration time) {
        now = now.plus(time);
        return this;
    }

    /** The alert ends, for that reason. */
    RemediationWorld ends(ResolveReason reason) {
        lastResolved = new ResolvedAlert(episode, activeSince, now, reason, "100 ms");
        state = AlertState.INACTIVE;
        recoveringSince = null;
        return this;
    }

    /** It fires again. */
    RemediationWorld firesAgain() {
        episode++;
        activeSince = now.minusSeconds(300);
        state = AlertState.FIRING;
        recoveringSince = null;
        return this;
    }

    /** A run is under way, or has ended so. */
    RemediationWorld run(String name, String status) {
        MaintenanceRun run = Serialization.clone(runs.get(name));
        MaintenanceRun told =
                Serialization.unmarshal("status: " + status.replace("NOW", "\"" + now + "\""), MaintenanceRun.class);
        run.setStatus(told.getStatus());
        runs.put(name, run);
        return this;
    }

    /** The newest run has begun. */
    RemediationWorld begins() {
        return run(
                last().run(),
                "{phase: Running, startedAt: NOW, runbook: {revision: r, hash: h}, steps: [{name: again}]}");
    }

    /** The newest run has ended. */
    RemediationWorld finishes(String outcome, String reason) {
        return run(
                last().run(),
                ("{phase: Finished, outcome: %s, completedAt: NOW, runbook: {revision: r, hash: h}, conditions: [{type: Ready,"
                                + " status: \"True\", reason: %s, message: 1 step.}]}")
                        .formatted(outcome, reason));
    }

    RemediationStatus status() {
        return rule.getStatus() == null || rule.getStatus().remediation() == null
                ? RemediationStatus.NONE
                : rule.getStatus().remediation();
    }

    RemediationAttempt last() {
        return status().attempts().getLast();
    }

    /** An attempt is decided on, its run is made and has ended so. */
    RemediationWorld attempts(String outcome) {
        pass();
        pass();
        pass();
        begins();
        pass();
        later(Duration.ofMinutes(1));
        finishes(outcome, outcome.equals("Failed") ? "StepFailed" : "Succeeded");
        pass();
        return this;
    }
}
