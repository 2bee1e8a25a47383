package dev.mainstay.runner.task;

import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.Task.MountedSecret;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/** Certificate authorities of a mounted Secret, as TLS wants them. */
public final class Authorities {

    private Authorities() {}

    /** Trusts the authorities of the Secret's key {@code ca}, and no others. Throws a TaskFailure of CredentialsMissing. */
    public static TrustManager[] of(MountedSecret secret, MountedSecrets secrets) {
        Path file = secrets.file(secret, "ca");
        try (InputStream in = Files.newInputStream(file)) {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int number = 0;
            for (Certificate certificate :
                    CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                store.setCertificateEntry("ca" + number++, certificate);
            }
            if (number == 0) {
                throw new GeneralSecurityException("none");
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store);
            return factory.getTrustManagers();
        } catch (IOException | GeneralSecurityException e) {
            throw new TaskFailure(
                    Reason.CREDENTIALS_MISSING,
                    secrets.describe(secret) + ": the key " + file.getFileName()
                            + " holds no certificates in PEM form");
        }
    }
}
