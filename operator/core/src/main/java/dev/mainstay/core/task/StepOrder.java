package dev.mainstay.core.task;

/**
 * A step of a MaintenanceRun that is done in a Job.
 *
 * @param run name of the MaintenanceRun, for messages
 * @param step name of the step, for messages
 * @param work what is done
 */
public record StepOrder(String run, String step, StepWork work) {}
