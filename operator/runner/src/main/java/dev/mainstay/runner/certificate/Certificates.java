package dev.mainstay.runner.certificate;

import dev.mainstay.core.certificate.SeenCertificate;
import dev.mainstay.core.certificate.SeenChain;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.security.interfaces.DSAKey;
import java.security.interfaces.ECKey;
import java.security.interfaces.RSAKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads certificates. */
final class Certificates {

    /** A file may hold a private key beside, which is passed over. */
    private static final Pattern PEM = Pattern.compile("-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----");

    private static final int DNS_NAME = 2;
    private static final int ADDRESS = 7;

    private Certificates() {}

    /** All certificates of a text, in their order. Throws when there is none, or one can't be read. */
    static List<X509Certificate> read(String text) throws CertificateException {
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        List<X509Certificate> certificates = new ArrayList<>();
        Matcher block = PEM.matcher(text);
        while (block.find()) {
            certificates.add((X509Certificate) factory.generateCertificate(
                    new ByteArrayInputStream(block.group().getBytes(StandardCharsets.US_ASCII))));
        }
        if (certificates.isEmpty()) {
            throw new CertificateException("none");
        }
        return certificates;
    }

    /** A certificate and those behind it, in words that can be judged. */
    static SeenChain chain(List<X509Certificate> certificates, ChainTrust trust) throws CertificateException {
        return new SeenChain(seen(certificates), trust.of(certificates));
    }

    static List<SeenCertificate> seen(List<X509Certificate> certificates) throws CertificateException {
        List<SeenCertificate> seen = new ArrayList<>();
        for (X509Certificate certificate : certificates) {
            PublicKey key = certificate.getPublicKey();
            seen.add(new SeenCertificate(
                    fingerprint(certificate),
                    certificate.getSerialNumber().toString(16).toUpperCase(Locale.ROOT),
                    certificate.getSubjectX500Principal().getName(),
                    certificate.getIssuerX500Principal().getName(),
                    certificate.getNotBefore().toInstant(),
                    certificate.getNotAfter().toInstant(),
                    names(certificate),
                    key.getAlgorithm(),
                    bits(key)));
        }
        return seen;
    }

    private static String fingerprint(X509Certificate certificate) throws CertificateException {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new CertificateException(e);
        }
    }

    private static List<String> names(X509Certificate certificate) throws CertificateParsingException {
        Collection<List<?>> names = certificate.getSubjectAlternativeNames();
        return names == null
                ? List.of()
                : names.stream()
                        .filter(name -> name.getFirst().equals(DNS_NAME)
                                || name.getFirst().equals(ADDRESS))
                        .map(name -> name.getLast().toString())
                        .map(name -> TlsEndpoint.address(name).orElse(name))
                        .toList();
    }

    private static int bits(PublicKey key) {
        return switch (key) {
            case RSAKey rsa -> rsa.getModulus().bitLength();
            case ECKey curve -> curve.getParams().getOrder().bitLength();
            case DSAKey dsa
            when dsa.getParams() != null -> dsa.getParams().getP().bitLength();
            default -> 0;
        };
    }
}
