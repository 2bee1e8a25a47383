package dev.mainstay.core.task;

import dev.mainstay.core.task.Task.MountedSecret;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * A look at certificates, where they are kept and where they are served.
 *
 * @param certificates the certificates
 * @param warnSeconds one that ends within this time is a finding
 * @param failSeconds one that ends within this time fails the step
 */
public record CertificateCheckWork(List<Target> certificates, long warnSeconds, long failSeconds) implements StepWork {

    /**
     * A certificate.
     *
     * @param name name under which the application calls it
     * @param secret key {@code certificate}; null when it is in no Secret
     * @param endpoints where it is served
     * @param certificateAuthority key {@code ca}; null when none is given
     */
    public record Target(
            String name, MountedSecret secret, List<Endpoint> endpoints, MountedSecret certificateAuthority) {}

    /**
     * Where a certificate is served.
     *
     * @param host host name or address
     * @param port port
     * @param serverName name that is asked for, and that the certificate must be made out to
     */
    public record Endpoint(String host, int port, String serverName) {

        /** Host and port, for people, and the name where it is another one. */
        public String server() {
            String server = (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
            return serverName.equals(host) ? server : server + " (for " + serverName + ")";
        }
    }

    @Override
    public List<MountedSecret> secrets() {
        return certificates.stream()
                .flatMap(target -> Stream.of(target.secret(), target.certificateAuthority()))
                .filter(Objects::nonNull)
                .toList();
    }
}
