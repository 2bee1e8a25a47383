package dev.mainstay.runner.postgres;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The number of a database's advisory lock, the same in every release: all of them must meet at one lock. */
public final class LockKey {

    private LockKey() {}

    /** The number, by the database's name alone: a server has several host names, and is meant by all of them. */
    public static long of(String database) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256")
                    .digest(("mainstay/database/" + database).getBytes(StandardCharsets.UTF_8));
            return ByteBuffer.wrap(hash).getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
