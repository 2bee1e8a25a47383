package dev.mainstay.core.audit;

/** An output of {@code npm audit} that says nothing of vulnerabilities, and why, in words. It carries no stack trace. */
final class UnreadableAudit extends Exception {

    UnreadableAudit(String message) {
        super(message, null, false, false);
    }
}
