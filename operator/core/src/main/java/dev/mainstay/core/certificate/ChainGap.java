package dev.mainstay.core.certificate;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Why a chain of certificates leads to no authority, as far as the names in it tell. */
public final class ChainGap {

    private ChainGap() {}

    /**
     * Why, and what to do.
     *
     * @param certificates the certificate, and what came along with it
     * @param known whether an authority of that name is trusted
     * @param authorities which are trusted, for people
     */
    public static String told(List<SeenCertificate> certificates, Predicate<String> known, String authorities) {
        SeenCertificate last = last(certificates);
        if (known.test(last.issuer())) {
            return "its chain leads to " + Words.name(last.issuer())
                    + ", and does not stand up to a look: a signature, a date, an algorithm or a use in it is not right. Have it"
                    + " issued anew.";
        }
        if (!last.selfIssued()) {
            return "the certificate of its issuer " + Words.name(last.issuer())
                    + " does not come along with it, and is none of " + authorities
                    + ". Add it behind the certificate, or correct caSecretRef.";
        }
        return (last == certificates.getFirst() ? "it is signed by itself" : "its root " + Words.name(last.subject()))
                + (last == certificates.getFirst() ? ", and" : "") + " is none of " + authorities
                + ". Name the Secret of its authority in caSecretRef.";
    }

    /** Where it ends, from issuer to issuer. No chain is longer than all of them. */
    private static SeenCertificate last(List<SeenCertificate> certificates) {
        SeenCertificate last = certificates.getFirst();
        for (int steps = 0; steps < certificates.size() && !last.selfIssued(); steps++) {
            Optional<SeenCertificate> issuer = issuer(last, certificates);
            if (issuer.isEmpty()) {
                return last;
            }
            last = issuer.get();
        }
        return last;
    }

    private static Optional<SeenCertificate> issuer(SeenCertificate of, List<SeenCertificate> certificates) {
        return certificates.stream()
                .filter(certificate -> certificate.subject().equals(of.issuer()))
                .findFirst();
    }
}
