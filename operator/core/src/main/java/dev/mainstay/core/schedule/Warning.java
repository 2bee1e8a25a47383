package dev.mainstay.core.schedule;

/**
 * Something that is accepted and may not be what was meant.
 *
 * @param field what it is about, such as {@code day of month} or {@code timeZone}
 * @param message a sentence with the field, what was found, and what to write instead
 */
public record Warning(String field, String message) {}
