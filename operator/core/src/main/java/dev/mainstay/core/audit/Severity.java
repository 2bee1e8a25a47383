package dev.mainstay.core.audit;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** How bad a known vulnerability is, in npm's words; the worst comes last. */
public enum Severity {
    INFO,
    LOW,
    MODERATE,
    HIGH,
    CRITICAL;

    /** As npm spells it. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The one of a word; empty for one that npm does not have. */
    static Optional<Severity> of(String text) {
        return Stream.of(values())
                .filter(severity -> severity.text().equals(text))
                .findFirst();
    }

    /** The one of a word; a word that npm does not have must not make it less. */
    static Severity atWorst(String text) {
        return of(text).orElse(CRITICAL);
    }

    /** The less bad of two. */
    Severity orLess(Severity other) {
        return compareTo(other) <= 0 ? this : other;
    }
}
