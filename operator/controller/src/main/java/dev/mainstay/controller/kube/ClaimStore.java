package dev.mainstay.controller.kube;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.runbook.MaintenanceRun;
import dev.mainstay.core.claims.ClaimAnswer;
import dev.mainstay.core.claims.ClaimRequest;
import dev.mainstay.core.claims.Claims;
import dev.mainstay.core.claims.ExecutedRequests;
import dev.mainstay.core.claims.ExecutedRequests.ExecutedRequest;
import dev.mainstay.core.claims.Holder;
import dev.mainstay.core.naming.Names;
import dev.mainstay.core.runbook.RunClaims;
import dev.mainstay.core.task.TaskJson;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * The record of who works on an application: a Lease of its own, read from the API server and written with the version that
 * was read, once. Two operators at the same moment can't both be granted what excludes the other.
 */
public final class ClaimStore {

    private final KubernetesClient client;
    private final String release;
    private final Instant startedAt;
    private final HolderList holders;
    private final Set<String> complete = ConcurrentHashMap.newKeySet();

    /**
     * Creates it.
     *
     * @param release this release, as {@code namespace/name}
     * @param startedAt when this process began
     * @param holders who says that something was granted
     */
    public ClaimStore(KubernetesClient client, String release, Instant startedAt, HolderList holders) {
        this.client = client;
        this.release = release;
        this.startedAt = startedAt;
        this.holders = holders;
    }

    /** Whether this release works on the application of that Lease, or may begin to. */
    public boolean isOurs(Lease lease) {
        return ClaimLease.release(lease)
                .map(release::equals)
                .orElseGet(() ->
                        ClaimLease.releasedAt(lease).filter(startedAt::isBefore).isEmpty());
    }

    /** Makes the Lease of an application; one that exists is left alone. */
    public void make(ManagedApplication application) {
        Lease lease = new LeaseBuilder()
                .withNewMetadata()
                .withName(Names.claims(application.getMetadata().getName()))
                .withNamespace(application.getMetadata().getNamespace())
                .addToLabels(Annotations.CLAIMS, "true")
                .addToLabels("app.kubernetes.io/managed-by", "mainstay")
                .addToAnnotations(Annotations.RELEASE, release)
                .withOwnerReferences(Ownership.controlledBy(application))
                .endMetadata()
                .build();
        try {
            client.resource(lease).create();
        } catch (KubernetesClientException e) {
            if (!ApiErrors.alreadyExists(e) && !ApiErrors.namespaceEnds(e)) {
                throw e;
            }
        }
    }

    /**
     * Asks for something of an application.
     *
     * @return empty when somebody else wrote at the same moment, or the Lease is missing or another release's: what is to be
     *     done is to be decided anew
     */
    public Optional<ClaimAnswer> ask(String namespace, String application, ClaimRequest request, Instant now) {
        return ask(namespace, application, request, UnaryOperator.identity(), now);
    }

    /** The same for a request that acts once: that it does is written down together with what it is granted. */
    public Optional<ClaimAnswer> askOnce(
            String namespace, String application, ClaimRequest request, ExecutedRequest executed, Instant now) {
        return ask(namespace, application, request, standing -> standing.with(executed), now);
    }

    private Optional<ClaimAnswer> ask(
            String namespace,
            String application,
            ClaimRequest request,
            UnaryOperator<ExecutedRequests> executed,
            Instant now) {
        // As the holders themselves note it, so that both records are the same.
        Instant second = now.truncatedTo(ChronoUnit.SECONDS);
        return change(namespace, application, standing -> standing.decide(request, second), executed)
                .map(Claims.Outcome::answer)
                .map(answer -> answer instanceof ClaimAnswer.Wait wait && awaitsPerson(namespace, wait)
                        ? wait.awaitingPerson()
                        : answer);
    }

    /** Of all that hold something only a run can keep it while a person is waited for. */
    private boolean awaitsPerson(String namespace, ClaimAnswer.Wait wait) {
        return wait.doing() == ClaimAnswer.Doing.WORKS
                && RunClaims.KIND.equals(wait.holder().kind())
                && Optional.ofNullable(client.resources(MaintenanceRun.class)
                                .inNamespace(namespace)
                                .withName(wait.holder().name())
                                .get())
                        .filter(run ->
                                run.getMetadata().getUid().equals(wait.holder().uid()))
                        .filter(RunClaims::awaitsPerson)
                        .isPresent();
    }

    /**
     * Takes the lines of those away who have ended.
     *
     * @return whether they are gone; not when somebody else wrote at the same moment, or the Lease is missing or another release's
     */
    public boolean release(String namespace, String application, Predicate<Holder> ended) {
        return change(
                        namespace,
                        application,
                        standing -> new Claims.Outcome(null, standing.without(ended)),
                        UnaryOperator.identity())
                .isPresent();
    }

    private Optional<Claims.Outcome> change(
            String namespace,
            String application,
            Function<Claims, Claims.Outcome> decide,
            UnaryOperator<ExecutedRequests> execute) {
        Lease lease = client.leases()
                .inNamespace(namespace)
                .withName(Names.claims(application))
                .get();
        if (lease == null || !isOurs(lease)) {
            return Optional.empty();
        }
        Optional<Claims> written = ClaimLease.claims(lease);
        String uid = lease.getMetadata().getUid();
        boolean known = written.isPresent() && complete.contains(uid);
        // Whoever leads anew can't know whether all that was granted was written down, or was written and then lost.
        Claims standing = written.orElse(Claims.NONE);
        Claims whole = known ? standing : standing.with(holders.of(namespace, application));
        Claims.Outcome outcome = decide.apply(whole);
        boolean taken = ClaimLease.release(lease).isPresent();
        ExecutedRequests before = ClaimLease.executed(lease);
        ExecutedRequests executed = outcome.answer() instanceof ClaimAnswer.Granted ? execute.apply(before) : before;
        if (!outcome.after().equals(standing) || written.isEmpty() || !taken || !executed.equals(before)) {
            if (!executed.equals(before)) {
                lease.getMetadata().getAnnotations().put(Annotations.EXECUTED, TaskJson.write(executed));
            }
            lease.getMetadata().getAnnotations().put(Annotations.RELEASE, release);
            lease.getMetadata().getAnnotations().put(Annotations.GRANTS, TaskJson.write(outcome.after()));
            try {
                client.leases()
                        .inNamespace(namespace)
                        .resource(lease)
                        .lockResourceVersion(lease.getMetadata().getResourceVersion())
                        .update();
            } catch (KubernetesClientException e) {
                if (ApiErrors.goneOrChanged(e)) {
                    return Optional.empty();
                }
                throw e;
            }
        }
        complete.add(uid);
        return Optional.of(outcome);
    }
}
