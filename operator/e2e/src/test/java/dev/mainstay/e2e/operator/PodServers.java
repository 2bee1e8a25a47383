package dev.mainstay.e2e.operator;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What stands behind simulated Pods: servers of this process, at one port of several addresses of the loopback network. */
public final class PodServers implements AutoCloseable {

    private final Map<String, Integer> statuses = new ConcurrentHashMap<>();
    private final Map<String, Integer> asked = new ConcurrentHashMap<>();
    private final List<HttpServer> servers = new ArrayList<>();

    public PodServers(String... addresses) {
        try {
            int port = 0;
            for (String address : addresses) {
                HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral(address), port), 0);
                port = server.getAddress().getPort();
                server.createContext("/", exchange -> {
                    asked.merge(address, 1, Integer::sum);
                    exchange.sendResponseHeaders(statuses.getOrDefault(address, 200), -1);
                    exchange.close();
                });
                server.start();
                servers.add(server);
            }
        } catch (IOException e) {
            close();
            throw new UncheckedIOException(e);
        }
    }

    /** The port of all of them. */
    public int port() {
        return servers.getFirst().getAddress().getPort();
    }

    /** Has an address answer with a status from now on. */
    public void answer(String address, int status) {
        statuses.put(address, status);
    }

    /** How often an address was asked. */
    public int asked(String address) {
        return asked.getOrDefault(address, 0);
    }

    @Override
    public void close() {
        servers.forEach(server -> server.stop(0));
    }
}
