package dev.mainstay.api;

/** Patterns that several fields share; each is checked by the API server before the operator sees the object. */
public final class Patterns {

    /** A duration such as {@code 90s}, {@code 15m}, {@code 4h}, {@code 30d} or {@code 1d12h}; never empty. */
    public static final String DURATION = "^([0-9]{1,6}d)?([0-9]{1,6}h)?([0-9]{1,6}m)?([0-9]{1,6}s)?$";

    /** The name of an object whose name is a DNS subdomain (RFC 1123). */
    public static final String OBJECT_NAME = "^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$";

    /** A name that is one DNS label (RFC 1123). */
    public static final String LABEL_NAME = "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$";

    /** A key of a Secret's data. It can't hold a slash, so it can't leave the folder it is mounted in. */
    public static final String SECRET_KEY = "^[-._a-zA-Z0-9]+$";

    private Patterns() {}
}
