package dev.mainstay.runner.certificate;

import dev.mainstay.core.Durations;
import dev.mainstay.core.task.CertificateCheckWork.Endpoint;
import dev.mainstay.runner.task.StopSignal;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;

/** Asks an endpoint for its certificates by the beginning of a TLS connection; nothing is sent over it. */
final class TlsEndpoint {

    /** How Java begins to tell that a connection was not taken in time. */
    private static final String CONNECT = "Connect";

    private TlsEndpoint() {}

    /** The certificates, in the order in which they are served. Throws what {@link #told} puts into words. */
    static List<X509Certificate> served(Endpoint endpoint, Duration patience, StopSignal stop)
            throws IOException, GeneralSecurityException {
        AtomicBoolean late = new AtomicBoolean();
        try (Socket socket = new Socket();
                StopSignal.Registration _ = stop.onStop(() -> close(socket))) {
            Thread watch = closing(socket, patience, late);
            try {
                return served(socket, endpoint, patience);
            } catch (IOException e) {
                // Who answers a little at a time is not let go on for ever.
                throw late.get() ? new SocketTimeoutException(socket.isConnected() ? null : CONNECT) : e;
            } finally {
                watch.interrupt();
            }
        }
    }

    private static List<X509Certificate> served(Socket socket, Endpoint endpoint, Duration patience)
            throws IOException, GeneralSecurityException {
        Recorder recorder = new Recorder();
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {recorder}, null);
        connect(socket, endpoint, patience);
        try (SSLSocket secured =
                (SSLSocket) context.getSocketFactory().createSocket(socket, endpoint.host(), endpoint.port(), true)) {
            SSLParameters parameters = secured.getSSLParameters();
            parameters.setServerNames(names(endpoint.serverName()));
            secured.setSSLParameters(parameters);
            secured.startHandshake();
        } catch (IOException e) {
            // A server that asks for a certificate of the client has told its own before it refuses.
            if (recorder.certificates().isEmpty()) {
                throw e;
            }
        }
        return recorder.certificates();
    }

    private static void connect(Socket socket, Endpoint endpoint, Duration patience) throws IOException {
        socket.setSoTimeout((int) patience.toMillis());
        socket.connect(new InetSocketAddress(InetAddress.getByName(endpoint.host()), endpoint.port()), (int)
                patience.toMillis());
    }

    /** An address is never asked for: TLS has names for that alone. */
    private static List<SNIServerName> names(String name) {
        return address(name).isPresent()
                ? List.of()
                // As bytes, since a name may hold an underscore, which the other constructor refuses.
                : List.of(new SNIHostName(name.getBytes(StandardCharsets.US_ASCII)));
    }

    /** The address that a text is, spelled in full; empty for a name, about which nobody is asked. */
    static Optional<String> address(String text) {
        try {
            return Optional.of(InetAddress.ofLiteral(text).getHostAddress());
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Thread closing(Socket socket, Duration patience, AtomicBoolean late) {
        return Thread.ofVirtual().name("patience").start(() -> {
            try {
                Thread.sleep(patience);
                late.set(true);
                close(socket);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It is over either way.
            return;
        }
    }

    /** Why an endpoint's certificates are not known, and what to look at. */
    static String told(Throwable why, Duration patience) {
        return switch (why) {
            case UnknownHostException _ -> "its name can't be resolved.";
            case SocketTimeoutException e
            when e.getMessage() != null && e.getMessage().startsWith(CONNECT) ->
                "no connection within " + Durations.format(patience) + ".";
            case SocketTimeoutException _ ->
                "the connection was taken, and no certificate came within " + Durations.format(patience) + ".";
            case SSLException e
            when e.getMessage() != null && e.getMessage().contains("unrecognized SSL message") ->
                "it answers, and does not speak TLS.";
            case SSLException e
            when e.getCause() instanceof EOFException ->
                "the server ended the connection before it told a certificate.";
            default -> "no certificate was told: " + said(why) + ".";
        };
    }

    private static String said(Throwable why) {
        return why.getMessage() == null
                ? why.getClass().getSimpleName()
                : why.getMessage().replaceAll("\\p{C}", "?").replaceAll("\\.$", "");
    }
}
