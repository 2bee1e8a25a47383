package dev.mainstay.controller.kube;

import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.HttpURLConnection;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Jobs and their Pods at the API server itself. */
public final class JobClient {

    private static final int UNPROCESSABLE = 422;
    private static final String END =
            "{\"metadata\":{\"annotations\":{\"%s\":\"%s\"}},\"spec\":{\"activeDeadlineSeconds\":1}}";

    /** Annotation of a Job: when it was told to end. */
    public static final String ENDED_AT = "mainstay.dev/ended-at";

    private final KubernetesClient client;

    public JobClient(KubernetesClient client) {
        this.client = client;
    }

    /** What came of making a Job. */
    public sealed interface Made {
        /** It exists now; it may be one made earlier under the same name, which the next pass looks at. */
        record Exists() implements Made {}

        /** A Job of that name exists and belongs to something else. */
        record Foreign() implements Made {}

        /** What it is made of makes no Job, which the template in the application is the cause of. */
        record Invalid(String message) implements Made {}

        /** A right, a quota or a policy stands against it, until somebody changes that. */
        record Refused(String message) implements Made {}

        /** Its namespace is being deleted: nothing is made there any more. */
        record NamespaceEnds(String message) implements Made {}
    }

    /**
     * Makes a Job; one that exists under its name is left alone.
     *
     * @throws KubernetesClientException when it is not known whether the Job was made
     */
    public Made make(Job job) {
        try {
            client.resource(job).create();
            return new Made.Exists();
        } catch (KubernetesClientException e) {
            if (ApiErrors.alreadyExists(e)) {
                return existing(job);
            }
            if (isInvalid(e)) {
                return new Made.Invalid(ApiErrors.message(e));
            }
            if (ApiErrors.namespaceEnds(e)) {
                return new Made.NamespaceEnds(ApiErrors.message(e));
            }
            if (e.getCode() == HttpURLConnection.HTTP_FORBIDDEN) {
                return new Made.Refused(ApiErrors.message(e));
            }
            throw e;
        }
    }

    /**
     * Why the API server would not take a Job, which is not made; empty when it would, or when anything else than the Job
     * itself stands against that.
     */
    public Optional<String> invalid(Job job) {
        try {
            client.resource(job).dryRun().create();
            return Optional.empty();
        } catch (KubernetesClientException e) {
            // A webhook that can't answer without an effect makes this a bad request as well.
            return isInvalid(e) && !ApiErrors.message(e).contains("does not support dry run")
                    ? Optional.of(ApiErrors.message(e))
                    : Optional.empty();
        }
    }

    private static boolean isInvalid(KubernetesClientException e) {
        return e.getCode() == UNPROCESSABLE || e.getCode() == HttpURLConnection.HTTP_BAD_REQUEST;
    }

    /** The informer sees only Jobs with our labels: another one of this name would be made again and again. */
    private Made existing(Job job) {
        boolean foreign = fresh(
                        job.getMetadata().getNamespace(), job.getMetadata().getName())
                .filter(found -> !owner(found).equals(owner(job)))
                .isPresent();
        return foreign ? new Made.Foreign() : new Made.Exists();
    }

    private static Set<String> owner(Job job) {
        return job.getMetadata().getOwnerReferences().stream()
                .filter(owner -> Boolean.TRUE.equals(owner.getController()))
                .map(OwnerReference::getUid)
                .collect(Collectors.toSet());
    }

    /**
     * Has the Job's controller end it and delete its Pod, as if its time were up; one that has ended or is gone is fine. The
     * deadline is the one field that does so whether or not there is a Pod, and leaves the Job and with it its name.
     */
    public void end(Job job, Instant now) {
        try {
            client.batch()
                    .v1()
                    .jobs()
                    .inNamespace(job.getMetadata().getNamespace())
                    .withName(job.getMetadata().getName())
                    .patch(PatchContext.of(PatchType.JSON_MERGE), END.formatted(ENDED_AT, now));
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_NOT_FOUND) {
                throw e;
            }
        }
    }

    /** A Job as the API server has it now, not as a cache had it. */
    public Optional<Job> fresh(String namespace, String name) {
        return Optional.ofNullable(
                client.batch().v1().jobs().inNamespace(namespace).withName(name).get());
    }

    /** The Pods of a Job as the API server has them now. */
    public List<Pod> freshPods(String namespace, String job) {
        return client.pods()
                .inNamespace(namespace)
                .withLabel("batch.kubernetes.io/job-name", job)
                .list()
                .getItems();
    }
}
