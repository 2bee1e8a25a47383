package dev.mainstay.core.task;

import dev.mainstay.core.task.Task.MountedSecret;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * A Redis server.
 *
 * @param name name under which the application calls it
 * @param host host name or address
 * @param port port
 * @param tls whether TLS is spoken
 * @param database number of the database
 * @param keyPrefix what all keys of the application begin with; null when the database is all its own
 * @param credentials key {@code password}, and {@code username} where an ACL user is meant; null when none is wanted
 * @param certificateAuthority key {@code ca}; null when none is given
 */
public record CacheTarget(
        String name,
        String host,
        int port,
        boolean tls,
        int database,
        String keyPrefix,
        MountedSecret credentials,
        MountedSecret certificateAuthority) {

    /** Host and port, for people. */
    public String server() {
        return host + ":" + port;
    }

    /** The Secrets that open it. */
    public List<MountedSecret> secrets() {
        return Stream.of(credentials, certificateAuthority)
                .filter(Objects::nonNull)
                .toList();
    }
}
