package dev.mainstay.core.audit;

/**
 * What the container left in which {@code npm audit --json} was to run.
 *
 * @param report what npm wrote to its standard output; null when there is no such file
 * @param errors the end of what it wrote to its standard error; empty when that is nothing
 * @param code a number with which npm ended, or a word of {@link NpmCommand} on why it was not begun; empty when there is none
 */
public record AuditOutput(String report, String errors, String code) {}
