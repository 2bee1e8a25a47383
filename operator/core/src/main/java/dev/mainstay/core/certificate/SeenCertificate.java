package dev.mainstay.core.certificate;

import java.time.Instant;
import java.util.List;
import java.util.Locale;

/**
 * A certificate, as it was read. What is text in it was written by whoever made it, or by a server that nobody knows.
 *
 * @param fingerprint hash of all of it
 * @param serial serial number, in hexadecimal digits
 * @param subject whom it is made out to, as a distinguished name
 * @param issuer who signed it, as a distinguished name
 * @param from from when on it is valid
 * @param until when it ends
 * @param names host names and addresses that it is made out to; an address is spelled in full
 * @param algorithm algorithm of its key
 * @param bits size of its key; 0 when that is not known
 */
public record SeenCertificate(
        String fingerprint,
        String serial,
        String subject,
        String issuer,
        Instant from,
        Instant until,
        List<String> names,
        String algorithm,
        int bits) {

    private static final int LEAST_BITS = 2048;
    private static final int LEAST_BITS_OF_CURVES = 224;

    /** Whether nobody else has signed it. */
    boolean selfIssued() {
        return subject.equals(issuer);
    }

    /** Whether its key is so small that it can be found out. */
    boolean weak() {
        int least =
                switch (algorithm) {
                    case "RSA", "DSA" -> LEAST_BITS;
                    case "EC" -> LEAST_BITS_OF_CURVES;
                    default -> 0;
                };
        return bits > 0 && bits < least;
    }

    /** Whether it is a later one of the same purpose. */
    boolean newerThan(SeenCertificate other) {
        return from.equals(other.from) ? until.isAfter(other.until) : from.isAfter(other.from);
    }

    /**
     * Whether it may serve a host: by its alternative names alone, as browsers have it.
     *
     * @param host a host name, or an address spelled as those of the certificate are
     */
    boolean madeOutTo(String host) {
        String wanted = host.toLowerCase(Locale.ROOT);
        return names.stream()
                .map(name -> name.toLowerCase(Locale.ROOT))
                .anyMatch(name -> name.equals(wanted) || covers(name, wanted));
    }

    /** A star stands for one label, and for no part of an address. */
    private static boolean covers(String name, String host) {
        int dot = host.indexOf('.');
        return name.startsWith("*.")
                && dot > 0
                && !host.matches("[0-9.]+")
                && name.substring(1).equals(host.substring(dot));
    }
}
