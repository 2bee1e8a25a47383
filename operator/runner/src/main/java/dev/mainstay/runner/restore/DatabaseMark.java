package dev.mainstay.runner.restore;

import dev.mainstay.core.task.Task;
import dev.mainstay.core.task.TaskKind;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The comment on each database that restores make or keep: only what carries one is ever emptied, renamed or dropped. */
final class DatabaseMark {

    private static final Pattern MARK = Pattern.compile("Mainstay restore (\\S+): .*", Pattern.DOTALL);

    private static final String KEPT = "kept by ";

    private DatabaseMark() {}

    /** The comment on a database that is being restored. */
    static String ofCopy(Task task) {
        return text(task, task.kind() == TaskKind.RESTORE_TEST ? "restore test of " : "restored by ");
    }

    /** The comment on a database that a restored one has replaced. */
    static String ofPrevious(Task task) {
        return text(task, KEPT);
    }

    /** Whether a comment is the one on a database that the restore of that uid has kept. */
    static boolean isOfPrevious(String comment, String mark) {
        return comment != null && comment.startsWith("Mainstay restore " + mark + ": " + KEPT);
    }

    /**
     * The comment on a database that was filled, which had none or one of its own.
     *
     * @param before what it was; null for none
     */
    static String ofFilled(Task task, String before) {
        boolean own = before != null && in(before).isEmpty();
        return ofCopy(task) + (own ? "; its comment before: " + before : "");
    }

    private static String text(Task task, String what) {
        return "Mainstay restore " + task.restore().mark() + ": " + what + OrderWords.object(task);
    }

    /** Uid of the request that a comment is of; empty when it is of none. */
    static Optional<String> in(String comment) {
        Matcher mark = MARK.matcher(comment == null ? "" : comment);
        return mark.matches() ? Optional.of(mark.group(1)) : Optional.empty();
    }
}
