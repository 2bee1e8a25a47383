package dev.mainstay.core.rollback;

/**
 * A release of the ledger with all that is kept of it.
 *
 * @param recorded its line
 * @param release what it is
 */
public record StoredRelease(RecordedRelease recorded, Release release) {}
