package dev.mainstay.runner.backup;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A SHA-256 in the making. */
final class Sha256 {

    private final MessageDigest digest;

    Sha256() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    static String of(byte[] bytes) {
        Sha256 hash = new Sha256();
        hash.take(bytes, bytes.length);
        return hash.hex();
    }

    void take(byte[] buffer, int length) {
        digest.update(buffer, 0, length);
    }

    /** The hash in hexadecimal; afterwards it begins anew. */
    String hex() {
        return HexFormat.of().formatHex(digest.digest());
    }
}
