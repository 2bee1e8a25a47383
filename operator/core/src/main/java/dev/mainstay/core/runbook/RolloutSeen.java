package dev.mainstay.core.runbook;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.schedule.KnownDeployment;
import dev.mainstay.core.rollback.DeploymentState;
import dev.mainstay.core.rollback.PodTemplate;
import dev.mainstay.core.rollback.RevisionState;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A Deployment as a schedule sees it that makes runs for rollouts.
 *
 * @param present what is known of it now; without a revision when its controller has not seen its spec yet
 * @param proven whether its history shows that something else ran before that revision; else that history does not go back so far
 * @param paused whether its rollouts are
 * @param atRest whether no rollout is under way
 * @param running whether Pods are wanted
 * @param rolledBack whether what runs was written by Mainstay, be it that somebody else wrote the same since
 * @param completeSince when the last rollout was complete; null when its controller does not tell
 */
public record RolloutSeen(
        KnownDeployment present,
        boolean proven,
        boolean paused,
        boolean atRest,
        boolean running,
        boolean rolledBack,
        Instant completeSince) {

    /** One that does not exist. */
    public static RolloutSeen missing(String name) {
        return new RolloutSeen(KnownDeployment.missing(name), false, false, false, false, false, null);
    }

    /** Whether nothing was rolled out or restarted since that was known of it, so that its history tells nothing new. */
    public static boolean asKnown(DeploymentState deployment, KnownDeployment known) {
        return deployment.observed()
                && deployment.uid().equals(known.uid())
                && known.newestRevision() != null
                && newest(deployment).filter(known.newestRevision()::equals).isPresent();
    }

    /** One that is as it was known. */
    public static RolloutSeen of(DeploymentState deployment, KnownDeployment known) {
        return of(deployment, known.revision(), false);
    }

    /** One, and the ReplicaSets that it controls. */
    public static RolloutSeen of(DeploymentState deployment, List<RevisionState> history) {
        if (!deployment.observed()) {
            return of(deployment, (Long) null, false);
        }
        Optional<Long> newest = newest(deployment);
        if (newest.isEmpty()) {
            // It was made paused, and nothing of it ever ran.
            return missing(deployment.name());
        }
        // A restart is a revision of its own that runs the same.
        long began = newest.get();
        Optional<PodTemplate> before = template(history, began - 1);
        while (before.isPresent() && before.get().runsLike(deployment.template())) {
            began--;
            before = template(history, began - 1);
        }
        return of(deployment, began, before.isPresent());
    }

    private static RolloutSeen of(DeploymentState deployment, Long revision, boolean proven) {
        String template = deployment.template().hash();
        String by = deployment.annotations().get(Annotations.ROLLED_BACK_BY);
        String to = deployment.annotations().get(Annotations.ROLLED_BACK_TO);
        return new RolloutSeen(
                new KnownDeployment(
                        deployment.name(),
                        deployment.uid(),
                        revision,
                        revision == null ? null : newest(deployment).orElse(null),
                        deployment.version(),
                        template,
                        by == null ? null : by + "@" + to),
                proven,
                deployment.paused(),
                deployment.atRest(),
                deployment.wanted() > 0,
                template.equals(to),
                deployment.completeSince().orElse(null));
    }

    private static Optional<Long> newest(DeploymentState deployment) {
        return deployment.revision().filter(text -> text.matches("[0-9]{1,18}")).map(Long::valueOf);
    }

    private static Optional<PodTemplate> template(List<RevisionState> history, long number) {
        return history.stream()
                .filter(revision -> revision.numbers().contains(number))
                .findFirst()
                .map(RevisionState::template);
    }

    /** Its name. */
    String name() {
        return present.name();
    }

    boolean exists() {
        return present.uid() != null;
    }

    /** Whether its controller has seen its spec as it is. */
    boolean observed() {
        return present.revision() != null;
    }

    /** Whether something else runs than what was known of it. */
    boolean differsFrom(KnownDeployment known) {
        if (!present.uid().equals(known.uid())) {
            return true;
        }
        boolean later = known.newestRevision() == null || present.revision() > known.newestRevision();
        return later && (proven || !present.template().equals(known.template()));
    }

    /** The same as before, but for restarts since. */
    KnownDeployment renewed(KnownDeployment known) {
        return new KnownDeployment(
                known.name(),
                known.uid(),
                known.revision(),
                present.newestRevision(),
                known.version(),
                known.template(),
                present.rolledBack());
    }

    /** Whether Mainstay wrote what runs now, since that was known of it. */
    boolean rolledBackSince(KnownDeployment known) {
        return rolledBack && !present.rolledBack().equals(known.rolledBack());
    }
}
