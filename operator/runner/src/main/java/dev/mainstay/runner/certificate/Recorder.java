package dev.mainstay.runner.certificate;

import java.net.Socket;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Takes any certificate and notes it, so that one can be judged that a client would refuse. For connections over which nothing is
 * sent. As an extended trust manager it is not helped by checks of the JDK's own.
 */
final class Recorder extends X509ExtendedTrustManager {

    private List<X509Certificate> certificates = List.of();

    /** What the server has told; empty when it told nothing. */
    List<X509Certificate> certificates() {
        return certificates;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) {
        certificates = List.of(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {
        certificates = List.of(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) {
        certificates = List.of(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) {
        throw new UnsupportedOperationException();
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
