package dev.mainstay.core.certificate;

import java.util.List;

/** What is known of the Certificates of cert-manager in a namespace. */
public sealed interface Issued {

    /** These are there. */
    record Found(List<IssuedCertificate> certificates) implements Issued {}

    /** The API server does not know of such objects. */
    record Unknown() implements Issued {}

    /** The operator may not look at them, or not ask for anything: what the API server said. */
    record Forbidden(String message) implements Issued {}
}
