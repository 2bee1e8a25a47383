package dev.mainstay.core.alert;

import dev.mainstay.api.alert.AlertRule;
import dev.mainstay.api.alert.AlertRuleStatus;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.runbook.MaintenanceRun;
import dev.mainstay.api.runbook.Runbook;
import dev.mainstay.core.restore.Declined;
import java.time.Instant;
import java.util.List;

/**
 * What is seen of an alert rule that may do something about its alert.
 *
 * @param rule the rule; what its status says of attempts was written before
 * @param alert how the alert stands as of now, which is not written yet
 * @param application the application that it names; null when there is none
 * @param evaluation the newest measurement; null when none was made yet
 * @param runbook the Runbook that its remediation names; null when there is none
 * @param runs the runs for that application, and those that were made for the rule
 * @param mute what keeps alerts of the application from being told, whether or not the rule follows it; null when nothing does
 * @param share how many rules fire
 * @param rollout what of the application's Deployments is being rolled out or is paused, in a sentence; null when nothing is
 * @param watchedSince since when this process measures for the rule; null when it has not measured yet
 * @param requestedBy as whom the API server knows the operator
 * @param killSwitch what stops all remediation
 * @param declined why the API server did not take the run; null when it was not asked, or took it
 */
public record RemediationObservation(
        AlertRule rule,
        AlertRuleStatus alert,
        ManagedApplication application,
        Evaluation evaluation,
        Runbook runbook,
        List<MaintenanceRun> runs,
        AlertMute mute,
        FiringShare share,
        String rollout,
        Instant watchedSince,
        String requestedBy,
        KillSwitch killSwitch,
        Declined declined) {

    /** Keeps a copy of the list. */
    public RemediationObservation {
        runs = List.copyOf(runs);
    }

    /** The same, with the runs as they are known by now. */
    public RemediationObservation with(List<MaintenanceRun> known) {
        return new RemediationObservation(
                rule,
                alert,
                application,
                evaluation,
                runbook,
                known,
                mute,
                share,
                rollout,
                watchedSince,
                requestedBy,
                killSwitch,
                declined);
    }

    /** The same, once it was read. */
    public RemediationObservation with(KillSwitch read) {
        return new RemediationObservation(
                rule,
                alert,
                application,
                evaluation,
                runbook,
                runs,
                mute,
                share,
                rollout,
                watchedSince,
                requestedBy,
                read,
                declined);
    }

    /** The same, once the API server has not taken the run. */
    public RemediationObservation with(Declined why) {
        return new RemediationObservation(
                rule,
                alert,
                application,
                evaluation,
                runbook,
                runs,
                mute,
                share,
                rollout,
                watchedSince,
                requestedBy,
                killSwitch,
                why);
    }
}
