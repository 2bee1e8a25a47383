package dev.mainstay.runner.cache;

import dev.mainstay.core.task.CacheTarget;
import dev.mainstay.runner.task.Authorities;
import dev.mainstay.runner.task.MountedSecrets;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import redis.clients.jedis.exceptions.JedisConnectionException;

/**
 * The socket to a cache. With TLS the server's certificate must be signed by an authority that is trusted, and made out to the
 * host; there is no way to switch that off.
 *
 * @param target the cache
 * @param secrets where its authority is
 */
record CacheSocket(CacheTarget target, MountedSecrets secrets) {

    /** How long an answer may take. */
    static final int SILENCE_MILLIS = 30_000;

    private static final int CONNECT_MILLIS = 10_000;

    Socket open() {
        Socket socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            socket.setKeepAlive(true);
            socket.setSoTimeout(SILENCE_MILLIS);
            socket.connect(new InetSocketAddress(target.host(), target.port()), CONNECT_MILLIS);
            return target.tls() ? secured(socket) : socket;
        } catch (IOException | GeneralSecurityException e) {
            closed(socket, e);
            throw new JedisConnectionException(e);
        }
    }

    private SSLSocket secured(Socket socket) throws IOException, GeneralSecurityException {
        SSLSocket secured = (SSLSocket) factory().createSocket(socket, target.host(), target.port(), true);
        SSLParameters parameters = secured.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        secured.setSSLParameters(parameters);
        secured.startHandshake();
        return secured;
    }

    private SSLSocketFactory factory() throws GeneralSecurityException {
        if (target.certificateAuthority() == null) {
            return (SSLSocketFactory) SSLSocketFactory.getDefault();
        }
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, Authorities.of(target.certificateAuthority(), secrets), null);
        return context.getSocketFactory();
    }

    private static void closed(Socket socket, Exception reason) {
        try {
            socket.close();
        } catch (IOException e) {
            reason.addSuppressed(e);
        }
    }
}
