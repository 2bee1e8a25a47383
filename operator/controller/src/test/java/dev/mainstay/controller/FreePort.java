package dev.mainstay.controller;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Ports at which nobody listens. */
public final class FreePort {

    /** Those that were given away. */
    private static final Set<Integer> PORTS = ConcurrentHashMap.newKeySet();

    private FreePort() {}

    /** Not one that the system gives to connections: before a server listens at it, it would be taken. */
    public static int next() {
        for (int port : new Random().ints(20, 20_000, 30_000).toArray()) {
            if (!PORTS.add(port)) {
                continue;
            }
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (IOException taken) {
                continue;
            }
        }
        throw new IllegalStateException("no free port between 20000 and 30000");
    }
}
