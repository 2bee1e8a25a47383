package dev.mainstay.core.runbook;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.runbook.MaintenanceRun;
import dev.mainstay.api.runbook.SavedChange;
import java.util.List;
import java.util.stream.Collectors;

/** What Events tell of a run that can't give back what it has changed. */
public final class RunWords {

    private RunWords() {}

    /** A person has said that nothing is to be waited for. */
    public static String leftBehind(MaintenanceRun run) {
        String command = RunLines.status(run).undoCommand();
        return "It goes by its annotation " + Annotations.FORCE_RELEASE
                + (command == null
                        ? ". Nothing was left to give back."
                        : ", without giving back what its steps have changed. Do that by hand: " + command);
    }

    /** It is deleted, and nobody can tell what it has changed. */
    public static String unreadableStatus(MaintenanceRun run) {
        String named = run.getMetadata().getName() + " --namespace "
                + run.getMetadata().getNamespace();
        return "status can't be read by this version of Mainstay: "
                + run.unreadableStatus().orElse("")
                + ". What its steps have changed is not given back. Upgrade Mainstay; or read what there is (kubectl get"
                + " maintenancerun " + named
                + " --output jsonpath='{.status.undoCommand}'), do that by hand, and let the"
                + " run go: kubectl annotate maintenancerun " + named + " " + Annotations.FORCE_RELEASE + "=true";
    }

    /** Mainstay is being uninstalled. */
    public static String uninstalled(List<SavedChange> left) {
        return "Mainstay is being uninstalled. "
                + (left.isEmpty()
                        ? "What the steps of this run have changed is given back."
                        : "This was not given back: "
                                + left.stream()
                                        .map(change -> change.text()
                                                + (change.before() == null ? "" : " had " + change.before()))
                                        .collect(Collectors.joining(", "))
                                + ". Do that by hand.");
    }
}
