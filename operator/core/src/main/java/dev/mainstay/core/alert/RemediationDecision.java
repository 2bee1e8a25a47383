package dev.mainstay.core.alert;

import dev.mainstay.api.alert.RemediationStatus;
import dev.mainstay.api.runbook.MaintenanceRun;
import java.time.Instant;

/**
 * What is to be done about an alert.
 *
 * @param status what status.remediation is to say; null when nothing was ever done
 * @param begins whether an attempt begins with this status, or its run is to be made: what stops all is to be read before
 * @param make the run to be made, of an attempt that stands in the status already; null when none is
 * @param cancel name of a run that is to be cancelled, since the alert is over and it has not begun; null when none is
 * @param wakeUp when to look again at the latest; null when only an event changes anything
 */
public record RemediationDecision(
        RemediationStatus status, boolean begins, MaintenanceRun make, String cancel, Instant wakeUp) {}
