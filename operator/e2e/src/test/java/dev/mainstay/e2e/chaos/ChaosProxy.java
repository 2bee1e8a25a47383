package dev.mainstay.e2e.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.SocketFactory;

/**
 * Stands between the operator and the API server and does to the operator what a bad day does: it dies at any of its
 * writes, loses answers, reads old lists, misses events. The operator speaks plain HTTP/1.1 with it on the loopback
 * interface; its token passes through, so that it has its own rights and no others.
 */
public final class ChaosProxy implements AutoCloseable {

    private final URI upstream;
    private final SocketFactory sockets;
    private final WriteRules writes = new WriteRules();
    private final StaleLists lists = new StaleLists();
    private final Watches watches = new Watches();
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
    private final int port;
    private volatile ServerSocket listener;
    private volatile Runnable killer = () -> {};

    /**
     * Starts a proxy on a port of the system's choice.
     *
     * @param upstream URL of the API server
     * @param sockets makes the connections to it; a factory of TLS sockets for an https URL
     */
    public ChaosProxy(URI upstream, SocketFactory sockets) {
        this.upstream = upstream;
        this.sockets = sockets;
        this.port = listen(0);
    }

    public URI uri() {
        return URI.create("http://127.0.0.1:" + port);
    }

    /** What kills the operator; it returns when the process is gone. */
    public void onKill(Runnable kill) {
        this.killer = kill;
    }

    /** Disturbs the write of this number, counted from 1 over the proxy's life. */
    public void atWrite(int number, Fault fault) {
        writes.plan(number, fault);
    }

    /** Disturbs the write that comes to this path with this method for so many times, whatever comes between. */
    public void atTry(String method, String path, int tried, Fault fault) {
        writes.planTry(method, path, tried, fault);
    }

    /** Disturbs the first, third, fifth … try of each write, by its method and path, whatever comes between. */
    public void atEverySecondTry(Fault fault) {
        writes.planEverySecondTry(fault);
    }

    /** All writes so far, in the order of arrival. */
    public List<Write> journal() {
        return writes.journal();
    }

    /** From now on lists of the resource (its plural, such as {@code jobs}) are the last ones that were read. */
    public void freezeLists(String resource) {
        lists.freeze(resource);
    }

    /** Lists of the resource are those of now again. */
    public void freshLists(String resource) {
        lists.fresh(resource);
    }

    /** From now on each event of the resource comes this much later. */
    public void delayEvents(String resource, Duration time) {
        watches.delay(resource, time);
    }

    /** From now on no event of the resource comes. */
    public void dropEvents(String resource) {
        watches.drop(resource);
    }

    /** How many events were dropped so far. */
    public int droppedEvents() {
        return watches.droppedEvents();
    }

    /** Events of the resource come again; a watch that missed some is told to list anew. */
    public void passEvents(String resource) {
        try {
            watches.pass(resource);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The API server is away: no connection is taken and those that are open are cut. */
    public void down() {
        closeListener();
        connections.forEach(Connection::close);
    }

    /** The API server is back, at the same address. */
    public void up() {
        listen(port);
    }

    @Override
    public void close() {
        down();
    }

    WriteRules writes() {
        return writes;
    }

    StaleLists lists() {
        return lists;
    }

    Watches watches() {
        return watches;
    }

    /** The operator dies, and with it the connections it had. */
    void kill() {
        killer.run();
        connections.forEach(Connection::close);
    }

    String serverAuthority() {
        return upstream.getAuthority();
    }

    Socket connectToServer() throws IOException {
        Socket socket = sockets.createSocket(upstream.getHost(), upstream.getPort());
        socket.setTcpNoDelay(true);
        return socket;
    }

    private int listen(int wanted) {
        try {
            ServerSocket socket = new ServerSocket();
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), wanted));
            listener = socket;
            Thread.ofVirtual().name("chaos-proxy-" + socket.getLocalPort()).start(() -> accept(socket));
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void accept(ServerSocket socket) {
        while (!socket.isClosed()) {
            try {
                Socket client = socket.accept();
                client.setTcpNoDelay(true);
                Thread.startVirtualThread(() -> serve(client, socket));
            } catch (IOException closed) {
                // Only down() and close() close it, and they mean it.
            }
        }
    }

    private void serve(Socket client, ServerSocket accepting) {
        try (Connection connection = new Connection(this, client)) {
            connections.add(connection);
            try {
                // It may have been accepted while down() went through the open ones.
                if (!accepting.isClosed()) {
                    connection.serve();
                }
            } finally {
                connections.remove(connection);
            }
        } catch (IOException cut) {
            // One side closed the connection: the other one is closed with it and tells its own story.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void closeListener() {
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
