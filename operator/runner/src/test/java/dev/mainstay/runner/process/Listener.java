package dev.mainstay.runner.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/** A server at 127.0.0.1 that does with each connection what a test says. */
final class Listener implements AutoCloseable {

    /** What is done with a connection, which is closed afterwards. */
    interface Answer {
        void give(Socket connection) throws IOException, InterruptedException;
    }

    private final ServerSocket socket;
    private final Queue<String> asked = new ConcurrentLinkedQueue<>();

    private Listener(ServerSocket socket, Answer answer) {
        this.socket = socket;
        Thread.ofVirtual().start(() -> {
            while (!socket.isClosed()) {
                try {
                    Socket connection = socket.accept();
                    Thread.ofVirtual().start(() -> answer(connection, answer));
                } catch (IOException e) {
                    // Closed, or a client that went away: the loop finds out.
                    continue;
                }
            }
        });
    }

    /** One that speaks no TLS. */
    static Listener plain(Answer answer) {
        try {
            return new Listener(new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1")), answer);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One that shows its certificate. */
    static Listener tls(SSLContext context) {
        return tls(context, false, "TLSv1.3", "TLSv1.2");
    }

    /** The same, for some versions of TLS, and perhaps for clients that show one too. */
    static Listener tls(SSLContext context, boolean clientCertificate, String... versions) {
        try {
            SSLServerSocket socket = (SSLServerSocket)
                    context.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
            socket.setEnabledProtocols(versions);
            socket.setNeedClientAuth(clientCertificate);
            Listener[] self = new Listener[1];
            self[0] = new Listener(socket, connection -> self[0].shake((SSLSocket) connection));
            return self[0];
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void shake(SSLSocket connection) throws IOException {
        connection.startHandshake();
        ((ExtendedSSLSession) connection.getSession())
                .getRequestedServerNames()
                .forEach(name -> asked.add(((SNIHostName) name).getAsciiName()));
        // Until the client has seen the end of the handshake, and goes.
        while (connection.getInputStream().read() >= 0) {
            continue;
        }
    }

    private static void answer(Socket connection, Answer answer) {
        try (connection) {
            answer.give(connection);
        } catch (IOException e) {
            // The client has gone.
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    int port() {
        return socket.getLocalPort();
    }

    /** The names that clients have asked for. */
    List<String> asked() {
        return List.copyOf(asked);
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
