package dev.mainstay.core.runbook;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.runbook.MaintenanceRun;
import java.util.Map;
import java.util.Optional;

/**
 * What a person has said of a step that waits for one: {@code <step>@<user>}. That the user is who wrote it is made sure of by
 * the chart's admission policy; that it is not the one who asked is looked at here too, where that policy is not installed.
 */
final class Approvals {

    private Approvals() {}

    /** A person has said something of the step. */
    sealed interface Word {

        record Approved(String user) implements Word {}

        record Rejected(String user) implements Word {}

        /** What was written says nothing that counts, and why, in a sentence. */
        record Nothing(String why) implements Word {}
    }

    /** What was said of a step; of both, no is what counts. Empty when nothing was. */
    static Optional<Word> of(MaintenanceRun run, String step) {
        Optional<Word> rejected = read(run, step, Annotations.REJECT)
                .map(word -> word instanceof Word.Approved(String user) ? new Word.Rejected(user) : word);
        return rejected.filter(word -> word instanceof Word.Rejected)
                .or(() -> read(run, step, Annotations.APPROVE))
                .or(() -> rejected);
    }

    private static Optional<Word> read(MaintenanceRun run, String step, String annotation) {
        Map<String, String> annotations = run.getMetadata().getAnnotations();
        String value = annotations == null ? null : annotations.get(annotation);
        if (value == null) {
            return Optional.empty();
        }
        // Names of users may hold @, those of steps may not.
        int at = value.indexOf('@');
        if (at <= 0 || at == value.length() - 1) {
            return Optional.of(new Word.Nothing("The annotation " + annotation + " is \"" + value + "\": write \""
                    + step + "@<your user name>\"."));
        }
        String named = value.substring(0, at);
        if (!named.equals(step)) {
            boolean isAnother = named.equals(RunApproval.NAME)
                    || RunLines.status(run).steps().stream()
                            .anyMatch(line -> line.name().equals(named));
            // Most likely of the run, or of a step before this one.
            return isAnother
                    ? Optional.empty()
                    : Optional.of(new Word.Nothing("The annotation " + annotation + " is \"" + value
                            + "\", and the run has no step " + named + ": it is " + step + " that waits."));
        }
        String user = value.substring(at + 1);
        return Optional.of(
                user.equals(run.getSpec().requestedBy())
                        ? new Word.Nothing("\"" + user + "\" has asked for the run (spec.requestedBy), and can't decide"
                                + " on it: somebody else has to.")
                        : new Word.Approved(user));
    }
}
