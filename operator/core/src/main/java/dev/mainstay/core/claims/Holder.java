package dev.mainstay.core.claims;

/**
 * The object that an operation is.
 *
 * @param kind such as {@code DatabaseBackup}
 * @param name its name, in the application's namespace
 * @param uid its uid: one made again under the same name is another holder
 */
public record Holder(String kind, String name, String uid) {

    /** Whether it is the same object. */
    boolean is(Holder other) {
        return uid.equals(other.uid);
    }

    /** For people: {@code DatabaseBackup nightly-20260329t0100z}. */
    @Override
    public String toString() {
        return kind + " " + name;
    }
}
