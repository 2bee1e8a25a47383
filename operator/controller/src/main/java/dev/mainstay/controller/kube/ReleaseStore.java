package dev.mainstay.controller.kube;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mainstay.api.Annotations;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.application.ReleaseProof;
import dev.mainstay.api.rollback.RollbackRequest;
import dev.mainstay.core.naming.Names;
import dev.mainstay.core.rollback.Ledger;
import dev.mainstay.core.rollback.RecordedRelease;
import dev.mainstay.core.rollback.Release;
import dev.mainstay.core.rollback.RollbackPlan;
import dev.mainstay.core.rollback.StoredRelease;
import dev.mainstay.core.task.TaskJson;
import io.fabric8.kubernetes.api.model.apps.ControllerRevision;
import io.fabric8.kubernetes.api.model.apps.ControllerRevisionBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.net.HttpURLConnection;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Releases and plans in ControllerRevisions: whole templates, which no status is large enough for. */
public final class ReleaseStore {

    private final KubernetesClient client;

    public ReleaseStore(KubernetesClient client) {
        this.client = client;
    }

    /** What a ControllerRevision says of the release in it, by its metadata alone; empty when it holds none. */
    public static Optional<RecordedRelease> recorded(ControllerRevision revision) {
        Map<String, String> annotations = revision.getMetadata().getAnnotations() == null
                ? Map.of()
                : revision.getMetadata().getAnnotations();
        String hash = annotations.get(Annotations.RELEASE_HASH);
        Optional<Instant> verifiedAt = time(annotations.get(Annotations.VERIFIED_AT));
        return hash == null || verifiedAt.isEmpty()
                ? Optional.empty()
                : Optional.of(new RecordedRelease(
                        revision.getMetadata().getName(),
                        revision.getRevision() == null ? 0 : revision.getRevision(),
                        hash,
                        annotations.get(Annotations.RELEASE_VERSION),
                        verifiedAt.get(),
                        proof(annotations.get(Annotations.PROOF)),
                        annotations.get(Annotations.MARKED_BAD_BY)));
    }

    /** The releases among ControllerRevisions, the newest first. */
    public static List<RecordedRelease> recorded(Stream<ControllerRevision> revisions) {
        return revisions
                .map(ReleaseStore::recorded)
                .flatMap(Optional::stream)
                .sorted(RecordedRelease.NEWEST_FIRST)
                .toList();
    }

    /** The releases of an application with all that is kept of them, the newest first. */
    public List<StoredRelease> releases(ManagedApplication application) {
        List<StoredRelease> all = all(application);
        List<RecordedRelease> standing =
                Ledger.standing(all.stream().map(StoredRelease::recorded).toList());
        return all.stream()
                .filter(stored -> standing.contains(stored.recorded()))
                .toList();
    }

    private List<StoredRelease> all(ManagedApplication application) {
        String selector = Annotations.RELEASE_OF + "="
                + Names.label(application.getMetadata().getName());
        JsonNode list = RawReads.json(
                        client,
                        "/apis/apps/v1/namespaces/"
                                + application.getMetadata().getNamespace() + "/controllerrevisions?labelSelector="
                                + URLEncoder.encode(selector, StandardCharsets.UTF_8))
                .orElseThrow();
        return StreamSupport.stream(list.path("items").spliterator(), false)
                .filter(item ->
                        Ownership.isControlledBy(item, application.getMetadata().getUid()))
                .flatMap(item -> stored(item).stream())
                .sorted(Comparator.comparing(StoredRelease::recorded, RecordedRelease.NEWEST_FIRST))
                .toList();
    }

    /** Writes a release down as the newest, and removes what it takes the place of; written twice it is there once. */
    public void save(ManagedApplication application, Release release, ReleaseProof proof) {
        String content = TaskJson.write(release.workloads()) + TaskJson.write(release.configMaps());
        String name = Names.release(application.getMetadata().getName(), Names.digest(content));
        long number = all(application).stream()
                        .mapToLong(stored -> stored.recorded().number())
                        .max()
                        .orElse(0)
                + 1;
        boolean made = OwnedRevisions.create(
                client,
                application,
                new ControllerRevisionBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .addToLabels(
                                Annotations.RELEASE_OF,
                                Names.label(application.getMetadata().getName()))
                        .withAnnotations(facts(release, proof))
                        .endMetadata()
                        .withRevision(number)
                        .withData(TaskJson.mapper().valueToTree(release))
                        .build());
        if (!made) {
            renew(application, name, release, proof, number);
        }
        tidy(application);
    }

    /** Removes the releases that do not stand any more. */
    public void tidy(ManagedApplication application) {
        List<RecordedRelease> all =
                all(application).stream().map(StoredRelease::recorded).toList();
        List<RecordedRelease> standing = Ledger.standing(all);
        all.stream()
                .filter(release -> !standing.contains(release))
                .forEach(release -> remove(application.getMetadata().getNamespace(), release.name()));
    }

    /** Notes that a rollback went away from a release. */
    public void markBad(String namespace, String release, String request) {
        patch(
                namespace,
                release,
                Map.of("metadata", Map.of("annotations", Map.of(Annotations.MARKED_BAD_BY, request))));
    }

    /** Keeps a plan, once: the one that was there first stands. */
    public RollbackPlan keep(RollbackRequest request, RollbackPlan plan) {
        String name = planName(request);
        OwnedRevisions.create(
                client,
                request,
                new ControllerRevisionBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .endMetadata()
                        .withRevision(1L)
                        .withData(TaskJson.mapper().valueToTree(plan))
                        .build());
        return plan(request).orElse(plan);
    }

    /** The plan that is kept of a request; empty when there is none. */
    public Optional<RollbackPlan> plan(RollbackRequest request) {
        return RawReads.json(
                        client,
                        "/apis/apps/v1/namespaces/" + request.getMetadata().getNamespace() + "/controllerrevisions/"
                                + planName(request))
                .filter(revision ->
                        Ownership.isControlledBy(revision, request.getMetadata().getUid()))
                .map(revision -> convert(revision.path("data"), RollbackPlan.class));
    }

    private static String planName(RollbackRequest request) {
        return Names.plan(request.getMetadata().getName(), request.getMetadata().getUid());
    }

    private static Map<String, String> facts(Release release, ReleaseProof proof) {
        Map<String, String> facts = new TreeMap<>(Map.of(
                Annotations.RELEASE_HASH,
                release.hash(),
                Annotations.VERIFIED_AT,
                release.verifiedAt().toString(),
                Annotations.PROOF,
                proof.text()));
        if (release.version() != null) {
            facts.put(Annotations.RELEASE_VERSION, release.version());
        }
        return facts;
    }

    /** The same release was seen to work again: it is the newest now, and nothing speaks against it any more. */
    private void renew(ManagedApplication application, String name, Release release, ReleaseProof proof, long number) {
        Map<String, String> facts = facts(release, proof);
        facts.put(Annotations.MARKED_BAD_BY, null);
        patch(
                application.getMetadata().getNamespace(),
                name,
                Map.of("metadata", Map.of("annotations", facts), "revision", number));
    }

    private void patch(String namespace, String name, Object change) {
        try {
            client.apps()
                    .controllerRevisions()
                    .inNamespace(namespace)
                    .withName(name)
                    .patch(PatchContext.of(PatchType.JSON_MERGE), Serialization.asJson(change));
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_NOT_FOUND) {
                throw e;
            }
        }
    }

    private void remove(String namespace, String name) {
        client.apps()
                .controllerRevisions()
                .inNamespace(namespace)
                .withName(name)
                .delete();
    }

    private static Optional<StoredRelease> stored(JsonNode item) {
        ControllerRevision slim = convert(item.deepCopy(), ControllerRevision.class);
        return recorded(slim).map(recorded -> new StoredRelease(recorded, convert(item.path("data"), Release.class)));
    }

    private static <T> T convert(JsonNode node, Class<T> type) {
        return TaskJson.mapper().convertValue(node, type);
    }

    private static ReleaseProof proof(String text) {
        return Arrays.stream(ReleaseProof.values())
                .filter(proof -> proof.text().equals(text))
                .findFirst()
                .orElse(ReleaseProof.UNRECOGNIZED);
    }

    private static Optional<Instant> time(String text) {
        try {
            return text == null ? Optional.empty() : Optional.of(Instant.parse(text));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
