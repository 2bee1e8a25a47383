package dev.mainstay.runner.storage;

import dev.mainstay.core.task.Task.StorageTarget;
import java.net.URI;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The proxy between this task and a store. The SDK goes by the scheme of the proxy's own address, so a proxy that is spoken to
 * over http would never be used for https (aws-sdk-java-v2 issue 3868); here it is the store's scheme that counts, as for
 * curl and Go.
 *
 * @param address of the proxy
 */
record StoreProxy(URI address) {

    /** The proxy of a bucket; empty when it is reached directly. */
    static Optional<StoreProxy> of(StorageTarget target, Map<String, String> environment) {
        URI endpoint =
                URI.create(target.endpoint() == null ? "https://" + awsHost(target.region()) : target.endpoint());
        String host = (target.pathStyle() ? "" : target.bucket() + ".") + endpoint.getHost();
        String proxy = environment.getOrDefault(
                "https".equalsIgnoreCase(endpoint.getScheme()) ? "HTTPS_PROXY" : "HTTP_PROXY", "");
        return proxy.isBlank() || isExcepted(host, environment.getOrDefault("NO_PROXY", ""))
                ? Optional.empty()
                : Optional.of(new StoreProxy(URI.create(proxy.strip())));
    }

    /** Where it is, without the name and password that its address may hold. */
    String where() {
        return address.getScheme() + "://" + address.getHost() + (address.getPort() < 0 ? "" : ":" + address.getPort());
    }

    /** A name stands for itself and for all hosts of its domain. */
    private static boolean isExcepted(String host, String exceptions) {
        String lower = host.toLowerCase(Locale.ROOT);
        return Stream.of(exceptions.split(","))
                .map(exception -> exception.strip().toLowerCase(Locale.ROOT).replaceFirst("^[*]?[.]", ""))
                .filter(exception -> !exception.isEmpty())
                .anyMatch(exception ->
                        "*".equals(exception) || lower.equals(exception) || lower.endsWith("." + exception));
    }

    private static String awsHost(String region) {
        return "s3." + region + ".amazonaws.com";
    }
}
