package dev.mainstay.controller;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What the chart tells the operator, as environment variables.
 *
 * @param namespace the operator's own namespace, where its Lease is
 * @param podName name of its Pod, its identity in the Lease
 * @param release name of the Helm release
 * @param watchNamespaces namespaces to watch; empty for all
 * @param runnerImage image of the Jobs
 * @param runnerPostgresImage image of the Jobs that start a server of their own
 * @param runnerImagePullPolicy pull policy of the Jobs' images
 * @param proxies environment variables of the Jobs that name proxies, by name
 * @param clusterId id of the cluster; empty for the uid of namespace kube-system
 * @param leaderElection whether a Lease decides who works
 * @param leaseName name of the Lease
 * @param leaseDuration how long the Lease holds without renewal
 * @param limitJobs how many Jobs run at once
 * @param limitJobsPerNamespace how many of them in one namespace
 * @param limitDumpsPerServer how many databases of one server are dumped at once
 * @param allowFreeQueries whether AlertRules may have queries of their own, which the operator asks with its own credentials
 * @param argoNamespace namespace of Argo CD; empty when its Applications may not be read
 * @param httpPort port of /livez, /readyz and /metrics
 */
public record Settings(
        String namespace,
        String podName,
        String release,
        Set<String> watchNamespaces,
        String runnerImage,
        String runnerPostgresImage,
        String runnerImagePullPolicy,
        Map<String, String> proxies,
        String clusterId,
        boolean leaderElection,
        String leaseName,
        Duration leaseDuration,
        int limitJobs,
        int limitJobsPerNamespace,
        int limitDumpsPerServer,
        boolean allowFreeQueries,
        String argoNamespace,
        int httpPort) {

    /**
     * Reads the variables.
     *
     * @throws IllegalArgumentException naming the variable that is missing or wrong
     */
    public static Settings from(Map<String, String> environment) {
        return new Settings(
                required(environment, "MAINSTAY_NAMESPACE"),
                required(environment, "MAINSTAY_POD_NAME"),
                environment.getOrDefault("MAINSTAY_RELEASE", "mainstay"),
                list(environment.getOrDefault("MAINSTAY_WATCH_NAMESPACES", "")),
                required(environment, "MAINSTAY_RUNNER_IMAGE"),
                environment.getOrDefault(
                        "MAINSTAY_RUNNER_POSTGRES_IMAGE", required(environment, "MAINSTAY_RUNNER_IMAGE")),
                environment.getOrDefault("MAINSTAY_RUNNER_IMAGE_PULL_POLICY", "IfNotPresent"),
                proxies(environment),
                environment.getOrDefault("MAINSTAY_CLUSTER_ID", ""),
                Boolean.parseBoolean(environment.getOrDefault("MAINSTAY_LEADER_ELECTION", "true")),
                environment.getOrDefault("MAINSTAY_LEASE_NAME", "mainstay"),
                Duration.ofSeconds(number(environment, "MAINSTAY_LEASE_SECONDS", 30)),
                number(environment, "MAINSTAY_LIMIT_JOBS", 20),
                number(environment, "MAINSTAY_LIMIT_JOBS_PER_NAMESPACE", 5),
                number(environment, "MAINSTAY_LIMIT_DUMPS_PER_SERVER", 5),
                Boolean.parseBoolean(environment.getOrDefault("MAINSTAY_ALLOW_FREE_QUERIES", "false")),
                environment.getOrDefault("MAINSTAY_ARGOCD_NAMESPACE", ""),
                number(environment, "MAINSTAY_HTTP_PORT", 8080));
    }

    /** The release, told apart from those of other namespaces: {@code namespace/name}. */
    public String qualifiedRelease() {
        return namespace + "/" + release;
    }

    private static Map<String, String> proxies(Map<String, String> environment) {
        Map<String, String> proxies = new TreeMap<>();
        for (String name : List.of("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY")) {
            String value = environment.getOrDefault("MAINSTAY_JOBS_" + name, "");
            if (!value.isBlank()) {
                proxies.put(name, value);
            }
        }
        return proxies;
    }

    private static String required(Map<String, String> environment, String name) {
        String value = environment.get(name);
        if (value == null || value.isBlank()) {
            throw new IllegalArgumentException(
                    "environment variable " + name + " is not set; the chart's Deployment sets it");
        }
        return value;
    }

    private static int number(Map<String, String> environment, String name, int otherwise) {
        String value = environment.get(name);
        if (value == null || value.isBlank()) {
            return otherwise;
        }
        try {
            int number = Integer.parseInt(value.trim());
            if (number >= 0) {
                return number;
            }
        } catch (NumberFormatException ignored) {
            // said below, in the same words as for a negative number
        }
        throw new IllegalArgumentException(
                "environment variable " + name + " is '" + value + "': a whole number, 0 or more, is wanted");
    }

    private static Set<String> list(String value) {
        return Arrays.stream(value.split(","))
                .map(String::trim)
                .filter(name -> !name.isEmpty())
                .collect(Collectors.toUnmodifiableSet());
    }
}
