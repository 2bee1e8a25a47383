package dev.mainstay.core.certificate;

import java.util.List;
import java.util.stream.Stream;

/**
 * A certificate with those that came along with it.
 *
 * @param certificates the certificate itself, and then its issuers, or whatever else there was; at least one
 * @param trust whether it leads to an authority
 */
public record SeenChain(List<SeenCertificate> certificates, Trust trust) {

    /** Whether a certificate leads to an authority. */
    public sealed interface Trust {

        /** It is not known which one it should be, and nobody asks. */
        record NotAsked() implements Trust {}

        /** It does, by these: the certificate itself first. */
        record Path(List<SeenCertificate> used) implements Trust {}

        /** It does not: why, and what to do. */
        record Refused(String why) implements Trust {}

        /** That can't be told: why, and what to do. */
        record Unknown(String why) implements Trust {}
    }

    SeenCertificate leaf() {
        return certificates.getFirst();
    }

    /**
     * Those whose time counts. A server may send along what is not needed, such as a root that has ended long ago, and clients
     * pass over it.
     */
    List<SeenCertificate> counting() {
        return switch (trust) {
            case Trust.Path(List<SeenCertificate> used) -> used;
            case Trust.NotAsked _ -> certificates;
            case Trust.Refused _, Trust.Unknown _ -> withoutRoots();
        };
    }

    private List<SeenCertificate> withoutRoots() {
        return Stream.concat(
                        Stream.of(leaf()),
                        certificates.stream().skip(1).filter(certificate -> !certificate.selfIssued()))
                .toList();
    }
}
