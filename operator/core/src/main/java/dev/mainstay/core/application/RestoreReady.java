package dev.mainstay.core.application;

import dev.mainstay.api.application.RestoreReadiness;
import dev.mainstay.api.status.ConditionStatus;
import dev.mainstay.core.status.Reason;
import java.util.List;

/**
 * The condition RestoreReady, and what it rests on.
 *
 * @param found what was found of each database
 * @param status status of the condition; null when there is nothing that could be restored
 */
public record RestoreReady(List<RestoreReadiness> found, ConditionStatus status, Reason reason, String message) {

    /** Of an application without databases. */
    public static final RestoreReady NONE = new RestoreReady(List.of(), null, null, null);
}
