package dev.mainstay.core.status;

/** How grave a reason is. */
public enum Severity {
    NORMAL,
    WARNING,
    ERROR
}
