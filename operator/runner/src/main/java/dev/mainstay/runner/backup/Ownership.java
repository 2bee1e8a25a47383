package dev.mainstay.runner.backup;

import com.fasterxml.jackson.core.JacksonException;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.Task;
import dev.mainstay.core.task.TaskJson;
import dev.mainstay.runner.storage.ObjectStore;
import dev.mainstay.runner.storage.ObjectStore.PutOutcome;
import dev.mainstay.runner.storage.ObjectStore.StoredObject;
import dev.mainstay.runner.task.TaskFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;

/**
 * One owner a path: two environments that share a bucket and names never touch each other. Taken by a write that only
 * succeeds when nobody was faster, and taken over from exactly the owner that the policy names.
 */
public final class Ownership {

    static final String NAME = "owner.json";

    private final ObjectStore store;
    private final Task task;
    private final String key;

    /**
     * @param store the bucket
     * @param task whose path it is
     */
    public Ownership(ObjectStore store, Task task) {
        this.store = store;
        this.task = task;
        this.key = task.policyPath() + NAME;
    }

    /** Makes sure that the path is ours; throws a TaskFailure of OwnedByOther when it is somebody else's. */
    void claim(Instant now) {
        Owner mine = Owner.of(task.origin(), now);
        Optional<StoredObject> found = store.read(key);
        if (found.isEmpty()) {
            if (store.putIfAbsent(key, json(mine)) == PutOutcome.STORED) {
                return;
            }
            found = store.read(key);
        }
        ours(found.orElseThrow(() -> changing()), mine);
    }

    /** The owner, once the path is taken over where the policy asks for that. Where there is none yet, none is written. */
    Owner takeOver(Instant now) {
        Owner mine = Owner.of(task.origin(), now);
        return store.read(key).map(found -> ours(found, mine)).orElse(mine);
    }

    private Owner ours(StoredObject found, Owner mine) {
        Owner theirs = parse(found);
        if (theirs.isSameAs(mine)) {
            return theirs;
        }
        if (!theirs.clusterId().equals(task.origin().adopt())) {
            throw ownedBy(theirs, mine);
        }
        Owner both = mine.takingOver(theirs);
        if (store.replace(key, json(both), found.etag()) == PutOutcome.REFUSED) {
            throw changing();
        }
        return both;
    }

    /** What would keep us from the path; takes nothing, and takes nothing over. */
    public Optional<TaskFailure> problem() {
        try {
            Optional<Owner> theirs = store.read(key).map(this::parse);
            Owner mine = Owner.of(task.origin(), null);
            return theirs.filter(owner -> !owner.isSameAs(mine))
                    .filter(owner -> !owner.clusterId().equals(task.origin().adopt()))
                    .map(owner -> ownedBy(owner, mine));
        } catch (TaskFailure failure) {
            return Optional.of(failure);
        }
    }

    /** The owner, which is us at this moment; throws a TaskFailure of OwnedByOther when it is not. Takes nothing over. */
    Owner check() {
        Owner mine = Owner.of(task.origin(), null);
        Owner theirs = parse(store.read(key)
                .orElseThrow(() -> new TaskFailure(
                        Reason.OWNED_BY_OTHER,
                        policy() + ": there is no " + store.describe(key)
                                + ", so nothing there is known to be its own. The next backup writes it.")));
        if (!theirs.isSameAs(mine)) {
            throw ownedBy(theirs, mine);
        }
        return theirs;
    }

    private TaskFailure ownedBy(Owner theirs, Owner mine) {
        boolean elsewhere = !theirs.clusterId().equals(mine.clusterId());
        return new TaskFailure(
                Reason.OWNED_BY_OTHER,
                policy() + ", spec.storage: " + store.describe(task.policyPath()) + " belongs to database "
                        + theirs.database() + " of application " + theirs.namespace() + "/" + theirs.application()
                        + (elsewhere ? " in cluster " + theirs.clusterId() : " in this cluster") + " (since "
                        + theirs.since() + "); this is database " + mine.database() + " of " + mine.namespace() + "/"
                        + mine.application() + (elsewhere ? " in cluster " + mine.clusterId() : "")
                        + ". Use another prefix; or, if that owner is gone for good, take the path over: kubectl patch"
                        + " backuppolicy " + task.origin().policy() + " --namespace " + mine.namespace()
                        + " --type merge --patch '{\"spec\":{\"storage\":{\"adopt\":\"" + theirs.clusterId()
                        + "\"}}}'");
    }

    private TaskFailure changing() {
        return new TaskFailure(
                Reason.OWNED_BY_OTHER,
                policy() + ": " + store.describe(key) + " was changed by somebody else at the same moment.");
    }

    private Owner parse(StoredObject object) {
        try {
            Owner owner = TaskJson.mapper().readValue(object.body(), Owner.class);
            if (owner.clusterId() != null && owner.database() != null) {
                return owner;
            }
        } catch (JacksonException e) {
            // Said below.
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        throw new TaskFailure(
                Reason.OWNED_BY_OTHER,
                policy() + ": " + store.describe(key) + " exists and was not written by Mainstay. Use another prefix.");
    }

    private String policy() {
        return "BackupPolicy " + task.origin().namespace() + "/" + task.origin().policy();
    }

    private static byte[] json(Owner owner) {
        return TaskJson.write(owner).getBytes(StandardCharsets.UTF_8);
    }
}
