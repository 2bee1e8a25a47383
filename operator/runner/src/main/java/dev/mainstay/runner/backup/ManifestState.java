package dev.mainstay.runner.backup;

/** What stands at an attempt's path. */
sealed interface ManifestState {

    /** No manifest: no backup. */
    record Missing() implements ManifestState {}

    /** The attempt was settled: it is dead for ever, and counts as no backup. */
    record Aborted() implements ManifestState {}

    /** The backup was removed; perhaps not all of its data is gone yet. */
    record Removed() implements ManifestState {}

    /** A backup. */
    record Committed(Manifest manifest, String sha256) implements ManifestState {}

    /** Something that is no manifest. */
    record Unreadable(String why) implements ManifestState {}
}
