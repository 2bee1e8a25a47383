package dev.mainstay.api;

/**
 * Rules in CEL that several fields share, with what the API server says of a value that breaks them. A pattern of the schema
 * would be shorter, but the API server answers a breach of one with nothing but the pattern.
 */
public final class FieldRules {

    /** A duration such as {@code 90s}, {@code 15m}, {@code 4h}, {@code 30d} or {@code 1d12h}; {@code 0s} too. */
    public static final String DURATION = "self.matches('^([0-9]{1,6}d)?([0-9]{1,6}h)?([0-9]{1,6}m)?([0-9]{1,6}s)?$')";

    public static final String DURATION_MESSAGE = "must be a duration such as 90s, 15m, 4h or 1d12h";

    /** A duration that is longer than nothing. */
    public static final String POSITIVE_DURATION = DURATION + " && self.matches('[1-9]')";

    public static final String POSITIVE_DURATION_MESSAGE =
            "must be a duration longer than zero, such as 90s, 15m, 4h or 1d12h";

    /** A duration without days, which is one that CEL itself can read; it may be empty. */
    public static final String SHORT_DURATION_FORM = "^([0-9]{1,6}h)?([0-9]{1,6}m)?([0-9]{1,6}s)?$";

    /** A duration without days that CEL can compare with another one. */
    public static final String SHORT_DURATION = "self.matches('" + SHORT_DURATION_FORM + "') && self.size() > 0";

    /** The size of a volume in Mi, Gi or Ti; the smallest has room for an empty server. */
    public static final String VOLUME_SIZE =
            "self.matches('^([1-9][0-9]{0,5}(Gi|Ti)" + "|(25[6-9]|2[6-9][0-9]|[3-9][0-9]{2}|[1-9][0-9]{3,5})Mi)$')";

    public static final String VOLUME_SIZE_MESSAGE =
            "must be a whole number of Mi, Gi or Ti, such as 20Gi, and at least 256Mi";

    /** A size from which on something counts. */
    public static final String BYTE_SIZE = "self.matches('^[1-9][0-9]{0,5}(Mi|Gi|Ti)$')";

    public static final String BYTE_SIZE_MESSAGE = "must be a whole number of Mi, Gi or Ti, such as 100Mi";

    /** A text that says something. */
    public static final String NOT_BLANK = "self.trim().size() > 0";

    public static final String NOT_BLANK_MESSAGE = "must not be blank: say it in a few words";

    /**
     * A part of a path in a bucket, as a regular expression. Servers that keep objects as files would leave a folder at a part
     * that is all dots.
     */
    public static final String PATH_SEGMENT = "[A-Za-z0-9!_.*'()-]*[A-Za-z0-9!_*'()-][A-Za-z0-9!_.*'()-]*";

    /** The name of an object whose name is a DNS subdomain (RFC 1123). */
    public static final String OBJECT_NAME = "self.matches('^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$')";

    /** Each of a list. */
    public static final String OBJECT_NAMES = "self.all(name, name.matches('^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$'))";

    public static final String OBJECT_NAMES_MESSAGE =
            "each must be the name of an object: lower-case letters, digits, - and ., with a letter or a digit at both ends";

    public static final String OBJECT_NAME_MESSAGE =
            "must be the name of an object: lower-case letters, digits, - and ., with a letter or a digit at both ends";

    /** A name that is one DNS label (RFC 1123). */
    public static final String LABEL_NAME = "self.matches('^[a-z0-9]([-a-z0-9]*[a-z0-9])?$')";

    public static final String LABEL_NAME_MESSAGE =
            "must be lower-case letters, digits and -, with a letter or a digit at both ends";

    /** A key of a Secret's data. It can't hold a slash, so it can't leave the folder it is mounted in. */
    public static final String SECRET_KEY = "self.matches('^[-._a-zA-Z0-9]+$')";

    public static final String SECRET_KEY_MESSAGE = "must be a key of a Secret: letters, digits, -, _ and .";

    /** A host name or an address, without a port. */
    public static final String HOST = "self.matches('^[A-Za-z0-9]([-A-Za-z0-9._]*[A-Za-z0-9])?$')"
            + " || self.matches('^[0-9A-Fa-f]*:[0-9A-Fa-f]*:[0-9A-Fa-f:.]*$')";

    public static final String HOST_MESSAGE =
            "must be a host name or an address alone, such as shop-db, 10.0.0.7 or fd00::7: the port goes into port,"
                    + " the database into database";

    private FieldRules() {}
}
