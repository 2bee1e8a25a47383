package dev.mainstay.controller.alert;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** HTTP clients by the authorities they trust: one for those that the image knows, and one for each bundle of somebody's own. */
final class TrustingClients implements AutoCloseable {

    private static final int MOST = 32;

    private final HttpClient usual = builder().build();

    /** By a hash of the bundle, the one that was not used for longest first. */
    private final SequencedMap<String, HttpClient> own = new LinkedHashMap<>(MOST, 0.75f, true);

    /** For servers whose certificates are signed by an authority that is publicly known. */
    HttpClient usual() {
        return usual;
    }

    /**
     * For servers whose certificates are signed by one of these alone.
     *
     * @param pem certificates of the authorities
     * @throws GeneralSecurityException when it is no such thing
     */
    synchronized HttpClient of(String pem) throws GeneralSecurityException {
        byte[] bytes = pem.getBytes(StandardCharsets.UTF_8);
        String hash =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        HttpClient known = own.get(hash);
        if (known != null) {
            return known;
        }
        HttpClient made = builder().sslContext(context(bytes)).build();
        own.put(hash, made);
        if (own.size() > MOST) {
            // It ends when nobody uses it any more.
            own.pollFirstEntry().getValue().shutdown();
        }
        return made;
    }

    /** Ends what is under way. */
    @Override
    public synchronized void close() {
        usual.shutdownNow();
        own.values().forEach(HttpClient::shutdownNow);
    }

    /** Without a proxy, which would look up the host by itself. HTTP/1.1, since not all take the offer of HTTP/2. */
    private static HttpClient.Builder builder() {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .proxy(HttpClient.Builder.NO_PROXY);
    }

    private static SSLContext context(byte[] pem) throws GeneralSecurityException {
        Collection<? extends Certificate> authorities =
                CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(pem));
        if (authorities.isEmpty()) {
            throw new GeneralSecurityException("there is no certificate in it");
        }
        try {
            KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
            trusted.load(null, null);
            int number = 0;
            for (Certificate authority : authorities) {
                trusted.setCertificateEntry("authority-" + number++, authority);
            }
            TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            managers.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, managers.getTrustManagers(), null);
            return context;
        } catch (IOException e) {
            throw new IllegalStateException("an empty key store is loaded from nowhere", e);
        }
    }
}
