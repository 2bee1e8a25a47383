package dev.mainstay.core.task;

import java.time.Instant;
import java.util.Base64;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;

/**
 * What came of retention. It stands beside a backup's result and never makes one fail.
 *
 * @param stored what is in the bucket now; null when that could not be found out
 * @param removed how many backups were removed
 * @param wouldRemove how many would have been; null unless it was a dry run
 * @param expired which of {@link Task.Retention#finished} have no manifest any more, in base 64: one bit a number, which
 *     takes 84 characters at most; null when none has lost it
 * @param reason word of {@link dev.mainstay.core.status.Reason}; null when nothing is wrong
 * @param message what was found and what to do; null when nothing is wrong
 */
public record RetentionReport(
        Stored stored, int removed, Integer wouldRemove, String expired, String reason, String message) {

    /**
     * The backups of a policy that are in the bucket.
     *
     * @param count how many
     * @param bytes sum of their data
     * @param oldest moment of the oldest one's data; null when there is none
     * @param newest moment of the newest one's data; null when there is none
     */
    public record Stored(int count, long bytes, Instant oldest, Instant newest) {}

    /** Numbers from 0 as {@link #expired} has them; null for none. */
    public static String encode(Collection<Integer> numbers) {
        BitSet bits = new BitSet();
        numbers.forEach(bits::set);
        return bits.isEmpty() ? null : Base64.getEncoder().encodeToString(bits.toByteArray());
    }

    /** The numbers, from 0, of the finished backups that have no manifest any more; none when it can't be read. */
    public List<Integer> expiredNumbers() {
        try {
            return expired == null
                    ? List.of()
                    : BitSet.valueOf(Base64.getDecoder().decode(expired)).stream()
                            .boxed()
                            .toList();
        } catch (IllegalArgumentException e) {
            return List.of();
        }
    }
}
