package dev.mainstay.runner.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * Certificates of a test's own, of any time: those of a root {@code root} and of {@code between}, which it has signed. keytool
 * makes them, since the openssl of Debian 12 can't choose when a certificate begins.
 */
final class IssuedCertificates {

    private static final String PASSWORD = "changeit";

    private final Path file;

    IssuedCertificates(Path folder) {
        file = folder.resolve("issued.p12");
        make("root", "-startdate", "-1000d", "-validity", "3000", "-ext", "bc:c");
        make("between", "-signer", "root", "-startdate", "-900d", "-validity", "2000", "-ext", "bc:c");
    }

    /**
     * Issues one.
     *
     * @param name name of the certificate here, and its subject
     * @param signer who signs it; null for itself
     * @param from when it begins, in days from now
     * @param days how many it is valid, beside an hour
     * @param names its alternative names, such as {@code dns:shop.example.org}
     * @param more more for keytool
     */
    IssuedCertificates issue(String name, String signer, int from, int days, String names, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "-startdate",
                (from < 0 ? "" : "+") + from + "d+1H",
                "-validity",
                Integer.toString(days),
                "-ext",
                "san=" + names));
        if (signer != null) {
            arguments.addAll(List.of("-signer", signer));
        }
        arguments.addAll(List.of(more));
        make(name, arguments.toArray(String[]::new));
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
                "CN=" + name));
        command.addAll(List.of(more));
        if (!command.contains("-keyalg")) {
            command.addAll(List.of("-keyalg", "EC", "-groupname", "secp256r1"));
        }
        Programs.run(command.toArray(String[]::new));
    }

    /** The certificates of these names, one behind the other, as a Secret has them. */
    String pem(String... names) {
        StringBuilder pem = new StringBuilder();
        for (String name : names) {
            pem.append(block("CERTIFICATE", encoded(one(name))));
        }
        return pem.toString();
    }

    /** The private key of one, as a Secret has it. */
    String key(String name) {
        return block("PRIVATE KEY", key(store(), name).getEncoded());
    }

    String serial(String name) {
        return one(name).getSerialNumber().toString(16).toUpperCase(Locale.ROOT);
    }

    /** What a server needs that serves the first one with the others behind it. */
    SSLContext server(String... names) {
        try {
            KeyStore served = KeyStore.getInstance("PKCS12");
            served.load(null, null);
            served.setKeyEntry(
                    "served",
                    key(store(), names[0]),
                    PASSWORD.toCharArray(),
                    Arrays.stream(names).map(this::one).toArray(Certificate[]::new));
            KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            factory.init(served, PASSWORD.toCharArray());
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(factory.getKeyManagers(), null, null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private X509Certificate one(String name) {
        try {
            return (X509Certificate) store().getCertificate(name);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static PrivateKey key(KeyStore store, String name) {
        try {
            return (PrivateKey) store.getKey(name, PASSWORD.toCharArray());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] encoded(Certificate certificate) {
        try {
            return certificate.getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String block(String what, byte[] content) {
        return "-----BEGIN " + what + "-----\n" + Base64.getMimeEncoder().encodeToString(content) + "\n-----END " + what
                + "-----\n";
    }

    private KeyStore store() {
        try (InputStream in = Files.newInputStream(file)) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(in, PASSWORD.toCharArray());
            return store;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
