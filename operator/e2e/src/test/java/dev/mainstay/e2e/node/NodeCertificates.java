package dev.mainstay.e2e.node;

import dev.mainstay.e2e.harness.Programs;
import dev.mainstay.e2e.harness.TestNamespace;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Certificates of an authority of a test's own, of any time, in Secrets as Kubernetes has them. keytool makes them, since the
 * openssl of Debian 12 can't choose when a certificate begins.
 */
final class NodeCertificates {

    private static final String PASSWORD = "changeit";
    private static final String AUTHORITY = "authority";

    private final Path file;

    NodeCertificates(Path folder) {
        file = folder.resolve("issued.p12");
        make(AUTHORITY, "-startdate", "-1000d", "-validity", "3000", "-ext", "bc:c");
    }

    /**
     * Issues one.
     *
     * @param from when it begins, in days from now
     * @param days how many it is valid, beside an hour
     * @param host to which it is made out
     */
    NodeCertificates issue(String name, int from, int days, String host) {
        make(
                name,
                "-signer",
                AUTHORITY,
                "-startdate",
                (from < 0 ? "" : "+") + from + "d+1H",
                "-validity",
                Integer.toString(days),
                "-ext",
                "san=dns:" + host);
        return this;
    }

    private void make(String name, String... more) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keystore",
                file.toString(),
                "-storepass",
                PASSWORD,
                "-alias",
                name,
                "-dname",
                "CN=" + name,
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1"));
        command.addAll(List.of(more));
        Programs.run(new ProcessBuilder(command), "");
    }

    /** Puts one into a Secret, which may be there. */
    void keep(TestNamespace namespace, String secret, String name) {
        try {
            KeyStore store = store();
            String key = block(
                    "PRIVATE KEY", store.getKey(name, PASSWORD.toCharArray()).getEncoded());
            Map<String, String> data = Map.of(
                    "tls.crt", encoded(certificate(store, name)),
                    "tls.key", key,
                    "ca.crt", encoded(certificate(store, AUTHORITY)));
            Secret kept = new SecretBuilder()
                    .withNewMetadata()
                    .withName(secret)
                    .withNamespace(namespace.name())
                    .endMetadata()
                    .withType("kubernetes.io/tls")
                    .withStringData(data)
                    .build();
            if (namespace.find(Secret.class, secret) == null) {
                namespace.create(kept);
            } else {
                namespace.client().resource(kept).update();
            }
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** As messages spell it. */
    String serial(String name) {
        return certificate(store(), name).getSerialNumber().toString(16).toUpperCase(Locale.ROOT);
    }

    private static String encoded(X509Certificate certificate) {
        try {
            return block("CERTIFICATE", certificate.getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static X509Certificate certificate(KeyStore store, String name) {
        try {
            return (X509Certificate) store.getCertificate(name);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private KeyStore store() {
        try (InputStream stored = Files.newInputStream(file)) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(stored, PASSWORD.toCharArray());
            return store;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String block(String what, byte[] bytes) {
        return "-----BEGIN " + what + "-----\n"
                + Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                        .encodeToString(bytes)
                + "\n-----END " + what + "-----\n";
    }
}
