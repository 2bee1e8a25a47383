package dev.mainstay.core.task;

import dev.mainstay.api.runbook.DependencyAuditStep;
import dev.mainstay.core.Texts;
import dev.mainstay.core.task.Task.MountedSecret;
import java.util.List;

/**
 * A look at the output of npm audit, which a container with an image of the application makes before the runner's.
 *
 * @param workload the workload in words, such as {@code Deployment web}
 * @param image the image
 * @param pullPolicy its pull policy; null for that of Kubernetes
 * @param pullSecrets names of the Secrets with which it is pulled beside those of the job template
 * @param runAsUser the user that the workload names; null when it names none that may be
 * @param directory folder with the lock file; null for the one that the image begins in
 * @param step what is looked at, and what counts
 */
public record DependencyAuditWork(
        String workload,
        String image,
        String pullPolicy,
        List<String> pullSecrets,
        Long runAsUser,
        String directory,
        DependencyAuditStep step)
        implements StepWork {

    private static final int LONGEST_IMAGE = 120;

    /** No Secret is read: what comes from the image is judged beside none. */
    @Override
    public List<MountedSecret> secrets() {
        return List.of();
    }

    /** The names; never null. */
    @Override
    public List<String> pullSecrets() {
        return pullSecrets == null ? List.of() : pullSecrets;
    }

    /** Where the lock file is, for people. */
    public String place() {
        return (directory == null ? "the image " : directory + " of the image ") + Texts.cut(image, LONGEST_IMAGE, "…")
                + " of " + workload;
    }
}
