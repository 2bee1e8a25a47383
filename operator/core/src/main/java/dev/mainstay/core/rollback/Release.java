package dev.mainstay.core.rollback;

import dev.mainstay.api.application.ReleaseProof;
import dev.mainstay.core.naming.Names;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A state of the whole application that was seen to work: what a rollback goes back to.
 *
 * @param version for people; null when nothing tells one
 * @param verifiedAt when it had run well for long enough
 * @param proof what was looked at until then
 * @param workloads its Deployments
 * @param configMaps hashes of the ConfigMaps that its Pods read, by name
 * @param secrets names of the Secrets that its Pods read; what is in them is not looked at
 */
public record Release(
        String version,
        Instant verifiedAt,
        ReleaseProof proof,
        List<ReleasedWorkload> workloads,
        Map<String, String> configMaps,
        List<String> secrets) {

    /**
     * A Deployment of a release.
     *
     * @param name its name
     * @param revision its number in the Deployment's own history then; null when unknown
     * @param template what it ran, without hash labels
     * @param digests digests of the images that really ran, by container; those that no runtime told are missing
     */
    public record ReleasedWorkload(String name, String revision, PodTemplate template, Map<String, String> digests) {}

    /** The Deployment of a name; empty when it was not part of the application then. */
    public Optional<ReleasedWorkload> workload(String name) {
        return workloads.stream()
                .filter(workload -> workload.name().equals(name))
                .findFirst();
    }

    /** A short text that differs when anything else runs. */
    public String hash() {
        return hash(workloads.stream()
                .map(workload -> Map.entry(workload.name(), workload.template()))
                .toList());
    }

    /** The hash of a release of these templates by name. */
    static String hash(List<Map.Entry<String, PodTemplate>> templates) {
        return Names.digest(templates.stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue().hash())
                .sorted()
                .toArray());
    }
}
