package dev.mainstay.core.audit;

/**
 * What is published of a vulnerability.
 *
 * @param id its name, such as {@code GHSA-35jh-r3h4-6jhm}; its number where it has none
 * @param number the number that the registry gives it
 * @param severity how bad it is
 * @param title what it is, in a few words
 */
public record Advisory(String id, String number, Severity severity, String title) {

    /** Whether a person means this one. */
    boolean isCalled(String name) {
        return id.equalsIgnoreCase(name) || number.equals(name);
    }
}
