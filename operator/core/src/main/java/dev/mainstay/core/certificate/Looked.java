package dev.mainstay.core.certificate;

import java.util.List;

/**
 * What was found of a certificate of the application.
 *
 * @param name name under which the application calls it
 * @param secret what its Secret holds; null when it is in none
 * @param endpoints what its endpoints serve
 */
public record Looked(String name, Held secret, List<Served> endpoints) {

    /**
     * What a Secret holds.
     *
     * @param secret the Secret, for people
     * @param chain what it holds; null when that can't be read
     * @param trouble why it can't; null when it can
     */
    public record Held(String secret, SeenChain chain, String trouble) {}

    /**
     * What an endpoint serves.
     *
     * @param server host and port, for people
     * @param serverName name that was asked for
     * @param chain what it serves; null when that could not be found out
     * @param trouble why it could not; null when it could
     */
    public record Served(String server, String serverName, SeenChain chain, String trouble) {}
}
