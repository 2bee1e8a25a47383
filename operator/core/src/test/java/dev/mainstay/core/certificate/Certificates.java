package dev.mainstay.core.certificate;

import dev.mainstay.core.certificate.Looked.Held;
import dev.mainstay.core.certificate.Looked.Served;
import dev.mainstay.core.certificate.SeenChain.Trust;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** Certificates as a test needs them, at a fixed time. */
final class Certificates {

    static final Instant NOW = Instant.parse("2026-03-29T12:00:00Z");
    static final String ROOT = "CN=root";

    private Certificates() {}

    /** One of 90 days that ends in so many hours. */
    static SeenCertificate ending(String id, long hours) {
        Instant until = NOW.plus(Duration.ofHours(hours));
        return of(id, "CN=" + id, ROOT, until.minus(Duration.ofDays(90)), until, "EC", 256);
    }

    static SeenCertificate of(
            String id, String subject, String issuer, Instant from, Instant until, String algorithm, int bits) {
        return new SeenCertificate(
                id,
                id.toUpperCase(Locale.ROOT),
                subject,
                issuer,
                from,
                until,
                List.of("shop.example.org", "*.shop.test", "*.0.1.8", "10.0.0.7", "fd00:0:0:0:0:0:0:7"),
                algorithm,
                bits);
    }

    static SeenChain trusted(SeenCertificate... certificates) {
        return new SeenChain(List.of(certificates), new Trust.Path(List.of(certificates)));
    }

    static Held held(SeenChain chain) {
        return new Held("Secret shop/shop-tls", chain, null);
    }

    static Served served(SeenChain chain) {
        return new Served("10.0.0.7:443 (for shop.example.org)", "shop.example.org", chain, null);
    }
}
