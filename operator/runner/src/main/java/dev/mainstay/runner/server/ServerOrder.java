package dev.mainstay.runner.server;

import java.util.List;

/**
 * The server that is wanted.
 *
 * @param major its major version
 * @param port port of the loopback device at which it listens
 * @param password password of its superuser, {@link #SUPERUSER}
 * @param encoding arguments of {@code initdb} that set encoding and locale
 */
public record ServerOrder(int major, int port, String password, List<String> encoding) {

    /** Name of the superuser. */
    public static final String SUPERUSER = "postgres";
}
